// A network's weights as files hold them: half-precision numbers, of every layer its bias and then its weights.
import { InklingError } from "./errors.js";
import { foldInputRange } from "./network.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./network.js").Activation} Activation */

/**
 * How many bytes a network's weights take in half precision.
 * @param {number[]} sizes width of every layer, from the pixels to the logits
 * @returns {number}
 */
export function networkBytes(sizes) {
  return sizes.slice(1).reduce((bytes, outputs, index) => bytes + 2 * outputs * (sizes[index] + 1), 0);
}

/**
 * Decode a network.
 * @param {Uint8Array} bytes (networkBytes(sizes),) of every layer first the bias, then the weights (outputs, inputs)
 * @param {number[]} sizes width of every layer, from the pixels to the logits
 * @param {Activation[]} activations one after every layer but the last
 * @param {readonly [number, number]} inputRange what the network was trained to take instead of ink 0..1
 * @returns {Network}
 * @throws {InklingError} a weight is no finite number
 */
export function decodeNetwork(bytes, sizes, activations, inputRange) {
  let offset = 0;
  /** @param {number} count how many of the following numbers */
  const next = (count) => decodeHalves(bytes.subarray(offset, (offset += 2 * count)));
  const layers = sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index];
    const bias = Float64Array.from(next(outputs));
    return { inputs, outputs, weights: transpose(next(outputs * inputs), outputs, inputs), bias };
  });
  foldInputRange(layers[0], inputRange);
  return { layers, activations };
}

/**
 * @param {Float32Array} values (rows × columns)
 * @param {number} rows
 * @param {number} columns
 * @returns {Float32Array} (columns × rows)
 */
function transpose(values, rows, columns) {
  const transposed = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      transposed[column * rows + row] = values[row * columns + column];
    }
  }
  return transposed;
}

/**
 * Decode half-precision numbers.
 * @param {Uint8Array} bytes (2n,) little-endian, whatever the machine
 * @returns {Float32Array} (n,) their exact values
 * @throws {InklingError} one of them is no finite number
 */
function decodeHalves(bytes) {
  halves ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfValue(bits));
  const values = new Float32Array(bytes.length / 2);
  for (let index = 0; index < values.length; index += 1) {
    const value = halves[bytes[2 * index] + 256 * bytes[2 * index + 1]];
    if (!Number.isFinite(value)) {
      throw new InklingError("This file is damaged: it holds weights that are no finite numbers.");
    }
    values[index] = value;
  }
  return values;
}

/** @type {Float32Array | undefined} the value of every half-precision number, made when first needed */
let halves;

/**
 * @param {number} bits 1 of sign, 5 of exponent, 10 of fraction
 * @returns {number}
 */
function halfValue(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction);
}
