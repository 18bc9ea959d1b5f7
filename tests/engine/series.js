// A series of trainings as a worker runs it, on made images. Takes JSON: {plans, n, test}. Prints {reports, alone}: all
// reports, each network as its checkpoint's bytes in base64, and by training what one that goes alone comes to at the
// same steps.
import { encodeNetwork, roundNetwork } from "../../webapp/page/engine/checkpoint_writing.js";
import { SeriesJob } from "../../webapp/page/engine/series_job.js";
import { Training } from "../../webapp/page/engine/training.js";
import { chooseData } from "../../webapp/page/engine/training_data.js";
import { kernels } from "./kernels.js";
import { madeImages } from "./made_images.js";

const { plans, n = 300, test = 1500 } = JSON.parse(process.argv[2]);
const [images, measured] = [madeImages(n), madeImages(test)];
const bytes = (network, { recipe }) => Buffer.from(encodeNetwork(network, recipe.input_range)).toString("base64");

const reports = [];
const order = { plans, numbers: plans.map((_, at) => at), archives: { images: "", labels: "" }, handwritings: [] };
const hear = ({ network, ...report }) => reports.push({ ...report, ...(report.error && { error: String(report.error) }), ...(network && { network: bytes(network, plans[report.number]) }) });
await new SeriesJob(order, measured, hear).begin(async () => images, async () => kernels);

const alone = plans.map((plan, number) => {
  const steps = reports.flatMap((report) => (report.type === "reached" && report.number === number ? report.step : []));
  if (!steps.length) return [];
  const training = new Training(kernels, plan, chooseData(images, plan));
  return steps.map((step) => {
    while (training.stepsDone < step) training.step();
    return bytes(roundNetwork(training.network(), plan.recipe.input_range), plan);
  });
});
process.stdout.write(JSON.stringify({ reports, alone }));
