// Confusion matrices of the test images: the untrained network's beside the shown snapshot's. A cell is a button
// that opens the images behind it, for as long as the numbers around it stay.
import { loadTestImages, pick } from "../data.js";
import { h, write } from "../dom.js";
import { tally } from "../engine/network.js";
import { chosen, shown } from "../state.js";
import { capital, count, nameSnapshot, say, sayOf, sentenceOf } from "../text.js";
import { createTiles, rove } from "./tiles.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {{button: HTMLElement, side: number, label: number, prediction: number}} Cell `side`: 0 before, 1 now
 */
const SHOWN = 60; // images of a cell, at most
const DIGITS = [...Array(10).keys()];

/** @param {Store} store @returns {import("./stage.js").View} */
export function createConfusion(store) {
  const captions = [0, 1].map(() => h("figcaption", {}, "…"));
  const hardest = h("p", { class: "panel-line", "data-testid": "confusion-hardest" });
  const line = h("p", { class: "panel-line", "data-testid": "cell-line", role: "status" }, say("cell_pick"));
  const images = h("div", { class: "grid cells", "data-testid": "cell-images", role: "group", "aria-label": say("cell_images") });
  const showTiles = createTiles(store, images);
  const tables = ["untrained", "trained"].map((name, side) =>
    createMatrix({ "data-testid": `confusion-${name}` }, (cell) => toggle({ ...cell, side })),
  );
  const pair = h("div", { class: "matrices" }, ...tables.map(({ table }, side) => h("figure", {}, captions[side], table)));
  /** @type {Cell | null} */
  let opened = null;
  /** @type {unknown[]} */
  let known = []; // the run, the snapshot and the counts that are shown

  function close() {
    opened?.button.setAttribute("aria-pressed", "false");
    opened = null;
    write(line, say("cell_pick"));
    showTiles(new Uint8Array(), []);
  }

  /** @param {Cell} cell */
  async function toggle(cell) {
    const wasOpen = opened?.button === cell.button;
    close();
    const network = store.state.timeline?.snapshots[cell.side ? shown(store.state).index : 0];
    if (wasOpen || !network) return;
    opened = cell;
    cell.button.setAttribute("aria-pressed", "true");
    write(line, say("cell_waiting"));
    try {
      const test = await loadTestImages();
      if (opened === cell) showCell(cell, network, test);
    } catch (error) {
      const sentence = store.state.source === "handwritings" ? say("cell_handwritings") : sentenceOf(error);
      if (opened === cell) write(line, sentence);
    }
  }

  /**
   * @param {Cell} cell
   * @param {import("../engine/network.js").Network} network
   * @param {import("../state.js").Grid} test
   */
  function showCell({ label, prediction }, network, test) {
    const labelled = [...test.labels.keys()].filter((index) => test.labels[index] === label);
    const those = pick(test, labelled);
    const { predictions } = tally(network, those.images, those.labels);
    const found = [...labelled.keys()].filter((index) => predictions[index] === prediction);
    const kept = pick(those, found.slice(0, SHOWN));
    const sentence = !found.length ? "cell_none" : found.length > SHOWN ? "cell_some" : "cell_all";
    write(line, say(sentence, { total: count(found.length), shown: SHOWN, label, prediction }));
    const tiles = showTiles(kept.images, kept.labels);
    images.scrollIntoView({ block: "nearest" });
    tiles.forEach((tile, index) => {
      tile.setAttribute("aria-label", say("cell_tile_label", { number: index + 1, label, prediction }));
    });
  }

  function show() {
    const { timeline, run, training } = store.state;
    const { index } = shown(store.state);
    const matrices = [0, index].map((at) => timeline?.card.scores[at]?.confusion ?? null);
    write(captions[0], capital(sayOf(shown(store.state).isFineTuned, "before")));
    write(captions[1], capital(nameSnapshot(shown(store.state))));
    const now = [run, index, Boolean(timeline), ...matrices]; // a run of one's own may be another one by now
    if (now.every((value, at) => value === known[at])) return;
    known = now;
    close();
    tables.forEach(({ fill }, side) => fill(matrices[side]));
    write(hardest, matrices[1] ? nameHardest(matrices[1]) : "");
    const isToCome = chosen(store.state).growing || (training?.run === run && training.measuring);
    if (timeline && !matrices[1]) write(line, say(isToCome ? "confusion_later" : "confusion_never"));
  }
  return { about: [say("confusion_note")], content: [hardest, pair, line, images], keys: ["run", "timeline", "snapshot"], show };
}

/** How often each digit was misread as each. @param {number[][]} matrix counts */
const misreadIn = (matrix) => matrix.flatMap((row, label) => row.map((times, prediction) => ({ label, prediction, times: label === prediction ? 0 : times })));

/** Which two digits are mixed up most often, in words. @param {number[][]} matrix counts */
function nameHardest(matrix) {
  const { times, ...pair } = misreadIn(matrix).reduce((most, each) => (each.times > most.times ? each : most));
  if (!times) return say("confusion_perfect");
  return say("confusion_hardest", { ...pair, times: times === 1 ? say("confusion_once") : say("confusion_times", { times: count(times) }) });
}

/**
 * A table of ten by ten buttons. What was misread is shaded by the root of its number, beside the largest: so the pairs
 * that stay hard are seen even when hardly anything is misread, and the others beside them.
 * @param {Record<string, unknown>} attributes
 * @param {(cell: {button: HTMLElement, label: number, prediction: number}) => void} onPress
 */
function createMatrix(attributes, onPress) {
  const head = h("tr", {}, h("td"), ...DIGITS.map((digit) => h("th", { scope: "col" }, String(digit))));
  const cells = DIGITS.map((label) =>
    DIGITS.map((prediction) => {
      const button = h("button", { type: "button" });
      button.addEventListener("click", () => onPress({ button, label, prediction }));
      return { button, cell: h("td", { class: label === prediction ? "hit" : "" }, button) };
    }),
  );
  const rows = cells.map((row, label) => h("tr", {}, h("th", { scope: "row" }, String(label)), ...row.map(({ cell }) => cell)));
  const table = h("table", { class: "matrix", ...attributes }, h("thead", {}, head), h("tbody", {}, ...rows));
  rove(table);

  /** @type {number[][] | null | undefined} */
  let filled; // the counts that it shows; undefined at first
  /** @param {number[][] | null} matrix counts; null while they are on their way */
  function fill(matrix) {
    if (matrix === filled) return; // as of the untrained network, while the time moves
    filled = matrix;
    const most = Math.max(1, ...misreadIn(matrix ?? []).map(({ times }) => times));
    cells.forEach((row, label) => {
      row.forEach(({ button, cell }, prediction) => {
        const number = matrix?.[label][prediction];
        if (button.textContent !== String(number ?? "") || !button.hasAttribute("aria-label")) button.setAttribute("aria-label", say("cell_label", { count: number ?? "–", label, prediction }));
        write(button, number ?? "");
        button.classList.toggle("long", (number ?? 0) > 999);
        cell.style.setProperty("--shade", label === prediction ? "0" : String(Math.sqrt((number ?? 0) / most)));
      });
    });
  }
  return { table, fill };
}
