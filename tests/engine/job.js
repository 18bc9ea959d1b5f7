// A job as the worker runs it, on made images. Takes JSON: {settings, choice, rates, own, images, test, commands}, each
// command [after how many kept snapshots, name, ...values]; prints all reports as JSON, networks as their checkpoint's
// bytes in base64, and what a training by hand makes of the same settings at the same steps.
import { chooseData } from "../../webapp/page/engine/training_data.js";
import { createTraining } from "../../webapp/page/engine/training.js";
import { Job } from "../../webapp/page/engine/training_job.js";
import { encodeNetwork } from "../../webapp/page/engine/weights.js";
import { mulberry32 } from "../../webapp/page/engine/random.js";

const { settings, choice, rates = [], own = [], n = 500, test = 200, commands = [] } = JSON.parse(process.argv[2]);
const random = mulberry32(7);
/** Images of noise, brighter where their label says. */
function made(count) {
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 10);
  const images = new Uint8Array(count * 784).map((_, at) => (random() < 0.1 || Math.floor((at % 784) / 78.4) === labels[Math.floor(at / 784)] ? 255 * random() : 0));
  return { images, labels };
}
const bytes = (network) => Buffer.from(encodeNetwork(network, settings.inputRange)).toString("base64");
const [training, measured] = [made(n), test ? made(test) : null];
const reports = [];
const order = { id: 1, settings, choice, rates, isWatched: false, archives: { images: "", labels: "" }, handwritings: [], own };
let kept = 0;
const job = new Job(order, measured, hear, setImmediate);
function hear(report) {
  const { moment, error, ...rest } = report;
  reports.push({ ...rest, ...(error ? { error: String(error) } : {}), ...(moment ? { step: moment.step, images: moment.images, network: bytes(moment.network) } : {}) });
  if (report.type === "moved") job.shown();
  if (report.type !== "kept") return;
  kept += 1;
  for (const [after, name, ...values] of commands) if (after === kept) setImmediate(() => job[name](...values));
}
await job.begin(async (_, count, tell) => {
  tell(count);
  return training;
});
const isOver = () => ["done", "failed"].includes(reports.at(-1)?.type);
for (let waits = 0; !isOver() && waits < 4000; waits += 1) await new Promise((resolve) => setTimeout(resolve, 5));

const byHand = {};
if (!own.length && reports.at(-1).type === "done") {
  const data = chooseData(training, choice);
  const again = createTraining(settings, data);
  const steps = reports.filter(({ type }) => type === "kept").map(({ step }) => step);
  for (;;) {
    if (steps.includes(again.stepsDone)) byHand[again.stepsDone] = bytes(again.network());
    if (again.stepsDone === steps.at(-1)) break;
    for (const [images, rate] of rates) if (images === again.imagesSeen) again.learningRate = rate;
    again.step();
  }
}
process.stdout.write(JSON.stringify({ reports, byHand }));
