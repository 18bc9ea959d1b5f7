// Confusion matrices of the test images: the untrained network's beside the shown snapshot's. A cell is a button
// that opens the images behind it, for as long as the numbers around it stay.
import { h, write } from "../dom.js";
import { loadTestImages, pick } from "../grid_images.js";
import { sightOf } from "../lesson_course.js";
import { chosen, shown } from "../state.js";
import { capital, count, nameSnapshot, say, sayOf, sentenceOf } from "../text.js";
import { rove } from "./rove.js";
import { createTiles } from "./tiles.js";

/** @typedef {{button: HTMLElement, side: number, label: number, prediction: number}} Cell `side`: 0 before, 1 now */
const SHOWN = 60; // images of a cell, at most
const DIGITS = [...Array(10).keys()];

/** @param {import("../state.js").Store} store @returns {import("./stage.js").View} */
export function createConfusion(store) {
  const hardest = h("p", { class: "panel-line", "data-testid": "confusion-hardest" });
  const line = h("p", { class: "panel-line", "data-testid": "cell-line", role: "status" }, say("cell_pick"));
  const images = h("div", { class: "grid cells", "data-testid": "cell-images", role: "group", "aria-label": say("cell_images") });
  const showTiles = createTiles(store, images);
  const tables = ["untrained", "trained"].map((name, side) => createMatrix(name, (cell) => toggle({ ...cell, side })));
  const pair = h("div", { class: "matrices" }, ...tables.map(({ figure }) => figure));
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

  /** @param {Cell} cell @param {import("../engine/network.js").Network} network @param {import("../state.js").Grid} test */
  function showCell({ label, prediction }, network, test) {
    const those = pick(test, [...test.labels.keys()].filter((index) => test.labels[index] === label));
    const { predictions } = store.state.read(network, those.images, those.labels);
    const found = [...those.labels.keys()].filter((index) => predictions[index] === prediction);
    const kept = pick(those, found.slice(0, SHOWN));
    const sentence = !found.length ? "cell_none" : found.length > SHOWN ? "cell_some" : "cell_all";
    const { course } = store.state;
    const hasPad = !course || sightOf(course).includes("pad");
    write(line, `${say(sentence, { total: count(found.length), shown: SHOWN, label, prediction })}${found.length && hasPad ? ` ${say("cell_press")}` : ""}`);
    showTiles(kept.images, kept.labels).forEach((tile, index) => {
      tile.setAttribute("aria-label", say("cell_tile_label", { number: index + 1, label, prediction }));
    });
    images.scrollIntoView({ block: "nearest" });
  }

  function show() {
    const { timeline, run, training } = store.state;
    const { index, isFineTuned } = shown(store.state);
    const matrices = [0, index].map((at) => timeline?.card.scores[at]?.confusion ?? null);
    write(tables[0].caption, capital(sayOf(isFineTuned, "before")));
    write(tables[1].caption, capital(nameSnapshot(shown(store.state))));
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
 * A table of ten by ten buttons. What was misread is shaded by the root of its number's share of the largest, so that rare
 * mix-ups are seen, too.
 * @param {string} name
 * @param {(cell: {button: HTMLElement, label: number, prediction: number}) => void} onPress
 */
function createMatrix(name, onPress) {
  const head = h("tr", {}, h("td"), ...DIGITS.map((digit) => h("th", { scope: "col" }, String(digit))));
  const cells = DIGITS.map((label) =>
    DIGITS.map((prediction) => {
      const button = h("button", { type: "button", onclick: () => onPress({ button, label, prediction }) });
      return { button, cell: h("td", { class: label === prediction ? "hit" : "" }, button) };
    }),
  );
  const rows = cells.map((row, label) => h("tr", {}, h("th", { scope: "row" }, String(label)), ...row.map(({ cell }) => cell)));
  const table = h("table", { class: "matrix", "data-testid": `confusion-${name}` }, h("thead", {}, head), h("tbody", {}, ...rows));
  const caption = h("figcaption", {}, "…");
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
        cell.style.setProperty("--shade", label === prediction ? "0" : String(Math.sqrt((number ?? 0) / most)));
        if (button.textContent === String(number ?? "") && button.ariaLabel) return;
        button.ariaLabel = say("cell_label", { count: number ?? "–", label, prediction });
        button.textContent = String(number ?? "");
        button.classList.toggle("long", (number ?? 0) > 999);
      });
    });
  }
  return { figure: h("figure", {}, caption, table), caption, fill };
}
