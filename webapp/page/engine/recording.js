// A run as it is being made: its snapshots as they are kept, and the network as it is now, as one timeline.
import { FORMAT } from "./card.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./card.js").Scored} Scored */
/** @typedef {import("./card.js").Scores} Scores */
/** @typedef {import("./checkpoint.js").Timeline} Timeline */

/**
 * A network at a moment of its training.
 * @typedef {object} Moment
 * @property {number} step
 * @property {number} images shown by then, repeats counted
 * @property {Network} network
 */

/** @typedef {Moment & {test: Scored | Scores | null, training: Scored | null}} Kept a snapshot with what was measured of it */

/** A run's timeline while it grows. */
export class Recording {
  /** @type {Kept[]} */
  #kept = [];
  /** @type {Moment | null} the network as it is now, if that is no snapshot */
  #current = null;

  /**
   * @param {string} run its id
   * @param {import("./card.js").Architecture} architecture
   * @param {import("./card.js").Recipe} recipe
   * @param {number} seed
   */
  constructor(run, architecture, recipe, seed) {
    this.run = run;
    this.architecture = architecture;
    this.recipe = recipe;
    this.seed = seed;
  }

  /** Keep a snapshot for good. @param {Moment} moment later than the last one */
  keep(moment) {
    this.#kept.push({ ...moment, test: null, training: null });
    this.#current = null;
  }

  /** The network as it is now. @param {Moment} moment */
  move(moment) {
    const last = this.#kept.at(-1);
    this.#current = !last || moment.step > last.step ? moment : null;
  }

  /**
   * What was measured of a snapshot.
   * @param {number} step of the snapshot
   * @param {Scored | Scores | null} test on test images, or null without them
   * @param {Scored | null} training on images that it learned from; null leaves what was measured
   */
  score(step, test, training) {
    const kept = this.#kept.find((snapshot) => snapshot.step === step);
    if (kept) Object.assign(kept, { test }, training && { training });
  }

  /**
   * The run so far.
   * @returns {Timeline} a new value each time; where nothing was measured of a snapshot yet, `scores` and
   *   `training_scores` hold null
   */
  timeline() {
    const { run, architecture, recipe, seed } = this;
    /** @type {(Moment & Partial<Kept>)[]} */
    const moments = this.#current ? [...this.#kept, this.#current] : this.#kept;
    const steps = moments.map(({ step }) => step);
    const imagesSeen = moments.map(({ images }) => images);
    const scores = moments.map(({ test }) => test ?? null);
    const learned = moments.map(({ training }) => training ?? null);
    const card = /** @type {import("./card.js").Card} */ (
      /** @type {unknown} */ ({
        format: FORMAT,
        run,
        architecture,
        recipe,
        seed,
        steps,
        images_seen: imagesSeen,
        scores: scores.some(Boolean) ? scores : [],
        training_scores: learned.some(Boolean) ? learned : [],
        epochs: [],
      })
    );
    const snapshots = moments.map(({ network }) => network);
    return { run, architecture, recipe, card, steps, imagesSeen, snapshots, loaded: steps.length };
  }
}
