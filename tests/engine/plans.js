// Two files of JSON: a run of the list of runs, and a list of what links change of its tutorial's plan; prints of each
// the recipe with the seed, or what is said of it.
import { readFileSync } from "node:fs";
import { InklingError } from "../../webapp/page/engine/errors.js";
import { changePlan } from "../../webapp/page/engine/plan.js";
import { readTraining } from "../../webapp/page/training_link.js";
import { tutorialOf } from "../../webapp/page/state.js";
import { sentenceOf } from "./sentences.js";

const [run, variants] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));

function outcome(changes) {
  try {
    const { recipe, seed } = changePlan(tutorialOf(run), readTraining(JSON.stringify(changes)));
    return { ...recipe, seed };
  } catch (error) {
    if (error instanceof InklingError) return sentenceOf(error);
    throw error;
  }
}
process.stdout.write(JSON.stringify(variants.map(outcome)));
