// Who reads the hand's test digits: the untrained network, the published, the robust and the chosen one; and of a network
// that was taught the hand, how it read them before and how it does now.
import { h, write } from "../dom.js";
import { chosen, ownRuns } from "../state.js";
import { capital, count, say, sayOf } from "../text.js";
import { nameRun } from "./chooser.js";
import { createTiles, showReading } from "./tiles.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").State} State
 * @typedef {import("../state.js").Run} Run
 * @typedef {import("../state.js").Grid} Grid
 */
const SIDES = ["before", "after"]; // of a teaching

/**
 * @param {Store} store
 * @param {import("../runs.js").Library} library
 * @returns {{element: HTMLElement, taught: HTMLElement, show: (tests: Grid) => void}} `taught`: before and after
 */
export function createHandTable(store, library) {
  const line = h("p", { class: "panel-line", "data-testid": "hand-line" });
  const list = h("ol", { class: "hand-rows", "data-testid": "hand-table" });
  /** @type {Map<string, ReturnType<typeof createRow>>} */
  const rows = new Map();
  store.watch(["dark"], () => rows.clear()); // what is out of the list has no colours to be painted anew in

  /** @param {Run} run @param {number} at 0 is its first snapshot, -1 its last */
  function rowOf(run, at) {
    const name = say(at ? "run_line" : "hand_row_untrained", nameRun(run));
    const row = rows.get(name) ?? createRow(store, name, { "data-run": run.id, "data-snapshot": at ? "last" : "first" });
    rows.set(name, row);
    return row;
  }

  /** @param {Grid} tests */
  function show(tests) {
    const isEmpty = !tests.labels.length;
    write(line, isEmpty ? say("hand_table_empty") : "");
    const shown = (isEmpty ? [] : compared(store.state)).map(({ run, at }) => ({ run, at, row: rowOf(run, at) }));
    const isSame = shown.length === list.children.length && shown.every(({ row }, index) => row.element === list.children[index]);
    if (!isSame) list.replaceChildren(...shown.map(({ row }) => row.element)); // before they paint: there they have colours
    for (const { run, at, row } of shown) {
      const { id, timeline, failure } = run;
      if (!timeline && !failure) void library.fetch(id);
      const network = timeline?.snapshots.at(at);
      row.show(network, tests, network ? "" : failure ?? say("view_waits"));
    }
    taught.show(tests);
  }
  const taught = createTaught(store);
  return { element: h("section", {}, h("h2", {}, say("hand_table")), line, list), taught: taught.element, show };
}

/** Of the chosen architecture the published run, the robust, and the chosen one unless it was taught. @param {State} state */
function compared(state) {
  const { architecture, id, from } = chosen(state);
  const ids = new Set([`${architecture.id}/published`, `${architecture.id}/robust`, ...(from === undefined ? [id] : [])]);
  const runs = [...ids].flatMap((run) => state.runs[run] ?? []);
  return [{ run: runs[0], at: 0 }, ...runs.map((run) => ({ run, at: -1 }))];
}

/** Before and after of a network that was taught the hand. @param {Store} store */
function createTaught(store) {
  const heading = h("h2", {});
  const rows = SIDES.map((side) => {
    const marks = [`taught-digits-${side}`, `taught-mnist-${side}`];
    return createRow(store, capital(sayOf(true, side)), {}, marks);
  });
  const list = h("ol", { class: "hand-rows" }, ...rows.map((row) => row.element));
  const element = h("section", { class: "taught", "data-testid": "taught", hidden: true }, heading, list);

  /** @param {Grid} tests */
  function show(tests) {
    const run = taughtRun(store.state);
    element.hidden = !run?.timeline;
    if (!run?.timeline) return;
    const { snapshots, card } = run.timeline;
    const { network, training } = nameRun(run);
    element.dataset.run = run.id;
    write(heading, say("teach_result", { Network: capital(network), training }));
    [0, -1].forEach((at, side) => { // it began as the network that was taught
      const score = card.scores.at(at);
      rows[side].show(snapshots.at(at), tests, score ? say("teach_score", { correct: count(score.correct), n: count(score.n) }) : "");
    });
  }
  return { element, show };
}

/** The taught run to show: the chosen one, or the last that the chosen one became, or the last of all. @param {State} state */
function taughtRun(state) {
  const run = chosen(state);
  if (run.from !== undefined) return run;
  const taught = ownRuns(state).filter(({ from }) => from !== undefined);
  return taught.filter(({ from }) => from === run.id).at(-1) ?? taught.at(-1) ?? null;
}

/**
 * How many of the test digits a network reads, and each as a tile.
 * @param {Store} store
 * @param {string} name of the network, in words
 * @param {Record<string, string>} attributes
 * @param {(string | null)[]} [marks] testids of the count and of the note
 */
function createRow(store, name, attributes, [countMark, noteMark] = [null, null]) {
  const number = h("b", { "data-testid": countMark });
  const note = h("p", { class: "note", "data-testid": noteMark });
  const grid = h("div", { class: "grid hand-tiles", role: "group", "aria-label": say("hand_tiles", { name }) });
  const element = h("li", { class: "hand-row", ...attributes }, h("p", {}, number, ` · ${name}`), note, grid);
  const showTiles = createTiles(store, grid);
  /** @type {HTMLElement[]} */
  let tiles = [];
  /** @type {unknown[]} */
  let known = []; // the test digits and the network that are shown

  /** @param {import("../engine/network.js").Network | null | undefined} network @param {Grid} tests @param {string} said below */
  function show(network, tests, said) {
    write(note, said);
    grid.hidden = !network;
    if (known[0] === tests && known[1] === network) return;
    const n = tests.labels.length;
    if (network && known[0] !== tests) tiles = showTiles(tests.images, tests.labels);
    known = network ? [tests, network] : [];
    const { predictions, correct } = network ? store.state.read(network, tests.images, tests.labels) : { predictions: [], correct: "" };
    Object.assign(element.dataset, { correct, n: network ? n : "" });
    write(number, network && n ? say("hand_row", { correct, n }) : "–");
    if (network) tiles.forEach((tile, at) => showReading(tile, "hand_tile", { label: tests.labels[at], prediction: predictions[at] }));
  }
  return { element, show };
}
