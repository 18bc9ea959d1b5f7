// Times the page's engine; engine.py runs it. How often each thing is repeated at most, and MNIST's test images and
// labels, as files; prints JSON: by name the milliseconds of every repetition.
import { readFileSync } from "node:fs";
import { readTimeline } from "../../webapp/page/engine/checkpoint.js";
import { detect, readDetector } from "../../webapp/page/engine/detector.js";
import { imageOfDrawing } from "../../webapp/page/engine/image.js";
import { readImages, readLabels } from "../../webapp/page/engine/mnist.js";
import { logits, softmax, tally } from "../../webapp/page/engine/network.js";
import { KernelNetwork } from "../../webapp/page/engine/training/kernel_network.js";
import { bytesOf, detectorBytes, streamOf, timelineOf } from "../engine/files.js";
import { kernels } from "../engine/kernels.js";

const [most, imageFile, labelFile] = process.argv.slice(2);

/** Milliseconds of every repetition; the first ones, in which the code is compiled, are left out. */
async function time(work, wanted = Infinity) {
  const repetitions = Math.min(wanted, Number(most));
  const results = [];
  for (let number = 0; number < repetitions * 1.2; number += 1) {
    const start = performance.now();
    await work();
    results.push(performance.now() - start);
  }
  return results.slice(-repetitions);
}

const checkpoint = bytesOf(new URL("../../checkpoints/relu-96-256/robust.safetensors", import.meta.url));
const handwritings = JSON.parse(
  readFileSync(new URL("../../mnist_core/drawings/handwritings.json", import.meta.url), "utf8"),
);
const { strokes } = handwritings.drawings.find((entry) => entry.strokes.flat().length === 60);
const circles = [Array.from({ length: 10_000 }, (_, n) => [Math.sin(n / 100), Math.cos(n / 70)])].map((stroke) =>
  stroke.map((point) => point.map((value) => 0.5 + 0.5 * value)),
);
const levels = imageOfDrawing(strokes);
const medium = await timelineOf("relu-96-256/robust");
const deep = await timelineOf("relu-128-128-64-64/robust");
const trained = medium.snapshots.at(-1);
const detector = readDetector(detectorBytes());
const { images } = await readImages(streamOf(imageFile));
const labels = await readLabels(streamOf(labelFile));

const results = {
  "image of 60 points": await time(() => imageOfDrawing(strokes)),
  "image of 10,000 points": await time(() => imageOfDrawing(circles)),
  "answer of 21 snapshots, relu-96-256": await time(() => medium.snapshots.map((it) => softmax(logits(it, levels)))),
  "answer of 21 snapshots, relu-128-128-64-64": await time(() =>
    deep.snapshots.map((it) => softmax(logits(it, levels))),
  ),
  "whether it is a digit": await time(() => detect(detector.network, levels)),
  "grid of 30 images, one snapshot": await time(() =>
    tally(trained, images.subarray(0, 30 * 784), labels.subarray(0, 30)),
  ),
  "10,000 test images, one snapshot": await time(() => tally(trained, images, labels), 5),
  "the same, read by the training kernels": await time(() => new KernelNetwork(kernels, trained).tally(images, labels), 5),
  "checkpoint of 4.3 MB, read whole": await time(
    () => readTimeline(new Blob([checkpoint]).stream(), () => {}),
    20,
  ),
};
process.stdout.write(JSON.stringify(results));
