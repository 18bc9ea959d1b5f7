// Fine-tuning the chosen network on the visitor's digits, and what that changed.
import { h, write } from "../dom.js";
import { largest, logits, softmax, tally } from "../engine/network.js";
import { drawingsFor } from "../writer.js";
import { chosen, ownRuns } from "../state.js";
import { capital, count, percent, say, sentenceOf } from "../text.js";
import { nameRun } from "./chooser.js";
import { countDrawings, more } from "./hand_digits.js";
import { createRow } from "./hand_rows.js";
import { want } from "./hand_table.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").State} State
 * @typedef {import("../state.js").Run} Run
 * @typedef {import("../engine/card.js").Scored} Scored
 * @typedef {import("../runs.js").Library} Library
 * @typedef {import("../engine/network.js").Network} Network
 * @typedef {import("../trainer.js").Trainer} Trainer
 */
const ALL = 10_000; // MNIST's test images
const ROWS = { digits: "teach_digits", pad: "teach_pad", mnist: "teach_mnist" }; // by name, the sentence before it
const SIDES = { before: "teach_before", after: "teach_after" };

/**
 * @param {Store} store
 * @param {Library} library
 * @param {Trainer} trainer
 * @returns {{content: HTMLElement[], show: (tests: import("../state.js").Grid) => void}}
 */
export function createHandFineTuning(store, library, trainer) {
  const about = h("p", { "data-testid": "teach-about" });
  const problem = h("p", { class: "note problem", role: "alert" });
  const button = /** @type {HTMLButtonElement} */ (h("button", { type: "button", class: "primary", "data-testid": "teach" }, say("teach")));
  const done = h("p", { class: "hand-learned", "data-testid": "teach-done", role: "status" });
  const result = createResult(store, library);
  /** @type {{run?: Run, tests?: import("../state.js").Grid}} */
  let told = {}; // what was said last that teaching changed

  button.addEventListener("click", async () => {
    write(problem, "");
    const drawings = learned(store).map(({ strokes, label }) => ({ strokes, label }));
    try {
      await trainer.fineTune(store.state.run, drawings);
    } catch (error) {
      write(problem, sentenceOf(error));
    }
  });

  /** @param {import("../state.js").Grid} tests */
  function show(tests) {
    const drawings = learned(store);
    const isBusy = trainer.isBusy;
    const { training: last } = store.state;
    const busy = last?.isFineTuning ? "teach_learning" : "teach_busy";
    const values = { ...namesOf(chosen(store.state)), count: countDrawings(drawings.length) };
    write(about, !drawings.length ? say("teach_nothing") : isBusy ? say(busy) : say("teach_about", values));
    button.disabled = !drawings.length || isBusy || !store.state.timeline;
    if (last?.isFineTuning && last.phase === "failed") write(problem, last.problem ?? "");
    else if (isBusy) write(problem, ""); // what was said is over
    result.show(tests);
    const run = last?.isFineTuning && last.phase === "done" ? store.state.runs[last.run] : undefined;
    if (run === told.run && tests === told.tests) return;
    told = { run, tests };
    write(done, run ? sayChange(run, tests) : "");
  }
  const teach = h("section", {}, h("h2", {}, say("teach_heading")), done, h("div", { class: "hand-line" }, about, more(say("teach_more"))), button, problem);
  return { content: [teach, result.element], show };
}

/** The drawings that a network may learn from. @param {Store} store */
const learned = ({ state }) => (state.writer ? drawingsFor(state.writer, false) : []);

/** What a run reads that was just taught. @param {Run} run @param {import("../state.js").Grid} tests */
function sayChange(run, { images, labels }) {
  const networks = [run.timeline?.snapshots[0], run.timeline?.snapshots.at(-1)]; // it began as the network that was taught
  const [before, after] = networks.map((network) => network && say("hand_row", { correct: tally(network, images, labels).correct, n: labels.length }));
  return say(labels.length ? "teach_done" : "teach_done_alone", { ...namesOf(run), before, after });
}

/** A run in words that begin a sentence. @param {Run} run */
const namesOf = (run) => ({ ...nameRun(run), Network: capital(nameRun(run).network) });

/** What fine-tuning changed, side by side. @param {Store} store @param {Library} library */
function createResult(store, library) {
  const sides = Object.entries(SIDES);
  const values = Object.keys(ROWS).map((row) => sides.map(([side]) => h("td", { "data-testid": `taught-${row}-${side}` })));
  const head = h("tr", {}, h("td"), ...sides.map(([, key]) => h("th", { scope: "col" }, say(key))));
  const body = Object.values(ROWS).map((key, at) => h("tr", {}, h("th", { scope: "row" }, say(key)), ...values[at]));
  const table = h("table", { class: "taught-table" }, h("thead", {}, head), h("tbody", {}, ...body));
  const rows = sides.map(([side, key]) => createRow(store, say(key), { taught: side }));
  const tiles = h("ol", { class: "hand-rows chart-pair" }, ...rows.map(({ element }) => element));
  const heading = h("h2", {});
  const element = h("section", { class: "taught", "data-testid": "taught", hidden: true }, heading, table, tiles);

  /** @param {import("../state.js").Grid} tests */
  function show(tests) {
    const run = fineTunedRun(store.state);
    const timeline = run?.timeline;
    element.hidden = !timeline;
    if (!timeline) return;
    const before = run.from ? store.state.runs[run.from] : undefined; // what was fine-tuned, if that is here
    if (before) want(library, before); // its score is in its card
    const networks = [timeline.snapshots[0], timeline.snapshots.at(-1)]; // it began as the network that was fine-tuned
    const isMeasured = timeline.card.scores[0]?.n === ALL; // then it is its own: what was fine-tuned may be gone
    const cards = [isMeasured ? timeline : before?.timeline, timeline];
    const isLearning = Boolean(run.growing);
    element.dataset.run = run.id;
    write(heading, say("teach_result", namesOf(run)));
    networks.forEach((network, at) => {
      rows[at].show(network, tests, say("hand_row_waits"));
      rows[at].element.hidden = !tests.labels.length;
      const { correct, n } = rows[at].element.dataset;
      write(values[0][at], tests.labels.length ? say("hand_row", { correct, n }) : say("teach_digits_none"));
      write(values[1][at], answerOf(store, network));
      const scores = cards[at]?.card.scores;
      const isGone = at === 0 && !isMeasured && !before;
      write(values[2][at], isGone ? say("teach_gone") : scoreOf(isMeasured && at === 0 ? scores?.[0] : scores?.at(-1), isLearning && at === 1));
    });
  }
  return { element, show };
}

/** The fine-tuned run to show: the chosen one, or the last that the chosen one became, or the last of all. @param {State} state */
function fineTunedRun(state) {
  const run = chosen(state);
  if (run.from !== undefined) return run;
  const taught = ownRuns(state).filter(({ from }) => from !== undefined);
  return taught.filter(({ from }) => from === run.id).at(-1) ?? taught.at(-1) ?? null;
}

/** @param {Store} store @param {Network | null | undefined} network @returns {string} what it says of what lies on the pad */
function answerOf({ state: { image } }, network) {
  if (!image || !network) return say(image ? "hand_row_waits" : "teach_pad_empty");
  const said = softmax(logits(network, image));
  const digit = largest(said);
  return say("teach_answer", { digit, sure: percent(said[digit]) });
}

/** @param {Scored | null | undefined} score @param {boolean} isLearning @returns {string} how many of MNIST's test digits it reads */
function scoreOf(score, isLearning) {
  if (!score || isLearning) return say("teach_unmeasured");
  return say("teach_score", { correct: count(score.correct), n: count(score.n) });
}
