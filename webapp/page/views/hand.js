// The visitor's own hand: every digit drawn twice on the bench, who reads it, and a network that is taught it.
import { h, write } from "../dom.js";
import { imageOfDrawing } from "../engine/image.js";
import { isBusy } from "../own_runs.js";
import { chosen } from "../state.js";
import { capital, say, sentenceOf } from "../text.js";
import { drawingsFor, emptyWriter } from "../writer.js";
import { nameRun } from "./chooser.js";
import { addHandBench, countDrawings, createHandDigits } from "./hand_digits.js";
import { createHandFile, createQuestion } from "./hand_file.js";
import { createHandTable } from "./hand_table.js";
import { tool } from "./pad.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../trainer.js").Trainer} Trainer
 */

/**
 * @param {Store} store
 * @param {import("../runs.js").Library} library
 * @param {Trainer} trainer
 * @param {HTMLElement} bench where it is drawn
 * @returns {import("./stage.js").View}
 */
export function createHand(store, library, trainer, bench) {
  const question = createQuestion();
  const [digits, file] = [createHandDigits(store, question), createHandFile(store, question)];
  const [table, teaching] = [createHandTable(store, library), createTeaching(store, trainer)];
  addHandBench(store, bench);
  /** @type {{drawn: unknown, images: import("../state.js").Grid}} */
  let tests = { drawn: null, images: { images: new Uint8Array(), labels: new Uint8Array() } }; // the test digits as images

  function show() {
    const { writer } = store.state;
    if (!writer) {
      store.set({ writer: emptyWriter(Math.random) });
      return file.recall(); // either change shows it
    }
    if (tests.drawn !== writer.drawn) tests = { drawn: writer.drawn, images: imagesOf(drawingsFor(writer, true)) };
    digits.show();
    file.show();
    table.show(tests.images);
    teaching.show();
  }
  const foot = h("div", { class: "hand-foot" }, ...digits.tools, ...file.tools);
  const asks = h("section", { class: "hand-asks" }, digits.tiles, foot, question.element, digits.kept, file.said);
  const body = h("div", { class: "hand" }, asks, table.element, teaching.element, table.taught);
  const about = ["hand_about", "teach_more", "hand_keep_note"].map((key) => say(key));
  return { about, content: [h("p", { class: "note" }, say("hand_note")), ...digits.prompts, body], keys: ["writer", "run", "runs", "training", "series"], show };
}

/** @param {import("../writer.js").WriterDrawing[]} drawings @returns {import("../state.js").Grid} */
function imagesOf(drawings) {
  const images = new Uint8Array(drawings.length * 784);
  drawings.forEach(({ strokes }, at) => images.set(imageOfDrawing(strokes), at * 784));
  return { images, labels: Uint8Array.from(drawings, ({ label }) => label) };
}

/** What fine-tunes the chosen network on the digits to learn from. @param {Store} store @param {Trainer} trainer */
function createTeaching(store, trainer) {
  const about = h("p", { "data-testid": "teach-about" });
  const problem = h("p", { class: "note problem", role: "alert" });
  const drawings = () => (store.state.writer ? drawingsFor(store.state.writer, false) : []);
  const button = tool("teach", "teach", async () => {
    write(problem, "");
    try {
      await trainer.fineTune(store.state.run, drawings().map(({ strokes, label }) => ({ strokes, label })));
    } catch (error) {
      write(problem, sentenceOf(error));
    }
  });
  button.classList.add("primary");

  function show() {
    const count = drawings().length;
    const { timeline, training: last } = store.state;
    const { network, training } = nameRun(chosen(store.state));
    const values = { Network: capital(network), training, count: countDrawings(count) };
    write(about, say(!count ? "teach_nothing" : isBusy(store.state) ? "teach_busy" : "teach_about", values));
    button.disabled = !count || isBusy(store.state) || !timeline;
    if (last?.isFineTuning && last.phase === "failed") write(problem, last.problem ?? "");
    else if (isBusy(store.state)) write(problem, ""); // what was said is over
  }
  return { element: h("section", {}, about, button, problem), show };
}
