// One training in a worker: it loads its images, goes on in short stretches, and tells how far it is. Once it is done,
// its snapshots are measured on all test images, in short stretches too, until something new starts.
import { fineTuningBatches, fineTuningRate } from "./fine_tuning.js";
import { InklingError, MissingImages } from "./errors.js";
import { Training } from "./training.js";
import { chooseData } from "./training_data.js";
import { distortedImages } from "./augmentation.js";
import { slowStartWait } from "./plan.js";
import { roundNetwork } from "./checkpoint_writing.js";
import { KernelNetwork } from "./training/kernel_network.js";

/**
 * @typedef {import("./network.js").Network} Network
 * @typedef {import("./training_data.js").LabelledImages} LabelledImages
 * @typedef {import("./augmentation.js").LabelledDrawing} LabelledDrawing
 */

/**
 * @typedef {{images: string, labels: string}} Archives names of MNIST's training archives
 * @typedef {(archives: Archives, count: number, onArrival: (arrived: number) => void, signal: AbortSignal) =>
 *   Promise<LabelledImages>} LoadImages at least the first `count` images, or all there are;
 *   the signal ends the download, and the promise is rejected then
 *
 * @typedef {object} Order what a job is told
 * @property {number} id of the job; every report names it
 * @property {import("./plan.js").Plan} plan
 * @property {import("./fine_tuning.js").Start | null} start of a fine-tuning; null to train from random weights
 * @property {LabelledDrawing[]} drawings to fine-tune on; none to train anew
 * @property {Archives | null} archives MNIST's, or null to learn from `handwritings`
 * @property {LabelledDrawing[]} handwritings
 * @property {boolean} slowStart whether the first images go slowly enough to be watched
 *
 * @typedef {object} Report
 * @property {"loading" | "running" | "snapshot" | "moved" | "scored" | "paused" | "done" | "failed"} type
 * @property {number} id of the job
 * The others belong to some types only:
 * @property {number} [arrived] loading: images that are there
 * @property {number} [needed] loading: images that are waited for
 * @property {number[]} [axis] running: images seen by every snapshot to come
 * @property {import("./recording.js").Snapshot} [snapshot] snapshot: one that is kept; moved: the network as it is now
 * @property {number} [spentMs] moved: milliseconds at work so far, without waiting
 * @property {number | null} [imageMs] moved: milliseconds that it takes to learn from an image, found while it waits; null if it did not
 * @property {number} [loss] moved: mean over the last batch, in nats
 * @property {number} [rate] moved: the learning rate of the steps to come
 * @property {[images: number, rate: number][]} [rates] moved: all changes of the rate, where one was asked for
 * @property {number} [step] scored: of the snapshot
 * @property {import("./card.js").Scored | import("./card.js").Scores | null} [test] scored
 * @property {import("./card.js").Scored | null} [training] scored
 * @property {number} [stoppedAfter] done: images seen, where it was stopped before its end
 * @property {number} [measured] done, and scored from then on: snapshots measured on all test images; not without those
 * @property {number} [snapshots] with `measured`: how many there are
 * @property {{key: string, values: Record<string, unknown>} | null} [problem] failed: the sentence that says why; null for a bug
 * @property {boolean} [isMissing] failed: because MNIST is not there
 * @property {unknown} [error] failed: a bug, for the log
 */

/**
 * @typedef {{type: "start", order: Order, test: LabelledImages | null}
 *   | {type: "startSeries", order: import("./series_job.js").SeriesOrder, test: LabelledImages}
 *   | {type: "pause" | "resume" | "step" | "stop" | "giveUp" | "shown"}
 *   | {type: "rate", rate: number}
 *   | {type: "slowStart", slowStart: boolean}} Message what the page says
 */

const PIXELS = 784;
const STRETCH_MS = 12; // in which orders are not listened to
const REPORT_MS = 30; // between two reports, at least
const SNAPSHOTS = 20; // asked for, besides step 0; early ones that fall on the same step are kept once
const SOME = 1000; // images that a snapshot is measured on as it goes
const FEW = 256; // test images that are read at a time once it is done: 1 ms

/**
 * Steps to keep: 0, then log-spaced from 1 to the last, so that early changes are seen.
 * @param {number} totalSteps at least 1
 * @returns {number[]} growing from 0
 */
export function snapshotSteps(totalSteps) {
  const spaced = Array.from({ length: SNAPSHOTS }, (_, n) => Math.round(totalSteps ** (n / (SNAPSHOTS - 1))));
  return [0, ...new Set(spaced)];
}

/**
 * Images seen by a step; the last batch of a pass may be smaller.
 * @param {number} step
 * @param {number} pass images in it
 * @param {number} size of a batch
 */
export function imagesBy(step, pass, size) {
  const steps = Math.ceil(pass / size);
  return Math.floor(step / steps) * pass + (step % steps) * size;
}

export class Job {
  /** @type {Training | null} */
  #training = null;
  /** @type {KernelNetwork | null} what reads images with a snapshot */
  #reader = null;
  /** @type {LabelledImages} what it learns from */
  #data = { images: new Uint8Array(), labels: new Uint8Array() };
  /** @type {Set<number>} steps to keep */
  #steps = new Set();
  /** @type {{step: number, network: Network}[]} */
  #kept = [];
  /** @type {{step: number, network: Network}[]} kept, and not measured yet */
  #unmeasured = [];
  /** @type {[images: number, rate: number][]} */
  #rates;
  #ratesDone = 0; // changes of the learning rate that have been made
  #isPaused = false;
  #isOver = false; // no further step
  #aborter = new AbortController(); // ends the download of its images, or the measuring
  #isAwaited = false; // the page has not shown the last report yet
  #reported = -Infinity;
  #loss = NaN;
  #spentMs = 0; // at work, without waiting
  /** @type {Training | null} */
  #trial = null; // tells how fast steps are
  /** @type {(beside: Training) => Training} */
  #makeTrial = (beside) => beside;
  /** @type {number | null} */
  #imageMs = null; // that it takes to learn from an image, as the trial found
  #timer = 0;
  #slowStart;

  /**
   * @param {Order} order
   * @param {LabelledImages | null} test images, or null where there are none
   * @param {(report: Report) => void} post
   * @param {(again: () => void) => void} soon call back once waiting messages have been heard
   */
  constructor(order, test, post, soon) {
    this.order = order;
    this.test = test;
    this.post = (/** @type {Omit<Report, "id">} */ report) => post({ ...report, id: order.id });
    this.soon = soon;
    this.#rates = [...(order.plan.recipe.rates ?? [])];
    this.#slowStart = order.slowStart;
  }

  /**
   * @param {LoadImages} loadImages
   * @param {() => Promise<WebAssembly.Module>} loadKernels
   */
  async begin(loadImages, loadKernels) {
    await this.#attempt(async () => {
      const { plan, start, drawings } = this.order;
      const kernels = await loadKernels(); // first: without them, no images are needed
      if (this.#isOver) return;
      this.#data = chooseData(await this.#load(loadImages, plan.recipe.training_images), plan);
      if (this.#isOver) return;
      const data = drawings.length ? fineTuningBatches(drawings, this.#data) : this.#data;
      const training = (this.#training = new Training(kernels, plan, data, { start }));
      this.#reader = new KernelNetwork(kernels, training.network());
      this.#makeTrial = (beside) => new Training(kernels, plan, data, { beside });
      const steps = snapshotSteps(training.totalSteps);
      this.#steps = new Set(steps);
      const { stop_after: most = Infinity } = plan.recipe;
      const { batch_size: size } = plan.recipe;
      const axis = steps.map((step) => (drawings.length ? step * size : imagesBy(step, this.#data.labels.length, size)));
      this.post({ type: "running", axis: most < axis[axis.length - 1] ? [...axis.filter((images) => images < most), most] : axis });
      this.#keep(training);
      if (this.#isDone(training)) await this.#finish(training);
      else this.#goOn(0);
    });
  }

  /**
   * @param {LoadImages} loadImages
   * @param {number} count
   */
  async #load(loadImages, count) {
    const { archives, handwritings } = this.order;
    if (!archives) return distortedImages(handwritings, count);
    const tell = (/** @type {number} */ arrived) => this.#isOver || this.post({ type: "loading", arrived, needed: count });
    tell(0);
    return loadImages(archives, count, tell, this.#aborter.signal);
  }

  /** Whether no step is left, or the recipe wants no further one. @param {Training} training */
  #isDone(training) {
    return training.isDone || training.imagesSeen >= (this.order.plan.recipe.stop_after ?? Infinity);
  }

  /** @param {boolean} isPaused */
  pause(isPaused) {
    if (this.#isOver || !this.#training || this.#isPaused === isPaused) return;
    this.#isPaused = isPaused;
    clearTimeout(this.#timer);
    if (isPaused) this.#move(this.#training, true);
    this.post({ type: isPaused ? "paused" : "running" });
    if (!isPaused) this.#goOn(0);
  }

  /** One step, while it is paused. */
  stepOnce() {
    void this.#attempt(async () => {
      const training = this.#training;
      if (!training || !this.#isPaused || this.#isOver) return;
      this.#step(training);
      this.#move(training, true);
      if (this.#isDone(training)) await this.#finish(training);
    });
  }

  /** End here: what has been learned is kept. */
  async stop() {
    const training = this.#training;
    if (training && !this.#isOver) await this.#attempt(() => this.#finish(training));
    else if (!this.#isOver) this.giveUp(); // it waits for its images
  }

  /** Nothing more is wanted of it. */
  giveUp() {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#aborter.abort();
  }

  /** @param {number} rate of the steps to come; changes that were to follow are dropped */
  setRate(rate) {
    const training = this.#training;
    if (this.#isOver || !training) return;
    training.learningRate = rate;
    this.#rates = [...this.#rates.filter(([images]) => images < training.imagesSeen), [training.imagesSeen, rate]];
    this.#ratesDone = this.#rates.length;
    this.#move(training, true, this.#rates);
  }

  /** @param {boolean} slowStart */
  setSlowStart(slowStart) {
    this.#slowStart = slowStart;
    if (slowStart || this.#isPaused || this.#isOver || !this.#training) return;
    clearTimeout(this.#timer);
    this.#goOn(0);
  }

  /** The page has shown the last report. */
  shown() {
    this.#isAwaited = false;
  }

  /** @param {number} wait in milliseconds */
  #goOn(wait) {
    clearTimeout(this.#timer);
    if (wait) this.#timer = Number(setTimeout(() => this.#stretch(), wait));
    else this.soon(() => this.#stretch());
  }

  async #stretch() {
    await this.#attempt(async () => {
      const training = this.#training;
      if (!training || this.#isPaused || this.#isOver) return;
      const start = performance.now();
      let wait = 0;
      do wait += this.#step(training);
      while (!this.#isDone(training) && wait < STRETCH_MS && performance.now() < start + STRETCH_MS);
      this.#move(training, wait > REPORT_MS);
      this.#measureSome();
      this.#spentMs += performance.now() - start;
      if (wait > REPORT_MS) this.#tryOut(training);
      if (this.#isDone(training)) await this.#finish(training);
      else this.#goOn(wait);
    });
  }

  /** Use a wait to find out how long an image takes, by a training that nobody sees. @param {Training} training */
  #tryOut(training) {
    training.suspend();
    const trial = (this.#trial ??= this.#makeTrial(training));
    trial.resume();
    const [start, before] = [performance.now(), trial.imagesSeen];
    while (!trial.isDone && performance.now() < start + STRETCH_MS) trial.step();
    const images = trial.imagesSeen - before;
    if (images) this.#imageMs = (performance.now() - start) / images;
    trial.suspend();
    training.resume();
  }

  /** @param {Training} training @returns {number} milliseconds to wait before the next step */
  #step(training) {
    for (; this.#rates[this.#ratesDone]?.[0] <= training.imagesSeen; this.#ratesDone += 1) {
      training.learningRate = this.#rates[this.#ratesDone][1];
    }
    const { plan, drawings } = this.order;
    if (drawings.length) training.learningRate = fineTuningRate(plan.recipe.learning_rate, training.stepsDone);
    const before = training.imagesSeen;
    const { loss, size } = training.step();
    if (!Number.isFinite(loss)) throw new InklingError("training_diverged");
    this.#loss = loss;
    if (this.#steps.has(training.stepsDone)) this.#keep(training);
    return this.#slowStart && !drawings.length ? slowStartWait(before, before + size) : 0;
  }

  /** Keep a snapshot. @param {Training} training */
  #keep(training) {
    const { stepsDone: step, imagesSeen: images } = training;
    const network = roundNetwork(training.network(), this.order.plan.recipe.input_range);
    this.#kept.push({ step, network });
    this.#unmeasured.push({ step, network });
    this.post({ type: "snapshot", snapshot: { step, images, network } });
  }

  /**
   * Tell how far it is, unless that was told a moment ago.
   * @param {Training} training
   * @param {boolean} now whether in any case
   * @param {[images: number, rate: number][]} [rates] all changes of the learning rate, where one was asked for
   */
  #move(training, now, rates) {
    const { stepsDone: step, imagesSeen: images, learningRate: rate } = training;
    if (!now && (this.#isAwaited || performance.now() < this.#reported + REPORT_MS)) return;
    this.#isAwaited = true;
    this.#reported = performance.now();
    this.post({ type: "moved", snapshot: { step, images, network: training.network() }, spentMs: this.#spentMs, imageMs: this.#imageMs, loss: this.#loss, rate, ...(rates && { rates }) });
  }

  /** Measure new snapshots on a few images. */
  #measureSome() {
    for (const { step, network } of this.#unmeasured) {
      const training = this.order.drawings.length ? null : this.#score(network, this.#data);
      this.post({ type: "scored", step, test: this.test && this.#score(network, this.test), training });
    }
    this.#unmeasured = [];
  }

  /**
   * How well a network reads some labelled images, as a card says it.
   * @param {Network} network
   * @param {LabelledImages} data
   * @returns {import("./card.js").Scored}
   */
  #score(network, { images, labels }) {
    const some = labels.subarray(0, SOME);
    const { correct, loss } = this.#readerOf(network).tally(images, some);
    return { n: some.length, correct, loss };
  }

  /** @param {Network} network @returns {KernelNetwork} it, until the next one is asked for */
  #readerOf(network) {
    const reader = /** @type {KernelNetwork} */ (this.#reader);
    reader.load(network);
    return reader;
  }

  /** Keep the network as it is: the run is made. @param {Training} training */
  async #finish(training) {
    this.#isOver = true;
    clearTimeout(this.#timer);
    if (this.#kept[this.#kept.length - 1].step !== training.stepsDone) this.#keep(training);
    this.#training = null;
    this.#measureSome();
    const ending = this.#isDone(training) ? {} : { stoppedAfter: training.imagesSeen };
    const snapshots = this.#kept.length;
    this.post({ type: "done", ...ending, ...(this.test && { measured: 0, snapshots }) });
    const inOrder = [...this.#kept.slice(-1), ...this.#kept.slice(0, -1)]; // what it came to, what it began as, and so on
    for (let measured = 1; this.test && measured <= snapshots; measured += 1) {
      const { step, network } = inOrder[measured - 1];
      const test = await this.#measure(network, this.test);
      if (!test) return;
      this.post({ type: "scored", step, test, training: null, measured, snapshots });
    }
  }

  /**
   * How well a network reads all test images. Between a few and the next ones, waiting messages are heard.
   * @param {Network} network
   * @param {LabelledImages} test
   * @returns {Promise<import("./card.js").Scores | null>} null if it was given up
   */
  async #measure(network, { images, labels }) {
    const n = labels.length;
    const reader = this.#readerOf(network);
    const scores = { n, correct: 0, loss: 0, confusion: Array.from({ length: 10 }, () => Array(10).fill(0)) };
    for (let first = 0; first < n; first += FEW) {
      await new Promise((resolve) => this.soon(() => resolve(null)));
      if (this.#aborter.signal.aborted) return null;
      const few = labels.subarray(first, first + FEW);
      const { predictions, correct, loss } = reader.tally(images.subarray(first * PIXELS), few);
      scores.correct += correct;
      scores.loss += (loss * few.length) / n;
      few.forEach((label, index) => (scores.confusion[label][predictions[index]] += 1));
    }
    return scores;
  }

  /** @param {() => Promise<void>} action whose error ends the job */
  async #attempt(action) {
    try {
      await action();
    } catch (error) {
      this.#aborter.abort(); // the download of the one archive where it was the other that failed
      if (this.#isOver && !this.#kept.length) return; // it was stopped before it began
      this.#isOver = true;
      const [problem, bug] = error instanceof InklingError ? [{ key: error.key, values: error.values }, null] : [null, error];
      this.post({ type: "failed", problem, isMissing: error instanceof MissingImages, error: bug });
    }
  }
}
