// How well a network reads labelled images, in the form in which a card keeps it.
import { tally } from "./network.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./batches.js").LabelledImages} LabelledImages */
/** @typedef {import("./card.js").Scored} Scored */
/** @typedef {import("./card.js").Scores} Scores */

const PIXELS = 784;

/**
 * @param {Network} network
 * @param {LabelledImages} data
 * @param {number} [most] only the first so many images
 * @returns {Scored}
 */
export function scoreOf(network, { images, labels }, most = labels.length) {
  const n = Math.min(most, labels.length);
  const { correct, loss } = tally(network, images.subarray(0, n * PIXELS), labels.subarray(0, n));
  return { n, correct, loss };
}

/**
 * The same of all images, with the counts of every label and prediction.
 * @param {Network} network
 * @param {LabelledImages} data
 * @returns {Scores}
 */
export function scoresOf(network, { images, labels }) {
  const { predictions, correct, loss } = tally(network, images, labels);
  const confusion = Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => 0));
  labels.forEach((label, index) => (confusion[label][predictions[index]] += 1));
  return { n: labels.length, correct, loss, confusion };
}
