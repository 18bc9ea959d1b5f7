// How long trainings in the page take: what is expected beforehand, from how fast this device reads images, and what is
// left of one that runs, from how fast it has gone lately.
import { logits, layerSizes } from "./engine/network.js";
import { secondsOfSlowStart } from "./engine/plan.js";
import { untrainedNetwork } from "./engine/untrained.js";
import { say } from "./text.js";

/**
 * @typedef {import("./engine/plan.js").Plan} Plan
 * @typedef {import("./engine/card.js").Architecture} Architecture
 * @typedef {Pick<import("./trainer.js").Training, "plan" | "isFineTuning" | "images" | "totalImages" | "axis" | "slowStart">} Progress
 */
const PIXELS = 784;
const DIGITS = 10;
const INKED = 0.19; // of MNIST's pixels
const ON = 0.5; // of the units of a hidden layer
// What else there is to do, in multiplications that take as long; tests/benchmarks/training_time.py tells how well they fit.
// What is timed is plain JavaScript; what trains are the kernels.
const READ = 6000; // to read an image, beside its own multiplications
const READ_EXPONENTIAL = 50; // of each tanh and sigmoid
const LEARN = 1400; // to learn from an image, beside its own
const LEARN_EXPONENTIAL = 10;
const PASSES = 0.26; // forwards, backwards, and the gradient: for each multiplication of a read
const UPDATE = 1.1; // to update a parameter
const SNAPSHOTS = 20;
const MEASURED = 200; // images that take plain JavaScript as long as the kernels the 2,000 that a snapshot is measured on as it goes
const TIMED = { ms: 6, partMs: 0.5, parts: 3, most: 3000 }; // how long reading is timed, and each part of that: browsers' clocks tick every 0.1 or 1 ms; parts at least, should one be interrupted, and images at most, should a clock stand still
const whenIdle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ action) => setTimeout(action, 100)); // Safari has none
const SLOWER = 1.2; // a training, than images that are read again and again: its memory is larger, its code new
const LATELY_MS = 4000; // the pace is that of so long
const LEAST_MS = 500; // what is shorter is no pace

/** Multiplications that one image takes: none of paper, nor of units that are off. @param {Architecture} architecture */
function multiplications({ hidden }) {
  const entering = [INKED * PIXELS, ...hidden.map(({ units }) => ON * units)];
  return [...hidden, { units: DIGITS }].reduce((sum, { units }, index) => sum + units * entering[index], 0);
}

/** How much is to be done to read an image. @param {Architecture} architecture */
const workOfReading = (architecture) => READ + READ_EXPONENTIAL * exponentials(architecture) + multiplications(architecture);

/** How many units are tanh or sigmoid. @param {Architecture} architecture */
function exponentials({ hidden }) {
  return hidden.reduce((sum, { units, activation }) => sum + (activation === "relu" ? 0 : units), 0);
}

/** Numbers that are learned. @param {Architecture} architecture */
function parameters(architecture) {
  const sizes = layerSizes(architecture);
  return sizes.slice(1).reduce((sum, size, index) => sum + size * (sizes[index] + 1), 0);
}

/** Images shown in one pass, and in all. @param {Plan} plan @returns {[pass: number, all: number]} */
function imagesOf({ recipe: { training_images: count, left_out: leftOut, epochs, stop_after: most = Infinity } }) {
  const pass = Math.round(count * (1 - leftOut.length / 10)); // the digits are about equally many
  return [pass, Math.min(pass * epochs, most)];
}

/**
 * How much is to be done to learn from an image, its part of a step's update included.
 * @param {Plan} plan
 */
function workOfImage({ architecture, recipe }) {
  const update = (UPDATE * parameters(architecture)) / Math.min(recipe.batch_size, recipe.training_images);
  return LEARN + LEARN_EXPONENTIAL * exponentials(architecture) + PASSES * multiplications(architecture) + update;
}

/**
 * How much is done once a training has shown so many images: snapshots, which are close together at first, are measured, too.
 * @param {Pick<Progress, "plan" | "axis">} training
 * @param {number} images
 */
export function workBy({ plan, axis }, images) {
  const measured = axis.filter((snapshot) => snapshot < images).length;
  return images * workOfImage(plan) + measured * MEASURED * workOfReading(plan.architecture);
}

/**
 * Seconds that a training takes.
 * @param {Plan} plan of a training from random weights
 * @param {number} speed seconds that a multiplication takes
 * @param {boolean} slowStart
 */
export function secondsOf(plan, speed, slowStart) {
  const [pass, images] = imagesOf(plan);
  const measuring = Math.min(SNAPSHOTS, images / plan.recipe.batch_size) * MEASURED * workOfReading(plan.architecture);
  return speed * (images * workOfImage(plan) + measuring) + (slowStart ? secondsOfSlowStart(Math.min(plan.recipe.batch_size, pass), 0, images) : 0);
}

/** Seconds that a training still waits in its slow start. @param {Progress} training */
function waitingOf({ plan, isFineTuning, slowStart, images, totalImages }) {
  return slowStart && !isFineTuning ? secondsOfSlowStart(plan.recipe.batch_size, images, totalImages) : 0;
}

/** How fast something goes lately. */
export class Pace {
  /** @type {[ms: number, work: number][]} after how long so much had been done, lately */
  #lately = [];

  /** @param {number} ms that it took so far, without waiting @param {number} work that is done by then, in all */
  note(ms, work) {
    this.#lately.push([ms, work]);
    while (this.#lately.length > 2 && this.#lately[1][0] < ms - LATELY_MS) this.#lately.shift();
  }

  /** Forget it: what comes next goes at another one. */
  rest() {
    this.#lately = [];
  }

  /** @returns {number | null} seconds that a part of the work takes; null while that is not known */
  get seconds() {
    const [[start, before], [end, work]] = [this.#lately[0] ?? [0, 0], this.#lately.at(-1) ?? [0, 0]];
    return end - start < LEAST_MS || work === before ? null : (end - start) / 1000 / (work - before);
  }
}

/** What is known in this visit of how fast this device trains. */
export class TrainingTime {
  /** @type {Map<string, number>} by architecture, seconds that a multiplication takes */
  #speeds = new Map();
  #pace = new Pace();
  /** @type {number | null} seconds that a multiplication takes in the training that goes on, as a trial found */
  #tried = null;

  /** @param {() => number} [now] in milliseconds */
  constructor(now = () => performance.now()) {
    this.now = now;
  }

  /**
   * How long a training will take, before it starts.
   * @param {Plan} plan
   * @param {boolean} [slowStart] whether its first images go slowly
   * @returns {number | null} seconds; null while nothing is known of this device, and of a fine-tuning
   */
  estimateSeconds(plan, slowStart = true) {
    if (plan.recipe.taught_from) return null;
    const speed = this.#speeds.get(plan.architecture.id) ?? [...this.#speeds.values()].at(-1);
    return speed === undefined ? null : secondsOf(plan, speed, slowStart);
  }

  /**
   * Find out how fast networks of an architecture are here: once, for a few milliseconds of an idle moment.
   * @param {Architecture} architecture
   * @returns {Promise<void>} when that is known
   */
  async prepare(architecture) {
    await new Promise((resolve) => whenIdle(() => resolve(null)));
    const speed = this.#speeds.get(architecture.id) ?? this.#timeReading(architecture);
    if (speed !== null) this.#speeds.set(architecture.id, speed);
  }

  /** @param {Architecture} architecture @returns {number | null} seconds that a multiplication takes; null if the clock stands still */
  #timeReading(architecture) {
    const network = untrainedNetwork(architecture, [0, 1], 1);
    const image = Uint8Array.from({ length: PIXELS }, (_, pixel) => (pixel % 100 < 100 * INKED ? 255 : 0));
    const times = [];
    let left = TIMED.most;
    /** Read for so long. @param {number} ms @returns {number} milliseconds an image */
    const read = (ms) => {
      const [start, most] = [this.now(), left];
      do left -= logits(network, image) ? 1 : 0;
      while (left > 0 && this.now() <= start + ms);
      return (this.now() - start) / (most - left);
    };
    read(0); // until the clock has just ticked
    const end = this.now() + TIMED.ms;
    while (left > 0 && (times.length < TIMED.parts || this.now() < end)) times.push(read(TIMED.partMs));
    if (left <= 0) return null;
    times.sort((one, other) => one - other);
    const seconds = times[Math.floor(times.length / 4)] / 1000; // a fast one: the first are slower, and any may be interrupted
    return (SLOWER * seconds) / workOfReading(architecture);
  }

  /** Another training begins. */
  rest() {
    this.#pace.rest();
    this.#tried = null;
  }

  /**
   * Note how far a training is that goes on.
   * @param {Progress} training
   * @param {number} spentMs milliseconds at work so far, without waiting
   * @param {number | null} imageMs milliseconds that it takes to learn from an image, if that was tried
   */
  note(training, spentMs, imageMs) {
    if (imageMs) this.#tried = imageMs / 1000 / workOfImage(training.plan);
    if (!waitingOf(training)) this.#pace.note(spentMs, workBy(training, training.images)); // its first steps are slower
  }

  /** Remember how fast a training went. @param {Progress} training */
  remember({ plan, isFineTuning }) {
    const { seconds: pace } = this.#pace;
    if (pace && !isFineTuning) this.#speeds.set(plan.architecture.id, pace);
    this.#pace.rest();
  }

  /**
   * What is left of a training that goes on.
   * @param {Progress} training
   * @returns {number | null} seconds; null while nothing is known of its pace
   */
  secondsLeft(training) {
    const { plan, images, totalImages, isFineTuning } = training;
    const pace = this.#pace.seconds ?? this.#tried ?? (isFineTuning ? null : (this.#speeds.get(plan.architecture.id) ?? null));
    return pace && waitingOf(training) + pace * (workBy(training, totalImages) - workBy(training, images));
  }
}

const ROUND = [1, 2, 3, 4, 5, 10, 15, 20, 30, 40, 50, 60];

/**
 * A time in words, in round numbers: "about 20 s".
 * @param {number} seconds
 */
export function sayDuration(seconds) {
  const round = (/** @type {number} */ number) => ROUND.reduce((best, next) => (Math.abs(next - number) < Math.abs(best - number) ? next : best));
  if (round(seconds) < 60) return say("duration_seconds", { number: round(seconds) });
  if (round(seconds / 60) < 60) return say("duration_minutes", { number: round(seconds / 60) });
  return say("duration_hours", { number: Math.round(seconds / 3600) });
}
