// Networks as they are before any training.
import { activationsOf, foldInputRange, layerSizes } from "./network.js";
import { mulberry32 } from "./random.js";

/**
 * A network that has learned nothing, from the distribution that PyTorch draws an `nn.Linear` from: weights and
 * biases uniform between plus and minus 1 / √inputs (its kaiming_uniform_ with a = √5). Not PyTorch's own numbers.
 * @param {import("./card.js").Architecture} architecture
 * @param {readonly [number, number]} inputRange what the network takes instead of ink 0..1
 * @param {number} seed a whole number, 0..2³² − 1; equal seeds give equal networks
 * @returns {import("./network.js").Network}
 */
export function untrainedNetwork(architecture, inputRange, seed) {
  const sizes = layerSizes(architecture);
  const random = mulberry32(seed);
  const layers = sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index];
    const bound = 1 / Math.sqrt(inputs);
    const draw = () => bound * (2 * random() - 1);
    return {
      inputs,
      outputs,
      weights: new Float32Array(inputs * outputs).map(draw),
      bias: new Float64Array(outputs).map(draw),
    };
  });
  foldInputRange(layers[0], inputRange);
  return { layers, activations: activationsOf(architecture) };
}
