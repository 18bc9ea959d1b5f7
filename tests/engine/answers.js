// A file of n × 784 levels and ids of runs; prints, as numbers in double precision, how probably (n,) the images are
// digits, whether (n,) they pass for digits: 1 or 0, and of every run the logits (snapshots, n, 10).
import { detect, isDigit, readDetector } from "../../webapp/page/engine/detector.js";
import { logits } from "../../webapp/page/engine/network.js";
import { bytesOf, detectorBytes, timelineOf } from "./files.js";

/** @param {number[]} numbers */
const print = (numbers) => process.stdout.write(new Uint8Array(new Float64Array(numbers).buffer));

const [file, ...runs] = process.argv.slice(2);
const levels = bytesOf(file);
const images = Array.from({ length: levels.length / 784 }, (_, n) => levels.subarray(n * 784, (n + 1) * 784));
const detector = readDetector(detectorBytes());
print(images.map((image) => detect(detector.network, image)));
print(images.map((image) => Number(isDigit(detector, image))));
for (const run of runs) {
  const { snapshots } = await timelineOf(run);
  print(snapshots.flatMap((network) => images.flatMap((image) => [...logits(network, image)])));
}
