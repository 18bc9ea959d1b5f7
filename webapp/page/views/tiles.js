// Tiles: labelled images that a press lays on the pad, thirty of them as a view of the stage; and many buttons as one
// tab stop.
import { h, imageCanvas, paint, write } from "../dom.js";
import { choose } from "../grid_images.js";
import { shown } from "../state.js";
import { capital, nameSnapshot, say, sayOf } from "../text.js";
import { rove } from "./rove.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").Sample} Sample
 */
const TILES = 30;
const SOURCES = { waiting: "samples_waiting", mnist: "samples_mnist", handwritings: "samples_handwritings" };

/**
 * Fill a container with tiles.
 * @param {Store} store
 * @param {HTMLElement} container
 * @returns {(images: Uint8Array, labels: ArrayLike<number>) => HTMLElement[]} shows images, (n * 784) levels, with
 *   their labels; returns the tiles, buttons, for the caller to name and to write in
 */
export function createTiles(store, container) {
  const settle = rove(container);
  /** @type {{tile: HTMLElement, canvas: HTMLCanvasElement, sample: Sample}[]} */
  let tiles = [];
  const repaint = () => tiles.forEach(({ canvas, sample }) => paint(canvas, sample.image));
  const isOn = (/** @type {Sample} */ sample) => isSame(sample.image, store.state.sample?.image);
  const press = () => tiles.forEach(({ tile, sample }) => tile.setAttribute("aria-pressed", String(isOn(sample))));
  store.watch(["sample"], press);
  store.watch(["dark"], repaint);

  return (images, labels) => {
    tiles = Array.from(labels, (label, index) => {
      const sample = { image: images.slice(index * 784, (index + 1) * 784), label };
      const canvas = imageCanvas();
      const tile = h("button", { type: "button", class: "tile" }, canvas);
      tile.addEventListener("click", () => store.set({ sample: isOn(sample) ? null : sample, penDown: false, badLink: false }));
      return { tile, canvas, sample };
    });
    container.replaceChildren(...tiles.map(({ tile }) => tile));
    settle();
    repaint();
    press();
    return tiles.map(({ tile }) => tile);
  };
}

/** @param {Uint8Array} a @param {Uint8Array} [b] */
const isSame = (a, b) => a === b || (b !== undefined && a.every((level, index) => level === b[index]));

/**
 * Say on a tile what is read in it: green if that is right, else striped.
 * @param {HTMLElement} tile
 * @param {string} key of the sentence that names the tile
 * @param {{label: number, prediction: number | undefined, untrained?: number, before?: string, moment?: string}} values of
 *   that sentence. `prediction`: none while the network is on its way; `untrained`: read before training, shown on request
 */
export function showReading(tile, key, values) {
  const { label, prediction, untrained } = values;
  if (!tile.dataset.label) tile.append(h("span", { class: "reading" }, h("span", { class: "was" }), h("span", {})));
  Object.assign(tile.dataset, { label, untrained: untrained ?? "", prediction: prediction ?? "" });
  tile.classList.toggle("right", prediction === label);
  tile.classList.toggle("wrong", prediction !== undefined && prediction !== label);
  const [was, now] = /** @type {HTMLElement} */ (tile.lastElementChild).children;
  write(was, untrained === undefined ? "" : `${untrained} → `);
  write(now, prediction ?? "");
  tile.setAttribute("aria-label", prediction === undefined ? String(label) : say(key, values));
}

/**
 * Thirty labelled images, each with what the network reads at the snapshot shown and, on request, before training.
 * @param {Store} store
 * @param {HTMLElement} beside what stands beside the button for other images
 * @returns {import("./stage.js").View}
 */
export function createDigits(store, beside) {
  const grid = h("div", { class: "grid", "data-testid": "sample-grid", role: "group", "aria-label": say("samples_heading") });
  const [before, now] = ["untrained", "trained"].map((name) => h("p", { class: `count ${name}`, "data-testid": `count-${name}` }));
  const source = h("p", { class: "note", "data-testid": "sample-source" });
  const others = h("button", { type: "button", "data-testid": "sample-others", onclick: pickOthers }, say("samples_others"));
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
  }

  /** @param {number} index of a snapshot */
  function readingsOf(index) {
    const network = store.state.timeline?.snapshots[index];
    if (!network) return null;
    const known = read.get(network) ?? store.state.read(network, chosen.images, chosen.labels).predictions;
    read.set(network, known);
    return known;
  }

  function show() {
    if (shownGrid !== store.state.grid) pick();
    const at = shown(store.state);
    const [first, readings] = [readingsOf(0), readingsOf(at.index)];
    const names = { before: sayOf(at.isFineTuned, "before"), moment: nameSnapshot(at) };
    showCount(before, at.index ? first : null, names.before);
    showCount(now, readings, names.moment);
    tiles.forEach((tile, index) => {
      showReading(tile, "tile_label", { label: chosen.labels[index], untrained: first?.[index], prediction: readings?.[index], ...names });
    });
    write(source, say(SOURCES[store.state.source]));
  }

  /** @param {Element} place @param {Uint8Array | null} readings @param {string} when */
  function showCount(place, readings, when) {
    const correct = readings?.filter((digit, index) => digit === chosen.labels[index]).length;
    write(place, readings ? say("samples_now", { correct, total: readings.length, moment: capital(when) }) : "");
  }

  function pickOthers() {
    draw += 1;
    pick();
    show();
  }
  const head = h("div", { class: "counts" }, h("h2", {}, say("samples_heading")), now, before);
  const foot = h("div", { class: "samples-foot" }, h("p", { class: "note" }, say("samples_legend")), source, others, beside);
  return { content: [head, grid, foot], keys: ["grid", "source", "run", "snapshot", "timeline"], show };
}
