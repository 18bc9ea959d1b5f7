// Drawings distorted anew, so that a network learns a hand and not a few drawings by heart; `adapt` in Python
// distorts them by the same definition.

/** @typedef {import("./image.js").Stroke} Stroke */

const ROTATION = (7 * Math.PI) / 180; // at most, either way
const SCALE = 0.09; // at most, as a share, of width and height each
const SHEAR = 0.15; // at most, as a slope

/**
 * Turn, enlarge and slant a drawing around the middle of its box, each by a random amount.
 * @param {readonly Stroke[]} strokes
 * @param {() => number} random uniform in [0, 1); four numbers are drawn: rotation, width, height, shear
 * @returns {Stroke[]} whose points may leave 0..1
 */
export function distortStrokes(strokes, random) {
  /** @param {number} most */
  const upTo = (most) => most * (2 * random() - 1);
  const angle = upTo(ROTATION);
  const [width, height] = [1 + upTo(SCALE), 1 + upTo(SCALE)];
  const shear = upTo(SHEAR);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const [middleX, middleY] = middleOf(strokes);
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => {
      const tall = (y - middleY) * height;
      const wide = (x - middleX) * width + shear * tall;
      return [middleX + cosine * wide - sine * tall, middleY + sine * wide + cosine * tall];
    }),
  );
}

/**
 * @param {readonly Stroke[]} strokes
 * @returns {[number, number]} the middle of the box around all points, x then y
 */
function middleOf(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const stroke of strokes) {
    for (const [x, y] of stroke) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return [(left + right) / 2, (top + bottom) / 2];
}
