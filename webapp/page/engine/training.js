// The optimisation of one network, step by step, as PyTorch would do it; mnist_core/training/fitting.py trains the
// published runs by the same steps. training_job.js leads it in the worker, and may change the learning rate on the way.
import { ActiveInputs } from "./active_inputs.js";
import { madeBatches, passes } from "./training_data.js";
import { InklingError } from "./errors.js";
import { HALF_LIMIT } from "./checkpoint_writing.js";
import { LOSSES } from "./losses.js";
import { activationsOf, foldInputRange, unfoldInputRange, untrainedNetwork } from "./network.js";
import { Adam, Sgd } from "./optimizer.js";
import { mulberry32 } from "./random.js";
import { TrainingLayer } from "./training_layer.js";
import { brief } from "./checks.js";
import { isLearningRate } from "./plan.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./plan.js").Plan} Plan */

/**
 * Where a fine-tuning begins, and how far it goes.
 * @typedef {object} Start
 * @property {Network} network to start from instead of random weights
 * @property {number} share how much of the way from its weights to the trained ones is kept, 0..1; a network that
 *   already reads many writers so forgets less of them (Wortsman et al. 2022, arXiv 2109.01903)
 */

/** @typedef {import("./training_data.js").LabelledImages} LabelledImages */
/** @typedef {import("./training_data.js").MadeBatches} MadeBatches */

/**
 * What a step made of its batch, before it changed the weights.
 * @typedef {object} Step
 * @property {number} loss mean over the batch, in nats
 * @property {number} correct how many predictions equalled their labels
 * @property {number} size images in the batch
 */

const SNAPSHOTS = 20; // asked for, besides step 0; early ones that fall on the same step are kept once

/**
 * Begin a training.
 * @param {Plan} plan a possible one, whatever its number of training images
 * @param {LabelledImages | MadeBatches} data what to learn from, passed through as often as the recipe has epochs; or
 *   batches made anew for every step, to which its batch size, epochs and order do not apply
 * @param {{start?: Start | null, random?: () => number}} [options] `random`: where order, dropout and made batches come
 *   from; by default the seed
 * @returns {Training}
 */
export function createTraining(plan, data, { start = null, random = mulberry32(secondSeed(plan.seed)) } = {}) {
  return new Training(plan, data, start, random);
}

/**
 * A seed for order and dropout, so that they have other numbers than the first weights.
 * @param {number} seed
 */
function secondSeed(seed) {
  return (seed ^ 0x9e3779b9) >>> 0;
}

/**
 * Steps to keep: 0, then log-spaced from 1 to the last, so that early changes are seen.
 * @param {number} totalSteps at least 1
 * @returns {number[]} growing from 0
 */
export function snapshotSteps(totalSteps) {
  const spaced = Array.from({ length: SNAPSHOTS }, (_, n) => Math.round(totalSteps ** (n / (SNAPSHOTS - 1))));
  return [0, ...new Set(spaced)];
}

/** One optimisation of one network. */
export class Training {
  #plan;
  #start;
  #dropout; // share of every hidden layer that is left out at each step
  #batches;
  #random;
  #optimizer;
  #layers;
  #active;
  #learningRate;
  #lossOfLastStep = 0;

  stepsDone = 0;
  imagesSeen = 0; // repeats counted

  /**
   * @param {Plan} plan
   * @param {LabelledImages | MadeBatches} data
   * @param {Start | null} start
   * @param {() => number} random
   */
  constructor(plan, data, start, random) {
    const { optimizer, momentum, input_range: inputRange, batch_size: size, epochs } = plan.recipe;
    this.#plan = plan;
    this.#start = start;
    this.#random = random;
    this.#dropout = plan.architecture.hidden.map(({ dropout }) => (plan.recipe.dropout ? dropout : 0));
    this.#learningRate = plan.recipe.learning_rate;
    this.#batches = "nextBatch" in data ? madeBatches(data, random) : passes(data, plan.recipe, random);
    /** @type {number} steps from the start to the end */
    this.totalSteps = "nextBatch" in data ? data.steps : Math.ceil(data.labels.length / size) * epochs;
    const update = (this.#optimizer = optimizer === "adam" ? new Adam() : new Sgd(momentum));
    this.#layers = firstLayers(plan, start).map(
      (layer, index) => new TrainingLayer(layer, update, index ? 0 : inputRange[0]),
    );
    this.#active = this.#layers.map(({ inputs }) => new ActiveInputs(inputs));
  }

  /** The learning rate of the steps to come. */
  get learningRate() {
    return this.#learningRate;
  }

  set learningRate(value) {
    if (!isLearningRate(value)) {
      throw new InklingError("impossible_learning_rate", { given: brief(value) });
    }
    this.#learningRate = value;
  }

  /** Whether the last step is done. */
  get isDone() {
    return this.stepsDone >= this.totalSteps;
  }

  /** Whether the loss is no finite number, or a weight is none in half precision: no further step can mend that. */
  get hasDiverged() {
    return (
      !Number.isFinite(this.#lossOfLastStep) ||
      this.#layers.some(({ weights, bias }) => !weights.values.every(isHalf) || !bias.values.every(isHalf))
    );
  }

  /**
   * One step of the optimizer, on the next batch.
   * @returns {Step}
   */
  step() {
    const { value: batch } = this.#batches.next();
    if (!batch) throw new Error("The training is done; it has no further step.");
    const size = batch.chosen.length;
    this.#forward(batch);
    const result = this.#measure(batch);
    this.#optimizer.beginStep(this.#learningRate);
    for (let index = this.#layers.length - 1; index >= 0; index -= 1) {
      const layer = this.#layers[index];
      if (index) layer.backward(this.#active[index], this.#layers[index - 1].values);
      layer.update(this.#active[index]);
    }
    this.stepsDone += 1;
    this.imagesSeen += size;
    this.#lossOfLastStep = result.loss;
    return result;
  }

  /**
   * The network as it is now, or the start's share of the way to it, in an object of its own.
   * @returns {Network} taking ink 0..1
   */
  network() {
    const layers = this.#layers.map((layer) => layer.copy());
    foldInputRange(layers[0], this.#plan.recipe.input_range);
    const start = this.#start;
    if (start) layers.forEach((layer, index) => moveBack(layer, start.network.layers[index], start.share));
    return { layers, activations: activationsOf(this.#plan.architecture) };
  }

  /** @param {import("./training_data.js").Batch} batch */
  #forward({ images, chosen }) {
    const [low, high] = this.#plan.recipe.input_range;
    const { hidden } = this.#plan.architecture;
    this.#active[0].listPixels(images, chosen, high - low);
    this.#layers.forEach((layer, index) => {
      layer.forward(this.#active[index]);
      if (index === hidden.length) return;
      const { values } = layer;
      this.#active[index + 1].listUnits(values, chosen.length, hidden[index].activation, this.#dropout[index], this.#random);
    });
  }

  /**
   * Put the mean loss's derivatives in the place of the logits.
   * @param {import("./training_data.js").Batch} batch
   * @returns {Step}
   */
  #measure({ labels, chosen }) {
    const { values, outputs } = this.#layers[this.#layers.length - 1];
    const lossOf = LOSSES[this.#plan.recipe.loss];
    const size = chosen.length;
    let [loss, correct] = [0, 0];
    for (let sample = 0; sample < size; sample += 1) {
      const label = labels[chosen[sample]];
      const first = sample * outputs;
      let best = 0;
      for (let k = 1; k < outputs; k += 1) if (values[first + k] > values[first + best]) best = k;
      if (best === label) correct += 1;
      loss += lossOf(values, first, outputs, label);
    }
    for (let n = 0; n < size * outputs; n += 1) values[n] /= size;
    return { loss: loss / size, correct, size };
  }
}

/**
 * Put on the straight line from one layer to another what lies at its end.
 * @param {import("./network.js").Layer} layer the end, changed in place
 * @param {import("./network.js").Layer} start
 * @param {number} share of the way that is kept, 0..1
 */
function moveBack({ weights, bias }, start, share) {
  weights.forEach((weight, index) => (weights[index] = start.weights[index] + share * (weight - start.weights[index])));
  bias.forEach((value, index) => (bias[index] = start.bias[index] + share * (value - start.bias[index])));
}

/** @param {number} value */
function isHalf(value) {
  return Math.abs(value) < HALF_LIMIT;
}

/**
 * The layers that a training starts from, taking the recipe's own range of inputs.
 * @param {Plan} plan
 * @param {Start | null} start
 * @returns {import("./network.js").Layer[]}
 */
function firstLayers({ architecture, recipe, seed }, start) {
  if (!start) return untrainedNetwork(architecture, [0, 1], seed).layers;
  const layers = start.network.layers.map((layer) => ({ ...layer, weights: layer.weights.slice(), bias: layer.bias.slice() }));
  unfoldInputRange(layers[0], recipe.input_range);
  return layers;
}
