// A run of one's own as a file, in the form that checkpoint.js and mnist_core/checkpoints/files.py read.
import { FORMAT } from "./card.js";
import { placesInFile, layerSizes, tensorsInOrder } from "./checkpoint.js";
import { InklingError } from "./errors.js";
import { LENGTH_BYTES } from "./safetensors.js";
import { encodeNetwork, networkBytes } from "./weights.js";

/**
 * Write a timeline with its card. Weights are rounded to half precision, as `roundNetwork` rounds them.
 * @param {import("./checkpoint.js").Timeline} timeline with all its snapshots
 * @returns {Uint8Array} a safetensors file
 * @throws {InklingError} a snapshot is not there, or has weights too large for half precision
 */
export function writeCheckpoint({ run, architecture, recipe, steps, imagesSeen, snapshots, card }) {
  const scores = card.scores.every((score) => score?.confusion) ? card.scores : []; // a training that failed was not measured to the end
  const learned = card.training_scores.every(Boolean) ? card.training_scores : [];
  const whole = { format: FORMAT, ...card, run, architecture, recipe, steps, images_seen: imagesSeen, scores, training_scores: learned };
  const sizes = layerSizes(whole);
  const header = headerOf(JSON.stringify(whole), tensorsInOrder(steps.length, sizes));
  const bytes = networkBytes(sizes);
  const file = new Uint8Array(LENGTH_BYTES + header.length + steps.length * bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, LENGTH_BYTES);
  placesInFile(steps.length).forEach((place, index) => {
    const network = snapshots[index];
    if (!network) throw new InklingError("This run is not loaded whole yet; wait a moment and save it again.");
    file.set(encodeNetwork(network, recipe.input_range), LENGTH_BYTES + header.length + place * bytes);
  });
  return file;
}

/**
 * @param {string} card
 * @param {import("./safetensors.js").Tensor[]} tensors in the order of their bytes
 * @returns {Uint8Array} a header whose length is a multiple of 8, as safetensors aligns it
 */
function headerOf(card, tensors) {
  let offset = 0;
  const entries = tensors.map(({ name, shape }) => {
    const start = offset;
    offset += 2 * shape.reduce((product, size) => product * size, 1);
    return [name, { dtype: "F16", shape, data_offsets: [start, offset] }];
  });
  const header = { __metadata__: { card }, ...Object.fromEntries(entries) };
  const bytes = new TextEncoder().encode(JSON.stringify(header));
  const aligned = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(0x20); // spaces
  aligned.set(bytes);
  return aligned;
}
