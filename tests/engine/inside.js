// A file of n × 784 levels, two digits, and places such as "relu-50/robust:3" (run and snapshot); prints JSON, of every
// place and image the sums of every layer, the effects of the first layer's units (units × 10), the contrast of the two
// digits, the 20 strongest links of every layer, and the 20 strongest to the first of the two digits.
import { activations, contrast, effects, largestWeight, strongestLinks } from "../../webapp/page/engine/forward_pass.js";
import { bytesOf, timelineOf } from "./files.js";

const [file, a, b, ...places] = process.argv.slice(2);
const levels = bytesOf(file);
const images = Array.from({ length: levels.length / 784 }, (_, n) => levels.subarray(n * 784, (n + 1) * 784));
const plain = (_, value) => (ArrayBuffer.isView(value) ? [...value] : value);
const found = [];
for (const place of places) {
  const [run, index] = place.split(":");
  const { snapshots, card } = await timelineOf(run);
  const network = snapshots.at(Number(index));
  const most = largestWeight(network, card.recipe.input_range);
  const readings = images.map((image) => {
    const passage = activations(network, image);
    const inputs = [passage.ink, ...passage.values];
    const links = network.layers.map((layer, at) => strongestLinks(layer, inputs[at], 20));
    const [digitA, digitB] = [Number(a), Number(b)];
    return {
      sums: passage.sums,
      effects: effects(network, passage),
      contrast: contrast(network, image, digitA, digitB),
      links,
      arguments: strongestLinks(network.layers.at(-1), inputs.at(-1), 20, digitA),
    };
  });
  found.push({ place, most, readings });
}
process.stdout.write(JSON.stringify(found, plain));
