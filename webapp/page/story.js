// How an answer came about: which snapshot says what, in words, and how long Play stays at each.
import { largest } from "./engine/network.js";
import { countImages, say } from "./text.js";

export const SURE = 0.9; // from it on, an answer is said; below it, the page asks
const PLAY_MS = 6000; // for all changes of a training, at most
const [FIRST_MS, LEAST_MS, MOST_MS] = [300, 60, 1200]; // for the untrained network, and for every other one
const GUESSES = 10; // named in the story, at most

/**
 * Milliseconds that Play stays at each snapshot but the last: the more it differs from the one before it, the longer,
 * so that what is new can be seen and what stays the same passes quickly.
 * @param {ArrayLike<number>[]} said what each snapshot says, such as ten probabilities; (snapshots, n)
 * @returns {number[]} (snapshots - 1,)
 */
export function playTimes(said) {
  const changes = said.slice(1).map((values, index) => distance(values, said[index]));
  const total = changes.reduce((sum, change) => sum + change, 0);
  const share = (/** @type {number} */ change) => (total ? change / total : 1 / changes.length);
  return [
    FIRST_MS,
    ...changes.slice(0, -1).map((change) => Math.min(MOST_MS, LEAST_MS + PLAY_MS * share(change))),
  ];
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
const distance = (a, b) => Array.from(a).reduce((sum, value, index) => sum + Math.abs(value - b[index]), 0);

/**
 * The position from which on the answer stays what it is in the end; `least` of it in probability.
 * @param {Float64Array[]} probabilities (snapshots, 10)
 * @param {number} [least]
 * @returns {number} the number of snapshots if not even the last is as sure
 */
export function settledAt(probabilities, least = 0) {
  const digit = largest(probabilities[probabilities.length - 1]);
  let index = probabilities.length;
  while (index > 0 && largest(probabilities[index - 1]) === digit && probabilities[index - 1][digit] >= least) index -= 1;
  return index;
}

/**
 * The story of an answer in one sentence, such as "It guessed 4, then 8; sure of 5 since 41,728 images."
 * @param {Float64Array[]} probabilities (snapshots, 10)
 * @param {number[]} images training images shown by each snapshot
 */
export function tell(probabilities, images) {
  const answers = probabilities.map((values) => largest(values));
  const digit = answers[answers.length - 1];
  const stays = settledAt(probabilities);
  const sure = settledAt(probabilities, SURE);
  const isSure = sure < probabilities.length;
  const guesses = answers.slice(0, stays).filter((answer, index) => answer !== answers[index - 1]);
  const values = {
    digit,
    guesses: list(guesses.length > GUESSES ? ["…", ...guesses.slice(-GUESSES)] : guesses),
    images: countImages(images[isSure ? sure : stays]),
  };
  if (guesses.length) return say(isSure ? "story" : "story_leans", values);
  return say(isSure ? "story_at_once" : "story_luck", values);
}

/** @param {(number | string)[]} digits @returns {string} such as "4", "4, then 8" or "4, 8, then 3" */
function list(digits) {
  const last = digits[digits.length - 1];
  return digits.length > 1 ? say("story_then", { first: digits.slice(0, -1).join(", "), last }) : String(last);
}

/**
 * Where a number of images lies between an axis's snapshots.
 * @param {number} value
 * @param {number[]} axis growing from 0
 * @returns {number} 0..axis.length - 1, the last for all that lie beyond
 */
export function placeOf(value, axis) {
  const after = axis.findIndex((images) => images >= value);
  if (after < 1) return after < 0 ? axis.length - 1 : 0;
  return after - 1 + (value - axis[after - 1]) / (axis[after] - axis[after - 1]);
}
