// Every sentence a visitor reads is in the folder text; here are the ways to say it.
import { InklingError } from "./engine/errors.js";
import { FIRST_SCREEN } from "./text/first_screen.js";

const sentences = { ...FIRST_SCREEN };

/** Make those known that the first screen does not need; without them a file that is damaged is said to be a bug. */
export const addLater = () => import("./text/later.js").then(({ LATER }) => addSentences(LATER));

/** Make more of them known. @param {Record<string, string>} more */
export const addSentences = (more) => Object.assign(sentences, more);

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

/** The sentences that a fine-tuned network has of its own. @type {Record<string, string>} */
const FINE_TUNED = {
  before: "before_taught",
  after: "after_taught",
  now_untrained: "now_untrained_taught",
  detail_after: "detail_after_taught",
  detail_untrained: "detail_untrained_taught",
  timeline_start: "timeline_start_taught",
};

/**
 * The same, of a network that was fine-tuned if `isFineTuned`: where there is a sentence of its own for those.
 * @param {boolean} isFineTuned
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 */
export const sayOf = (isFineTuned, key, values) => say((isFineTuned && FINE_TUNED[key]) || key, values);

/** By architecture, the key of its name. @type {Record<string, string>} */
const NETWORKS = {
  "relu-25-25": "network_relu-25-25",
  "relu-50": "network_relu-50",
  "relu-96-256": "network_relu-96-256",
  "tanh-96-sigmoid-256": "network_tanh-96-sigmoid-256",
  "relu-128-128-64-64": "network_relu-128-128-64-64",
};

/** What a network is called. @param {{id: string}} architecture */
export const nameNetwork = ({ id }) => say(NETWORKS[id]);

/** @param {number} number @returns {string} with a comma every three digits */
export const count = (number) => number.toLocaleString("en");

/** How many images were shown, repeats counted: from a million on to three digits, as in "12 million". @param {number} images */
export const countImages = (images) => (images < 1e6 ? count(images) : say("million", { number: Number((images / 1e6).toPrecision(3)) }));

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
 * @param {{index: number, isLast: boolean, images: number, isFineTuned: boolean}} snapshot
 */
export function nameSnapshot({ index, isLast, images, isFineTuned }) {
  if (isLast) return sayOf(isFineTuned, "after");
  return index ? say("now_between", { images: countImages(images) }) : sayOf(isFineTuned, "now_untrained");
}

/** @param {string} text @returns {string} beginning with a capital letter */
export const capital = (text) => text[0].toUpperCase() + text.slice(1);

/**
 * What a visitor is told of an error; a bug is logged in full.
 * @param {unknown} error
 * @returns {string}
 */
export function sentenceOf(error) {
  if (error instanceof InklingError && Object.hasOwn(sentences, error.key)) return say(error.key, error.values);
  console.error(error);
  return say("failed");
}
