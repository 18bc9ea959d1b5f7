// A job as the worker runs it, on made images. Takes JSON: {plan, drawings, n, test, commands, most, slowStart}, each
// command [after how many kept snapshots, name, ...values]; it is given up once `most` snapshots are measured on all
// test images. Prints all reports as JSON, networks as their checkpoint's bytes in base64, how often it let messages be
// heard, and what a training by hand makes by the same plan at the same steps.
import { InklingError } from "../../webapp/page/engine/errors.js";
import { chooseData } from "../../webapp/page/engine/training_data.js";
import { Training } from "../../webapp/page/engine/training.js";
import { Job } from "../../webapp/page/engine/training_job.js";
import { encodeNetwork } from "../../webapp/page/engine/checkpoint_writing.js";
import { kernels } from "./kernels.js";
import { madeImages } from "./made_images.js";
import { sentenceOf } from "./sentences.js";

const { plan, drawings = [], n = 500, test = 200, commands = [], most = Infinity, slowStart = false } = JSON.parse(process.argv[2]);
const bytes = (network) => Buffer.from(encodeNetwork(network, plan.recipe.input_range)).toString("base64");
const [training, measured] = [madeImages(n), test ? madeImages(test) : null];
const reports = [];
const order = { id: 1, plan, start: null, drawings, archives: { images: "", labels: "" }, handwritings: [], slowStart };
let [kept, turns] = [0, 0];
const job = new Job(order, measured, hear, (again) => setImmediate(again, (turns += 1)));
function hear(report) {
  const { snapshot, error, problem, ...rest } = report;
  reports.push({ ...rest, ...(error ? { error: String(error) } : {}), ...(problem ? { problem: sentenceOf(new InklingError(problem.key, problem.values)) } : {}), ...(snapshot ? { step: snapshot.step, images: snapshot.images, network: bytes(snapshot.network) } : {}) });
  if (report.type === "moved") job.shown();
  if (report.type === "done") turns = 0;
  if (report.measured === most) job.giveUp();
  if (report.type !== "snapshot") return;
  kept += 1;
  for (const [after, name, ...values] of commands) if (after === kept) setImmediate(() => job[name](...values));
}
await job.begin(async (_, count, tell) => {
  tell(count);
  return training;
}, async () => kernels);
const isDone = () => reports.some(({ type }) => type === "done");
const isOver = () => reports.at(-1)?.type === "failed" || (isDone() && [reports.at(-1).snapshots, most].includes(reports.at(-1).measured));
for (let waits = 0; !isOver() && waits < 4000; waits += 1) await new Promise((resolve) => setTimeout(resolve, 5));
await new Promise((resolve) => setTimeout(resolve, 20)); // for what comes too late

const byHand = {};
if (!drawings.length && isDone()) {
  const data = chooseData(training, plan);
  const again = new Training(kernels, plan, data);
  const steps = reports.filter(({ type }) => type === "snapshot").map(({ step }) => step);
  for (;;) {
    if (steps.includes(again.stepsDone)) byHand[again.stepsDone] = bytes(again.network());
    if (again.stepsDone === steps.at(-1)) break;
    for (const [images, rate] of plan.recipe.rates ?? []) if (images === again.imagesSeen) again.learningRate = rate;
    again.step();
  }
}
process.stdout.write(JSON.stringify({ reports, turns, byHand }));
