// Trainings in the page: what the worker is told, and what becomes of its reports.
import { loadHandwritings, loadTestImages } from "./data.js";
import { adaptationSettings } from "./engine/fine_tuning.js";
import { Recording } from "./engine/recording.js";
import { recipeOf } from "./engine/training_settings.js";
import { planOf, settingsOf } from "./plan.js";
import { fileUrl } from "./runs.js";
import { say, sentenceOf } from "./text.js";
import { createWorkerHandle } from "./worker_handle.js";

/**
 * @typedef {import("./plan.js").Plan} Plan
 * @typedef {import("./engine/training_job.js").Report} Report
 * @typedef {import("./engine/augmentation.js").LabelledDrawing} LabelledDrawing
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} Training how far the last training in the page is
 * @property {"loading" | "running" | "paused" | "done" | "failed"} phase
 * @property {string} run the id of the run that it makes
 * @property {string} replaces the id of the run of one's own that goes once the new one is there, or ""
 * @property {Plan | null} plan null where a hand is taught
 * @property {number} arrived images that are there
 * @property {number} needed images that are waited for
 * @property {number} images shown to the network so far, repeats counted
 * @property {number} totalImages
 * @property {number[]} axis images shown by every snapshot to come
 * @property {number} loss mean over the last batch, in nats; NaN before the first
 * @property {number} rate the learning rate
 * @property {boolean} isWatched whether the first images go slowly
 * @property {[number, number] | null} measuring snapshots measured on all test images, and all
 * @property {string | null} problem why it failed
 * @property {boolean} isMissing whether that is because MNIST is not there
 */

const ARCHIVES = { images: "mnist/train-images-idx3-ubyte.gz", labels: "mnist/train-labels-idx1-ubyte.gz" };
const REPLAYED = 10_000; // MNIST images that teaching a hand may replay
const TEACHING_SEED = 1;

/** A training that waits for its images. @type {Omit<Training, "run" | "replaces" | "plan" | "needed" | "rate" | "isWatched">} */
const WAITING = { phase: "loading", arrived: 0, images: 0, totalImages: 0, axis: [], loss: NaN, measuring: null, problem: null, isMissing: false };

/** Trains one network at a time. */
export class Trainer {
  #worker = createWorkerHandle(
    (report) => this.#hear(report),
    (message) => this.#fail({ message }),
  );
  /** @type {Recording | null} the run that is being made */
  #recording = null;
  #jobs = 0; // begun so far; reports of earlier ones are not heard
  #isAsking = false; // whether a training waits for room

  /**
   * @param {import("./state.js").Store} store
   * @param {import("./runs.js").Library} library
   * @param {import("./own_runs.js").OwnRuns} own
   * @param {(architecture: string) => Promise<string | null>} makeRoom reserves an id; null if no run is to go for it
   */
  constructor(store, library, own, makeRoom) {
    this.store = store;
    this.library = library;
    this.own = own;
    this.makeRoom = makeRoom;
    store.watch(["training"], ({ training }) => training || this.#giveUp());
  }

  /** Whether a training goes on, or is paused. */
  get isBusy() {
    return ["loading", "running", "paused"].includes(this.store.state.training?.phase ?? "");
  }

  /**
   * Train a network anew, unless one is being trained.
   * @param {string} architecture
   * @param {Partial<Plan>} changes of the tutorial's plan
   * @param {string} [replaces] the id of the run of one's own that goes for it
   * @throws {InklingError} the plan is impossible
   */
  async start(architecture, changes, replaces = "") {
    if (this.isBusy || this.#isAsking) return;
    const entry = this.own.baseOf(architecture);
    const plan = planOf(entry, changes);
    const { settings, choice } = settingsOf(entry, plan);
    const run = replaces ? this.own.reserve(architecture, replaces) : await this.#askForRoom(architecture);
    const recipe = { rates: plan.rates, source: plan.source };
    if (run) await this.#begin(run, settings, choice, { plan, replaces, recipe, drawings: [] });
  }

  /** The last training once more, with these changes; the run that it made, or was to replace, goes. @param {Partial<Plan>} [changes] */
  async again(changes = {}) {
    const { training, own } = this.store.state;
    if (!training?.plan) return;
    const replaced = [training.run, training.replaces].find((run) => own.includes(run));
    await this.start(training.run.split("/")[0], { ...training.plan, ...changes }, replaced);
  }

  /**
   * Teach a run's finished network a hand, unless one is being trained.
   * @param {string} run its id; its timeline is there
   * @param {LabelledDrawing[]} drawings at least one
   */
  async teach(run, drawings) {
    const timeline = this.library.timeline(run);
    const network = timeline?.snapshots.at(-1);
    if (this.isBusy || this.#isAsking || !timeline || !network) return;
    const entry = /** @type {import("./state.js").RunEntry} */ (this.store.runs.get(run));
    const id = await this.#askForRoom(run.split("/")[0]); // which may be this run's
    if (!id) return;
    const settings = adaptationSettings(timeline, network, entry.fine_tuning_rate, TEACHING_SEED, entry.fine_tuning_share);
    const choice = { count: REPLAYED, leftOut: [], shuffledShare: 0, seed: TEACHING_SEED };
    await this.#begin(id, settings, choice, { plan: null, replaces: "", recipe: { taught_from: run }, drawings });
  }

  /** @param {string} architecture */
  #askForRoom(architecture) {
    this.#isAsking = true;
    return this.makeRoom(architecture).finally(() => (this.#isAsking = false));
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

  /** @param {boolean} isWatched whether the first images go slowly */
  watch(isWatched) {
    this.#worker.post({ type: "watch", isWatched });
    if (this.store.state.training) this.store.set(this.#change({ isWatched }));
  }

  /** @param {Partial<Training>} changes @returns {Partial<State>} */
  #change(changes) {
    return { training: /** @type {Training} */ ({ ...this.store.state.training, ...changes }) };
  }

  /**
   * @param {string} run the id of the run to be made
   * @param {import("./engine/training_settings.js").Settings} settings
   * @param {import("./engine/training_data.js").Choice} choice
   * @param {{plan: Plan | null, replaces: string, recipe: object, drawings: LabelledDrawing[]}} what
   */
  async #begin(run, settings, choice, { plan, replaces, recipe, drawings }) {
    const id = (this.#jobs += 1);
    const card = /** @type {import("./engine/card.js").Recipe} */ ({ ...recipeOf(settings, choice), ...recipe });
    const recording = (this.#recording = new Recording(run, this.own.architectureOf(run), card, settings.seed));
    const begun = { run, replaces, plan, needed: choice.count, rate: settings.learningRate };
    this.store.set({ training: { ...WAITING, ...begun, isWatched: this.store.state.training?.isWatched ?? true } });
    try {
      this.#worker.open();
      const test = await this.#loadTest();
      const isMnist = plan?.source !== "handwritings";
      const handwritings = isMnist ? [] : (await loadHandwritings()).map(({ strokes, label }) => ({ strokes, label }));
      const archives = isMnist ? { images: fileUrl(ARCHIVES.images).href, labels: fileUrl(ARCHIVES.labels).href } : null;
      if (recording !== this.#recording) return; // stopped or failed meanwhile
      const { isWatched = true } = this.store.state.training ?? {}; // as it is by now
      const order = { id, settings, choice, rates: plan?.rates ?? [], isWatched, archives, handwritings, own: drawings };
      this.#worker.post({ type: "start", order, test });
    } catch (error) {
      if (recording === this.#recording) this.#fail({ message: sentenceOf(error) });
    }
  }

  /** MNIST's test images, which snapshots are measured on; null where they are not. */
  async #loadTest() {
    return this.store.state.source === "handwritings" ? null : loadTestImages().catch(() => null);
  }

  /** @param {Report} report */
  #hear(report) {
    if (report.id !== this.#jobs || !this.#recording) return;
    const { type, moment, axis = [] } = report;
    if (type === "loading") this.store.set(this.#change({ arrived: report.arrived, needed: report.needed }));
    else if (type === "running") this.store.set(this.#change({ phase: type, ...(axis.length ? { axis, totalImages: axis[axis.length - 1] } : {}) }));
    else if (type === "paused") this.store.set(this.#change({ phase: type }));
    else if (type === "measuring") this.store.set(this.#change({ measuring: [report.measured ?? 0, report.snapshots ?? 0] }));
    else if (type === "failed") this.#fail(report);
    else if (type === "done") {
      this.own.put(this.#recording.timeline(), false, this.#change({ phase: type, measuring: null }));
      this.#recording = null;
    } else this.#grow(this.#recording, report, moment);
  }

  /**
   * Show what the run has become.
   * @param {Recording} recording
   * @param {Report} report
   * @param {import("./engine/recording.js").Moment} [moment]
   */
  #grow(recording, { type, step = 0, test = null, training = null, loss, rate, rates }, moment) {
    const { plan = null } = this.store.state.training ?? {};
    if (type === "scored") recording.score(step, test, training);
    if (type === "kept" && moment) recording.keep(moment);
    if (type === "moved" && moment) recording.move(moment);
    if (rates && plan) Object.assign(recording.recipe, { rates });
    const isFirst = type === "kept" && moment?.step === 0;
    this.own.put(recording.timeline(), true, {
      ...(isFirst ? { run: recording.run, snapshot: null, playing: false } : {}),
      ...this.#change({
        ...(moment ? { images: moment.images } : {}),
        ...(type === "moved" ? { loss, rate, plan: plan && { ...plan, rates: rates ?? [] } } : {}),
      }),
    });
    if (type === "moved") this.#worker.post({ type: "shown" });
  }

  /** @param {Partial<Report>} report */
  #fail({ message, error, isMissing = false }) {
    if (!this.#recording) return; // a worker may fail while it has nothing to do
    if (error) console.error(error);
    const changes = this.#change({ phase: "failed", problem: message ?? say("failed"), isMissing, measuring: null });
    const timeline = this.#recording.timeline();
    this.own.giveUp(this.#recording.run);
    if (timeline.steps.length) this.own.put(timeline, false, changes);
    else this.store.set(changes);
    this.#recording = null;
  }
}
