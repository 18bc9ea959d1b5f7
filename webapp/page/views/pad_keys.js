// The pad by keyboard: what lies on it, such as an example, is moved, turned and scaled, so that a drawing can be made
// without a pointer; a tile's image is moved by whole pixels.
import { SIDE } from "../engine/image.js";
import { say } from "../text.js";

/** @typedef {import("../pad.js").Stroke} Stroke */
/** @typedef {(point: [number, number]) => [number, number]} Change of a point, counted from the middle of the drawing */

const STEP = 0.02; // of the pad's width
const FACTOR = 1.06;
const ANGLE = Math.PI / 36; // five degrees
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @type {(factor: number) => Change} */
const scaled = (factor) => ([x, y]) => [x * factor, y * factor];
/** @type {(angle: number) => Change} */
const turned = (angle) => ([x, y]) => [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)];
/** @type {Record<string, Change>} */
const CHANGES = { "+": scaled(FACTOR), "=": scaled(FACTOR), "-": scaled(1 / FACTOR), "[": turned(-ANGLE), "]": turned(ANGLE), ",": turned(-ANGLE), ".": turned(ANGLE) };

/**
 * @param {import("../state.js").Store} store
 * @param {HTMLElement} frame the pad's
 */
export function addPadKeys(store, frame) {
  const canvas = frame.querySelector("canvas");
  canvas?.setAttribute("aria-description", say("pad_keys"));
  canvas?.addEventListener("keydown", (event) => {
    const { drawing, sample } = store.state;
    const [arrow, change] = [ARROWS[event.key], CHANGES[event.key]];
    if ((!arrow && !change) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault(); // the page does not scroll
    if (sample && arrow) {
      const image = movedImage(sample.image, arrow);
      if (image.some(Boolean)) store.set({ sample: { ...sample, image } });
    } else if (!sample && drawing.strokes.length) {
      const strokes = changedStrokes(drawing.strokes, change ?? (([x, y]) => [x + arrow[0] * STEP, y + arrow[1] * STEP]));
      if (strokes) store.set({ drawing: { strokes, asked: drawing.asked }, penDown: false });
    }
  });
}

/** @param {Stroke[]} strokes @param {Change} change @returns {Stroke[] | null} null where a part of it would lie beside the pad */
export function changedStrokes(strokes, change) {
  const points = strokes.flat();
  const [x, y] = [0, 1].map((axis) => {
    const values = points.map((point) => point[axis]);
    return (Math.min(...values) + Math.max(...values)) / 2;
  });
  const round = (/** @type {number} */ value) => Math.round(value * 1e4) / 1e4;
  const changed = strokes.map((stroke) => stroke.map((point) => {
    const [right, down] = change([point[0] - x, point[1] - y]);
    return /** @type {[number, number]} */ ([round(x + right), round(y + down)]);
  }));
  return changed.flat(2).every((value) => value >= 0 && value <= 1) ? changed : null;
}

/** An image moved by whole pixels; what leaves it is gone. @param {Uint8Array} image @param {[number, number]} by right, and down */
function movedImage(image, [right, down]) {
  return image.map((_, at) => {
    const [column, row] = [(at % SIDE) - right, Math.floor(at / SIDE) - down];
    return column >= 0 && column < SIDE && row >= 0 && row < SIDE ? image[row * SIDE + column] : 0;
  });
}
