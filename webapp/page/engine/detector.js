// The detector: one small network that tells digits from things that are none, whichever network reads them.
// mnist_core/detector trains it, and judges by it, too.
import { InklingError } from "./errors.js";
import { SIDE } from "./image.js";
import { logits, softmax } from "./network.js";
import { LENGTH_BYTES, checkTensors, headerLength, parseHeader, parseObject } from "./safetensors.js";
import { decodeNetwork, networkBytes } from "./weights.js";

/** @typedef {import("./network.js").Network} Network */

/**
 * @typedef {object} Detector
 * @property {Network} network levels (784,) to a logit for every class; the first ten classes are the digits
 * @property {number} threshold what is less probably a digit, 0..1, is none
 */

const FORMAT = "inkling detector 2";
const DIGITS = 10;
const HIDDEN = [256, 64]; // units

/**
 * Read the detector's file.
 * @param {Uint8Array} bytes the whole file
 * @returns {Detector}
 * @throws {InklingError} the file is damaged or holds no detector
 */
export function readDetector(bytes) {
  const cutOff = new InklingError("damaged_length");
  if (bytes.length < LENGTH_BYTES) throw cutOff;
  const start = LENGTH_BYTES + headerLength(bytes.subarray(0, LENGTH_BYTES));
  if (bytes.length < start) throw cutOff;
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start));
  const { classes, threshold } = readCard(header.get("__metadata__"));
  const sizes = [SIDE * SIDE, ...HIDDEN, classes];
  if (bytes.length !== start + networkBytes(sizes)) throw cutOff;
  checkTensors(header, tensorsOf(sizes));
  return { network: decodeNetwork(bytes.subarray(start), sizes, HIDDEN.map(() => "relu"), [0, 1]), threshold };
}

/**
 * @param {number[]} sizes width of every layer
 * @returns {{name: string, shape: number[]}[]} the tensors as PyTorch names them: a layer, its activation, the next layer
 */
function tensorsOf(sizes) {
  return sizes.slice(1).flatMap((outputs, index) => [
    { name: `${2 * index + 1}.bias`, shape: [outputs] },
    { name: `${2 * index + 1}.weight`, shape: [outputs, sizes[index]] },
  ]);
}

/**
 * @param {unknown} metadata what a safetensors header holds under `__metadata__`
 * @returns {{classes: number, threshold: number}} how many classes there are, and the threshold
 */
function readCard(metadata) {
  const { format, threshold, classes } = parseObject(/** @type {{card?: unknown} | undefined} */ (metadata)?.card) ?? {};
  const isShare = typeof threshold === "number" && threshold >= 0 && threshold <= 1;
  if (format !== FORMAT || !isShare || !Array.isArray(classes) || classes.length <= DIGITS) {
    throw new InklingError("damaged_detector", { format: FORMAT });
  }
  return { classes: classes.length, threshold };
}

/**
 * How probably an image shows a digit: the probabilities of the ten digits together.
 * @param {Network} network the detector's
 * @param {Uint8Array} levels (784,)
 * @returns {number} 0..1
 */
export function detect(network, levels) {
  return softmax(logits(network, levels)).subarray(0, DIGITS).reduce((sum, value) => sum + value, 0);
}

/**
 * Whether an image is a digit, as far as a detector can tell.
 * @param {Detector} detector
 * @param {Uint8Array} levels (784,)
 */
export function isDigit({ network, threshold }, levels) {
  return detect(network, levels) >= threshold;
}
