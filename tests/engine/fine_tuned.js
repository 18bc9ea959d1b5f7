// MNIST's training images and labels, as files, a run, its learning rate and share, and a file with a JSON list of writers:
// [{drawings: [{strokes, label}], tests: [{strokes, label}]}]. Fine-tunes the run on every writer's
// drawings alone, and prints JSON: of each how many tests the network reads wrong before and after, and the seconds it took.
import { readFileSync } from "node:fs";
import { fineTuningBatches, fineTuningPlan, fineTuningRate } from "../../webapp/page/engine/fine_tuning.js";
import { imageOfDrawing } from "../../webapp/page/engine/image.js";
import { readImages, readLabels } from "../../webapp/page/engine/mnist.js";
import { largest, logits } from "../../webapp/page/engine/network.js";
import { Training } from "../../webapp/page/engine/training.js";
import { streamOf, timelineOf } from "./files.js";
import { kernels } from "./kernels.js";

const [imageFile, labelFile, run, rate, share, writersFile] = process.argv.slice(2);
const { images } = await readImages(streamOf(imageFile));
const mnist = { images, labels: await readLabels(streamOf(labelFile)) };
const timeline = await timelineOf(run);
const before = timeline.snapshots.at(-1);

function fineTuned(drawings, seed) {
  const start = { network: before, share: Number(share) };
  const plan = { ...fineTuningPlan(timeline.card, Number(rate)), seed };
  const training = new Training(kernels, plan, fineTuningBatches(drawings, mnist), { start });
  while (!training.isDone) {
    training.learningRate = fineTuningRate(Number(rate), training.stepsDone, training.totalSteps);
    training.step();
  }
  return training.network();
}

const results = JSON.parse(readFileSync(writersFile)).map(({ drawings, tests }, number) => {
  const start = performance.now();
  const after = fineTuned(drawings, number);
  const seconds = (performance.now() - start) / 1000;
  const levels = tests.map(({ strokes }) => imageOfDrawing(strokes));
  const [errorsBefore, errorsAfter] = [before, after].map(
    (network) => tests.filter(({ label }, index) => largest(logits(network, levels[index])) !== label).length,
  );
  return { before: errorsBefore, after: errorsAfter, seconds };
});
process.stdout.write(JSON.stringify(results));
