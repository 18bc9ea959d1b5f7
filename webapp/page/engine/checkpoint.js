// Timelines as files: a card in the header, then the weights of one snapshot after another. The last snapshot
// comes first, then the first, then the rest, so that both answers are there long before the whole file is.
import { readCard, FORMAT } from "./card.js";
import { InklingError } from "./errors.js";
import { LENGTH_BYTES, checkTensors, headerLength, parseHeader, ByteReader } from "./safetensors.js";
import { SIDE } from "./image.js";
import { decodeNetwork, networkBytes, encodeNetwork } from "./weights.js";

/** @typedef {import("./card.js").Card} Card */
/** @typedef {import("./network.js").Network} Network */

/**
 * A run's snapshots, from the untrained network to the trained one.
 * @typedef {object} Timeline
 * @property {string} run architecture id / recipe id
 * @property {import("./card.js").Architecture} architecture
 * @property {import("./card.js").Recipe} recipe
 * @property {Card} card
 * @property {number[]} steps of every snapshot, growing from 0
 * @property {number[]} imagesSeen by every snapshot, repeats counted
 * @property {(Network | null)[]} snapshots in the order of time; null until it is loaded
 * @property {number} loaded how many snapshots are there
 */

const MAX_BYTES = 10_000_000; // no checkpoint is larger
const DIGITS = 10;

/**
 * Read a checkpoint while it arrives.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {(timeline: Timeline) => void} onSnapshots called when the last and the first snapshot are there, and
 *   when all are, each time with a new value
 * @returns {Promise<Timeline>} with all its snapshots
 * @throws {InklingError} the file is damaged, cut off, or no checkpoint
 */
export async function readTimeline(stream, onSnapshots) {
  const reader = new ByteReader(stream);
  try {
    const length = headerLength(await reader.read(LENGTH_BYTES));
    const header = parseHeader(await reader.read(length));
    const card = readCard(header.get("__metadata__"));
    const sizes = layerSizes(card);
    const bytes = networkBytes(sizes);
    if (LENGTH_BYTES + length + card.steps.length * bytes > MAX_BYTES) {
      throw new InklingError(`This file is damaged: it claims more than ${MAX_BYTES.toLocaleString("en")} bytes.`);
    }
    checkTensors(header, tensorsInOrder(card.steps.length, sizes));
    return await readSnapshots(reader, card, sizes, onSnapshots);
  } catch (error) {
    reader.cancel();
    throw error;
  }
}

/**
 * @param {ByteReader} reader standing behind the header
 * @param {Card} card
 * @param {number[]} sizes
 * @param {(timeline: Timeline) => void} onSnapshots
 * @returns {Promise<Timeline>}
 */
async function readSnapshots(reader, card, sizes, onSnapshots) {
  const { run, architecture, recipe, steps, images_seen: imagesSeen } = card;
  const activations = architecture.hidden.map(({ activation }) => activation);
  /** @type {(Network | null)[]} */
  const snapshots = steps.map(() => null);
  /** @param {number} loaded @returns {Timeline} */
  const timeline = (loaded) => {
    return { run, architecture, recipe, card, steps, imagesSeen, snapshots: [...snapshots], loaded };
  };
  const places = placesInFile(steps.length);
  for (let place = 0; place < steps.length; place += 1) {
    const bytes = await reader.read(networkBytes(sizes));
    snapshots[places.indexOf(place)] = decodeNetwork(bytes, sizes, activations, recipe.input_range);
    if (place === 1 && place < steps.length - 1) onSnapshots(timeline(2));
  }
  await reader.expectEnd();
  const whole = timeline(steps.length);
  onSnapshots(whole);
  return whole;
}

/**
 * For each snapshot, in the order of time, its place in the file: the last one comes first.
 * @param {number} count of snapshots
 * @returns {number[]}
 */
export function placesInFile(count) {
  return Array.from({ length: count }, (_, index) => (index + 1) % count);
}

/**
 * The width of every layer, from the pixels to the logits.
 * @param {{architecture: import("./card.js").Architecture}} card
 * @returns {number[]}
 */
export function layerSizes({ architecture }) {
  return [SIDE * SIDE, ...architecture.hidden.map(({ units }) => units), DIGITS];
}

/**
 * The tensors of a checkpoint in the order of their bytes, which is that of their names.
 * @param {number} snapshots
 * @param {number[]} sizes
 * @returns {import("./safetensors.js").Tensor[]}
 */
export function tensorsInOrder(snapshots, sizes) {
  return Array.from({ length: snapshots }, (_, place) =>
    sizes.slice(1).flatMap((outputs, layer) => {
      const name = `${String(place).padStart(2, "0")}.${layer}`;
      return [
        { name: `${name}.bias`, shape: [outputs] },
        { name: `${name}.weight`, shape: [outputs, sizes[layer]] },
      ];
    }),
  ).flat();
}

/**
 * Write a timeline with its card. Weights are rounded to half precision, as `roundNetwork` rounds them.
 * @param {Timeline} timeline with all its snapshots
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
