// A JSON list of numbers of steps; prints of each the steps to keep, as JSON.
import { snapshotSteps } from "../../webapp/page/engine/training_job.js";

process.stdout.write(JSON.stringify(JSON.parse(process.argv[2]).map(snapshotSteps)));
