// The answer to the drawing: the digit, large, and what the untrained network said; one line of words; the columns; and
// what the network is given.
import { h, imageCanvas, paint, write } from "../dom.js";
import { largest } from "../engine/network.js";
import { answers, asked, chosen, isNotADigit, shown } from "../state.js";
import { SURE } from "../snapshots.js";
import { percent, say, sayOf } from "../text.js";
import { nameRun } from "./chooser.js";

/** @typedef {import("../state.js").Store} Store */

/** What the verdict depends on. @type {(keyof import("../state.js").State)[]} */
const KEYS = ["image", "probabilities", "snapshot", "penDown", "isDigit", "failure", "badLink", "label", "run", "timeline", "view", "writer"];

/** The digit, what was said before, and the same in words. @param {Store} store */
export function createVerdict(store) {
  const [before, now] = ["before", "now"].map((name) => h("span", { class: `digit ${name}` }));
  const digits = h("p", { class: "two", "aria-hidden": "true" }, before, now);
  const [line, detail] = [h("p", { class: "verdict-line" }), h("p", { class: "verdict-detail" })];
  const announcer = h("p", { class: "hidden", role: "status", "data-testid": "announcer" });
  const verdict = h("div", { class: "verdict", "data-testid": "verdict", "data-prediction": "" }, digits, line, detail);
  const canvas = imageCanvas({ "data-testid": "model-input", role: "img", "aria-label": say("input_label") });

  store.watch(KEYS, () => {
    const said = describe(store);
    verdict.dataset.prediction = said.prediction;
    verdict.classList.toggle("problem", Boolean(store.state.failure));
    line.classList.toggle("hidden", Boolean(said.prediction)); // the digit says it
    digits.hidden = !said.prediction;
    write(before, said.before);
    write(now, said.now);
    write(line, said.line);
    write(detail, said.detail);
  });
  // What is read aloud: the verdict at rest, not every change while a stroke is drawn, a training plays or goes on.
  store.watch(["playing", ...KEYS], ({ penDown, playing }) => {
    if (!penDown && !playing && !chosen(store.state).growing) write(announcer, `${line.textContent} ${detail.textContent}`);
  });
  store.watch(["image", "dark"], ({ image }) => paint(canvas, image));
  return h("div", { class: "verdict-row" }, verdict, canvas, announcer);
}

/**
 * @param {Store} store
 * @returns {{line: string, detail: string, prediction: string, before: string, now: string}} in words; the digit that is
 *   predicted, or ""; as they are shown, the untrained network's digit, unless that is the one shown now, and the digit now
 */
function describe(store) {
  const none = { prediction: "", before: "", now: "" };
  const { failure, badLink, image, label } = store.state;
  if (failure) return { line: say("run_failure", nameRun(chosen(store.state))), detail: failure, ...none };
  const wanted = asked(store.state);
  if (!image) return { line: say(wanted ? "hand_please" : badLink ? "link_bad" : "verdict_empty", { digit: wanted?.label }), detail: say(wanted && badLink ? "link_bad_kept" : "detail_empty"), ...none };
  const { untrained, trained } = answers(store.state);
  if (!untrained || !trained) return { line: say("verdict_loading"), detail: "", ...none };
  const { index, isFineTuned } = shown(store.state);
  const digit = largest(trained);
  const values = {
    digit,
    trained: percent(trained[digit]),
    before: largest(untrained),
    untrained: percent(untrained[largest(untrained)]),
  };
  if (isNotADigit(store.state)) {
    return { line: say("verdict_not_a_digit"), detail: say("detail_not_a_digit", values), ...none };
  }
  const judged = label === null ? "" : `${say(digit === label ? "verdict_right" : "verdict_wrong")} `;
  const isSure = trained[digit] >= SURE;
  const moment = index ? "detail_after" : "detail_untrained";
  return {
    line: say(isSure ? "verdict" : "verdict_unsure", values),
    detail: badLink ? say("link_bad_kept") : judged + sayOf(isFineTuned, moment, values),
    prediction: String(digit),
    before: index ? String(values.before) : "",
    now: isSure ? String(digit) : `${digit}?`,
  };
}
