// What a training in the page learns from: MNIST's training images, as many as are wanted, or drawings, distorted.
import { mulberry32 } from "./random.js";
import { distortStrokes } from "./distort.js";
import { InklingError } from "./errors.js";
import { SIDE, imageOfDrawing } from "./image.js";
import { readFirstImages, readLabels } from "./mnist.js";

/** @typedef {import("./batches.js").LabelledImages} LabelledImages */
/** @typedef {{strokes: import("./image.js").Stroke[], label: number}} LabelledDrawing */
/** @typedef {{images: string, labels: string}} Archives addresses of MNIST's training archives */

const PIXELS = SIDE * SIDE;
const SEED = 1; // of how drawings are distorted

/** MNIST's archives are not where they are looked for. */
export class MissingImages extends InklingError {}

/**
 * A function that fetches MNIST's training images; what it has fetched once it keeps.
 * @returns {(archives: Archives, count: number, onArrival: (arrived: number) => void) => Promise<LabelledImages>}
 *   at least the first `count` images, or all there are; MissingImages if there are none
 */
export function createImageStore() {
  /** @type {LabelledImages} */
  let known = { images: new Uint8Array(), labels: new Uint8Array() };
  return async (archives, count, onArrival) => {
    if (known.labels.length < count) {
      const [images, labels] = await Promise.all([
        body(archives.images).then((stream) => readFirstImages(stream, count, onArrival)),
        body(archives.labels).then(readLabels),
      ]);
      const n = images.length / PIXELS;
      if (labels.length < n) throw new InklingError("MNIST's images and labels do not belong together.");
      known = { images, labels: labels.subarray(0, n) };
    }
    return known;
  };
}

/** @param {string} address @returns {Promise<ReadableStream<Uint8Array>>} */
async function body(address) {
  const response = await fetch(address).catch((cause) => {
    throw new InklingError("The server does not answer. Nothing is lost; try again.", { cause });
  });
  if (!response.ok || !response.body) throw new MissingImages("MNIST's training images are not here.");
  return response.body;
}

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
