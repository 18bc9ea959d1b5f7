// How a run is trained: the architecture, recipe and seed that stand in its card. What can be trained is checked here;
// trainer.js trains by it.
import { brief, listOf, oneOf, optional, whole, withFields, within } from "./checks.js";
import { InklingError } from "./errors.js";

/**
 * How a network is trained; `published` is the test accuracy in the tutorial's own words, or "". Networks that are
 * trained in the page have what is marked as theirs, and a few fields more than the others.
 * @typedef {object} Recipe
 * @property {"adam" | "sgd"} optimizer of runs that come with Inkling also "adamw"
 * @property {number} learning_rate at the start
 * @property {number} momentum of "sgd", 0..1
 * @property {number} batch_size images a step learns from
 * @property {number} epochs passes through the images
 * @property {"cross_entropy" | "cross_entropy_of_probabilities"} loss
 * @property {boolean} shuffled whether each pass has an order of its own
 * @property {[number, number]} input_range what the network is given instead of ink 0..1
 * @property {boolean} dropout whether the architecture's dropout is on
 * @property {string} published
 * @property {number} training_images how many of the first images are learned from; of other runs also null: all of them
 * @property {boolean} shuffled_labels whether labels are dealt out anew
 * @property {number} shuffled_share theirs: of so many of them, 0..1
 * @property {number[]} left_out theirs: digits that are never shown
 * @property {[images: number, rate: number][]} [rates] theirs: the learning rate from so many images on, in their order
 * @property {number} [stop_after] theirs: images after which it ended, if before its last pass was over
 * @property {"mnist" | "handwritings"} [source] theirs: where the images come from
 * @property {string} [taught_from] of a network that was fine-tuned on a visitor's digits: the run that it was before
 */

/**
 * How a run is trained.
 * @typedef {object} Plan
 * @property {import("./card.js").Architecture} architecture
 * @property {Recipe} recipe
 * @property {number} seed of everything that is left to chance: first weights, order, dropout, shuffled labels; 0..2³² − 1
 */

/**
 * @typedef {import("./checks.js").Check} Check
 * @typedef {Partial<Recipe> & {seed?: number}} Changes what is changed of a plan
 */

/** The largest values that the page offers to try. */
export const MOST = { learningRate: 1e6, batchSize: 60_000, epochs: 1_000, seed: 2 ** 32 - 1 };
/** How many of MNIST's training images a training can learn from. */
export const COUNTS = [100, 1_000, 10_000, 60_000];
const MOST_RATES = 200; // changes of the learning rate on the way
const MOMENTUM = 0.9; // of SGD, where the recipe has none

/** Whether a learning rate is possible. @type {Check} */
export const isLearningRate = (value) => within(0, MOST.learningRate)(value) && value > 0;
/** @type {Check} */
const isDropout = (value) => within(0, 1)(value) && value < 1;
/** @type {Check} */
const isDigits = (value) => listOf(whole(0, 9), 0, 9)(value) && new Set(value).size === value.length;
/** @type {Check} */
const isRange = (value) => listOf(Number.isFinite, 2, 2)(value) && value[0] < value[1];
/** @type {Check} */
const isRates = (value) =>
  listOf(listOf(Number.isFinite, 2, 2), 0, MOST_RATES)(value) &&
  value.every((/** @type {number[]} */ [images, rate], /** @type {number} */ index) => whole(0, 1e9)(images) && isLearningRate(rate) && (!index || images > value[index - 1][0]));
const isHidden = listOf(
  withFields({ units: whole(1, 10_000), activation: oneOf("relu", "tanh", "sigmoid"), dropout: isDropout }),
);

/** @type {Record<string, [Check, string]>} by field of the recipe: what is possible, and the sentence about what is not */
const RECIPE = {
  input_range: [isRange, "impossible_input_range"],
  loss: [oneOf("cross_entropy", "cross_entropy_of_probabilities"), "impossible_loss"],
  optimizer: [oneOf("adam", "sgd"), "impossible_optimizer"],
  learning_rate: [isLearningRate, "impossible_learning_rate"],
  momentum: [isDropout, "impossible_momentum"],
  batch_size: [whole(1, MOST.batchSize), "impossible_batch_size"],
  epochs: [whole(1, MOST.epochs), "impossible_epochs"],
  shuffled: [oneOf(true, false), "impossible_shuffled"],
  dropout: [oneOf(true, false), "impossible_dropout"],
  training_images: [oneOf(...COUNTS), "impossible_training_images"],
  shuffled_share: [within(0, 1), "impossible_shuffled_share"],
  left_out: [isDigits, "impossible_left_out"],
  rates: [optional(isRates), "impossible_rates"],
  stop_after: [optional(whole(0, 1e9)), "impossible_stop_after"],
  source: [oneOf(undefined, "mnist", "handwritings"), "impossible_source"],
};

/** What a visitor can change of a recipe. @type {(keyof Recipe)[]} */
const CHANGEABLE = ["training_images", "epochs", "learning_rate", "batch_size", "optimizer", "dropout", "shuffled_share", "left_out", "rates", "stop_after", "source"];

/**
 * Check a plan that came from outside.
 * @param {Plan} plan
 * @throws {InklingError} it cannot be trained
 */
export function checkPlan({ architecture, recipe, seed }) {
  if (!isHidden(architecture.hidden)) throw new InklingError("impossible_layers", { given: brief(architecture.hidden) });
  for (const [name, [isPossible, key]] of Object.entries(RECIPE)) {
    const value = recipe[/** @type {keyof Recipe} */ (name)];
    if (!isPossible(value)) throw new InklingError(key, { given: brief(value) });
  }
  if (!whole(0, MOST.seed)(seed)) throw new InklingError("impossible_seed", { given: brief(seed) });
}

/** A slow start: evenly up to `even` images, 2 ms each, then each doubling as long as the one before, up to `last` images. */
const SLOW_START = { even: 1_000, last: 20_000, ms: 2, foldMs: 500, mostMs: 500 }; // foldMs: for e times as many; mostMs: after one step

/**
 * How long a training waits after a step at a slow start, so that it can be watched while the first answers change; then it
 * goes as fast as it can.
 * @param {number} before images shown before the step
 * @param {number} after images shown with it
 * @returns {number} milliseconds
 */
export function slowStartWait(before, after) {
  const { even, last, ms, foldMs, mostMs } = SLOW_START;
  const until = (/** @type {number} */ images) => ms * Math.min(images, even) + foldMs * Math.log(Math.min(Math.max(images, even), last) / even);
  return Math.min(mostMs, until(after) - until(before));
}

/**
 * Seconds that a training of so many images waits in its slow start.
 * @param {number} size of its batches
 * @param {number} shown images shown already
 * @param {number} all images shown in all
 */
export function secondsOfSlowStart(size, shown, all) {
  let wait = 0;
  for (let images = shown; images < Math.min(all, SLOW_START.last); images += size) wait += slowStartWait(images, Math.min(images + size, all));
  return wait / 1000;
}

/**
 * A plan with changes.
 * @param {Plan} plan
 * @param {Changes} changes
 * @returns {Plan}
 * @throws {InklingError} it cannot be trained
 */
export function changePlan({ architecture, recipe, seed: before }, { seed = before, ...changes }) {
  const changed = { ...recipe, ...changes };
  changed.momentum = changed.optimizer === "sgd" ? recipe.momentum || MOMENTUM : 0;
  changed.shuffled_labels = changed.shuffled_share > 0;
  const plan = { architecture, recipe: changed, seed };
  checkPlan(plan);
  return plan;
}

/**
 * What a plan has of its own beside another one of the same architecture; a seed is always its own.
 * @param {Plan} plan
 * @param {Plan} other
 * @returns {Changes}
 */
export function changesOf({ recipe }, other) {
  const own = CHANGEABLE.filter((name) => JSON.stringify(recipe[name]) !== JSON.stringify(other.recipe[name]));
  return Object.fromEntries(own.map((name) => [name, recipe[name]]));
}
