// What networks read in several images, by the kernels.
import { KernelNetwork } from "./engine/training/kernel_network.js";
import { loadKernels } from "./kernels.js";

/**
 * @returns {Promise<typeof import("./engine/network.js").tally>} does the same, and several times as fast; InklingError if
 *   the kernels cannot be had
 */
export async function createKernelReader() {
  const kernels = await loadKernels();
  /** @type {Map<string, KernelNetwork>} */
  const readers = new Map(); // by shape
  return (network, images, labels) => {
    const shape = JSON.stringify([network.layers.map(({ outputs }) => outputs), network.activations]);
    const reader = readers.get(shape) ?? new KernelNetwork(kernels, network);
    readers.set(shape, reader);
    reader.load(network);
    return reader.tally(images, labels);
  };
}
