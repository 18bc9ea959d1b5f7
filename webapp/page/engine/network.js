// Multi-layer perceptrons that read images: what mnist_core/networks/timeline.py computes, in double precision.
import { SIDE } from "./image.js";

/** @typedef {"relu" | "tanh" | "sigmoid"} Activation */

/**
 * A linear map. Its weights are laid out with one row for every input, so that an input of 0 skips a whole row.
 * @typedef {object} Layer
 * @property {number} inputs
 * @property {number} outputs
 * @property {Float32Array} weights (inputs × outputs), row by row
 * @property {Float64Array} bias (outputs,)
 */

/**
 * A network that takes ink 0..1, whatever range it was trained on.
 * @typedef {object} Network
 * @property {Layer[]} layers first to last
 * @property {Activation[]} activations one after every layer but the last
 */

/**
 * How well one network reads labelled images.
 * @typedef {object} Tally
 * @property {Uint8Array} predictions (n,) digits
 * @property {number} correct how many predictions equal their labels
 * @property {number} loss mean cross-entropy, in nats
 */

const PIXELS = SIDE * SIDE;
const DIGITS = 10;

/** @type {Record<Activation, (value: number) => number>} */
export const ACTIVATIONS = {
  relu: (value) => Math.max(0, value),
  tanh: Math.tanh,
  sigmoid: (value) => 1 / (1 + Math.exp(-value)),
};

/**
 * What a network says of an image, before softmax.
 * @param {Network} network
 * @param {Uint8Array} levels (784,) 0 (paper) to 255 (full ink)
 * @returns {Float64Array} (10,), or as many as the last layer has outputs
 */
export function logits({ layers, activations }, levels) {
  let values = apply(layers[0], inkOf(levels));
  activations.forEach((name, index) => {
    const activation = ACTIVATIONS[name];
    for (let unit = 0; unit < values.length; unit += 1) values[unit] = activation(values[unit]);
    values = apply(layers[index + 1], values);
  });
  return values;
}

/**
 * @param {Uint8Array} levels (784,)
 * @returns {Float64Array} (784,) ink, 0..1
 */
export function inkOf(levels) {
  const ink = new Float64Array(PIXELS);
  for (let pixel = 0; pixel < PIXELS; pixel += 1) ink[pixel] = levels[pixel] / 255;
  return ink;
}

/**
 * One linear map. Inputs of 0 (paper, or a hidden unit that is off) are skipped. The rows of the others are added
 * four at a time: every sum is then read and written a quarter as often, which halves the time.
 * @param {Layer} layer
 * @param {Float64Array} values (inputs,)
 * @returns {Float64Array} (outputs,)
 */
export function apply({ inputs, outputs, weights, bias }, values) {
  const rows = [];
  const factors = [];
  for (let input = 0; input < inputs; input += 1) {
    if (values[input] === 0) continue;
    rows.push(input * outputs);
    factors.push(values[input]);
  }
  while (rows.length % 4) {
    rows.push(0);
    factors.push(0);
  }
  const sums = bias.slice();
  for (let n = 0; n < rows.length; n += 4) {
    const a = rows[n], b = rows[n + 1], c = rows[n + 2], d = rows[n + 3];
    const p = factors[n], q = factors[n + 1], r = factors[n + 2], s = factors[n + 3];
    for (let k = 0; k < outputs; k += 1) {
      sums[k] += p * weights[a + k] + q * weights[b + k] + r * weights[c + k] + s * weights[d + k];
    }
  }
  return sums;
}

/**
 * Probabilities of logits.
 * @param {Float64Array} values (n,) logits
 * @returns {Float64Array} (n,), adding to 1
 */
export function softmax(values) {
  const total = logSumExp(values);
  return values.map((value) => Math.exp(value - total));
}

/**
 * The logarithm of the sum of the exponentials, without overflow.
 * @param {Float64Array} values
 * @returns {number}
 */
function logSumExp(values) {
  const highest = values[largest(values)];
  let sum = 0;
  for (const value of values) sum += Math.exp(value - highest);
  return highest + Math.log(sum);
}

/**
 * Index of the first largest value.
 * @param {ArrayLike<number>} values at least one
 * @returns {number}
 */
export function largest(values) {
  let best = 0;
  for (let index = 1; index < values.length; index += 1) if (values[index] > values[best]) best = index;
  return best;
}

/**
 * Read labelled images with one network.
 * @param {Network} network
 * @param {Uint8Array} images (n · 784,) levels, image by image
 * @param {Uint8Array} labels (n,) digits
 * @returns {Tally}
 */
export function tally(network, images, labels) {
  const predictions = new Uint8Array(labels.length);
  let correct = 0;
  let loss = 0;
  labels.forEach((label, index) => {
    const values = logits(network, images.subarray(index * PIXELS, (index + 1) * PIXELS));
    predictions[index] = largest(values);
    if (predictions[index] === label) correct += 1;
    loss += logSumExp(values) - values[label];
  });
  return { predictions, correct, loss: loss / labels.length };
}

/**
 * Make a first layer take ink 0..1 that was trained on ink from `low` to `high`: W(low + (high − low)x) + b.
 * @param {Layer} layer changed in place
 * @param {readonly [number, number]} inputRange low and high
 */
export function foldInputRange({ outputs, weights, bias }, [low, high]) {
  if (low === 0 && high === 1) return;
  weights.forEach((weight, index) => {
    bias[index % outputs] += low * weight;
    weights[index] = (high - low) * weight;
  });
}

/**
 * The other way: make a first layer that takes ink 0..1 take ink from `low` to `high`.
 * @param {Layer} layer changed in place
 * @param {readonly [number, number]} inputRange low and high
 */
export function unfoldInputRange({ outputs, weights, bias }, [low, high]) {
  if (low === 0 && high === 1) return;
  weights.forEach((weight, index) => {
    weights[index] = weight / (high - low);
    bias[index % outputs] -= low * weights[index];
  });
}

/**
 * The width of every layer, from the pixels to the logits.
 * @param {import("./card.js").Architecture} architecture
 * @returns {number[]}
 */
export const layerSizes = ({ hidden }) => [PIXELS, ...hidden.map(({ units }) => units), DIGITS];

/** What follows every layer but the last. @param {import("./card.js").Architecture} architecture @returns {Activation[]} */
export const activationsOf = ({ hidden }) => hidden.map(({ activation }) => activation);
