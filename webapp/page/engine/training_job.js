// One training in a worker: it loads its images, goes on in short stretches, and tells how far it is.
import { adaptationBatches, adaptationRate } from "./fine_tuning.js";
import { InklingError, MissingImages } from "./errors.js";
import { scoreOf, scoresOf } from "./network.js";
import { createTraining, snapshotSteps } from "./training.js";
import { chooseData } from "./training_data.js";
import { distortedImages } from "./augmentation.js";
import { roundNetwork } from "./weights.js";

/**
 * @typedef {import("./network.js").Network} Network
 * @typedef {import("./training_data.js").LabelledImages} LabelledImages
 * @typedef {import("./augmentation.js").LabelledDrawing} LabelledDrawing
 * @typedef {import("./training.js").Training} Training
 */

/**
 * @typedef {{images: string, labels: string}} Archives addresses of MNIST's training archives
 * @typedef {(archives: Archives, count: number, onArrival: (arrived: number) => void, signal: AbortSignal) =>
 *   Promise<import("./training_data.js").LabelledImages>} LoadImages at least the first `count` images, or all there are;
 *   the signal ends the download, and the promise is rejected then
 * @typedef {[images: number, rate: number]} RateChange the learning rate from so many images on
 *
 * @typedef {object} Order what a job is told
 * @property {number} id of the job; every report names it
 * @property {import("./training_settings.js").Settings} settings
 * @property {import("./training_data.js").Choice} choice what to learn from; for own drawings: what to replay
 * @property {RateChange[]} rates changes of the learning rate on the way, in their order
 * @property {boolean} isWatched whether the first images go slowly enough to be watched
 * @property {Archives | null} archives MNIST's, or null to learn from `handwritings`
 * @property {LabelledDrawing[]} handwritings
 * @property {LabelledDrawing[]} own drawings to teach the network that `settings.start` holds; none to train anew
 *
 * @typedef {object} Report
 * @property {"loading" | "running" | "kept" | "moved" | "scored" | "paused" | "measuring" | "done" | "failed"} type
 * @property {number} id of the job
 * The others belong to some types only:
 * @property {number} [arrived] loading: images that are there
 * @property {number} [needed] loading: images that are waited for
 * @property {number} [totalSteps] running
 * @property {number[]} [axis] running: images seen by every snapshot to come
 * @property {import("./recording.js").Moment} [moment] kept: a snapshot; moved: the network as it is now
 * @property {number} [loss] moved: mean over the last batch, in nats
 * @property {number} [rate] moved: the learning rate of the steps to come
 * @property {RateChange[]} [rates] moved: all its changes so far
 * @property {number} [step] scored: of the snapshot
 * @property {import("./card.js").Scored | import("./card.js").Scores | null} [test] scored
 * @property {import("./card.js").Scored | null} [training] scored
 * @property {number} [measured] measuring: snapshots measured on all test images
 * @property {number} [snapshots] measuring: how many there are
 * @property {string | null} [message] failed: why, as a sentence; null for a bug
 * @property {boolean} [isMissing] failed: because MNIST is not there
 * @property {unknown} [error] failed: a bug, for the log
 */

/**
 * @typedef {{type: "start", order: Order, test: import("./training_data.js").LabelledImages | null}
 *   | {type: "pause" | "resume" | "step" | "stop" | "shown"}
 *   | {type: "rate", rate: number}
 *   | {type: "watch", isWatched: boolean}} Message what the page says
 */

const WATCHED_IMAGES = 1000; // so many go slowly
const WATCHED_MS = 2; // for each of them
const MOST_MS = 500; // to wait after one step
const STRETCH_MS = 12; // in which orders are not listened to
const REPORT_MS = 30; // between two reports, at least
const SOME = 1000; // images that a snapshot is measured on as it goes
const DIVERGED = "This training diverged: its numbers grew without bounds. Try a smaller learning rate.";

export class Job {
  /** @type {Training | null} */
  #training = null;
  /** @type {LabelledImages} what it learns from */
  #data = { images: new Uint8Array(), labels: new Uint8Array() };
  /** @type {Set<number>} steps to keep */
  #steps = new Set();
  /** @type {{step: number, network: Network}[]} */
  #kept = [];
  /** @type {{step: number, network: Network}[]} kept, and not measured yet */
  #unmeasured = [];
  /** @type {RateChange[]} */
  #rates;
  #ratesDone = 0; // changes of the learning rate that have been made
  #isPaused = false;
  #isOver = false; // no further step
  #loading = new AbortController(); // ends the download of its images
  #isAwaited = false; // the page has not shown the last report yet
  #reported = -Infinity;
  #loss = NaN;
  #timer = 0;
  #isWatched;

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
    this.#rates = [...order.rates];
    this.#isWatched = order.isWatched;
  }

  /** @param {LoadImages} loadImages */
  async begin(loadImages) {
    await this.#attempt(async () => {
      const { choice, settings, own } = this.order;
      this.#data = chooseData(await this.#load(loadImages, choice.count), choice);
      if (this.#isOver) return;
      const [strokes, labels] = [own.map((each) => each.strokes), own.map((each) => each.label)];
      const data = own.length ? adaptationBatches(strokes, labels, this.#data) : this.#data;
      const training = (this.#training = createTraining(settings, data));
      const steps = snapshotSteps(training.totalSteps);
      this.#steps = new Set(steps);
      this.post({ type: "running", totalSteps: training.totalSteps, axis: steps.map((step) => this.#imagesBy(step)) });
      this.#keep(training);
      this.#goOn(0);
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
    const found = await loadImages(archives, count, tell, this.#loading.signal);
    if (found.labels.length < count) throw new InklingError(`MNIST's archive here has only ${found.labels.length} images.`);
    return found;
  }

  /** Images seen by a step; the last batch of a pass may be smaller. @param {number} step */
  #imagesBy(step) {
    const { settings, own } = this.order;
    if (own.length) return step * settings.batchSize;
    const pass = this.#data.labels.length;
    const stepsOfPass = Math.ceil(pass / settings.batchSize);
    return Math.floor(step / stepsOfPass) * pass + (step % stepsOfPass) * settings.batchSize;
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
      if (training.isDone) await this.#finish(training);
    });
  }

  /** End here: what has been learned is kept. */
  async stop() {
    const training = this.#training;
    if (training && !this.#isOver) await this.#attempt(() => this.#finish(training));
    this.#isOver = true; // also while it waits for its images
    this.#loading.abort();
  }

  /** @param {number} rate of the steps to come; changes that were to follow are dropped */
  setRate(rate) {
    const training = this.#training;
    if (this.#isOver || !training) return;
    training.learningRate = rate;
    this.#rates = [...this.#rates.filter(([images]) => images < training.imagesSeen), [training.imagesSeen, rate]];
    this.#ratesDone = this.#rates.length;
    this.#move(training, true);
  }

  /** @param {boolean} isWatched */
  watch(isWatched) {
    this.#isWatched = isWatched;
    if (isWatched || this.#isPaused || this.#isOver || !this.#training) return;
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
      const until = performance.now() + STRETCH_MS;
      let wait = 0;
      do wait = this.#step(training);
      while (!training.isDone && !wait && performance.now() < until);
      this.#move(training, wait > 0);
      this.#measureSome();
      if (training.isDone) await this.#finish(training);
      else this.#goOn(wait);
    });
  }

  /** @param {Training} training @returns {number} milliseconds to wait before the next step */
  #step(training) {
    for (; this.#rates[this.#ratesDone]?.[0] <= training.imagesSeen; this.#ratesDone += 1) {
      training.learningRate = this.#rates[this.#ratesDone][1];
    }
    const { own, settings } = this.order;
    if (own.length) training.learningRate = adaptationRate(settings.learningRate, training.stepsDone);
    const before = training.imagesSeen;
    const { loss, size } = training.step();
    if (!Number.isFinite(loss)) throw new InklingError(DIVERGED);
    this.#loss = loss;
    if (this.#steps.has(training.stepsDone)) this.#keep(training);
    return this.#isWatched && !own.length && before < WATCHED_IMAGES ? Math.min(MOST_MS, WATCHED_MS * size) : 0;
  }

  /** Keep a snapshot. @param {Training} training */
  #keep(training) {
    const { stepsDone: step, imagesSeen: images } = training;
    const network = roundNetwork(training.network(), this.order.settings.inputRange);
    this.#kept.push({ step, network });
    this.#unmeasured.push({ step, network });
    this.post({ type: "kept", moment: { step, images, network } });
  }

  /** Tell how far it is, unless that was told a moment ago. @param {Training} training @param {boolean} now */
  #move(training, now) {
    const { stepsDone: step, imagesSeen: images, learningRate: rate } = training;
    if (!now && (this.#isAwaited || performance.now() < this.#reported + REPORT_MS)) return;
    this.#isAwaited = true;
    this.#reported = performance.now();
    this.post({ type: "moved", moment: { step, images, network: training.network() }, loss: this.#loss, rate, rates: this.#rates });
  }

  /** Measure new snapshots on a few images. */
  #measureSome() {
    for (const { step, network } of this.#unmeasured) {
      const training = this.order.own.length ? null : scoreOf(network, this.#data, SOME);
      this.post({ type: "scored", step, test: this.test && scoreOf(network, this.test, SOME), training });
    }
    this.#unmeasured = [];
  }

  /** Keep the network as it is, and measure every snapshot on all test images: the last first. @param {Training} training */
  async #finish(training) {
    this.#isOver = true;
    clearTimeout(this.#timer);
    if (this.#kept[this.#kept.length - 1].step !== training.stepsDone) this.#keep(training);
    this.#training = null;
    this.#measureSome();
    const last = this.#kept.length - 1;
    for (let measured = 0; this.test && measured <= last; measured += 1) {
      this.post({ type: "measuring", measured, snapshots: last + 1 });
      await new Promise((resolve) => this.soon(() => resolve(null)));
      const { step, network } = this.#kept[measured ? measured - 1 : last];
      this.post({ type: "scored", step, test: scoresOf(network, this.test), training: null });
    }
    this.post({ type: "done" });
  }

  /** @param {() => Promise<void>} action whose error ends the job */
  async #attempt(action) {
    try {
      await action();
    } catch (error) {
      this.#loading.abort(); // of the one archive where it was the other that failed
      if (this.#isOver && !this.#kept.length) return; // it was stopped before it began
      this.#isOver = true;
      const [message, bug] = error instanceof InklingError ? [error.message, null] : [null, error];
      this.post({ type: "failed", message, isMissing: error instanceof MissingImages, error: bug });
    }
  }
}
