// Drawings distorted anew, so that a network learns a hand and not a few drawings by heart; mnist_core/training/fine_tuning.py
// distorts them by the same definition.
import { mulberry32 } from "./random.js";
import { SIDE, imageOfDrawing } from "./image.js";

/** @typedef {import("./image.js").Stroke} Stroke */

const ROTATION = (7 * Math.PI) / 180; // at most, either way
const SCALE = 0.09; // at most, as a share, of width and height each
const SHEAR = 0.15; // at most, as a slope
const BEND = 0.3; // at most, either way: factors of x², xy and y², where x and y go from -1 to 1

/**
 * Bend a drawing, enlarge, slant and turn it around the middle of its box, each by a random amount.
 * @param {readonly Stroke[]} strokes
 * @param {() => number} random uniform in [0, 1); ten numbers are drawn: rotation, width, height, shear, and the
 *   factors of x², xy and y² in the new x, then in the new y
 * @returns {Stroke[]} whose points may leave 0..1
 */
export function distortStrokes(strokes, random) {
  /** @param {number} most */
  const upTo = (most) => most * (2 * random() - 1);
  const angle = upTo(ROTATION);
  const [width, height] = [1 + upTo(SCALE), 1 + upTo(SCALE)];
  const shear = upTo(SHEAR);
  const [a, b, c, d, e, f] = Array.from({ length: 6 }, () => upTo(BEND));
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const { middleX, middleY, half } = boxOf(strokes);
  return strokes.map((stroke) =>
    stroke.map(([pointX, pointY]) => {
      const [x, y] = [(pointX - middleX) / half, (pointY - middleY) / half];
      const tall = (y + d * x * x + e * x * y + f * y * y) * height;
      const wide = (x + a * x * x + b * x * y + c * y * y) * width + shear * tall;
      return [middleX + half * (cosine * wide - sine * tall), middleY + half * (sine * wide + cosine * tall)];
    }),
  );
}

/**
 * The box around all points: its middle, and half of its longer side, or 1 where all points are one.
 * @param {readonly Stroke[]} strokes
 */
function boxOf(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const stroke of strokes) {
    for (const [x, y] of stroke) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  const half = Math.max(right - left, bottom - top) / 2 || 1;
  return { middleX: (left + right) / 2, middleY: (top + bottom) / 2, half };
}

/** @typedef {import("./training_data.js").LabelledImages} LabelledImages */
/** @typedef {{strokes: import("./image.js").Stroke[], label: number}} LabelledDrawing */

const PIXELS = SIDE * SIDE;
const SEED = 1; // of how drawings are distorted

/**
 * Drawings again and again, their strokes distorted anew each time.
 * @param {LabelledDrawing[]} drawings at least one
 * @param {number} count of images
 * @returns {LabelledImages} equal for equal arguments
 */
export function distortedImages(drawings, count) {
  const random = mulberry32(SEED);
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const { strokes, label } = drawings[index % drawings.length];
    images.set(imageOfDrawing(distortStrokes(strokes, random)), index * PIXELS);
    labels[index] = label;
  }
  return { images, labels };
}
