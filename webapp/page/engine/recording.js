// A run as it is being made: its snapshots as they are kept, and the network as it is now, as one timeline.
import { FORMAT } from "./card.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./card.js").Scored} Scored */
/** @typedef {import("./card.js").Scores} Scores */
/** @typedef {import("./checkpoint.js").Timeline} Timeline */

/**
 * A network at one step of its training.
 * @typedef {object} Snapshot
 * @property {number} step
 * @property {number} images shown by then, repeats counted
 * @property {Network} network
 */

/** @typedef {Snapshot & {test: Scored | Scores | null, training: Scored | null}} ScoredSnapshot a snapshot with what was measured of it */

/** A run's timeline while it grows. */
export class Recording {
  /** @type {ScoredSnapshot[]} */
  #kept = [];
  /** @type {Snapshot | null} the network as it is now, if that is not kept */
  #current = null;

  /**
   * @param {string} run its id
   * @param {import("./plan.js").Plan} plan
   */
  constructor(run, plan) {
    this.run = run;
    this.plan = plan;
  }

  /** Keep a snapshot for good. @param {Snapshot} snapshot later than the last one */
  keep(snapshot) {
    this.#kept.push({ ...snapshot, test: null, training: null });
    this.#current = null;
  }

  /** The network as it is now. @param {Snapshot} snapshot */
  move(snapshot) {
    const last = this.#kept.at(-1);
    this.#current = !last || snapshot.step > last.step ? snapshot : null;
  }

  /**
   * What was measured of a snapshot.
   * @param {number} step of the snapshot
   * @param {Scored | Scores | null} test on test images, or null without them
   * @param {Scored | null} training on images that it learned from; null leaves what was measured
   */
  score(step, test, training) {
    const measured = this.#kept.find((snapshot) => snapshot.step === step);
    if (measured) Object.assign(measured, { test }, training && { training });
  }

  /**
   * The run so far.
   * @returns {Timeline} a new value each time; where nothing was measured of a snapshot yet, `scores` and
   *   `training_scores` hold null
   */
  timeline() {
    /** @type {(Snapshot & Partial<ScoredSnapshot>)[]} */
    const snapshots = this.#current ? [...this.#kept, this.#current] : this.#kept;
    const scores = snapshots.map(({ test }) => test ?? null);
    const learned = snapshots.map(({ training }) => training ?? null);
    const card = {
      format: FORMAT,
      run: this.run,
      ...this.plan,
      steps: snapshots.map(({ step }) => step),
      images_seen: snapshots.map(({ images }) => images),
      scores: /** @type {Scores[]} */ (scores.some(Boolean) ? scores : []),
      training_scores: /** @type {Scored[]} */ (learned.some(Boolean) ? learned : []),
      epochs: [],
    };
    return { card, snapshots: snapshots.map(({ network }) => network) };
  }
}
