// JSON [sums, activation, dropout, times]; prints the mean of what enters the next layer for each of these sums, over
// that many samples, and the values that occur.
import { ActiveInputs } from "../../webapp/page/engine/active_inputs.js";
import { mulberry32 } from "../../webapp/page/engine/random.js";

const [sums, activation, dropout, times] = JSON.parse(process.argv[2]);
const active = new ActiveInputs(sums.length);
const repeated = Float32Array.from({ length: sums.length * times }, (_, n) => sums[n % sums.length]);
active.listUnits(repeated, times, activation, dropout, mulberry32(1));
const results = sums.map((_, unit) => {
  const values = active.valuesByInput.slice(active.startsByInput[unit], active.startsByInput[unit + 1]);
  return { mean: values.reduce((sum, value) => sum + value, 0) / times, values: [...new Set(values)] };
});
process.stdout.write(JSON.stringify(results));
