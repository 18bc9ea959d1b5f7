// A JSON list of what is done with the times of trainings: ["call", a method's name, ...arguments], ["say", seconds],
// ["at", milliseconds] to set the clock, or ["run", milliseconds] to let it tick so. Prints what each call and each saying gave.
import { TrainingTime, sayDuration } from "../../webapp/page/training_time.js";
import "./sentences.js";

async function outcomes(steps) {
  let clock = 0;
  let tick = 0;
  const time = new TrainingTime(() => (tick ? Math.floor(performance.now() / tick) * tick : clock));
  const told = [];
  for (const [action, first, ...rest] of steps) {
    if (action === "at") clock = first;
    if (action === "run") tick = first;
    if (action === "say") told.push(sayDuration(first));
    if (action === "call") told.push((await time[first](...rest)) ?? null);
  }
  return told;
}
process.stdout.write(JSON.stringify(await outcomes(JSON.parse(process.argv[2]))));
