// A learning rate and a number of steps; prints, as a JSON list, every step's learning rate in fine-tuning.
import { fineTuningRate } from "../../webapp/page/engine/fine_tuning.js";

const [rate, steps] = process.argv.slice(2).map(Number);
process.stdout.write(JSON.stringify(Array.from({ length: steps }, (_, step) => fineTuningRate(rate, step, steps))));
