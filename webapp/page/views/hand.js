// The visitor's own hand: every digit drawn twice, who reads it, and a network that is fine-tuned on it.
import { h } from "../dom.js";
import { drawingsFor, emptyWriter } from "../writer.js";
import { say } from "../text.js";
import { createHandFile } from "./hand_file.js";
import { createHandPad } from "./hand_pad.js";
import { createImages } from "./hand_rows.js";
import { createHandTable } from "./hand_table.js";
import { createHandFineTuning } from "./hand_fine_tuning.js";

/**
 * @param {import("../state.js").Store} store
 * @param {import("../runs.js").Library} library
 * @param {import("./hand_fine_tuning.js").Trainer} trainer
 * @returns {import("./stage.js").View}
 */
export function createHand(store, library, trainer) {
  const [pad, file] = [createHandPad(store), createHandFile(store)];
  const [table, teach] = [createHandTable(store, library), createHandFineTuning(store, library, trainer)];
  const imagesOf = createImages();

  function show() {
    if (!store.state.writer) {
      store.set({ writer: emptyWriter(Math.random) });
      file.recall();
      return; // the change shows it
    }
    pad.show();
    file.show();
    const tests = imagesOf(drawingsFor(store.state.writer, true));
    table.show(tests);
    teach.show(tests);
  }
  const note = h("p", { class: "note" }, say("hand_note"));
  const rest = h("div", { class: "hand-rest" }, h("section", {}, ...table.content), h("section", {}, ...teach.content));
  const body = h("div", { class: "hand" }, pad.element, rest, file.element);
  return { content: [note, body], keys: ["writer", "run", "runs", "image", "dark", "training"], show };
}
