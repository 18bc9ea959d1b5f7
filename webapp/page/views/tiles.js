// Tiles: labelled images that a press lays on the pad; and many buttons as one tab stop.
import { h, imageCanvas, paint } from "../dom.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").Sample} Sample
 */

/**
 * Arrow keys, Home and End move among a container's buttons; Tab enters and leaves them all at once.
 * @param {HTMLElement} container
 * @returns {(stop?: Element) => void} to be called when buttons have come or gone, or when Tab is to lead to another one
 */
export function rove(container) {
  const buttons = () => /** @type {HTMLButtonElement[]} */ ([...container.querySelectorAll("button")]);
  /** @param {EventTarget | null | undefined} stop */
  const keep = (stop) => buttons().forEach((button) => (button.tabIndex = button === stop ? 0 : -1));
  const top = (/** @type {Element} */ button) => button.getBoundingClientRect().top;
  container.addEventListener("focusin", (event) => keep(event.target));
  container.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return; // Alt+← is the browser's
    const all = buttons();
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const columns = all.filter((button) => top(button) === top(all[0])).length;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns, Home: 0, End: all.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    all[moves[event.key]]?.focus();
  });
  /** @param {Element} [stop] */
  const settle = (stop) => {
    const stops = buttons().filter((button) => !button.tabIndex);
    if (stop || stops.length !== 1) keep(stop ?? buttons()[0]);
  };
  settle();
  return settle;
}

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
