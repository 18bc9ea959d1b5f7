// The detector: one small network that tells digits from things that are none, whichever network reads them.
// mnist_core/detector.py trains it, and mnist_core/refusal.py states the score.
import { InklingError } from "./errors.js";
import { SIDE } from "./image.js";
import { logits as answer, softmax } from "./network.js";
import { LENGTH_BYTES, checkTensors, headerLength, parseHeader } from "./safetensors.js";
import { decodeNetwork, networkBytes } from "./weights.js";

/** @typedef {import("./network.js").Network} Network */

const SIZES = [SIDE * SIDE, 128, 2]; // pixels, hidden units, and the logits of "no digit" and "digit"
const TENSORS = [
  { name: "1.bias", shape: [128] },
  { name: "1.weight", shape: [128, SIDE * SIDE] },
  { name: "3.bias", shape: [2] },
  { name: "3.weight", shape: [2, 128] },
];

/**
 * Read the detector's file.
 * @param {Uint8Array} bytes the whole file
 * @returns {Network} levels (784,) to two logits: no digit, digit
 * @throws {InklingError} the file is damaged or holds no detector
 */
export function readDetector(bytes) {
  const cutOff = new InklingError("This file is damaged: it has another length than it claims.");
  if (bytes.length < LENGTH_BYTES) throw cutOff;
  const start = LENGTH_BYTES + headerLength(bytes.subarray(0, LENGTH_BYTES));
  if (bytes.length !== start + networkBytes(SIZES)) throw cutOff;
  checkTensors(parseHeader(bytes.subarray(LENGTH_BYTES, start)), TENSORS);
  return decodeNetwork(bytes.subarray(start), SIZES, ["relu"], [0, 1]);
}

/**
 * How much an image looks like a digit: how probably it is one, times how probably it is the predicted one. A
 * score below a run's `card.refusal.threshold` is refused.
 * @param {Network} detector
 * @param {Uint8Array} levels (784,)
 * @param {Float64Array} logits (10,) of the run's last snapshot for this image
 * @returns {number} 0..1
 */
export function score(detector, levels, logits) {
  const isDigit = softmax(answer(detector, levels))[1];
  return isDigit * Math.max(...softmax(logits));
}
