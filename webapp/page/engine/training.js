// The optimisation of one network, step by step, as PyTorch would do it; mnist_core/training/fitting.py trains the
// published runs by the same steps.
import { ActiveInputs } from "./active_inputs.js";
import { madeBatches, passes } from "./training_data.js";
import { InklingError } from "./errors.js";
import { HALF_LIMIT } from "./weights.js";
import { LOSSES } from "./losses.js";
import { foldInputRange, unfoldInputRange, untrainedNetwork } from "./network.js";
import { Adam, Sgd } from "./optimizer.js";
import { mulberry32 } from "./random.js";
import { TrainingLayer } from "./training_layer.js";
import { brief, checkSettings, isLearningRate } from "./training_settings.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./training_settings.js").Settings} Settings */
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
 * @param {Settings} settings
 * @param {LabelledImages | MadeBatches} data what to learn from, passed through `settings.epochs` times; or batches
 *   made anew for every step, to which `batchSize`, `epochs` and `shuffled` do not apply
 * @param {() => number} [random] where order, dropout and made batches come from; by default the seed
 * @returns {Training}
 * @throws {InklingError} a setting is impossible
 */
export function createTraining(settings, data, random) {
  checkSettings(settings);
  return new Training(settings, data, random ?? mulberry32(secondSeed(settings.seed)));
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
  #settings;
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
   * @param {Settings} settings
   * @param {LabelledImages | MadeBatches} data
   * @param {() => number} random
   */
  constructor(settings, data, random) {
    const { optimizer, momentum, inputRange, batchSize, epochs } = settings;
    this.#settings = settings;
    this.#random = random;
    this.#learningRate = settings.learningRate;
    this.#batches = "nextBatch" in data ? madeBatches(data, random) : passes(data, settings, random);
    /** @type {number} steps from the start to the end */
    this.totalSteps = "nextBatch" in data ? data.steps : Math.ceil(data.labels.length / batchSize) * epochs;
    const update = (this.#optimizer = optimizer === "adam" ? new Adam() : new Sgd(momentum));
    this.#layers = firstLayers(settings).map(
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
      throw new InklingError(`The learning rate is above 0 and at most a million; this is not: ${brief(value)}.`);
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
   * The network as it is now, or the settings' share of the way to it, in an object of its own.
   * @returns {Network} taking ink 0..1
   */
  network() {
    const { inputRange, activations, start, share } = this.#settings;
    const layers = this.#layers.map((layer) => layer.copy());
    foldInputRange(layers[0], inputRange);
    if (start && share !== undefined) layers.forEach((layer, index) => moveBack(layer, start.layers[index], share));
    return { layers, activations: [...activations] };
  }

  /** @param {import("./training_data.js").Batch} batch */
  #forward({ images, chosen }) {
    const { inputRange, activations, dropout } = this.#settings;
    this.#active[0].listPixels(images, chosen, inputRange[1] - inputRange[0]);
    this.#layers.forEach((layer, index) => {
      layer.forward(this.#active[index]);
      if (index === activations.length) return;
      const { values } = layer;
      this.#active[index + 1].listUnits(values, chosen.length, activations[index], dropout[index], this.#random);
    });
  }

  /**
   * Put the mean loss's derivatives in the place of the logits.
   * @param {import("./training_data.js").Batch} batch
   * @returns {Step}
   */
  #measure({ labels, chosen }) {
    const { values, outputs } = this.#layers[this.#layers.length - 1];
    const lossOf = LOSSES[this.#settings.loss];
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
 * The layers that a training starts from, taking the training's own range of inputs.
 * @param {Settings} settings
 * @returns {import("./network.js").Layer[]}
 */
function firstLayers({ sizes, activations, inputRange, seed, start }) {
  if (!start) return untrainedNetwork(sizes, activations, [0, 1], seed).layers;
  const layers = start.layers.map((layer) => ({ ...layer, weights: layer.weights.slice(), bias: layer.bias.slice() }));
  unfoldInputRange(layers[0], inputRange);
  return layers;
}
