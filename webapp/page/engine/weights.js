// A network's weights as files hold them: half-precision numbers (IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of
// fraction), of every layer its bias and then its weights.
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
export function transpose(values, rows, columns) {
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
  halves ??= halfValues();
  const values = new Float32Array(bytes.length / 2);
  for (let index = 0; index < values.length; index += 1) {
    const value = halves[bytes[2 * index] + 256 * bytes[2 * index + 1]];
    if (!Number.isFinite(value)) {
      throw new InklingError("damaged_weights");
    }
    values[index] = value;
  }
  return values;
}

/** @type {Float32Array | undefined} the value of every half-precision number, made when first needed */
let halves;

/**
 * The value of every half-precision number: 1 bit of sign, 5 of exponent, 10 of fraction.
 * @returns {Float32Array} (65536,) NaN where there is no finite one
 */
function halfValues() {
  const values = new Float32Array(65_536).fill(NaN);
  for (let exponent = 0; exponent < 31; exponent += 1) {
    const step = 2 ** (Math.max(exponent, 1) - 25); // from one number to the next
    const first = exponent ? 1024 : 0;
    for (let fraction = 0; fraction < 1024; fraction += 1) {
      const value = (first + fraction) * step;
      values[1024 * exponent + fraction] = value;
      values[0x8000 + 1024 * exponent + fraction] = -value;
    }
  }
  return values;
}
