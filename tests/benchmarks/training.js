// Times training in the page's engine; training.py runs it. A plan as JSON, how many images are shown, and MNIST's
// training images and labels, as files; prints the seconds, in which the code is compiled, too.
import { readImages, readLabels } from "../../webapp/page/engine/mnist.js";
import { Training } from "../../webapp/page/engine/training.js";
import { streamOf } from "../engine/files.js";
import { kernels } from "../engine/kernels.js";

const plan = JSON.parse(process.argv[2]);
const count = Number(process.argv[3]);
const { images } = await readImages(streamOf(process.argv[4]));
const labels = await readLabels(streamOf(process.argv[5]));
const start = performance.now();
const training = new Training(kernels, plan, { images, labels });
while (training.imagesSeen < count) training.step();
process.stdout.write(JSON.stringify((performance.now() - start) / 1000));
