// Labelled images: MNIST's test images where the host has them, and the drawings that come with Inkling; and a choice of
// some of them.
import { loadHandwritings } from "./data.js";
import { InklingError } from "./engine/errors.js";
import { imageOfDrawing, SIDE } from "./engine/image.js";
import { readImages, readLabels } from "./engine/mnist.js";
import { fetchFile } from "./runs.js";

/** @typedef {import("./state.js").Grid} LabelledImages */
const PIXELS = SIDE * SIDE;
/** @type {Promise<LabelledImages> | null} */
let testImages = null;

/**
 * MNIST's 10,000 test images, fetched once. InklingError if the host has none.
 * @returns {Promise<LabelledImages>}
 */
export function loadTestImages() {
  testImages ??= fetchTestImages();
  testImages.catch(() => (testImages = null)); // so that the next one asks again
  return testImages;
}

/** @returns {Promise<LabelledImages>} */
async function fetchTestImages() {
  const loading = new AbortController();
  const archive = async (/** @type {string} */ name) =>
    /** @type {ReadableStream<Uint8Array>} */ ((await fetchFile(name, loading.signal)).body);
  const both = Promise.all([
    archive("mnist/t10k-images-idx3-ubyte.gz").then(readImages),
    archive("mnist/t10k-labels-idx1-ubyte.gz").then(readLabels),
  ]);
  both.catch(() => loading.abort()); // of the one archive where it was the other that failed
  const [images, labels] = await both;
  if (images.count !== labels.length) throw new InklingError("mnist_apart");
  return { images: images.images, labels };
}

/** The drawings that come with Inkling, as images: (n * 784) levels, and their labels. @returns {Promise<LabelledImages>} */
export async function loadHandwrittenImages() {
  const drawings = await loadHandwritings();
  const images = new Uint8Array(drawings.length * PIXELS);
  drawings.forEach(({ strokes }, index) => images.set(imageOfDrawing(strokes), index * PIXELS));
  return { images, labels: Uint8Array.from(drawings, ({ label }) => label) };
}

/** So many different ones of the images; equal draws choose equal ones. @param {LabelledImages} from @param {number} size @param {number} draw */
export function choose({ images, labels }, size, draw) {
  // The draws are consecutive stretches of one shuffled row: no image comes twice before all have come.
  const order = shuffled(labels.length);
  const chosen = Array.from({ length: size }, (_, at) => order[(draw * size + at) % labels.length]);
  return pick({ images, labels }, chosen);
}

/** Those at these positions. @param {LabelledImages} from @param {number[]} positions @returns {LabelledImages} */
export function pick({ images, labels }, positions) {
  const picked = new Uint8Array(positions.length * PIXELS);
  positions.forEach((from, to) => picked.set(images.subarray(from * PIXELS, (from + 1) * PIXELS), to * PIXELS));
  return { images: picked, labels: Uint8Array.from(positions, (from) => labels[from]) };
}

/** Whole numbers below `length` in a fixed, mixed order. @param {number} length @returns {number[]} */
function shuffled(length) {
  const order = Array.from({ length }, (_, index) => index);
  let random = 1;
  for (let last = length - 1; last > 0; last -= 1) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0; // enough for a mixed order, and no more
    const other = (random >>> 8) % (last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
