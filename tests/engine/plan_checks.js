// A plan, and a list of what to change in its recipe, its hidden layers or its seed, as JSON; trains with each on ten images
// of noise for a step and prints what is said of the error, or null.
import { InklingError } from "../../webapp/page/engine/errors.js";
import { checkPlan } from "../../webapp/page/engine/plan.js";
import { mulberry32 } from "../../webapp/page/engine/random.js";
import { Training } from "../../webapp/page/engine/training.js";
import { kernels } from "./kernels.js";
import { sentenceOf } from "./sentences.js";

const [plan, variants] = process.argv.slice(2).map((text) => JSON.parse(text));
const random = mulberry32(0);
const images = new Uint8Array(7840).map(() => 256 * random());
const labels = Uint8Array.from({ length: 10 }, (_, n) => n);

function outcome({ hidden = plan.architecture.hidden, seed = plan.seed, ...changes }) {
  try {
    const changed = { architecture: { ...plan.architecture, hidden }, recipe: { ...plan.recipe, ...changes }, seed };
    checkPlan(changed);
    new Training(kernels, changed, { images, labels }).step();
    return null;
  } catch (error) {
    if (error instanceof InklingError) return sentenceOf(error);
    throw error;
  }
}
process.stdout.write(JSON.stringify(variants.map(outcome)));
