// The answer to the drawing: the verdict, how it came about, and what the network is given.
import { h, imageCanvas, paint, write } from "../dom.js";
import { largest } from "../engine/network.js";
import { answers, chosen, isNotADigit, shown } from "../state.js";
import { SURE, tell } from "../story.js";
import { countImages, percent, say, sayOf } from "../text.js";
import { nameRun } from "./chooser.js";

/** @typedef {import("../state.js").Store} Store */

/** What the verdict depends on. @type {(keyof import("../state.js").State)[]} */
const KEYS = ["image", "probabilities", "snapshot", "penDown", "isDigit", "failure", "badLink", "label", "run", "timeline"];

/**
 * Verdict and details; `play` shows how the answer came about.
 * @param {Store} store
 * @param {() => void} play
 */
export function createVerdict(store, play) {
  const [line, detail] = [h("p", { class: "verdict-line" }), h("p", { class: "verdict-detail" })];
  const announcer = h("p", { class: "hidden", role: "status", "data-testid": "announcer" });
  const verdict = h("div", { class: "verdict", "data-testid": "verdict", "data-prediction": "" }, line, detail);
  const canvas = imageCanvas({ "data-testid": "model-input", role: "img", "aria-label": say("input_label") });

  store.watch(KEYS, () => {
    const said = describe(store);
    verdict.dataset.prediction = said.prediction;
    verdict.classList.toggle("problem", Boolean(store.state.failure));
    write(line, said.line);
    write(detail, said.detail);
  });
  // What is read aloud: the verdict at rest, not every change while a stroke is drawn, a training plays or goes on.
  store.watch(["playing", ...KEYS], ({ penDown, playing }) => {
    if (!penDown && !playing && !chosen(store.state).growing) write(announcer, `${line.textContent} ${detail.textContent}`);
  });
  store.watch(["image", "dark"], ({ image }) => paint(canvas, image));
  return h("div", { class: "verdict-row" }, canvas, verdict, createStory(store, play), announcer);
}

/** The verdict's line once more, for the timeline where it has left the screen. @param {Store} store */
export function createSaid(store) {
  const said = h("p", { class: "said", "aria-hidden": "true" });
  store.watch(KEYS, () => write(said, describe(store).line));
  return said;
}

/**
 * @param {Store} store
 * @returns {{line: string, detail: string, prediction: string}} in words, and the digit that is predicted, or ""
 */
function describe(store) {
  const { failure, badLink, image, label } = store.state;
  if (failure) return { line: say("run_failure", nameRun(chosen(store.state))), detail: failure, prediction: "" };
  if (!image) return { line: say(badLink ? "link_bad" : "verdict_empty"), detail: say("detail_empty"), prediction: "" };
  const { untrained, trained } = answers(store.state);
  if (!untrained || !trained) return { line: say("verdict_loading"), detail: "", prediction: "" };
  const { index, isLast, images, isFineTuned } = shown(store.state);
  const digit = largest(trained);
  const values = {
    digit,
    images: countImages(images),
    trained: percent(trained[digit]),
    before: largest(untrained),
    untrained: percent(untrained[largest(untrained)]),
  };
  if (isNotADigit(store.state)) {
    return { line: say("verdict_not_a_digit"), detail: say("detail_not_a_digit", values), prediction: "" };
  }
  const judged = label === null ? "" : ` ${say(digit === label ? "verdict_right" : "verdict_wrong")}`;
  const moment = isLast ? "detail_after" : index ? "detail_between" : "detail_untrained";
  return {
    line: say(trained[digit] < SURE ? "verdict_unsure" : "verdict", values) + judged,
    detail: badLink ? say("link_bad_kept") : sayOf(isFineTuned, moment, values),
    prediction: String(digit),
  };
}

/**
 * A button that plays how the answer came about; once that has been seen, the story in one sentence.
 * @param {Store} store
 * @param {() => void} play
 */
function createStory(store, play) {
  const button = h("button", { type: "button", class: "watch", "data-testid": "watch", onclick: play });
  const sentence = h("p", { "data-testid": "story" });
  /** @type {(Float64Array | null)[] | null} */
  let seen = null; // the answers whose story has been played
  /** @type {unknown} */
  let played = null; // the answers that were playing before this change, or none
  const place = h("div", { class: "story" }, button, sentence);

  store.watch(["probabilities", "penDown", "playing", "isDigit", "timeline", "snapshot"], ({ probabilities, ...state }) => {
    const { isLast } = shown(store.state);
    const whole = probabilities?.every((values) => values) ? /** @type {Float64Array[]} */ (probabilities) : null;
    const isTold = whole && state.isDigit && !state.penDown;
    if (played && played === probabilities && !state.playing && isLast) seen = probabilities;
    played = state.playing ? probabilities : null;
    const isSeen = isTold && seen === probabilities;
    button.hidden = !isTold || isSeen || state.playing || !isLast || whole.length < 2;
    sentence.hidden = !isSeen || state.playing;
    if (isTold) write(button, say("watch", { digit: largest(whole[whole.length - 1]) }));
    if (isSeen) write(sentence, tell(whole, chosen(store.state).images_seen));
  });
  return place;
}
