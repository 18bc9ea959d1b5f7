// JSON [architecture, inputRange, seed]; prints the weights (inputs × outputs) and then the bias of every
// layer, as numbers in double precision.
import { untrainedNetwork } from "../../webapp/page/engine/untrained.js";

const { layers } = untrainedNetwork(...JSON.parse(process.argv[2]));
for (const { weights, bias } of layers) {
  process.stdout.write(new Uint8Array(Float64Array.from(weights).buffer));
  process.stdout.write(new Uint8Array(bias.buffer));
}
