// A JSON list of what is done with the times of trainings: ["call", a method's name, ...arguments], ["say", seconds],
// ["at", milliseconds] to set the clock, or ["run", tick, look, milliseconds] to let it go on by 0.05 ms at every look, in
// such ticks, and at that look by so much more. Prints what each call and each saying gave.
import { TrainingTime, sayDuration } from "../../webapp/page/training_time.js";
import "./sentences.js";

async function outcomes(steps) {
  let clock = 0;
  let looks = 0;
  let [tick, interrupted, pause] = [0, 0, 0];
  const time = new TrainingTime(() => {
    if (!tick) return clock;
    clock += 0.05 + (++looks === interrupted ? pause : 0);
    return Math.floor(clock / tick) * tick;
  });
  const told = [];
  for (const [action, first, ...rest] of steps) {
    if (action === "at") clock = first;
    if (action === "run") [tick, interrupted, pause] = [first, ...rest];
    if (action === "say") told.push(sayDuration(first));
    if (action === "call") told.push((await time[first](...rest)) ?? null);
  }
  return told;
}
process.stdout.write(JSON.stringify(await outcomes(JSON.parse(process.argv[2]))));
