// Ask PyTorch: on a press, the drawing goes to the server, and what the same network says there stands beside the
// page's own answer.
import { h, write } from "../dom.js";
import { InklingError } from "../engine/errors.js";
import { answers, isOwn } from "../state.js";
import { percent, say, sentenceOf } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {{prediction: number, trained: number[], untrained: number[]}} Answer
 */

/** @param {Store} store @param {string} api the base of Gradio's API @returns {import("./stage.js").View} */
export function createPytorch(store, api) {
  const button = /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": "pytorch-send", onclick: send }, say("pytorch_send")));
  const line = h("p", { class: "panel-line", "data-testid": "pytorch-line", role: "status" });
  const place = h("div", { "data-testid": "pytorch-answer" });
  /** @type {unknown} */
  let asked = null; // the page's answer that PyTorch's is compared with

  async function send() {
    const { run, drawing, probabilities } = store.state;
    asked = probabilities;
    button.disabled = true;
    write(line, say("pytorch_asks"));
    try {
      const reply = await askPredict(api, drawing, run);
      if (asked === store.state.probabilities) compare(reply);
    } catch (error) {
      if (asked === store.state.probabilities) write(line, sentenceOf(error));
    }
    button.disabled = !canAsk();
  }
  const canAsk = () => !store.state.sample && !isOwn(store.state.run) && Boolean(store.state.probabilities?.at(-1));

  /** @param {Answer} reply */
  function compare(reply) {
    const page = { untrained: answers(store.state).untrained ?? [], trained: store.state.probabilities?.at(-1) ?? [] };
    const moments = /** @type {const} */ (["untrained", "trained"]);
    const difference = Math.max(...moments.flatMap((name) => reply[name].map((value, digit) => Math.abs(value - page[name][digit]))));
    write(line, say("pytorch_said", { digit: reply.prediction, difference: difference.toExponential(1) }));
    const heads = moments.flatMap((name) => {
      const moment = say(name === "trained" ? "after" : "before");
      return [say("pytorch_page", { moment }), say("pytorch_server", { moment })];
    });
    const head = h("tr", {}, ...[say("pytorch_digit"), ...heads].map((text) => h("th", { scope: "col" }, text)));
    const rows = reply.trained.map((_, digit) => {
      const values = moments.flatMap((name) => [page[name][digit], reply[name][digit]]);
      return h("tr", {}, h("th", { scope: "row" }, String(digit)), ...values.map((value) => h("td", {}, percent(value))));
    });
    place.replaceChildren(h("table", { class: "pytorch" }, h("thead", {}, head), h("tbody", {}, ...rows)));
  }

  function show() {
    if (asked === store.state.probabilities && place.firstChild) return; // the answer is of what is on the pad
    asked = null;
    place.replaceChildren();
    button.disabled = !canAsk();
    const reason = isOwn(store.state.run) ? "pytorch_own" : store.state.sample ? "pytorch_sample" : "pytorch_empty";
    write(line, canAsk() ? "" : say(reason));
  }
  return { about: [say("pytorch_note")], content: [button, line, place], keys: ["probabilities", "sample"], show };
}

/**
 * Call the API's `predict` through Gradio's queue: post the call, then read its events until the answer.
 * @param {string} api
 * @param {import("../state.js").Drawing} drawing
 * @param {string} run
 * @returns {Promise<Answer>}
 */
async function askPredict(api, drawing, run) {
  try {
    const headers = { "Content-Type": "application/json" };
    const call = await fetch(`${api}/call/predict`, { method: "POST", headers, body: JSON.stringify({ data: [drawing, run] }) });
    const { event_id: event } = await call.json();
    const events = await (await fetch(`${api}/call/predict/${event}`)).text();
    const [, name, data] = events.match(/event: (complete|error)\ndata: (.*)/) ?? [];
    if (name === "complete") return JSON.parse(data)[0];
    const reason = JSON.parse(data ?? "null")?.error;
    throw reason ? new InklingError("pytorch_refused", { reason }) : new InklingError("pytorch_silent");
  } catch (error) {
    if (error instanceof InklingError) throw error;
    throw new InklingError("pytorch_silent", {}, { cause: error });
  }
}
