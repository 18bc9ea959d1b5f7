// The visitor's own runs: show, save as a file, remove, and open a file again.
import { h, write } from "../dom.js";
import { readTimeline } from "../engine/checkpoint.js";
import { writeCheckpoint } from "../engine/checkpoint_writing.js";
import { InklingError } from "../engine/errors.js";
import { nameOwn } from "../own_names.js";
import { baseOf, isReplaced } from "../own_runs.js";
import { isOwn, ownRuns } from "../state.js";
import { capital, count, say, sentenceOf } from "../text.js";
import { download } from "./download.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").State} State
 * @typedef {import("../state.js").Run} Run
 * @typedef {import("../own_runs.js").OwnRuns} OwnRuns
 */
const MAX_BYTES = 10_000_000; // of a file

/**
 * @param {Store} store
 * @param {OwnRuns} own
 * @param {(run: string) => void} choose
 * @returns {{element: HTMLElement, reserve: (architecture: string) => string | null}} `reserve`: as that of `own`; where there is
 *   no room, the view opens and says so
 */
export function createOwnRunsView(store, own, choose) {
  const list = h("ul", { class: "own", "data-testid": "own-runs" });
  const line = h("p", { role: "status", "data-testid": "own-line" });
  const file = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: ".safetensors", hidden: true, "data-testid": "own-file" }));
  const open = h("button", { type: "button", "data-testid": "own-open", onclick: () => file.click() }, say("own_open"));
  file.addEventListener("change", async () => {
    const [given] = file.files ?? [];
    file.value = ""; // so that the same file can be chosen again
    if (given) write(line, await openFile(given).catch(sentenceOf));
  });

  /** @param {File} given @returns {Promise<string>} what is said of it */
  async function openFile(given) {
    if (given.size > MAX_BYTES) throw new InklingError("own_large", { bytes: count(given.size) });
    const timeline = await readTimeline(given.stream(), () => {});
    checkKnown(store.state, timeline.card);
    const run = reserve(timeline.card.architecture.id);
    if (!run) return say("own_full");
    own.open(timeline, run);
    return say("own_opened_line", { name: capital(nameOwn(store.state, store.state.runs[run])) });
  }

  /** @param {string} architecture */
  function reserve(architecture) {
    const run = own.reserve(architecture);
    if (run) return run;
    store.set({ view: "settings", isRaised: true });
    write(line, say("own_full"));
    line.scrollIntoView({ block: "nearest" });
    return null;
  }
  const restore = h("button", { type: "button", "data-testid": "own-restore", hidden: true, onclick: () => own.restore() }, say("own_restore"));
  function removeRun(/** @type {string} */ run) {
    own.remove(run);
    restore.focus(); // the button pressed is gone
  }
  store.watch(["removed"], (state) => {
    restore.hidden = !state.removed;
    write(line, state.removed ? say(isReplaced(state) ? "own_replaced_line" : "own_removed_line", { name: capital(nameOwn(state, state.removed)) }) : "");
  });
  const item = (/** @type {Run} */ run) => {
    const name = capital(nameOwn(store.state, run));
    const tool = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ press, disabled = Boolean(run.growing)) =>
      h("button", { type: "button", "data-testid": testid, "data-own": run.id, disabled, "aria-label": say("own_tool", { word, name }), onclick: press }, word);
    const show = tool("own-show", say("own_show"), () => choose(run.id), false);
    const save = tool("own-save", say("own_save"), () => saveRun(own, store.state.runs[run.id]));
    const remove = tool("own-remove", say("own_remove"), () => removeRun(run.id));
    return h("li", {}, h("span", {}, name), show, save, remove);
  };
  let known = "";
  store.watch(["runs", "training"], (state) => {
    const runs = ownRuns(state);
    const key = JSON.stringify(runs.map((run) => [run.id, run.growing, nameOwn(state, run)]));
    if (key === known) return;
    known = key;
    list.replaceChildren(...runs.map(item));
  });
  const element = h("div", { class: "own-runs" }, h("h2", {}, say("own_heading")), h("p", { class: "note" }, say("own_note")), list, h("div", {}, line, restore), open, file);
  return { element, reserve };
}

/**
 * Refuse a run that is none of one's own, or of another network than the page knows.
 * @param {State} state
 * @param {import("../engine/card.js").Card} card
 */
function checkKnown(state, { run, architecture, recipe }) {
  if (!isOwn(run)) throw new InklingError("own_foreign", { run });
  const base = baseOf(state, architecture.id);
  const shapeOf = (/** @type {Run["architecture"]} */ { hidden }) => hidden.map(({ units, activation }) => [units, activation]).join();
  const isSame = base && shapeOf(architecture) === shapeOf(base.architecture) && recipe.input_range.join() === base.input_range.join();
  if (!isSame) throw new InklingError("own_unknown", { architecture: architecture.id.slice(0, 40) });
}

/** Save a run as a file. @param {OwnRuns} own @param {Run} run */
function saveRun(own, { id, timeline }) {
  if (!timeline) return;
  own.mark(id);
  download(/** @type {Uint8Array<ArrayBuffer>} */ (writeCheckpoint(timeline)), `${id.replace("/", "-")}.safetensors`);
}
