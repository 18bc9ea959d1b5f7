// Labels, as a JSON list, and a JSON list of recipes, each with a seed, to choose from images whose first pixel is their number; prints of every
// choice the numbers of its images and its labels, or the error's message.
import { InklingError } from "../../webapp/page/engine/errors.js";
import { chooseData } from "../../webapp/page/engine/training_data.js";
import { sentenceOf } from "./sentences.js";

const [labels, choices] = process.argv.slice(2).map((text) => JSON.parse(text));
const images = new Uint8Array(784 * labels.length);
labels.forEach((_, index) => {
  images[784 * index] = index >> 8;
  images[784 * index + 783] = index & 255;
});
const results = choices.map(({ seed, ...recipe }) => {
  try {
    const chosen = chooseData({ images, labels: Uint8Array.from(labels) }, { recipe, seed });
    const numbers = Array.from(chosen.labels, (_, n) => 256 * chosen.images[784 * n] + chosen.images[784 * n + 783]);
    if (chosen.images.length !== 784 * numbers.length) throw new Error("as many images as labels are expected");
    return { numbers, labels: Array.from(chosen.labels) };
  } catch (error) {
    if (error instanceof InklingError) return { message: sentenceOf(error) };
    throw error;
  }
});
process.stdout.write(JSON.stringify(results));
