// What a training is told, and which values are possible.
import { InklingError } from "./errors.js";

/**
 * @typedef {object} Settings
 * @property {number[]} sizes width of every layer, from the 784 pixels to the 10 logits
 * @property {import("./network.js").Activation[]} activations one after every layer but the last
 * @property {readonly [number, number]} inputRange what the network is given instead of ink 0..1
 * @property {number[]} dropout share of every hidden layer that is left out at each step, 0 for none
 * @property {"cross_entropy" | "cross_entropy_of_probabilities"} loss
 * @property {"adam" | "sgd"} optimizer
 * @property {number} learningRate
 * @property {number} momentum of "sgd", 0..1, 0 for none
 * @property {number} batchSize images a step learns from
 * @property {number} epochs passes through the images
 * @property {boolean} shuffled whether each pass has an order of its own
 * @property {number} seed of first weights, order and dropout; a whole number, 0..2³² − 1
 * @property {import("./network.js").Network} [start] weights to start from instead of random ones
 * @property {number} [share] how much of the way from `start` to the trained weights is kept, 0..1; all without it
 */

/** The largest learning rate, batch and number of passes that the page offers to try. */
export const MOST = { learningRate: 1e6, batchSize: 60_000, epochs: 1_000, seed: 2 ** 32 - 1 };

/** @typedef {(value: any) => boolean} Check */

/** Whether a value is a whole number in these bounds. @type {(least: number, most: number) => Check} */
export const whole = (least, most) => (value) => Number.isInteger(value) && value >= least && value <= most;
/** @type {Check} */
const isShare = (value) => typeof value === "number" && value >= 0 && value < 1;
/** @type {(...values: unknown[]) => Check} */
const oneOf = (...values) => (value) => values.includes(value);
/** @type {(check: Check) => Check} */
const listOf = (check) => (value) => Array.isArray(value) && value.every(check);

/** @type {Record<string, [Check, string]>} by name: what is possible, and the same in words */
const POSSIBLE = {
  sizes: [
    (value) => listOf(whole(1, 10_000))(value) && value.length >= 2 && value[0] === 784 && value.at(-1) === 10,
    "The layers go from 784 pixels to 10 logits, with whole numbers of units between",
  ],
  activations: [listOf(oneOf("relu", "tanh", "sigmoid")), "An activation is relu, tanh or sigmoid"],
  inputRange: [
    (value) => listOf(Number.isFinite)(value) && value.length === 2 && value[0] < value[1],
    "The range of inputs goes from a number to a larger one",
  ],
  dropout: [listOf(isShare), "Dropout is from 0 to below 1"],
  loss: [oneOf("cross_entropy", "cross_entropy_of_probabilities"), "There is no such loss"],
  optimizer: [oneOf("adam", "sgd"), "The optimizer is adam or sgd"],
  learningRate: [isLearningRate, "The learning rate is above 0 and at most a million"],
  momentum: [isShare, "The momentum is from 0 to below 1"],
  batchSize: [whole(1, MOST.batchSize), "A batch has 1 to 60,000 images"],
  epochs: [whole(1, MOST.epochs), "There are 1 to 1,000 passes"],
  shuffled: [oneOf(true, false), "Images are shuffled or not"],
  share: [(value) => value === undefined || isShare(value) || value === 1, "The share of the way is from 0 to 1"],
  seed: [whole(0, MOST.seed), "The start is a whole number from 0 to 4,294,967,295"],
};

/**
 * Check settings that came from outside.
 * @param {Settings} settings
 * @throws {InklingError} one of them is impossible
 */
export function checkSettings(settings) {
  for (const [name, [isPossible, words]] of Object.entries(POSSIBLE)) {
    const value = settings?.[/** @type {keyof Settings} */ (name)];
    if (!isPossible(value)) throw new InklingError(`${words}; this is not: ${brief(value)}.`);
  }
  const hidden = settings.sizes.length - 2;
  if (settings.activations.length !== hidden || settings.dropout.length !== hidden) {
    throw new InklingError("Every hidden layer has one activation and one dropout.");
  }
}

/**
 * Whether a learning rate is possible.
 * @param {unknown} value
 * @returns {boolean}
 */
export function isLearningRate(value) {
  return typeof value === "number" && value > 0 && value <= MOST.learningRate;
}

/** @param {unknown} value */
export function brief(value) {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/**
 * A training's recipe, as a card holds it: the fields of mnist_core's Recipe, and two that only runs of one's own
 * have, `left_out` and `shuffled_share`.
 * @param {Settings} settings
 * @param {import("./training_data.js").Choice} choice
 */
export function recipeOf(settings, { count, leftOut, shuffledShare }) {
  return {
    optimizer: settings.optimizer,
    learning_rate: settings.learningRate,
    batch_size: settings.batchSize,
    epochs: settings.epochs,
    published: "",
    momentum: settings.momentum,
    loss: settings.loss,
    shuffled: settings.shuffled,
    input_range: /** @type {[number, number]} */ ([...settings.inputRange]),
    dropout: settings.dropout.some((share) => share > 0),
    training_images: count,
    shuffled_labels: shuffledShare > 0,
    shuffled_share: shuffledShare,
    left_out: leftOut,
  };
}
