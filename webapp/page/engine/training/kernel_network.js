// A network in the memory of kernels.c: there it reads images, and learns from them, up to PART at a time.
import { SIDE } from "../image.js";

/**
 * @typedef {import("../network.js").Layer} Layer
 * @typedef {import("../network.js").Network} Network
 * @typedef {(...numbers: number[]) => number} Kernel
 *
 * @typedef {Record<"inputs" | "outputs" | "kind" | "width" | "weights" | "bias" | "sums" | "starts" | "entries" | "slopes" | "ends" | "sorted", number>} Place
 *   of a layer in memory: `weights` and `bias` are distances from the start of a block of parameters, what comes after
 *   them addresses; kernels.c explains them
 *
 * @typedef {object} Learning how a step learns from its batch
 * @property {number} batch images in the whole batch
 * @property {boolean} isMore whether this is not its first part
 * @property {import("../plan.js").Recipe["loss"]} loss
 * @property {number[]} dropout share of every hidden layer that is left out
 * @property {() => number} random uniform in [0, 1)
 */

export const PART = 256; // images at a time: what is listed of more leaves the processor's cache
const PIXELS = SIDE * SIDE;
const FOUR = 16; // bytes of four numbers
const GROWTH = 65_536; // bytes by which memory grows
const KINDS = { relu: 0, tanh: 1, sigmoid: 2 }; // as kernels.c numbers them
const [BETA_1, BETA_2] = [0.9, 0.999]; // Adam's, as kernels.c has them

export class KernelNetwork {
  #kernels;
  #range; // of inputs
  #end; // of what is taken of the memory
  /** @type {Place[]} */
  #places = [];
  #size = 0; // of all parameters in bytes
  #at; // addresses of what belongs to no layer
  #rows; // of every layer the weights of every input, and then the bias
  #images;
  #labels;
  #predictions;

  /**
   * @param {WebAssembly.Module} kernels
   * @param {Network} network copied; it takes the range of inputs
   * @param {readonly [number, number]} [inputRange] what it takes instead of ink 0..1
   * @param {number} [most] images at a time, up to PART
   */
  constructor(kernels, network, inputRange = [0, 1], most = PART) {
    const { exports } = new WebAssembly.Instance(kernels, { page: { logarithm: Math.log } });
    const memory = /** @type {WebAssembly.Memory} */ (exports.memory);
    this.#kernels = /** @type {Record<string, Kernel>} */ (/** @type {unknown} */ (exports));
    this.#end = /** @type {WebAssembly.Global} */ (exports.__heap_base).value;
    this.#range = inputRange;
    network.layers.forEach((layer, index) => this.#place(layer, KINDS[network.activations[index]], most));
    const row = FOUR * Math.max(...this.#places.map(({ width }) => width));
    const [gradients, values, first, second] = [0, 1, 2, 3].map(() => this.#take(this.#size));
    const [zeros, spare, images, labels, predictions] = [row, row, most * PIXELS, most, most].map((bytes) => this.#take(bytes));
    this.#at = { values, gradients, first, second, zeros, spare, images, labels, predictions };
    memory.grow(Math.ceil(Math.max(0, this.#end - memory.buffer.byteLength) / GROWTH)); // arrays made before would be void
    this.#rows = this.#places.map(({ inputs, outputs, width, weights }) =>
      Array.from({ length: inputs + 1 }, (_, input) => new Float32Array(memory.buffer, values + weights + input * width * FOUR, outputs)),
    );
    this.learned = new Float32Array(memory.buffer, values, (3 * this.#size) / 4); // all parameters, and the optimizer's two means of each
    this.#images = new Uint8Array(memory.buffer, images, most * PIXELS);
    this.#labels = new Uint8Array(memory.buffer, labels, most);
    this.#predictions = new Uint8Array(memory.buffer, predictions, most);
    this.load(network);
  }

  /** Take bytes of the memory, which are 0. @param {number} bytes @returns {number} their address, for fours of numbers */
  #take(bytes) {
    const start = this.#end;
    this.#end += Math.ceil(bytes / FOUR) * FOUR;
    return start;
  }

  /** Give a layer its place. @param {Layer} layer @param {number} kind of activation behind it @param {number} most images at a time */
  #place({ inputs, outputs }, kind, most) {
    const width = Math.ceil(outputs / 4) | (outputs > 48 ? 1 : 0); // long rows of an even width compete for the same lines of the cache
    const weights = this.#size;
    const bias = weights + inputs * width * FOUR;
    this.#size = bias + width * FOUR;
    const room = most * inputs + 1; // for entries: one that is off may be written behind the last
    const [sums, starts, entries, slopes, ends, sorted] = [most * width * FOUR, 4 * (most + 1), 8 * room, 4 * room, 4 * (inputs + 1), 8 * room].map((bytes) => this.#take(bytes));
    this.#places.push({ inputs, outputs, kind, width, weights, bias, sums, starts, entries, slopes, ends, sorted });
  }

  /** Become another network of the same shape, that has not learned yet. @param {Network} network copied; it takes the range of inputs */
  load({ layers }) {
    this.learned.fill(0);
    layers.forEach(({ inputs, outputs, weights, bias }, index) => {
      this.#rows[index].forEach((row, input) => row.set(input < inputs ? weights.subarray(input * outputs, (input + 1) * outputs) : bias));
    });
  }

  /** @returns {Layer[]} a copy; they take the range of inputs */
  copy() {
    return this.#places.map(({ inputs, outputs }, index) => {
      const [weights, bias] = [new Float32Array(inputs * outputs), new Float64Array(outputs)];
      this.#rows[index].forEach((row, input) => (input < inputs ? weights.set(row, input * outputs) : bias.set(row)));
      return { inputs, outputs, weights, bias };
    });
  }

  /**
   * Read labelled images.
   * @param {Uint8Array} images (n · 784,) levels, image by image
   * @param {Uint8Array} labels (n,) digits
   * @returns {import("../network.js").Tally}
   */
  tally(images, labels) {
    const tally = { predictions: new Uint8Array(labels.length), correct: 0, loss: 0 };
    for (let first = 0; first < labels.length; first += this.#labels.length) {
      const some = labels.subarray(first, first + this.#labels.length);
      this.#images.set(images.subarray(first * PIXELS, (first + some.length) * PIXELS));
      this.#labels.set(some);
      this.#forward(some.length);
      const { correct, loss } = this.#measure(some.length);
      tally.predictions.set(this.#predictions.subarray(0, some.length), first);
      tally.correct += correct;
      tally.loss += loss / labels.length;
    }
    return tally;
  }

  /**
   * Learn from a part of a batch: compute the mean loss's derivatives by all parameters.
   * @param {import("../training_data.js").Batch} part up to `most` images
   * @param {Learning} learning
   * @returns {{loss: number, correct: number}} the sum of the losses in nats, and how many images were read right
   */
  learn({ images, labels, chosen }, { batch, isMore, loss, dropout, random }) {
    const [size, more] = [chosen.length, Number(isMore)];
    chosen.forEach((image, at) => {
      this.#images.set(images.subarray(image * PIXELS, (image + 1) * PIXELS), at * PIXELS);
      this.#labels[at] = labels[image];
    });
    this.#forward(size, dropout, random);
    const result = this.#measure(size, loss === "cross_entropy_of_probabilities", 1 / batch);
    for (let index = this.#places.length - 1; index >= 0; index -= 1) this.#backward(index, size, more);
    return result;
  }

  /**
   * Change the parameters, by what was learned from a batch.
   * @param {import("../plan.js").Recipe} recipe
   * @param {number} rate the learning rate
   * @param {number} steps with this one
   */
  update({ optimizer, momentum }, rate, steps) {
    const { values, gradients, first, second } = this.#at;
    const fours = this.#size / FOUR;
    if (optimizer === "sgd") this.#kernels.sgd(fours, gradients, values, first, rate, momentum);
    else this.#kernels.adam(fours, gradients, values, first, second, rate / (1 - BETA_1 ** steps), 1 / Math.sqrt(1 - BETA_2 ** steps));
  }

  /** Compute the logits of the first so many images. @param {number} size @param {number[]} [dropout] @param {() => number} [random] */
  #forward(size, dropout = [], random = () => 0) {
    const { values, images, spare } = this.#at;
    const [low, high] = this.#range;
    this.#places.forEach(({ inputs, outputs, kind, width, weights, bias, sums, starts, entries }, index) => {
      let base = values + bias;
      if (!index) {
        this.#kernels.list_pixels(images, size, PIXELS, high - low, starts, entries);
        this.#kernels.sum_rows(low ? inputs : 0, values + weights, width, low, base, spare);
        base = spare;
      }
      this.#kernels.forward(size, starts, entries, values + weights, width, base, sums);
      const next = this.#places[index + 1];
      if (!next) return;
      const share = dropout[index] ?? 0;
      const [dropped, seed] = [Math.floor(share * 2 ** 32), share && Math.floor(random() * 2 ** 32)];
      this.#kernels.list_units(sums, size, outputs, width, kind, dropped, 1 / (1 - share), seed, next.starts, next.entries, next.slopes);
    });
  }

  /**
   * Put the loss's derivatives in the place of the logits.
   * @param {number} size
   * @param {boolean} [isTwice] whether the loss is the cross-entropy of probabilities
   * @param {number} [share] of an image in the mean
   * @returns {{loss: number, correct: number}} the sum of the losses in nats, and how many images were read right
   */
  #measure(size, isTwice = false, share = 1) {
    const { labels, predictions, spare } = this.#at;
    const { outputs, width, sums } = this.#places[this.#places.length - 1];
    const loss = this.#kernels.measure(sums, labels, size, outputs, width, Number(isTwice), share, spare, predictions);
    let correct = 0;
    for (let at = 0; at < size; at += 1) correct += Number(this.#predictions[at] === this.#labels[at]);
    return { loss, correct };
  }

  /** Compute a layer's gradients, and hand the derivatives down. @param {number} index @param {number} size @param {number} more 0 or 1 */
  #backward(index, size, more) {
    const { values, gradients, zeros, spare } = this.#at;
    const { inputs, width, weights, bias, sums, starts, entries, slopes, ends, sorted } = this.#places[index];
    const [below, ofBias] = [this.#places[index - 1], gradients + bias];
    if (below) this.#kernels.backward(size, starts, entries, slopes, values + weights, width, sums, below.sums, below.width);
    const low = below ? 0 : this.#range[0]; // what every input is beyond its entry
    this.#kernels.sum_rows(size, sums, width, 1, more ? ofBias : zeros, ofBias);
    this.#kernels.sum_rows(low ? size : 0, sums, width, low, zeros, spare);
    this.#kernels.list_by_input(size, inputs, starts, entries, ends, sorted);
    this.#kernels.gradient(inputs, ends, sorted, sums, width, spare, more, gradients + weights);
  }
}
