// What a training is given of MNIST's training images.
import { shuffle } from "./batches.js";
import { InklingError } from "./errors.js";
import { SIDE } from "./image.js";
import { mulberry32 } from "./random.js";

/** @typedef {import("./batches.js").LabelledImages} LabelledImages */

/**
 * @typedef {object} Choice
 * @property {number} count only the first so many images
 * @property {number[]} leftOut digits of which none is shown
 * @property {number} shuffledShare of the labels dealt out anew among their images, 0..1
 * @property {number} seed of which labels, and to whom; a whole number, 0..2³² − 1
 */

const PIXELS = SIDE * SIDE;

/**
 * Choose what a training learns from: the first images, without the digits left out, some labels shuffled.
 * @param {LabelledImages} data unchanged
 * @param {Choice} choice
 * @returns {LabelledImages}
 * @throws {InklingError} the choice is impossible, or leaves no image
 */
export function chooseData({ images, labels }, { count, leftOut, shuffledShare, seed }) {
  if (!Number.isInteger(count) || count < 1 || count > labels.length) {
    throw new InklingError(
      `There are ${labels.length.toLocaleString("en")} images to learn from, not ${count}; choose from 1 on.`,
    );
  }
  if (leftOut.some((digit) => !Number.isInteger(digit) || digit < 0 || digit > 9)) {
    throw new InklingError(`The digits to leave out are 0 to 9, not ${leftOut.join(", ")}.`);
  }
  if (typeof shuffledShare !== "number" || !(shuffledShare >= 0 && shuffledShare <= 1)) {
    throw new InklingError(`The share of shuffled labels is from 0 to 1, not ${shuffledShare}.`);
  }
  const kept = Array.from({ length: count }, (_, index) => index).filter((index) => !leftOut.includes(labels[index]));
  if (!kept.length) throw new InklingError("No image is left to learn from; leave fewer digits out.");
  const whole = kept.length === count;
  const chosenImages = whole ? images.subarray(0, count * PIXELS) : new Uint8Array(kept.length * PIXELS);
  if (!whole) {
    kept.forEach((from, to) => {
      chosenImages.set(images.subarray(from * PIXELS, (from + 1) * PIXELS), to * PIXELS);
    });
  }
  const chosenLabels = Uint8Array.from(kept, (index) => labels[index]);
  shuffleLabels(chosenLabels, shuffledShare, seed);
  return { images: chosenImages, labels: chosenLabels };
}

/**
 * Deal out a share of the labels anew among their images.
 * @param {Uint8Array} labels changed in place
 * @param {number} share 0..1
 * @param {number} seed
 */
function shuffleLabels(labels, share, seed) {
  const random = mulberry32(seed);
  const places = Int32Array.from(labels, (_, index) => index);
  shuffle(places, random);
  const taken = places.subarray(0, Math.round(share * labels.length));
  const dealt = Uint8Array.from(taken, (place) => labels[place]);
  shuffle(dealt, random);
  taken.forEach((place, index) => (labels[place] = dealt[index]));
}
