// A checkpoint, how it arrives, and a JSON list of the sizes of its chunks (the last one repeats). "whole": prints
// JSON, what was told when: [bytes given by then, which snapshots are there]. "breaks": the
// connection breaks off after the chunks; prints the error, and whether the stream was told to stop.
import { readTimeline } from "../../webapp/page/engine/checkpoint.js";
import { bytesOf } from "./files.js";
import { sentenceOf } from "./sentences.js";

const [file, how, sizesText] = process.argv.slice(2);
const bytes = bytesOf(file);
const sizes = JSON.parse(sizesText);
let given = 0;
let chunks = 0;
let cancelled = false;
const stream = new ReadableStream(
  {
    pull(controller) {
      if (how === "breaks" && chunks === sizes.length) return controller.error(new TypeError("network error"));
      if (given === bytes.length) return controller.close();
      const chunk = bytes.slice(given, given + sizes[Math.min(chunks, sizes.length - 1)]);
      controller.enqueue(chunk);
      given += chunk.length;
      chunks += 1;
    },
    cancel() {
      cancelled = true;
    },
  },
  { highWaterMark: 0 },
);

const told = [];
try {
  const timeline = await readTimeline(stream, ({ snapshots }) => {
    told.push([given, snapshots.flatMap((network, index) => (network ? [index] : []))]);
  });
  const { run, steps, images_seen } = timeline.card;
  process.stdout.write(JSON.stringify({ told, run, steps, images_seen, loaded: timeline.snapshots.filter(Boolean).length }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error.name, message: sentenceOf(error), cancelled, given }));
}
