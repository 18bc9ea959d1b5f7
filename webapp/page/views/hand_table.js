// How many of the hand's test digits the untrained network reads, the published, the robust, and the chosen one.
import { h, write } from "../dom.js";
import { chosen, isOwn } from "../state.js";
import { capital, say } from "../text.js";
import { nameRun } from "./chooser.js";
import { createRow } from "./hand_rows.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").Run} Run
 * @typedef {import("../runs.js").Library} Library
 */

/**
 * @param {Store} store
 * @param {Library} library
 * @returns {{content: HTMLElement[], show: (tests: import("../state.js").Grid) => void}}
 */
export function createHandTable(store, library) {
  const line = h("p", { class: "panel-line", "data-testid": "hand-line" });
  const list = h("ol", { class: "hand-rows", "data-testid": "hand-table" });
  /** @type {Map<string, ReturnType<typeof createRow>>} */
  const rows = new Map();

  /** @param {Run} entry @param {boolean} isUntrained */
  function rowOf(entry, isUntrained) {
    const names = nameRun(entry);
    const name = isUntrained ? say("hand_row_untrained", names) : say("run_line", names);
    const data = { run: entry.id, snapshot: isUntrained ? "first" : "last" };
    const key = isOwn(entry.id) ? "own" : Object.values(data).join(); // of one's own only the chosen one has a row
    const row = rows.get(key) ?? createRow(store, name, data);
    rows.set(key, row);
    row.rename(name, data);
    return row;
  }

  /** @param {import("../state.js").Grid} given the test digits */
  function show(given) {
    const isEmpty = !given.labels.length;
    const entries = isEmpty ? [] : compared(store);
    write(line, isEmpty ? say("hand_table_empty") : say("hand_table_line"));
    for (const run of entries) want(library, run);
    const parts = entries.flatMap((entry, at) => (at ? [{ entry, at: -1 }] : [{ entry, at: 0 }, { entry, at: -1 }]));
    const shown = parts.map((part) => ({ ...part, row: rowOf(part.entry, part.at === 0) }));
    const isSame = shown.length === list.children.length && shown.every(({ row }, index) => row.element === list.children[index]);
    if (!isSame) list.replaceChildren(...shown.map(({ row }) => row.element)); // before they paint: there they have colours
    for (const { entry, at: snapshot, row } of shown) {
      const { timeline, failure } = store.state.runs[entry.id];
      row.show(timeline?.snapshots.at(snapshot), given, capital(failure ?? say("hand_row_waits")));
    }
  }
  return { content: [h("h2", {}, say("hand_table")), line, list], show };
}

/** Of the chosen architecture the published run, the robust, and the chosen one unless it was fine-tuned. @param {Store} store */
function compared(store) {
  const { architecture, id, from } = chosen(store.state);
  const ids = new Set([`${architecture.id}/published`, `${architecture.id}/robust`, ...(from === undefined ? [id] : [])]);
  return [...ids].flatMap((run) => store.state.runs[run] ?? []);
}

/**
 * Have a run fetched, unless that failed; one of the visitor's own is in no file.
 * @param {Library} library
 * @param {Run} run
 */
export function want(library, { id, timeline, failure }) {
  if (!timeline && !failure) void library.fetch(id);
}
