// Drawings, [{strokes, label}, …], and the random numbers, as JSON lists; MNIST is 3 images, each filled with its
// label, 7 to 9. Prints the images and then the labels of the first batch.
import { fineTuningBatches } from "../../webapp/page/engine/fine_tuning.js";

const [drawings, numbers] = process.argv.slice(2).map((text) => JSON.parse(text));
const mnist = { images: new Uint8Array(3 * 784), labels: Uint8Array.of(7, 8, 9) };
mnist.labels.forEach((label, index) => mnist.images.fill(label, 784 * index, 784 * (index + 1)));
const { nextBatch } = fineTuningBatches(drawings, mnist);
let next = 0;
const { images, labels } = nextBatch(() => numbers[next++]);
if (next !== numbers.length) throw new Error(`${next} random numbers were drawn, not ${numbers.length}`);
process.stdout.write(images);
process.stdout.write(labels);
