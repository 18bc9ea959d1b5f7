// A file of n × 784 levels and ids of runs; prints, as numbers in double precision, of every run the logits
// (snapshots, n, 10), the scores (n,) that tell what is no digit, and whether (n,) the images are refused: 1 or 0.
import { isRefused, readDetector, score } from "../../webapp/page/engine/detector.js";
import { logits } from "../../webapp/page/engine/network.js";
import { bytesOf, detectorBytes, timelineOf } from "./files.js";

const [file, ...runs] = process.argv.slice(2);
const levels = bytesOf(file);
const images = Array.from({ length: levels.length / 784 }, (_, n) => levels.subarray(n * 784, (n + 1) * 784));
const detector = readDetector(detectorBytes());
for (const run of runs) {
  const { snapshots, card } = await timelineOf(run);
  const answers = snapshots.map((network) => images.map((image) => logits(network, image)));
  const last = answers.at(-1);
  const scores = images.map((image, n) => score(detector.network, image, card.refusal ? last[n] : null));
  const refused = images.map((image, n) => Number(isRefused(detector, card.refusal, image, last[n])));
  const numbers = [...answers.flat().flatMap((values) => [...values]), ...scores, ...refused];
  process.stdout.write(new Uint8Array(new Float64Array(numbers).buffer));
}
