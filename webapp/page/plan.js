// How a training in the page goes: the tutorial's recipe, and what the visitor changed of it.
import { InklingError } from "./engine/errors.js";
import { MOST, isLearningRate, whole } from "./engine/training_settings.js";
import { say } from "./text.js";

/**
 * @typedef {import("./state.js").RunEntry} RunEntry
 * @typedef {import("./engine/training_job.js").RateChange} RateChange
 *
 * @typedef {object} Plan
 * @property {number} count images to learn from
 * @property {number} epochs passes through them
 * @property {number} learningRate at the start
 * @property {number} batchSize
 * @property {"adam" | "sgd"} optimizer SGD is with momentum
 * @property {boolean} dropout whether the architecture's dropout is on
 * @property {number} shuffledShare of the labels dealt out anew, 0..1
 * @property {number[]} leftOut digits that are never shown
 * @property {number} seed of everything that is left to chance
 * @property {RateChange[]} rates changes of the learning rate on the way
 * @property {"mnist" | "handwritings"} source where the images come from
 */

export const COUNTS = [100, 1_000, 10_000, 60_000];
const MOMENTUM = 0.9; // of SGD, where the recipe has none
const MOST_RATES = 200; // changes on the way

/** @typedef {(value: any) => boolean} Check */
/** @type {Check} */
const isDigits = (value) => Array.isArray(value) && value.length < 10 && new Set(value).size === value.length && value.every(whole(0, 9));
/** @type {Check} */
const isRates = (value) =>
  Array.isArray(value) &&
  value.length <= MOST_RATES &&
  value.every((change) => Array.isArray(change) && change.length === 2 && whole(0, 1e9)(change[0]) && isLearningRate(change[1])) &&
  value.every(([images], index) => !index || images > value[index - 1][0]);

/** @type {Record<keyof Plan, Check>} what is possible */
const POSSIBLE = {
  count: (value) => COUNTS.includes(value),
  epochs: whole(1, MOST.epochs),
  learningRate: isLearningRate,
  batchSize: whole(1, MOST.batchSize),
  optimizer: (value) => value === "adam" || value === "sgd",
  dropout: (value) => typeof value === "boolean",
  shuffledShare: (value) => typeof value === "number" && value >= 0 && value <= 1,
  leftOut: isDigits,
  seed: whole(0, MOST.seed),
  rates: isRates,
  source: (value) => value === "mnist" || value === "handwritings",
};

/**
 * The plan of a training: the tutorial's, with changes.
 * @param {RunEntry} entry any run of the architecture
 * @param {Partial<Plan>} changes
 * @returns {Plan}
 * @throws {InklingError} one of them is impossible
 */
export function planOf({ training }, changes) {
  const plan = { ...tutorialPlan(training), ...changes };
  const [unknown] = Object.keys(plan).filter((name) => !Object.hasOwn(POSSIBLE, name));
  if (unknown) throw new InklingError(say("impossible_name", { name: unknown.slice(0, 40) }));
  for (const [name, isPossible] of Object.entries(POSSIBLE)) {
    if (!isPossible(plan[/** @type {keyof Plan} */ (name)])) throw new InklingError(say(`impossible_${name}`));
  }
  return plan;
}

/**
 * What a plan has of its own, beside the tutorial's; its start always.
 * @param {Plan} plan
 * @param {RunEntry} entry any run of the architecture
 * @returns {Partial<Plan>}
 */
export function changesOf(plan, { training }) {
  const tutorial = tutorialPlan(training);
  const isOwn = (/** @type {string} */ name) =>
    JSON.stringify(plan[/** @type {keyof Plan} */ (name)]) !== JSON.stringify(tutorial[/** @type {keyof Plan} */ (name)]);
  return Object.fromEntries(Object.entries(plan).filter(([name]) => name === "seed" || isOwn(name)));
}

/** @param {import("./state.js").Tutorial} training @returns {Plan} */
function tutorialPlan(training) {
  return {
    count: 60_000,
    epochs: training.epochs,
    learningRate: training.learning_rate,
    batchSize: training.batch_size,
    optimizer: training.optimizer,
    dropout: training.dropout.some(Boolean),
    shuffledShare: 0,
    leftOut: [],
    seed: 1,
    rates: [],
    source: "mnist",
  };
}

/**
 * What the engine is told.
 * @param {RunEntry} entry any run of the architecture
 * @param {Plan} plan
 * @returns {{settings: import("./engine/training_settings.js").Settings, choice: import("./engine/training_data.js").Choice}}
 */
export function settingsOf({ sizes, activations, training }, plan) {
  const settings = {
    sizes,
    activations,
    inputRange: training.input_range,
    loss: training.loss,
    shuffled: training.shuffled,
    dropout: training.dropout.map((share) => (plan.dropout ? share : 0)),
    optimizer: plan.optimizer,
    momentum: plan.optimizer === "sgd" ? training.momentum || MOMENTUM : 0,
    learningRate: plan.learningRate,
    batchSize: plan.batchSize,
    epochs: plan.epochs,
    seed: plan.seed,
  };
  const { count, leftOut, shuffledShare, seed } = plan;
  return { settings, choice: { count, leftOut, shuffledShare, seed } };
}

/**
 * The plan of a run of one's own, from its card; null if it was taught, or its card tells too little.
 * @param {RunEntry} entry
 * @param {import("./engine/checkpoint.js").Timeline} timeline
 * @returns {Plan | null}
 */
export function planOfRun(entry, { card }) {
  const recipe = /** @type {Record<string, any>} */ (card.recipe);
  if (recipe.taught_from) return null;
  try {
    return planOf(entry, {
      count: recipe.training_images,
      epochs: recipe.epochs,
      learningRate: recipe.learning_rate,
      batchSize: recipe.batch_size,
      optimizer: recipe.optimizer,
      dropout: recipe.dropout,
      shuffledShare: recipe.shuffled_share,
      leftOut: recipe.left_out,
      seed: card.seed,
      rates: recipe.rates,
      source: recipe.source,
    });
  } catch {
    return null; // a file that was made elsewhere
  }
}
