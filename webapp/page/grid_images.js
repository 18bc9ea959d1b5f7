// Labelled images: MNIST's test images where the host has them, and the drawings that come with Inkling.
import { loadHandwritings } from "./data.js";
import { InklingError } from "./engine/errors.js";
import { imageOfDrawing, SIDE } from "./engine/image.js";
import { readImages, readLabels } from "./engine/mnist.js";
import { fetchFile } from "./runs.js";

/** @typedef {import("./state.js").Grid} LabelledImages */
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
  const images = new Uint8Array(drawings.length * SIDE * SIDE);
  drawings.forEach(({ strokes }, index) => images.set(imageOfDrawing(strokes), index * SIDE * SIDE));
  return { images, labels: Uint8Array.from(drawings, ({ label }) => label) };
}
