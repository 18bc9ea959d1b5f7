// The visitor's own hand: every digit drawn twice on the bench, who reads it, and a network that is fine-tuned on it.
import { h } from "../dom.js";
import { drawingsFor, emptyWriter } from "../writer.js";
import { say } from "../text.js";
import { addHandBench } from "./hand_bench.js";
import { createHandDigits, more } from "./hand_digits.js";
import { createHandFile } from "./hand_file.js";
import { createImages } from "./hand_rows.js";
import { createHandTable } from "./hand_table.js";
import { createHandFineTuning } from "./hand_fine_tuning.js";

/**
 * @param {import("../state.js").Store} store
 * @param {import("../runs.js").Library} library
 * @param {import("./hand_fine_tuning.js").Trainer} trainer
 * @param {HTMLElement} bench where it is drawn
 * @returns {import("./stage.js").View}
 */
export function createHand(store, library, trainer, bench) {
  const [digits, file] = [createHandDigits(store), createHandFile(store)];
  const [table, teach] = [createHandTable(store, library), createHandFineTuning(store, library, trainer)];
  const imagesOf = createImages();
  addHandBench(store, bench);

  function begin() {
    store.set({ writer: emptyWriter(Math.random) });
    file.recall();
  }
  function show() {
    if (!store.state.writer) return begin(); // the change shows it
    digits.show();
    file.show();
    const tests = imagesOf(drawingsFor(store.state.writer, true));
    table.show(tests);
    teach.show(tests);
  }
  digits.element.append(h("div", { class: "hand-line" }, h("p", { class: "note" }, say("hand_note")), more(say("hand_about"))));
  const body = h("div", { class: "hand" }, digits.element, h("section", {}, ...table.content), ...teach.content, file.element);
  return { content: [body], keys: ["writer", "run", "runs", "image", "dark", "training"], show };
}
