// Two small trainings, of all that differs between trainings, on images of noise; the same script under node and in
// browsers.
import { mulberry32 } from "../../webapp/page/engine/random.js";
import { Training } from "../../webapp/page/engine/training.js";

const HIDDEN = ["relu", "tanh", "sigmoid"].map((activation, at) => ({ units: [51, 17, 30][at], activation, dropout: 0.2 }));
const SHARED = { learning_rate: 0.01, momentum: 0.9, batch_size: 300, epochs: 20, shuffled: true, dropout: true };
const RECIPES = [
  { ...SHARED, optimizer: "adam", loss: "cross_entropy", input_range: [0, 1] },
  { ...SHARED, optimizer: "sgd", loss: "cross_entropy_of_probabilities", input_range: [-1, 1] },
];

/**
 * Every bit of the weights and of the losses after 60 steps.
 * @param {WebAssembly.Module} kernels
 * @returns {string} of each training a hash of its weights, and its last loss
 */
export function bitsOf(kernels) {
  const random = mulberry32(5);
  const images = new Uint8Array(700 * 784).map(() => (random() < 0.2 ? 256 * random() : 0));
  const labels = new Uint8Array(700).map((_, index) => index % 10);
  return RECIPES.map((recipe) => {
    const training = new Training(kernels, { architecture: { id: "", hidden: HIDDEN }, recipe, seed: 9 }, { images, labels });
    let hash = 0;
    const add = (/** @type {ArrayBufferLike} */ buffer) => new Uint32Array(buffer).forEach((bits) => (hash = Math.imul(hash ^ bits, 0x01000193) >>> 0));
    let loss = 0;
    while (!training.isDone) add(Float64Array.of((loss = training.step().loss)).buffer);
    for (const { weights, bias } of training.network().layers) [weights, bias].forEach(({ buffer }) => add(buffer));
    return `${hash} ${loss}`;
  }).join(", ");
}
