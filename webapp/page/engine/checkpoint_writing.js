// Writing runs as files: their networks in half precision, in the order in which checkpoint.js reads them.
import { FORMAT } from "./card.js";
import { placesInFile, tensorsInOrder } from "./checkpoint.js";
import { InklingError } from "./errors.js";
import { layerSizes, unfoldInputRange } from "./network.js";
import { LENGTH_BYTES } from "./safetensors.js";
import { decodeNetwork, networkBytes, transpose } from "./weights.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./checkpoint.js").Timeline} Timeline */

/** Numbers of this size, and larger ones, have none: they round to infinity. */
export const HALF_LIMIT = 65_520;

const INFINITE = 0x7c00;
const NO_NUMBER = 0x7e00;
/** By what a number of each exponent, from -14 on, becomes 1024 up to 2048, or less. */
const FRACTIONS = Array.from({ length: 30 }, (_, at) => 2 ** (24 - at));
const double = new DataView(new ArrayBuffer(8));

/**
 * The half-precision number nearest to a number; of two equally near ones that whose last bit is 0.
 * @param {number} value
 * @returns {number} its 16 bits
 */
export function halfBits(value) {
  double.setFloat64(0, value);
  const first = double.getUint16(0);
  const sign = first & 0x8000;
  const exponent = Math.max(((first >> 4) & 0x7ff) - 1023, -14); // of the number, or the smallest there is
  if (exponent > 15) return Number.isNaN(value) ? NO_NUMBER : sign | INFINITE;
  const rounded = Math.abs(value) * FRACTIONS[exponent + 14] + 2 ** 52 - 2 ** 52; // doubles of this size are whole numbers, rounded to even
  return sign | Math.min((exponent + 14) * 1024 + rounded, INFINITE); // a fraction of 2048 makes the next exponent
}

/**
 * Encode a network, each number rounded to the nearest in half precision.
 * @param {Network} network
 * @param {readonly [number, number]} inputRange what the network was trained to take instead of ink 0..1
 * @returns {Uint8Array} what `decodeNetwork` decodes
 * @throws {InklingError} a weight is too large, or no finite number
 */
export function encodeNetwork({ layers }, inputRange) {
  const bytes = new Uint8Array(layers.reduce((sum, { inputs, outputs }) => sum + 2 * outputs * (inputs + 1), 0));
  let offset = 0;
  /** @param {Float32Array | Float64Array} values */
  const append = (values) => {
    for (const value of values) {
      if (!(Math.abs(value) < HALF_LIMIT)) {
        throw new InklingError("training_weights_diverged");
      }
      const bits = halfBits(value);
      bytes[offset] = bits & 255;
      bytes[offset + 1] = bits >> 8;
      offset += 2;
    }
  };
  layers.forEach((layer, index) => {
    const { inputs, outputs } = layer;
    const own = { ...layer, weights: layer.weights.slice(), bias: layer.bias.slice() };
    if (!index) unfoldInputRange(own, inputRange);
    append(own.bias);
    append(transpose(own.weights, inputs, outputs));
  });
  return bytes;
}

/**
 * A network as it will be once it has been written and read again.
 * @param {Network} network
 * @param {readonly [number, number]} inputRange what it was trained to take instead of ink 0..1
 * @returns {Network}
 * @throws {InklingError} a weight is too large for half precision, or no finite number
 */
export function roundNetwork(network, inputRange) {
  const { layers, activations } = network;
  const sizes = [layers[0].inputs, ...layers.map(({ outputs }) => outputs)];
  return decodeNetwork(encodeNetwork(network, inputRange), sizes, activations, inputRange);
}

/**
 * Write a timeline with its card. Weights are rounded to half precision, as `roundNetwork` rounds them.
 * @param {Timeline} timeline with all its snapshots
 * @returns {Uint8Array} a safetensors file
 * @throws {InklingError} a snapshot is not there, or has weights too large for half precision
 */
export function writeCheckpoint({ card, snapshots }) {
  const { steps, recipe } = card;
  const scores = card.scores.every(Boolean) ? card.scores : []; // a training that failed was not measured to the end
  const learned = card.training_scores.every(Boolean) ? card.training_scores : [];
  const whole = { format: FORMAT, ...card, scores, training_scores: learned };
  const sizes = layerSizes(whole.architecture);
  const header = headerOf(JSON.stringify(whole), tensorsInOrder(steps.length, sizes));
  const bytes = networkBytes(sizes);
  const file = new Uint8Array(LENGTH_BYTES + header.length + steps.length * bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, LENGTH_BYTES);
  placesInFile(steps.length).forEach((place, index) => {
    const network = snapshots[index];
    if (!network) throw new InklingError("own_not_whole");
    file.set(encodeNetwork(network, recipe.input_range), LENGTH_BYTES + header.length + place * bytes);
  });
  return file;
}

/**
 * @param {string} card
 * @param {import("./safetensors.js").Tensor[]} tensors in the order of their bytes
 * @returns {Uint8Array} a header whose length is a multiple of 8, as safetensors aligns it
 */
function headerOf(card, tensors) {
  let offset = 0;
  const entries = tensors.map(({ name, shape }) => {
    const start = offset;
    offset += 2 * shape.reduce((product, size) => product * size, 1);
    return [name, { dtype: "F16", shape, data_offsets: [start, offset] }];
  });
  const header = { __metadata__: { card }, ...Object.fromEntries(entries) };
  const bytes = new TextEncoder().encode(JSON.stringify(header));
  const aligned = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(0x20); // spaces
  aligned.set(bytes);
  return aligned;
}
