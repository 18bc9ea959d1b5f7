// Which of the writer's test digits a network reads: how many, and each as a tile.
import { h, write } from "../dom.js";
import { imageOfDrawing } from "../engine/image.js";
import { tally } from "../engine/network.js";
import { say } from "../text.js";
import { createTiles } from "./tiles.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").Grid} Grid
 * @typedef {import("../engine/network.js").Network} Network
 */

/**
 * Drawings as images, each made once.
 * @returns {(drawings: import("../writer.js").WriterDrawing[]) => Grid} the same value for the same drawings
 */
export function createImages() {
  /** @type {WeakMap<object, Uint8Array>} */
  const known = new WeakMap();
  /** @type {{strokes: object[], images: Grid} | null} */
  let last = null;

  return (drawings) => {
    const isSame = last?.strokes.length === drawings.length && drawings.every(({ strokes }, at) => strokes === last?.strokes[at]);
    if (last && isSame) return last.images;
    const images = new Uint8Array(drawings.length * 784);
    drawings.forEach(({ strokes }, at) => {
      const image = known.get(strokes) ?? imageOfDrawing(strokes);
      known.set(strokes, image);
      images.set(image, at * 784);
    });
    last = { strokes: drawings.map(({ strokes }) => strokes), images: { images, labels: Uint8Array.from(drawings, ({ label }) => label) } };
    return last.images;
  };
}

/**
 * One network's row.
 * @param {Store} store
 * @param {string} name of the network, in words
 * @param {Record<string, string | number>} data what the row is marked with
 */
export function createRow(store, name, data) {
  const [number, problem] = [h("b", { class: "hand-count" }), h("p", { class: "note" })];
  const words = h("span", {});
  const grid = h("div", { class: "grid cells hand-tiles", role: "group" });
  const element = h("li", { class: "hand-row" }, h("p", {}, number, words), problem, grid);
  const showTiles = createTiles(store, grid);
  /** @type {HTMLElement[]} */
  let tiles = [];
  /** @type {unknown} */
  let shownTests = null;
  /** @type {unknown} */
  let shownNetwork = null;

  /** Let it be of another network. @param {string} name @param {Record<string, string | number>} data */
  function rename(name, data) {
    write(words, ` · ${name}`);
    grid.setAttribute("aria-label", say("hand_tiles", { name }));
    Object.assign(element.dataset, data);
  }
  rename(name, data);

  /** @param {Network | null | undefined} network @param {Grid} tests @param {string} reason why there is no network */
  function show(network, tests, reason) {
    write(problem, network ? "" : reason);
    grid.hidden = !network;
    if (!network) {
      write(number, "–");
      Object.assign(element.dataset, { correct: "", n: "" });
      shownNetwork = null;
      return;
    }
    if (shownTests === tests && shownNetwork === network) return;
    if (shownTests !== tests) {
      tiles = showTiles(tests.images, tests.labels);
      for (const tile of tiles) tile.append(h("span", { class: "reading" }));
    }
    [shownTests, shownNetwork] = [tests, network];
    const { predictions, correct } = tally(network, tests.images, tests.labels);
    Object.assign(element.dataset, { correct, n: tests.labels.length });
    write(number, say("hand_row", { correct, n: tests.labels.length }));
    tiles.forEach((tile, at) => showReading(tile, tests.labels[at], predictions[at]));
  }
  return { element, show, rename };
}

/** @param {HTMLElement} tile @param {number} label @param {number} prediction */
function showReading(tile, label, prediction) {
  const isRight = label === prediction;
  Object.assign(tile.dataset, { label, prediction });
  tile.classList.toggle("right", isRight);
  tile.classList.toggle("wrong", !isRight);
  write(/** @type {Element} */ (tile.lastElementChild), String(prediction));
  tile.setAttribute("aria-label", say("hand_tile", { label, prediction, right: say(isRight ? "right" : "wrong") }));
}
