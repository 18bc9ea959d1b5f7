// Trainings in the page: what the worker is told, and what becomes of its reports.
import { loadHandwritings } from "./data.js";
import { fineTuningPlan } from "./engine/fine_tuning.js";
import { changePlan } from "./engine/plan.js";
import { Recording } from "./engine/recording.js";
import { loadTestImages } from "./grid_images.js";
import { baseOf, isBusy, isTraining } from "./own_runs.js";
import { tutorialOf } from "./state.js";
import { say, sentenceOf } from "./text.js";
import { TrainingTime } from "./training_time.js";
import { createWorkerHandle } from "./worker_handle.js";

/**
 * @typedef {import("./engine/plan.js").Plan} Plan
 * @typedef {import("./engine/plan.js").Changes} Changes
 * @typedef {import("./engine/training_job.js").Order} Order
 * @typedef {import("./engine/training_job.js").Report} Report
 * @typedef {import("./engine/augmentation.js").LabelledDrawing} LabelledDrawing
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} Training how far the last training in the page is
 * @property {"loading" | "running" | "paused" | "done" | "failed"} phase
 * @property {string} run the id of the run that it makes
 * @property {string} replaces the id of the run of one's own that goes once the new one is there, or ""
 * @property {Plan} plan
 * @property {boolean} isFineTuning whether it fine-tunes a network on the visitor's digits
 * @property {number} arrived images that are there
 * @property {number} needed images that are waited for
 * @property {number} images shown to the network so far, repeats counted
 * @property {number} totalImages
 * @property {number[]} axis images shown by every snapshot to come
 * @property {number} loss mean over the last batch, in nats; NaN before the first
 * @property {number} rate the learning rate
 * @property {boolean} slowStart whether the first images go slowly
 * @property {number | null} left seconds until it is done; null while that is not known
 * @property {[number, number] | null} measuring while a run that is done is measured on all test images: snapshots measured, and all
 * @property {string | null} problem why it failed
 * @property {boolean} isMissing whether that is because MNIST is not there
 */

/** MNIST's training archives. */
export const ARCHIVES = { images: "mnist/train-images-idx3-ubyte.gz", labels: "mnist/train-labels-idx1-ubyte.gz" };

/** A training that waits for its images. @type {Omit<Training, "run" | "replaces" | "plan" | "isFineTuning" | "needed" | "rate" | "slowStart">} */
const WAITING = { phase: "loading", arrived: 0, images: 0, totalImages: 0, axis: [], loss: NaN, left: null, measuring: null, problem: null, isMissing: false };

/** Trains one network at a time. */
export class Trainer {
  #worker = createWorkerHandle(
    (report) => this.#hear(report),
    (key) => this.#fail(say(key)),
  );
  /** @type {Recording | null} the run that is being made, or measured on all test images */
  #recording = null;
  #jobs = 0; // begun so far; reports of earlier ones are not heard
  /** How long trainings take here. */
  time = new TrainingTime();

  /**
   * @param {import("./state.js").Store} store
   * @param {import("./own_runs.js").OwnRuns} own
   * @param {(architecture: string) => string | null} reserve an id for a new run; null if there is no room for one
   */
  constructor(store, own, reserve) {
    this.store = store;
    this.own = own;
    this.reserve = reserve;
    store.watch(["training"], ({ training }) => training || this.#giveUp());
  }

  /**
   * Train a network anew, unless one is being trained.
   * @param {string} architecture
   * @param {Changes} changes of the tutorial's plan
   * @param {string} [replaces] a run of one's own that goes once the new one is there
   * @throws {InklingError} the plan is impossible
   */
  async start(architecture, changes, replaces = "") {
    const plan = changePlan(tutorialOf(baseOf(this.store.state, architecture)), changes);
    if (isBusy(this.store.state)) return;
    const run = replaces ? this.own.reserve(architecture, replaces) : this.reserve(architecture);
    if (run) await this.#begin(run, plan, { replaces });
  }

  /** The last training once more, with these changes; the run that it made, or was to replace, goes. @param {Changes} [changes] */
  async again(changes = {}) {
    const { training, runs } = this.store.state;
    if (!training || training.isFineTuning || isBusy(this.store.state)) return;
    const plan = changePlan(training.plan, changes);
    const replaces = [training.run, training.replaces].find((run) => runs[run]) ?? "";
    const architecture = plan.architecture.id;
    const run = replaces ? this.own.reserve(architecture, replaces) : this.reserve(architecture);
    if (run) await this.#begin(run, plan, { replaces });
  }

  /**
   * Fine-tune a run's finished network, unless one is being trained.
   * @param {string} run its id; its timeline is there
   * @param {LabelledDrawing[]} drawings at least one
   */
  async fineTune(run, drawings) {
    const { timeline, fine_tuning_rate: rate, fine_tuning_share: share } = this.store.state.runs[run] ?? {};
    const network = timeline?.snapshots.at(-1);
    if (isBusy(this.store.state) || !timeline || !network) return;
    const id = this.reserve(timeline.card.architecture.id);
    if (id) await this.#begin(id, fineTuningPlan(timeline.card, rate), { start: { network, share }, drawings });
  }

  /** Pause, go on, or make one step while it is paused. @param {"pause" | "resume" | "step"} type */
  tell(type) {
    this.#worker.post({ type });
  }

  /** End here; what has been learned stays. */
  stop() {
    if (this.store.state.training?.phase === "loading") this.store.set({ training: null }); // it has nothing yet
    else this.#worker.post({ type: "stop" });
  }

  /** End a training that is wanted no more: it was stopped before it had anything, or its run was removed. */
  #giveUp() {
    if (!this.#recording) return;
    this.own.giveUp(this.#recording.run);
    this.#recording = null; // whatever is still reported of it is not heard
    this.#worker.giveUp();
  }

  /** @param {number} rate of the steps to come, a possible one */
  setRate(rate) {
    this.#worker.post({ type: "rate", rate });
  }

  /** @param {boolean} slowStart whether the first images go slowly */
  setSlowStart(slowStart) {
    this.#worker.post({ type: "slowStart", slowStart });
    if (this.store.state.training) this.store.set(this.#change({ slowStart }));
  }

  /** @param {Partial<Training>} changes @returns {Partial<State>} */
  #change(changes) {
    return { training: /** @type {Training} */ ({ ...this.store.state.training, ...changes }) };
  }

  /**
   * @param {string} run the id of the run to be made
   * @param {Plan} plan
   * @param {{replaces?: string, start?: Order["start"], drawings?: LabelledDrawing[]}} [what] the last two of a fine-tuning
   */
  async #begin(run, plan, { replaces = "", start = null, drawings = [] } = {}) {
    const id = (this.#jobs += 1);
    const recording = (this.#recording = new Recording(run, plan));
    const { training_images: needed, learning_rate: rate, source } = plan.recipe;
    const slowStart = this.store.state.training?.slowStart ?? true;
    this.time.rest();
    this.store.set({ training: { ...WAITING, run, replaces, plan, isFineTuning: Boolean(start), needed, rate, slowStart } });
    try {
      this.#worker.open();
      const test = await this.#loadTest();
      const isMnist = source !== "handwritings";
      const handwritings = isMnist ? [] : (await loadHandwritings()).map(({ strokes, label }) => ({ strokes, label }));
      const archives = isMnist ? ARCHIVES : null;
      if (recording !== this.#recording) return; // stopped or failed meanwhile
      const asked = this.store.state.training?.slowStart ?? true; // as it is by now
      this.#worker.post({ type: "start", order: { id, plan, start, drawings, archives, handwritings, slowStart: asked }, test });
    } catch (error) {
      if (recording === this.#recording) this.#fail(sentenceOf(error));
    }
  }

  /** MNIST's test images, which snapshots are measured on; null where they are not. */
  async #loadTest() {
    return this.store.state.source === "handwritings" ? null : loadTestImages().catch(() => null);
  }

  /** @param {Report} report */
  #hear(report) {
    if (report.id !== this.#jobs || !this.#recording) return;
    const { type, axis = [] } = report;
    if (type === "loading") this.store.set(this.#change({ arrived: report.arrived, needed: report.needed }));
    else if (type === "running") {
      this.store.set(this.#change({ phase: type, ...(axis.length ? { axis, totalImages: axis[axis.length - 1] } : {}) }));
    } else if (type === "paused") this.store.set(this.#change({ phase: type, left: null }));
    else if (type === "failed") {
      if (report.error) console.error(report.error);
      this.#fail(report.problem ? say(report.problem.key, report.problem.values) : say("failed"), report.isMissing);
    } else if (type === "done") {
      const { plan } = this.#recording;
      this.time.remember(/** @type {Training} */ (this.store.state.training));
      if (report.stoppedAfter !== undefined) this.#recording.plan = { ...plan, recipe: { ...plan.recipe, stop_after: report.stoppedAfter } };
      this.#show(this.#recording, report);
    } else if (isTraining(this.store.state)) this.#grow(this.#recording, report);
    else this.#show(this.#recording, report);
  }

  /**
   * Show a run that is done, and what was measured of it since.
   * @param {Recording} recording
   * @param {Report} report
   */
  #show(recording, { step, test = null, measured = 0, snapshots = 0 }) {
    if (step !== undefined) recording.score(step, test, null);
    if (measured === snapshots) this.#recording = null;
    this.own.finish(recording.timeline(), this.#change({ phase: "done", left: null, measuring: measured < snapshots ? [measured, snapshots] : null }));
  }

  /**
   * Show what the run has become.
   * @param {Recording} recording
   * @param {Report} report
   */
  #grow(recording, { type, snapshot, step = 0, test = null, training = null, loss, rate, rates, spentMs, imageMs = null }) {
    if (type === "scored") recording.score(step, test, training);
    if (type === "snapshot" && snapshot) recording.keep(snapshot);
    if (type === "moved" && snapshot) recording.move(snapshot);
    if (rates) recording.plan = { ...recording.plan, recipe: { ...recording.plan.recipe, rates } };
    const isFirst = type === "snapshot" && snapshot?.step === 0;
    const { replaces = "" } = this.store.state.training ?? {};
    this.own.put(recording.timeline(), { growing: true, replaces }, {
      ...(isFirst ? { run: recording.run, snapshot: null, playing: false } : {}),
      ...this.#change({
        plan: recording.plan,
        ...(snapshot ? { images: snapshot.images, left: this.#secondsLeft(snapshot.images, spentMs, imageMs) } : {}),
        ...(type === "moved" ? { loss, rate } : {}),
      }),
    });
    if (type === "moved") this.#worker.post({ type: "shown" });
  }

  /** Seconds until it is done, now that so many images have been shown; null while that is not known. @param {number} images @param {number} [spentMs] as a report told it @param {number | null} [imageMs] as well */
  #secondsLeft(images, spentMs, imageMs = null) {
    const training = { .../** @type {Training} */ (this.store.state.training), images };
    if (training.phase !== "running") return null;
    if (spentMs !== undefined) this.time.note(training, spentMs, imageMs);
    return this.time.secondsLeft(training);
  }

  /** @param {string} problem why, as a sentence @param {boolean} [isMissing] whether MNIST is not there */
  #fail(problem, isMissing = false) {
    if (!this.#recording) return; // a worker may fail while it has nothing to do
    if (!isTraining(this.store.state)) {
      this.#recording = null; // it only measured
      return this.store.set(this.#change({ measuring: null }));
    }
    const changes = this.#change({ phase: "failed", problem, isMissing, left: null });
    const timeline = this.#recording.timeline();
    this.own.giveUp(this.#recording.run);
    if (timeline.snapshots.length) this.own.put(timeline, { hasFailed: true }, changes);
    else this.store.set(changes);
    this.#recording = null;
  }
}
