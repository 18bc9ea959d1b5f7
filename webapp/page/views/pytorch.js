// Ask PyTorch: on a press, the drawing goes to the server, and what the same network says there is compared
// with the page's own answer.
import { h, write } from "../dom.js";
import { InklingError } from "../engine/errors.js";
import { isOwn } from "../state.js";
import { say, sentenceOf } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {{prediction: number, trained: number[], untrained: number[]}} Answer
 */

/** @param {Store} store @param {string} api the base of Gradio's API @returns {import("./stage.js").View} */
export function createPytorch(store, api) {
  const button = /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": "pytorch-send", onclick: send }, say("pytorch_send")));
  const line = h("p", { class: "panel-line", "data-testid": "pytorch-line", role: "status" });
  /** @type {import("../state.js").State["probabilities"]} */
  let asked = null; // the page's answer that PyTorch's is compared with

  async function send() {
    const { run, drawing, probabilities } = store.state;
    asked = probabilities;
    button.disabled = true;
    write(line, say("pytorch_asks"));
    const words = await askPredict(api, drawing, run).then(compare, sentenceOf);
    if (asked === store.state.probabilities) write(line, words);
    button.disabled = !canAsk();
  }
  const canAsk = () => !store.state.sample && !isOwn(store.state.run) && Boolean(store.state.probabilities?.at(-1));

  /** @param {Answer} reply @returns {string} */
  function compare({ prediction, untrained, trained }) {
    const page = [...(asked?.[0] ?? []), ...(asked?.at(-1) ?? [])];
    const difference = Math.max(...[...untrained, ...trained].map((value, at) => Math.abs(value - page[at])));
    return say("pytorch_said", { digit: prediction, difference: difference.toExponential(1) });
  }

  function show() {
    if (asked && asked === store.state.probabilities) return; // what is said is of what is on the pad
    asked = null;
    button.disabled = !canAsk();
    write(line, canAsk() ? "" : say(isOwn(store.state.run) ? "pytorch_own" : "pytorch_empty"));
  }
  return { about: [say("pytorch_note")], content: [button, line], keys: ["probabilities", "sample"], show };
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
