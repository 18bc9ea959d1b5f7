// Every sentence a visitor reads is in the folder text; here are the ways to say it.
import { InklingError } from "./engine/errors.js";
import { FIRST_SCREEN } from "./text/first_screen.js";

const sentences = { ...FIRST_SCREEN };

/**
 * Make sentences known that come with modules of their own.
 * @param {Record<string, string>} more by key
 */
export function addSentences(more) {
  Object.assign(sentences, more);
}

/**
 * A sentence with its {names} filled in; of the digits, 8 alone is "an".
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  if (!Object.hasOwn(sentences, key)) throw new RangeError(`No sentence called ${key}`);
  const sentence = sentences[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  return sentence.replace(/\b(a) 8\b(?![.,]\d)/gi, "$1n 8");
}

/**
 * The same, of a network that was taught a hand if `isTaught`: where there is a sentence of its own for those.
 * @param {boolean} isTaught
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 */
export function sayOf(isTaught, key, values) {
  const own = `${key}_taught`;
  return say(isTaught && Object.hasOwn(sentences, own) ? own : key, values);
}

/** @param {number} number @returns {string} with a comma every three digits */
export const count = (number) => number.toLocaleString("en");

/**
 * In percent, to a tenth. What is not quite certain is never shown as 100 %.
 * @param {number} probability
 */
export function percent(probability) {
  if (probability >= 0.9995) return ">99.9 %";
  return `${(probability * 100).toFixed(1)} %`;
}

/** @param {number} accuracy a share of images read right: 100 % only if it is all of them */
export const share = (accuracy) => (accuracy === 1 ? "100 %" : percent(accuracy));

/**
 * What the shown snapshot is called, in the middle of a sentence.
 * @param {{index: number, isLast: boolean, images: number, isTaught: boolean}} snapshot
 */
export function moment({ index, isLast, images, isTaught }) {
  if (isLast) return sayOf(isTaught, "after");
  return index ? say("now_between", { images: count(images) }) : sayOf(isTaught, "now_untrained");
}

/** @param {string} text @returns {string} beginning with a capital letter */
export const capital = (text) => text[0].toUpperCase() + text.slice(1);

/**
 * What a visitor is told of an error; a bug is logged in full.
 * @param {unknown} error
 * @returns {string}
 */
export function sentenceOf(error) {
  if (error instanceof InklingError) return error.message;
  console.error(error);
  return say("failed");
}
