// The optimisation of one network, step by step, as PyTorch would do it; mnist_core/training/fitting.py trains the
// published runs by the same steps. training_job.js leads it in the worker, and may change the learning rate on the way.
import { madeBatches, passes } from "./training_data.js";
import { InklingError } from "./errors.js";
import { activationsOf, foldInputRange, unfoldInputRange, untrainedNetwork } from "./network.js";
import { mulberry32 } from "./random.js";
import { KernelNetwork, PART } from "./training/kernel_network.js";
import { brief } from "./checks.js";
import { isLearningRate } from "./plan.js";

/**
 * @typedef {import("./network.js").Layer} Layer
 * @typedef {import("./network.js").Network} Network
 * @typedef {import("./plan.js").Plan} Plan
 * @typedef {import("./training_data.js").LabelledImages} LabelledImages
 * @typedef {import("./training_data.js").MadeBatches} MadeBatches
 *
 * @typedef {object} Start where a fine-tuning begins, and how far it goes
 * @property {Network} network to start from instead of random weights
 * @property {number} share how much of the way from its weights to the trained ones is kept, 0..1; a network that
 *   already reads many writers so forgets less of them (Wortsman et al. 2022, arXiv 2109.01903)
 *
 * @typedef {object} Step what a step made of its batch, before it changed the weights
 * @property {number} loss mean over the batch, in nats
 * @property {number} correct how many predictions equalled their labels
 * @property {number} size images in the batch
 */

const OTHER = 0x9e3779b9; // bits of the seed that change, so that order and dropout have other numbers than the first weights

/** One optimisation of one network. */
export class Training {
  #plan;
  #start;
  #dropout; // share of every hidden layer that is left out at each step
  #batches;
  #random;
  #network;
  #learningRate;

  stepsDone = 0;
  imagesSeen = 0; // repeats counted

  /**
   * @param {WebAssembly.Module} kernels
   * @param {Plan} plan a possible one, whatever its number of training images
   * @param {LabelledImages | MadeBatches} data what to learn from, passed through as often as the recipe has epochs; or
   *   batches made anew for every step, to which its batch size, epochs and order do not apply
   * @param {{start?: Start | null, random?: () => number}} [options] `random`: where order, dropout and made batches come
   *   from; by default the seed
   */
  constructor(kernels, plan, data, { start = null, random = mulberry32((plan.seed ^ OTHER) >>> 0) } = {}) {
    const { architecture, recipe } = plan;
    this.#plan = plan;
    this.#start = start;
    this.#random = random;
    this.#dropout = architecture.hidden.map(({ dropout }) => (recipe.dropout ? dropout : 0));
    this.#learningRate = recipe.learning_rate;
    this.#batches = "nextBatch" in data ? madeBatches(data, random) : passes(data, recipe, random);
    this.totalSteps = "nextBatch" in data ? data.steps : Math.ceil(data.labels.length / recipe.batch_size) * recipe.epochs;
    const network = { layers: firstLayers(plan, start), activations: activationsOf(architecture) };
    this.#network = new KernelNetwork(kernels, network, recipe.input_range, Math.min(PART, recipe.batch_size));
  }

  /** The learning rate of the steps to come. */
  get learningRate() {
    return this.#learningRate;
  }

  set learningRate(value) {
    if (!isLearningRate(value)) throw new InklingError("impossible_learning_rate", { given: brief(value) });
    this.#learningRate = value;
  }

  /** Whether the last step is done. */
  get isDone() {
    return this.stepsDone >= this.totalSteps;
  }

  /**
   * One step of the optimizer, on the next batch.
   * @returns {Step}
   */
  step() {
    const { value: batch } = this.#batches.next();
    if (!batch) throw new Error("The training is done; it has no further step.");
    const { recipe } = this.#plan;
    const size = batch.chosen.length;
    const sums = { loss: 0, correct: 0 };
    for (let first = 0; first < size; first += PART) {
      const part = { ...batch, chosen: batch.chosen.subarray(first, first + PART) };
      const { loss, correct } = this.#network.learn(part, { batch: size, isMore: first > 0, loss: recipe.loss, dropout: this.#dropout, random: this.#random });
      sums.loss += loss;
      sums.correct += correct;
    }
    this.stepsDone += 1;
    this.imagesSeen += size;
    this.#network.update(recipe, this.#learningRate, this.stepsDone);
    return { loss: sums.loss / size, correct: sums.correct, size };
  }

  /**
   * The network as it is now, or the start's share of the way to it, in an object of its own.
   * @returns {Network} taking ink 0..1
   */
  network() {
    const layers = this.#network.copy();
    foldInputRange(layers[0], this.#plan.recipe.input_range);
    const start = this.#start;
    if (start) layers.forEach((layer, index) => moveBack(layer, start.network.layers[index], start.share));
    return { layers, activations: activationsOf(this.#plan.architecture) };
  }
}

/**
 * Put on the straight line from one layer to another what lies at its end.
 * @param {Layer} layer the end, changed in place
 * @param {Layer} start
 * @param {number} share of the way that is kept, 0..1
 */
function moveBack({ weights, bias }, start, share) {
  weights.forEach((weight, index) => (weights[index] = start.weights[index] + share * (weight - start.weights[index])));
  bias.forEach((value, index) => (bias[index] = start.bias[index] + share * (value - start.bias[index])));
}

/** The layers that a training starts from, taking the recipe's own range of inputs. @param {Plan} plan @param {Start | null} start */
function firstLayers({ architecture, recipe, seed }, start) {
  if (!start) return untrainedNetwork(architecture, [0, 1], seed).layers;
  const layers = start.network.layers.map((layer) => ({ ...layer, weights: layer.weights.slice(), bias: layer.bias.slice() }));
  unfoldInputRange(layers[0], recipe.input_range);
  return layers;
}
