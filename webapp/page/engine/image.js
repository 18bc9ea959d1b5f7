// A drawing becomes an image the way MNIST's images were made; mnist_core/drawings/preprocessing.py makes the same
// images, bit for bit, so the order of floating-point operations is the same there.
// Source: Yadav & Bottou 2019, arXiv 1905.10498, appendix, which rebuilds MNIST from its scans.
import { InklingError } from "./errors.js";

/** @typedef {readonly (readonly number[])[]} Stroke points [x, y] in widths of the pad, 0..1, y downwards */

/**
 * A drawing on its way to an image like MNIST's, stage by stage.
 * @typedef {object} Stages
 * @property {[number, number]} corner upper left corner of the box around all points, x then y, in widths of the pad
 * @property {[number, number]} extent width and height of that box, in widths of the pad
 * @property {Uint8Array} fitted (400,) levels 0..255: the box with its longer side fitted into 20×20 pixels
 * @property {[number, number]} shift by how many pixels, down and right, `fitted` is moved into the image
 * @property {Uint8Array} image (784,) levels 0..255
 */

export const SIDE = 28; // pixels on each side of an image
export const BOX = 20; // pixels: MNIST fits the longer side of the ink into them
export const PEN = 2.4; // pixels: a stroke's width, which gives the mean ink of MNIST, 0.13
const DOT = PEN / SIDE; // of the pad: a drawing smaller than the pad's pen is a dot, and is not enlarged

/**
 * What is known of a drawing that grows, from one image to the next: the ink of all strokes but the last.
 * @typedef {{strokes: readonly Stroke[], box: number[], nearest: Float64Array}} Known
 */

/**
 * The image that a network is given of a drawing.
 * @param {readonly Stroke[]} strokes
 * @param {Known} [known] of the last image, changed in place: the ink of strokes that are the same arrays as then is
 *   not made again, unless the box around the drawing is another one
 * @returns {Uint8Array} (784,) levels, 0 (paper) to 255 (full ink), row by row
 * @throws {InklingError} the drawing is empty
 */
export function imageOfDrawing(strokes, known) {
  return stagesOfDrawing(strokes, known).image;
}

/**
 * The same image with every stage on the way; takes and throws as `imageOfDrawing`.
 * @param {readonly Stroke[]} strokes
 * @param {Known} [known]
 * @returns {Stages}
 */
export function stagesOfDrawing(strokes, known = nothingKnown()) {
  const { corner, extent } = boxAround(strokes);
  const box = [...corner, ...extent];
  const isGrown = known.strokes.length < strokes.length && known.strokes.every((stroke, at) => stroke === strokes[at]);
  if (!isGrown || box.some((value, at) => value !== known.box[at])) Object.assign(known, nothingKnown(), { box });
  const scale = (BOX - PEN) / Math.max(extent[0], extent[1], DOT); // pixels for the pad's width
  const margin = PEN / 2;
  /** @param {number} value @param {number} axis */
  const toPixels = (value, axis) => (value - corner[axis]) * scale + margin;
  approachAll(known.nearest, strokes.slice(known.strokes.length, -1), BOX, toPixels);
  known.strokes = strokes.slice(0, -1);
  const fitted = inkLevels(approachAll(known.nearest.slice(), strokes.slice(-1), BOX, toPixels));
  const shift = shiftToCenter(fitted);
  return { corner, extent, fitted, shift, image: frame(fitted, shift) };
}

/** @returns {Known} */
export const nothingKnown = () => ({ strokes: [], box: [], nearest: infinitelyFar(BOX) });

/**
 * The pad merely shrunk to 28×28 pixels; takes, returns and throws as `imageOfDrawing`.
 * @param {readonly Stroke[]} strokes
 * @returns {Uint8Array}
 */
export function shrinkDrawing(strokes) {
  boxAround(strokes);
  return inkLevels(approachAll(infinitelyFar(SIDE), strokes, SIDE, (value) => value * SIDE));
}

/**
 * @param {readonly Stroke[]} strokes
 * @returns {{corner: [number, number], extent: [number, number]}}
 */
function boxAround(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const stroke of strokes) {
    for (const [x, y] of stroke) {
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }
  }
  if (left === Infinity) {
    throw new InklingError("drawing_empty");
  }
  return { corner: [left, top], extent: [right - left, bottom - top] };
}

/** @param {number} side of an image, in pixels @returns {Float64Array} (side · side,) squared distances, in pixels */
const infinitelyFar = (side) => new Float64Array(side * side).fill(Infinity);

/**
 * Lower the squared distance of every pixel to the nearest segment of a stroke.
 * @param {Float64Array} nearest (side · side,), changed in place
 * @param {readonly Stroke[]} strokes
 * @param {number} side
 * @param {(value: number, axis: number) => number} toPixels a coordinate, of axis 0 (x) or 1 (y), in pixels
 */
function approachAll(nearest, strokes, side, toPixels) {
  for (const stroke of strokes) {
    if (!stroke.length) continue;
    let ax = toPixels(stroke[0][0], 0);
    let ay = toPixels(stroke[0][1], 1);
    if (stroke.length === 1) approach(nearest, side, ax, ay, ax, ay);
    for (let index = 1; index < stroke.length; index += 1) {
      const bx = toPixels(stroke[index][0], 0);
      const by = toPixels(stroke[index][1], 1);
      approach(nearest, side, ax, ay, bx, by);
      ax = bx;
      ay = by;
    }
  }
  return nearest;
}

/** @param {Float64Array} nearest squared distances @returns {Uint8Array} levels 0..255: ink depends on nothing else */
function inkLevels(nearest) {
  return Uint8Array.from(nearest, (squared) => {
    const ink = Math.min(1, Math.max(0, PEN / 2 + 0.5 - Math.sqrt(squared)));
    return Math.floor(255 * ink + 0.5);
  });
}

/**
 * The same for one segment, from a to b. Pixels out of the pen's reach are left alone: they hold no ink, however far
 * they are.
 * @param {Float64Array} nearest (side · side,)
 * @param {number} side
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 */
function approach(nearest, side, ax, ay, bx, by) {
  const reach = PEN / 2 + 0.5;
  const dx = bx - ax;
  const dy = by - ay;
  const squaredLength = dx * dx + dy * dy;
  const top = Math.max(0, Math.ceil(Math.min(ay, by) - reach - 0.5));
  const bottom = Math.min(side - 1, Math.floor(Math.max(ay, by) + reach - 0.5));
  const left = Math.max(0, Math.ceil(Math.min(ax, bx) - reach - 0.5));
  const right = Math.min(side - 1, Math.floor(Math.max(ax, bx) + reach - 0.5));
  for (let row = top; row <= bottom; row += 1) {
    const fromY = row + 0.5 - ay;
    for (let column = left; column <= right; column += 1) {
      const fromX = column + 0.5 - ax;
      const along = squaredLength ? (fromX * dx + fromY * dy) / squaredLength : 0;
      const t = Math.min(1, Math.max(0, along));
      const x = fromX - t * dx;
      const y = fromY - t * dy;
      const squared = x * x + y * y;
      const pixel = row * side + column;
      if (squared < nearest[pixel]) nearest[pixel] = squared;
    }
  }
}

/**
 * By how many pixels, down and right, 20×20 levels are moved so that their centre of mass lies in [14, 15), where
 * MNIST puts it. Whole numbers until the division, whose quotient is far enough from the next whole number.
 * @param {Uint8Array} levels (400,)
 * @returns {[number, number]}
 */
function shiftToCenter(levels) {
  let [mass, down, right] = [0, 0, 0];
  levels.forEach((level, pixel) => {
    mass += level;
    down += (2 * Math.floor(pixel / BOX) + 1) * level;
    right += (2 * (pixel % BOX) + 1) * level;
  });
  /** @param {number} moment */
  const shift = (moment) => Math.ceil((SIDE * mass - moment) / (2 * mass)) + 0; // + 0: no negative zero
  return [shift(down), shift(right)];
}

/**
 * Place 20×20 levels in 28×28 pixels; what falls outside is lost, as in MNIST.
 * @param {Uint8Array} levels (400,)
 * @param {[number, number]} corner row and column of their upper left corner
 * @returns {Uint8Array} (784,)
 */
function frame(levels, [top, left]) {
  const image = new Uint8Array(SIDE * SIDE);
  levels.forEach((level, pixel) => {
    const row = top + Math.floor(pixel / BOX);
    const column = left + (pixel % BOX);
    if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) image[row * SIDE + column] = level;
  });
  return image;
}
