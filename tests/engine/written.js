// A checkpoint, and a JSON object of what to change in its card; prints the changed timeline as a file. With a
// seed among the changes its snapshots are untrained networks, each of another seed from this one on.
import { writeCheckpoint } from "../../webapp/page/engine/checkpoint_writing.js";
import { readTimeline } from "../../webapp/page/engine/checkpoint.js";
import { untrainedNetwork } from "../../webapp/page/engine/untrained.js";
import { streamOf } from "./files.js";

const timeline = await readTimeline(streamOf(process.argv[2]), () => {});
const { seed, ...changes } = JSON.parse(process.argv[3]);
const { architecture, recipe } = timeline.card;
const untrained = (_, index) => untrainedNetwork(architecture, recipe.input_range, seed + index);
const snapshots = seed === undefined ? timeline.snapshots : timeline.snapshots.map(untrained);
const file = writeCheckpoint({ snapshots, card: { ...timeline.card, ...changes } });
process.stdout.write(file);
