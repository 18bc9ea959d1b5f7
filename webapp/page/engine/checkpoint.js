// Timelines as files: a card in the header, then the weights of one snapshot after another. The last snapshot
// comes first, then the first, then the rest, so that both answers are there long before the whole file is.
import { readCard } from "./card.js";
import { InklingError } from "./errors.js";
import { LENGTH_BYTES, checkTensors, headerLength, parseHeader, ByteReader } from "./safetensors.js";
import { activationsOf, layerSizes } from "./network.js";
import { decodeNetwork, networkBytes } from "./weights.js";

/** @typedef {import("./card.js").Card} Card */
/** @typedef {import("./network.js").Network} Network */

/**
 * A run's snapshots, from the untrained network to the trained one.
 * @typedef {object} Timeline
 * @property {Card} card what the file says of them
 * @property {(Network | null)[]} snapshots in the order of time; null until it is loaded
 */

const MAX_BYTES = 10_000_000; // no checkpoint is larger

/**
 * Read a checkpoint while it arrives.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {(timeline: Timeline) => void} onSnapshots called when the last and the first snapshot are there, and then for
 *   every further one, each time with a new value
 * @returns {Promise<Timeline>} with all its snapshots
 * @throws {InklingError} the file is damaged, cut off, or no checkpoint
 */
export async function readTimeline(stream, onSnapshots) {
  const reader = new ByteReader(stream);
  try {
    const length = headerLength(await reader.read(LENGTH_BYTES));
    const header = parseHeader(await reader.read(length));
    const card = readCard(header.get("__metadata__"));
    const sizes = layerSizes(card.architecture);
    const bytes = networkBytes(sizes);
    if (LENGTH_BYTES + length + card.steps.length * bytes > MAX_BYTES) {
      throw new InklingError("damaged_size", { most: MAX_BYTES.toLocaleString("en") });
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
  const { architecture, recipe, steps } = card;
  /** @type {(Network | null)[]} */
  const snapshots = steps.map(() => null);
  const timeline = () => ({ card, snapshots: [...snapshots] });
  const places = placesInFile(steps.length);
  for (let place = 0; place < steps.length; place += 1) {
    const bytes = await reader.read(networkBytes(sizes));
    snapshots[places.indexOf(place)] = decodeNetwork(bytes, sizes, activationsOf(architecture), recipe.input_range);
    if (place && place < steps.length - 1) onSnapshots(timeline());
  }
  await reader.expectEnd();
  const whole = timeline();
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
