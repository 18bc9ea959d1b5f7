// Ids of runs; prints, in single precision, of every run and snapshot the pictures (units, 784) of the first layer's units.
import { unitPicture } from "../../webapp/page/engine/forward_pass.js";
import { timelineOf } from "./files.js";

for (const run of process.argv.slice(2)) {
  const { snapshots, card } = await timelineOf(run);
  for (const network of snapshots) {
    for (let unit = 0; unit < network.layers[0].outputs; unit += 1) {
      process.stdout.write(new Uint8Array(unitPicture(network, card.recipe.input_range, unit).buffer));
    }
  }
}
