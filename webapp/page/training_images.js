// MNIST's training images, asked for when a training needs them, and no more of them than it needs.
import { InklingError, MissingImages } from "./engine/errors.js";
import { readFirstImages, readLabels } from "./engine/mnist.js";
import { ask } from "./files.js";

/** @typedef {import("./engine/training_data.js").LabelledImages} LabelledImages */

const PIXELS = 784;

/**
 * A function that fetches MNIST's training images; what it has fetched once it keeps.
 * @returns {import("./engine/training_job.js").LoadImages} MissingImages if there are none
 */
export function createImageStore() {
  /** @type {LabelledImages} */
  let known = { images: new Uint8Array(), labels: new Uint8Array() };
  return async (archives, count, onArrival, signal) => {
    if (known.labels.length < count) {
      const [images, labels] = await Promise.all([
        body(archives.images, signal).then((stream) => readFirstImages(stream, count, onArrival)),
        body(archives.labels, signal).then(readLabels),
      ]);
      const n = images.length / PIXELS;
      if (labels.length < n) throw new InklingError("mnist_apart");
      known = { images, labels: labels.subarray(0, n) };
    }
    return known;
  };
}

/** @param {string} name @param {AbortSignal} signal @returns {Promise<ReadableStream<Uint8Array>>} */
async function body(name, signal) {
  const response = await ask(name, signal).catch((cause) => {
    throw new InklingError("training_silent", {}, { cause });
  });
  if (!response.ok || !response.body) throw new MissingImages("training_no_images");
  return response.body;
}
