// MNIST's test images and labels, as files, and snapshots as "run:index"; prints JSON: of every snapshot, read by plain
// JavaScript and then by the kernels, how many images are read right, the mean loss, and the counts of label × prediction.
import { readImages, readLabels } from "../../webapp/page/engine/mnist.js";
import { tally } from "../../webapp/page/engine/network.js";
import { KernelNetwork } from "../../webapp/page/engine/training/kernel_network.js";
import { streamOf, timelineOf } from "./files.js";
import { kernels } from "./kernels.js";

const [imageFile, labelFile, ...wanted] = process.argv.slice(2);
const { images } = await readImages(streamOf(imageFile));
const labels = await readLabels(streamOf(labelFile));
const results = [];
for (const [run, index] of wanted.map((name) => name.split(":"))) {
  const network = (await timelineOf(run)).snapshots.at(Number(index));
  const tallies = [tally(network, images, labels), new KernelNetwork(kernels, network).tally(images, labels)];
  results.push(tallies.map(({ predictions, correct, loss }) => {
    const confusion = Array.from({ length: 10 }, () => Array(10).fill(0));
    labels.forEach((label, n) => (confusion[label][predictions[n]] += 1));
    return { correct, loss, confusion };
  }));
}
process.stdout.write(JSON.stringify(results));
