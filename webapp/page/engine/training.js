// The optimisation of one network, step by step, as PyTorch would do it; mnist_core/training/fitting.py trains the
// published runs by the same steps. training_job.js leads it in the worker, and may change the learning rate on the way.
import { firstLayers, moveBack } from "./fine_tuning.js";
import { madeBatches, passes } from "./training_data.js";
import { InklingError } from "./errors.js";
import { activationsOf, foldInputRange } from "./network.js";
import { mulberry32 } from "./random.js";
import { KernelNetwork, PART } from "./training/kernel_network.js";
import { brief } from "./checks.js";
import { isLearningRate } from "./plan.js";
import { untrainedNetwork } from "./untrained.js";

/**
 * @typedef {import("./network.js").Layer} Layer
 * @typedef {import("./network.js").Network} Network
 * @typedef {import("./plan.js").Plan} Plan
 * @typedef {import("./training_data.js").LabelledImages} LabelledImages
 * @typedef {import("./training_data.js").MadeBatches} MadeBatches
 * @typedef {import("./fine_tuning.js").Start} Start
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
  /** @type {KernelNetwork} */
  #network;
  /** @type {Float32Array | undefined} */
  #saved; // what it has come to, while another training has its kernels
  #learningRate;

  stepsDone = 0;
  imagesSeen = 0; // repeats counted

  /**
   * @param {WebAssembly.Module} kernels
   * @param {Plan} plan a possible one, whatever its number of training images
   * @param {LabelledImages | MadeBatches} data what to learn from, passed through as often as the recipe has epochs; or
   *   batches made anew for every step, to which its batch size, epochs and order do not apply
   * @param {{start?: Start | null, random?: () => number, beside?: Training}} [options] `random`: where order, dropout and
   *   made batches come from; by default the seed. `beside`: a training that differs in nothing but its seed, and was
   *   suspended: they take turns in the same kernels
   */
  constructor(kernels, plan, data, { start = null, random = mulberry32((plan.seed ^ OTHER) >>> 0), beside } = {}) {
    const { architecture, recipe } = plan;
    this.#plan = plan;
    this.#start = start;
    this.#random = random;
    this.#dropout = architecture.hidden.map(({ dropout }) => (recipe.dropout ? dropout : 0));
    this.#learningRate = recipe.learning_rate;
    this.#batches = "nextBatch" in data ? madeBatches(data, random) : passes(data, recipe, random);
    this.totalSteps = "nextBatch" in data ? data.steps : Math.ceil(data.labels.length / recipe.batch_size) * recipe.epochs;
    const network = { layers: start ? firstLayers(start, recipe.input_range) : untrainedNetwork(architecture, [0, 1], plan.seed).layers, activations: activationsOf(architecture) };
    this.#network = beside ? beside.#network : new KernelNetwork(kernels, network, recipe.input_range, Math.min(PART, recipe.batch_size));
    if (beside) this.#network.load(network);
  }

  /** Leave the kernels to another training. */
  suspend() {
    const { learned } = this.#network;
    (this.#saved ??= new Float32Array(learned.length)).set(learned);
  }

  /** Take the kernels again. */
  resume() {
    if (this.#saved) this.#network.learned.set(this.#saved);
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
