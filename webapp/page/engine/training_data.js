// What a training learns from: which images, and which of them each step is given.
import { shuffle, mulberry32 } from "./random.js";
import { InklingError } from "./errors.js";
import { SIDE } from "./image.js";

const PIXELS = SIDE * SIDE;

/**
 * Choose what a training learns from: the first images, without the digits left out, some labels shuffled.
 * @param {LabelledImages} data unchanged, and at least as many images as the plan has
 * @param {import("./plan.js").Plan} plan a possible one
 * @returns {LabelledImages}
 * @throws {InklingError} no image is left, or there are too few
 */
export function chooseData({ images, labels }, { recipe, seed }) {
  const { training_images: count, left_out: leftOut, shuffled_share: shuffledShare } = recipe;
  if (labels.length < count) throw new InklingError("training_few_images", { found: labels.length });
  const kept = Array.from({ length: count }, (_, index) => index).filter((index) => !leftOut.includes(labels[index]));
  if (!kept.length) throw new InklingError("training_nothing_left");
  const whole = kept.length === count;
  const chosenImages = whole ? images.subarray(0, count * PIXELS) : new Uint8Array(kept.length * PIXELS);
  if (!whole) {
    kept.forEach((from, to) => {
      chosenImages.set(images.subarray(from * PIXELS, (from + 1) * PIXELS), to * PIXELS);
    });
  }
  const chosenLabels = Uint8Array.from(kept, (index) => labels[index]);
  shuffleLabels(chosenLabels, shuffledShare, seed);
  return { images: chosenImages, labels: chosenLabels };
}

/**
 * Deal out a share of the labels anew among their images.
 * @param {Uint8Array} labels changed in place
 * @param {number} share 0..1
 * @param {number} seed
 */
function shuffleLabels(labels, share, seed) {
  const random = mulberry32(seed);
  const places = Int32Array.from(labels, (_, index) => index);
  shuffle(places, random);
  const taken = places.subarray(0, Math.round(share * labels.length));
  const dealt = Uint8Array.from(taken, (place) => labels[place]);
  shuffle(dealt, random);
  taken.forEach((place, index) => (labels[place] = dealt[index]));
}

/**
 * @typedef {object} Batch
 * @property {Uint8Array} images (n · 784,) levels
 * @property {Uint8Array} labels (n,) digits
 * @property {Int32Array} chosen which of them the batch is made of
 */

/**
 * Batches made anew for every step.
 * @typedef {object} MadeBatches
 * @property {(random: () => number) => {images: Uint8Array, labels: Uint8Array}} nextBatch
 * @property {number} steps how many batches make the training
 */

/** @typedef {{images: Uint8Array, labels: Uint8Array}} LabelledImages images: (n · 784,) levels; labels: (n,) digits */

/**
 * Passes through some images, each in an order of its own if they are shuffled. The last batch of a pass may be
 * smaller.
 * @param {LabelledImages} data
 * @param {{batch_size: number, epochs: number, shuffled: boolean}} recipe
 * @param {() => number} random uniform in [0, 1)
 * @returns {Generator<Batch, void>}
 */
export function* passes({ images, labels }, { batch_size: size, epochs, shuffled }, random) {
  const order = Int32Array.from(labels, (_, index) => index);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    if (shuffled) shuffle(order, random);
    for (let start = 0; start < order.length; start += size) {
      yield { images, labels, chosen: order.subarray(start, start + size) };
    }
  }
}

/**
 * @param {MadeBatches} data
 * @param {() => number} random uniform in [0, 1)
 * @returns {Generator<Batch, void>}
 */
export function* madeBatches({ nextBatch, steps }, random) {
  for (let step = 0; step < steps; step += 1) {
    const { images, labels } = nextBatch(random);
    yield { images, labels, chosen: Int32Array.from(labels, (_, index) => index) };
  }
}
