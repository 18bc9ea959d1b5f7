// Thirty labelled images, each with what the network reads at the snapshot shown and, on request, before training.
import { choose } from "../data.js";
import { h, write } from "../dom.js";
import { tally } from "../engine/network.js";
import { shown } from "../state.js";
import { capital, nameSnapshot, say, sayOf } from "../text.js";
import { createTiles } from "./tiles.js";

/** @typedef {import("../state.js").Store} Store */
const TILES = 30;
const SOURCES = { waiting: "samples_waiting", mnist: "samples_mnist", handwritings: "samples_handwritings" };

/**
 * @param {Store} store
 * @param {HTMLElement} beside what stands beside the button for other images
 * @returns {import("./stage.js").View}
 */
export function createDigits(store, beside) {
  const grid = h("div", { class: "grid", "data-testid": "sample-grid", role: "group", "aria-label": say("samples_heading") });
  const [before, now] = ["untrained", "trained"].map((name) => h("p", { class: `count ${name}`, "data-testid": `count-${name}` }));
  const source = h("p", { class: "note", "data-testid": "sample-source" });
  const others = h("button", { type: "button", "data-testid": "sample-others" }, say("samples_others"));
  const showTiles = createTiles(store, grid);
  /** @type {HTMLElement[]} */
  let tiles = [];
  /** @type {import("../state.js").Grid | null} */
  let shownGrid = null;
  /** @type {import("../state.js").Grid} */
  let chosen = { images: new Uint8Array(), labels: new Uint8Array() };
  let draw = 0; // which thirty; the same for every network until others are asked for
  /** @type {WeakMap<object, Uint8Array>} */
  let read = new WeakMap(); // by network, what it reads in the images shown

  function pick() {
    shownGrid = store.state.grid;
    if (!shownGrid) return;
    chosen = choose(shownGrid, TILES, draw);
    read = new WeakMap();
    tiles = showTiles(chosen.images, chosen.labels);
    for (const tile of tiles) tile.append(h("span", { class: "reading" }, h("span", { class: "was" }), h("span", {})));
  }

  /** @param {number} index of a snapshot */
  function readingsOf(index) {
    const network = store.state.timeline?.snapshots[index];
    if (!network) return null;
    const known = read.get(network) ?? tally(network, chosen.images, chosen.labels).predictions;
    read.set(network, known);
    return known;
  }

  function show() {
    if (shownGrid !== store.state.grid) pick();
    const at = shown(store.state);
    const [first, readings] = [readingsOf(0), readingsOf(at.index)];
    const names = [sayOf(at.isFineTuned, "before"), nameSnapshot(at)];
    showCount(before, at.index ? first : null, names[0]);
    showCount(now, readings, names[1]);
    tiles.forEach((tile, index) => showTile(tile, chosen.labels[index], [first?.[index], readings?.[index]], names));
    write(source, say(SOURCES[store.state.source]));
  }

  /** @param {Element} place @param {Uint8Array | null} readings @param {string} when */
  function showCount(place, readings, when) {
    const correct = readings?.filter((digit, index) => digit === chosen.labels[index]).length;
    write(place, readings ? say("samples_now", { correct, total: readings.length, moment: capital(when) }) : "");
  }

  others.addEventListener("click", () => {
    draw += 1;
    pick();
    show();
  });
  const head = h("div", { class: "counts" }, h("h2", {}, say("samples_heading")), now, before);
  const foot = h("div", { class: "samples-foot" }, h("p", { class: "note" }, say("samples_legend")), source, others, beside);
  return { content: [head, grid, foot], keys: ["grid", "source", "run", "snapshot", "timeline"], show };
}

/**
 * @param {HTMLElement} tile
 * @param {number} label
 * @param {(number | undefined)[]} readings before training and at the snapshot shown; none while the network is on its way
 * @param {string[]} names the two snapshots in words
 */
function showTile(tile, label, [untrained, prediction], [before, when]) {
  Object.assign(tile.dataset, { label, untrained: untrained ?? "", prediction: prediction ?? "" });
  const isKnown = untrained !== undefined && prediction !== undefined;
  tile.classList.toggle("right", isKnown && prediction === label);
  tile.classList.toggle("wrong", isKnown && prediction !== label);
  const [was, now] = /** @type {HTMLElement} */ (tile.lastElementChild).children;
  write(was, isKnown ? `${untrained} → ` : "");
  write(now, isKnown ? prediction : "");
  const word = (/** @type {number | undefined} */ digit) => say(digit === label ? "right" : "wrong");
  const values = { label, untrained, prediction, before, moment: when };
  const words = say("tile_label", { ...values, untrainedRight: word(untrained), predictionRight: word(prediction) });
  tile.setAttribute("aria-label", isKnown ? words : String(label));
}
