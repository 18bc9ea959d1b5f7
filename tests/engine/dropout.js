// JSON [sums, activation, dropout, times], four sums; prints the mean of what enters the next layer for each of these
// sums, over that many samples, and the values that occur.
import { kernels } from "./kernels.js";

const [sums, activation, dropout, times] = JSON.parse(process.argv[2]);
const { list_units: listUnits, memory, __heap_base: base } = new WebAssembly.Instance(kernels, { page: { logarithm: Math.log } }).exports;
memory.grow(100);
const repeated = base.value;
const [starts, entries, slopes] = [16, 32, 80].map((bytes) => repeated + bytes * times);
new Float32Array(memory.buffer, repeated, 4 * times).set(Array.from({ length: times }, () => sums).flat());
const kind = ["relu", "tanh", "sigmoid"].indexOf(activation);
listUnits(repeated, times, 4, 1, kind, dropout * 2 ** 32, 1 / (1 - dropout), 1, starts, entries, slopes);
const count = new Int32Array(memory.buffer, starts, times + 1)[times];
const [indices, values] = [new Int32Array(memory.buffer, entries, 2 * count), new Float32Array(memory.buffer, entries, 2 * count)];
const results = sums.map((_, unit) => {
  const own = Array.from({ length: count }, (_, n) => n).filter((n) => indices[2 * n] === unit).map((n) => values[2 * n + 1]);
  return { mean: own.reduce((sum, value) => sum + value, 0) / times, values: [...new Set(own)] };
});
process.stdout.write(JSON.stringify(results));
