// Images to learn from where MNIST is not at hand: drawings, distorted.
import { mulberry32 } from "./random.js";
import { distortStrokes } from "./distort.js";
import { SIDE, imageOfDrawing } from "./image.js";

/** @typedef {import("./batches.js").LabelledImages} LabelledImages */
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
