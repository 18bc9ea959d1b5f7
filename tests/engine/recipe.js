// Settings as JSON, and MNIST's training images and labels and test images and labels, as files; trains to the end
// and prints how many test images are read right, with the weights as a file would hold them.
import { readImages, readLabels } from "../../webapp/page/engine/mnist.js";
import { tally } from "../../webapp/page/engine/network.js";
import { createTraining } from "../../webapp/page/engine/training.js";
import { roundNetwork } from "../../webapp/page/engine/weights.js";
import { streamOf } from "./files.js";

const settings = JSON.parse(process.argv[2]);
const [trainingImages, trainingLabels, testImages, testLabels] = process.argv.slice(3).map(streamOf);
const training = createTraining(settings, {
  images: (await readImages(trainingImages)).images,
  labels: await readLabels(trainingLabels),
});
while (!training.isDone) training.step();
const network = roundNetwork(training.network(), settings.inputRange);
const { correct } = tally(network, (await readImages(testImages)).images, await readLabels(testLabels));
process.stdout.write(JSON.stringify(correct));
