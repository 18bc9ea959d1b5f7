// How an answer came about: which snapshot says what, in words.
import { largest } from "./engine/network.js";
import { SURE } from "./snapshots.js";
import { countImages, say } from "./text.js";

const GUESSES = 10; // named in the story, at most

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
