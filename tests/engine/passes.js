// Numbers of images, a recipe and a seed, as a JSON list [[count, recipe, seed], …]; prints of each which images
// each step is given.
import { passes } from "../../webapp/page/engine/training_data.js";
import { mulberry32 } from "../../webapp/page/engine/random.js";

const results = JSON.parse(process.argv[2]).map(([count, recipe, seed]) => {
  const data = { images: new Uint8Array(784 * count), labels: new Uint8Array(count) };
  return Array.from(passes(data, recipe, mulberry32(seed)), ({ chosen }) => Array.from(chosen));
});
process.stdout.write(JSON.stringify(results));
