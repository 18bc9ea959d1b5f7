// A worker that trains one network at a time, or many that take turns.
import { SeriesJob } from "./engine/series_job.js";
import { Job } from "./engine/training_job.js";
import { loadKernels } from "./kernels.js";
import { createImageStore } from "./training_images.js";

/** @typedef {import("./engine/training_job.js").Message} Message */

const loadImages = createImageStore();
/** @type {Job | null} */
let job = null;
/** @type {(() => void)[]} what goes on once the messages that wait have been heard */
const waiting = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => waiting.shift()?.();

/** @param {() => void} again */
function soon(again) {
  waiting.push(again);
  port2.postMessage(null);
}

/** @param {Message} message */
function hear(message) {
  if (message.type === "start") {
    job?.giveUp();
    job = new Job(message.order, message.test, (report) => postMessage(report), soon);
    void job.begin(loadImages, loadKernels);
  } else if (message.type === "startSeries") {
    void new SeriesJob(message.order, message.test, (report, transfer = []) => postMessage(report, { transfer })).begin(loadImages, loadKernels);
  } else if (message.type === "pause") job?.pause(true);
  else if (message.type === "resume") job?.pause(false);
  else if (message.type === "step") job?.stepOnce();
  else if (message.type === "stop") void job?.stop();
  else if (message.type === "giveUp") job?.giveUp();
  else if (message.type === "shown") job?.shown();
  else if (message.type === "rate") job?.setRate(message.rate);
  else if (message.type === "slowStart") job?.setSlowStart(message.slowStart);
}

addEventListener("message", ({ data }) => hear(data));
addEventListener("messageerror", () => {
  throw new Error("A message to the training worker cannot be read"); // the page hears of it
});
