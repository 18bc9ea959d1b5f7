// Downloads of MNIST's training images that are given up, from a server that never sends their end. Takes how often a
// training is begun and stopped, and the status of the labels' archive, which is sent at once; prints JSON: how many
// images were asked for, how many of these downloads are under way in the end, and what the last job reported.
import { createServer } from "node:http";
import { Job } from "../../webapp/page/engine/training_job.js";
import { kernels } from "./kernels.js";
import { createImageStore } from "../../webapp/page/training_images.js";

const [times, status] = process.argv.slice(2).map(Number);
const HEADER = Buffer.from([0, 0, 8, 3, 0, 0, 234, 96, 0, 0, 0, 28, 0, 0, 0, 28]); // 60,000 images
const [begun, open] = [[], new Set()];
const server = createServer((request, response) => {
  if (request.url === "/labels") return response.writeHead(status).end(Buffer.from([0, 0, 8, 1, 0, 0, 0, 0]));
  begun.push(response);
  open.add(response);
  response.on("close", () => open.delete(response));
  response.write(Buffer.concat([HEADER, Buffer.alloc(500 * 784)])); // the first 500
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${server.address().port}`;
const recipe = { batch_size: 500, epochs: 1, training_images: 60_000, left_out: [], shuffled_share: 0 };
const plan = { architecture: { id: "", hidden: [] }, recipe, seed: 1 };
const order = { id: 1, plan, start: null, drawings: [], archives: { images: `${address}/images`, labels: `${address}/labels` }, handwritings: [], slowStart: false };

/** Wait until it is so, two seconds at most. */
async function until(isSo) {
  for (let waits = 0; !isSo() && waits < 400; waits += 1) await new Promise((resolve) => setTimeout(resolve, 5));
}
const loadImages = createImageStore();
let reports = [];
for (let time = 1; time <= times; time += 1) {
  reports = [];
  const job = new Job(order, null, (report) => reports.push(report), setImmediate);
  const ended = job.begin(loadImages, async () => kernels);
  await until(() => reports.some(({ type, arrived }) => type === "failed" || arrived === 500));
  if (reports.at(-1).type !== "failed") await job.stop();
  await until(() => !open.size);
  if (!open.size) await ended;
}
process.stdout.write(JSON.stringify({ begun: begun.length, open: open.size, reports }));
process.exit();
