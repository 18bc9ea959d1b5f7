// A checkpoint, and a JSON object of what to change in its timeline; prints the changed timeline as a file. With a
// seed among the changes its snapshots are untrained networks, each of another seed from this one on.
import { writeCheckpoint, readTimeline } from "../../webapp/page/engine/checkpoint.js";
import { untrainedNetwork } from "../../webapp/page/engine/network.js";
import { streamOf } from "./files.js";

const timeline = await readTimeline(streamOf(process.argv[2]), () => {});
const { card = {}, seed, ...changes } = JSON.parse(process.argv[3]);
const { layers, activations } = timeline.snapshots[0];
const sizes = [784, ...layers.map(({ outputs }) => outputs)];
const untrained = (_, index) => untrainedNetwork(sizes, activations, timeline.recipe.input_range, seed + index);
const snapshots = seed === undefined ? timeline.snapshots : timeline.snapshots.map(untrained);
const file = writeCheckpoint({ ...timeline, snapshots, card: { ...timeline.card, ...card }, ...changes });
process.stdout.write(file);
