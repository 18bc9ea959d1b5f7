// Fine-tuning a trained network on a few drawings by one writer, with MNIST's images replayed among them so that nothing
// is forgotten.
import { distortStrokes } from "./augmentation.js";
import { InklingError } from "./errors.js";
import { SIDE, imageOfDrawing } from "./image.js";
import { unfoldInputRange } from "./network.js";

/**
 * @typedef {import("./training_data.js").LabelledImages} LabelledImages
 * @typedef {import("./augmentation.js").LabelledDrawing} LabelledDrawing
 * @typedef {import("./network.js").Layer} Layer
 * @typedef {import("./network.js").Network} Network
 *
 * @typedef {object} Start where a fine-tuning begins, and how far it goes
 * @property {Network} network to start from instead of random weights
 * @property {number} share how much of the way from its weights to the trained ones is kept, 0..1; a network that
 *   already reads many writers so forgets less of them (Wortsman et al. 2022, arXiv 2109.01903)
 */

const STEPS = 400;
const PIXELS = SIDE * SIDE;
const DRAWN = 32; // drawings in a batch, each distorted anew
const REPLAYED = 32; // MNIST images in a batch
const AT_HAND = 10_000; // MNIST images that may be replayed
const SEED = 1;

/**
 * The learning rate of the step after `step` others: it falls to 0 like a cosine.
 * @param {number} rate of the first step
 * @param {number} step from 0
 * @param {number} [steps] all of them
 * @returns {number}
 */
export function fineTuningRate(rate, step, steps = STEPS) {
  return (rate * (1 + Math.cos((Math.PI * step) / steps))) / 2;
}

/**
 * Batches for fine-tuning, half of them drawings, half MNIST's images, each drawn by chance.
 * @param {LabelledDrawing[]} drawings
 * @param {LabelledImages} mnist training images
 * @param {number} [steps]
 * @returns {import("./training_data.js").MadeBatches}
 * @throws {InklingError} there is no drawing
 */
export function fineTuningBatches(drawings, mnist, steps = STEPS) {
  if (!drawings.length) throw new InklingError("training_no_drawings");
  return { steps, nextBatch: (random) => fineTuningBatch(drawings, mnist, random) };
}

/**
 * @param {LabelledDrawing[]} drawings
 * @param {LabelledImages} mnist
 * @param {() => number} random uniform in [0, 1)
 * @returns {LabelledImages} first the drawings, then MNIST's
 */
function fineTuningBatch(drawings, mnist, random) {
  const batch = { images: new Uint8Array((DRAWN + REPLAYED) * PIXELS), labels: new Uint8Array(DRAWN + REPLAYED) };
  for (let place = 0; place < DRAWN; place += 1) {
    const { strokes, label } = drawings[Math.floor(random() * drawings.length)];
    batch.images.set(imageOfDrawing(distortStrokes(strokes, random)), place * PIXELS);
    batch.labels[place] = label;
  }
  for (let place = DRAWN; place < DRAWN + REPLAYED; place += 1) {
    const index = Math.floor(random() * mnist.labels.length);
    batch.images.set(mnist.images.subarray(index * PIXELS, (index + 1) * PIXELS), place * PIXELS);
    batch.labels[place] = mnist.labels[index];
  }
  return batch;
}

/**
 * The layers that a fine-tuning starts from.
 * @param {Start} start
 * @param {readonly [number, number]} inputRange what they are to take instead of ink 0..1
 * @returns {Layer[]} of their own
 */
export function firstLayers({ network }, inputRange) {
  const layers = network.layers.map((layer) => ({ ...layer, weights: layer.weights.slice(), bias: layer.bias.slice() }));
  unfoldInputRange(layers[0], inputRange);
  return layers;
}

/**
 * Put on the straight line from one layer to another what lies at its end.
 * @param {Layer} layer the end, changed in place
 * @param {Layer} start
 * @param {number} share of the way that is kept, 0..1
 */
export function moveBack({ weights, bias }, start, share) {
  weights.forEach((weight, index) => (weights[index] = start.weights[index] + share * (weight - start.weights[index])));
  bias.forEach((value, index) => (bias[index] = start.bias[index] + share * (value - start.bias[index])));
}

/**
 * How a run is fine-tuned; before every step its learning rate becomes what fineTuningRate says. The loss is the
 * cross-entropy of the logits, whatever the run's own was: with softmax applied twice, a network that is sure and wrong
 * hardly moves.
 * @param {import("./card.js").Card} card of the run
 * @param {number} learningRate of the first step
 * @returns {import("./plan.js").Plan}
 */
export function fineTuningPlan({ run, architecture, recipe }, learningRate) {
  return {
    architecture,
    recipe: {
      optimizer: "adam",
      learning_rate: learningRate,
      batch_size: DRAWN + REPLAYED,
      epochs: 1,
      published: "",
      momentum: 0,
      loss: "cross_entropy",
      shuffled: false,
      input_range: recipe.input_range,
      dropout: false,
      training_images: AT_HAND,
      shuffled_labels: false,
      shuffled_share: 0,
      left_out: [],
      taught_from: run,
    },
    seed: SEED,
  };
}
