// Teaching a trained network one person's hand: fine-tuning on a few drawings, with MNIST's images among them so
// that nothing is forgotten.
import { distortStrokes } from "./augmentation.js";
import { InklingError } from "./errors.js";
import { SIDE, imageOfDrawing } from "./image.js";

/** @typedef {import("./training_data.js").LabelledImages} LabelledImages */
/** @typedef {import("./image.js").Stroke} Stroke */

const ADAPTATION_STEPS = 400;
const PIXELS = SIDE * SIDE;
const OWN = 32; // drawings in a batch, each distorted anew
const REPLAYED = 32; // MNIST images in a batch

/**
 * The learning rate of the step after `step` others: it falls to 0 like a cosine.
 * @param {number} rate of the first step
 * @param {number} step from 0
 * @param {number} [steps] all of them
 * @returns {number}
 */
export function adaptationRate(rate, step, steps = ADAPTATION_STEPS) {
  return (rate * (1 + Math.cos((Math.PI * step) / steps))) / 2;
}

/**
 * Batches for fine-tuning, half of them own drawings, half MNIST's images, each drawn by chance.
 * @param {readonly (readonly Stroke[])[]} drawings
 * @param {ArrayLike<number>} labels of the drawings, digits
 * @param {LabelledImages} mnist training images
 * @param {number} [steps]
 * @returns {import("./training_data.js").MadeBatches}
 * @throws {InklingError} there is no drawing
 */
export function adaptationBatches(drawings, labels, mnist, steps = ADAPTATION_STEPS) {
  if (!drawings.length) throw new InklingError("There is no drawing to learn from; draw some digits first.");
  return { steps, nextBatch: (random) => adaptationBatch(drawings, labels, mnist, random) };
}

/**
 * @param {readonly (readonly Stroke[])[]} drawings
 * @param {ArrayLike<number>} labels
 * @param {LabelledImages} mnist
 * @param {() => number} random uniform in [0, 1)
 * @returns {LabelledImages} first the drawings, then MNIST's
 */
function adaptationBatch(drawings, labels, mnist, random) {
  const batch = { images: new Uint8Array((OWN + REPLAYED) * PIXELS), labels: new Uint8Array(OWN + REPLAYED) };
  for (let place = 0; place < OWN; place += 1) {
    const index = Math.floor(random() * drawings.length);
    batch.images.set(imageOfDrawing(distortStrokes(drawings[index], random)), place * PIXELS);
    batch.labels[place] = labels[index];
  }
  for (let place = OWN; place < OWN + REPLAYED; place += 1) {
    const index = Math.floor(random() * mnist.labels.length);
    batch.images.set(mnist.images.subarray(index * PIXELS, (index + 1) * PIXELS), place * PIXELS);
    batch.labels[place] = mnist.labels[index];
  }
  return batch;
}

/**
 * What createTraining is told to fine-tune a network of a run; before every step its learning rate becomes what
 * adaptationRate says. The loss is the cross-entropy of the logits, whatever
 * the run's own was: with softmax applied twice, a network that is sure and wrong hardly moves.
 * @param {{architecture: import("./card.js").Architecture, recipe: import("./card.js").Recipe}} run
 * @param {import("./network.js").Network} start the network to teach
 * @param {number} learningRate of the first step
 * @param {number} seed
 * @param {number} [share] how much of the way from the old weights to the new ones is kept, 0..1; a network that
 *   already reads many hands so forgets less of them (Wortsman et al. 2022, arXiv 2109.01903)
 * @returns {import("./training_settings.js").Settings}
 */
export function adaptationSettings({ architecture, recipe }, start, learningRate, seed, share = 1) {
  return {
    sizes: [start.layers[0].inputs, ...start.layers.map(({ outputs }) => outputs)],
    activations: start.activations,
    inputRange: recipe.input_range,
    dropout: architecture.hidden.map(() => 0),
    loss: "cross_entropy",
    optimizer: "adam",
    learningRate,
    momentum: 0,
    batchSize: OWN + REPLAYED,
    epochs: 1,
    shuffled: false,
    seed,
    start,
    share,
  };
}
