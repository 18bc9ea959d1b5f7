// The detector: one small network that tells digits from things that are none, whichever network reads them.
// mnist_core/training/detector_training.py trains it, and mnist_core/networks/refusal.py states the score.
import { InklingError } from "./errors.js";
import { SIDE } from "./image.js";
import { logits as answer, softmax } from "./network.js";
import { LENGTH_BYTES, checkTensors, headerLength, parseHeader, parseObject } from "./safetensors.js";
import { decodeNetwork, networkBytes } from "./weights.js";

/** @typedef {import("./network.js").Network} Network */

/**
 * @typedef {object} Detector
 * @property {Network} network levels (784,) to two logits: no digit, digit
 * @property {number} threshold what is less probably a digit, 0..1, is refused where a run has no threshold
 */

const FORMAT = "inkling detector 1";

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
 * @returns {Detector}
 * @throws {InklingError} the file is damaged or holds no detector
 */
export function readDetector(bytes) {
  const cutOff = new InklingError("This file is damaged: it has another length than it claims.");
  if (bytes.length < LENGTH_BYTES) throw cutOff;
  const start = LENGTH_BYTES + headerLength(bytes.subarray(0, LENGTH_BYTES));
  if (bytes.length !== start + networkBytes(SIZES)) throw cutOff;
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start));
  checkTensors(header, TENSORS);
  const threshold = readThreshold(header.get("__metadata__"));
  return { network: decodeNetwork(bytes.subarray(start), SIZES, ["relu"], [0, 1]), threshold };
}

/**
 * @param {unknown} metadata what a safetensors header holds under `__metadata__`
 * @returns {number}
 */
function readThreshold(metadata) {
  const { format, threshold } = parseObject(/** @type {{card?: unknown} | undefined} */ (metadata)?.card) ?? {};
  if (format !== FORMAT || typeof threshold !== "number" || !(threshold >= 0 && threshold <= 1)) {
    throw new InklingError(`This file is damaged: it has no card of the format "${FORMAT}" with a threshold.`);
  }
  return threshold;
}

/**
 * How much an image looks like a digit: how probably it is one, times how probably it is the predicted one.
 * @param {Network} network the detector's
 * @param {Uint8Array} levels (784,)
 * @param {Float64Array | null} logits (10,) of the run's last snapshot for this image; null leaves out the second factor
 * @returns {number} 0..1
 */
export function score(network, levels, logits) {
  const isDigit = softmax(answer(network, levels))[1];
  return logits ? isDigit * Math.max(...softmax(logits)) : isDigit;
}

/**
 * Whether an image is refused as no digit.
 * @param {Detector} detector
 * @param {{threshold: number} | null | undefined} refusal of the run's card; without one the detector judges alone
 * @param {Uint8Array} levels (784,)
 * @param {Float64Array} logits (10,) of the run's last snapshot for this image
 */
export function isRefused(detector, refusal, levels, logits) {
  return score(detector.network, levels, refusal ? logits : null) < (refusal ?? detector).threshold;
}
