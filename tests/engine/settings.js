// Settings, and a list of what to change in them, as JSON; trains with each on ten images of noise for up to 20 steps
// and prints the message of the error, or after how many steps the training has diverged, or null.
import { InklingError } from "../../webapp/page/engine/errors.js";
import { mulberry32 } from "../../webapp/page/engine/random.js";
import { createTraining } from "../../webapp/page/engine/training.js";

const [settings, variants] = process.argv.slice(2).map((text) => JSON.parse(text));
const random = mulberry32(0);
const images = new Uint8Array(7840).map(() => 256 * random());
const labels = Uint8Array.from({ length: 10 }, (_, n) => n);

function outcome(changes) {
  try {
    const training = createTraining({ ...settings, ...changes }, { images, labels });
    while (training.stepsDone < 20) {
      training.step();
      if (training.hasDiverged) return training.stepsDone;
    }
    return null;
  } catch (error) {
    if (error instanceof InklingError) return error.message;
    throw error;
  }
}
process.stdout.write(JSON.stringify(variants.map(outcome)));
