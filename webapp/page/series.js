// Many trainings of one recipe, or of two, each from a start of its own: what the workers are told, what becomes of their
// reports, and how one of the networks becomes the page's.
import { loadHandwritings } from "./data.js";
import { InklingError } from "./engine/errors.js";
import { MOST } from "./engine/plan.js";
import { Recording } from "./engine/recording.js";
import { layerSizes } from "./engine/network.js";
import { loadTestImages } from "./grid_images.js";
import { isBusy } from "./own_runs.js";
import { say, sentenceOf } from "./text.js";
import { ARCHIVES } from "./trainer.js";
import { Pace, workBy } from "./training_time.js";
import { createWorkerHandle } from "./worker_handle.js";

/**
 * @typedef {import("./engine/plan.js").Plan} Plan
 * @typedef {import("./engine/recording.js").ScoredSnapshot} ScoredSnapshot
 * @typedef {import("./engine/series_job.js").SeriesReport} SeriesReport
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} Member one of the trainings
 * @property {number} number in the series, from 0
 * @property {number} recipe position of its recipe
 * @property {Plan} plan
 * @property {number[]} axis images shown by every snapshot to come
 * @property {number} images shown so far, repeats counted
 * @property {(Omit<ScoredSnapshot, "network"> & {network: ScoredSnapshot["network"] | null})[]} snapshots null: let go, for there are many
 * @property {boolean} hasDiverged
 *
 * @typedef {object} Series the last series of trainings
 * @property {"loading" | "running" | "done" | "failed"} phase
 * @property {Plan[]} recipes one or two; their seed is that of the first start
 * @property {number} starts of each
 * @property {Member[]} members
 * @property {number} arrived images that are there
 * @property {number} needed images that are waited for
 * @property {number | null} share of the work that is done, 0..1
 * @property {number | null} left seconds until it is done; null while that is not known
 * @property {boolean} isStopped whether it was ended before
 * @property {string | null} problem why it failed
 */

const MOST_WORKERS = 4; // each has its own copy of the images
const KEPT_BYTES = 96e6; // of all members' networks; they keep fewer snapshots where there are many, or large ones
const TELL_MS = 60; // between two changes of what is shown

/** How many workers share so many trainings: one core is the page's. @param {number} trainings */
export const workersFor = (trainings) => Math.max(1, Math.min(MOST_WORKERS, (navigator.hardwareConcurrency || 2) - 1, trainings));

/** Trains many networks at once. */
export class SeriesTrainer {
  /** @type {ReturnType<typeof createWorkerHandle>[]} */
  #workers = [];
  #working = 0; // of them
  /** @type {Member[]} */
  #members = [];
  #timer = 0;
  #pace = new Pace();
  /** @type {{number: number, run: string} | null} the member that became a run of one's own last */
  #shown = null;

  /**
   * @param {import("./state.js").Store} store
   * @param {import("./own_runs.js").OwnRuns} own
   * @param {(architecture: string) => string | null} reserve an id for a new run; null if there is no room for one
   */
  constructor(store, own, reserve) {
    this.store = store;
    this.own = own;
    this.reserve = reserve;
  }

  /**
   * Train every recipe from many starts, unless something is being trained.
   * @param {Plan[]} recipes one or two
   * @param {number} starts of each
   */
  async start(recipes, starts) {
    const { store } = this;
    if (isBusy(store.state)) return;
    const members = (this.#members = recipes.flatMap((recipe, at) => membersOf(recipe, at, starts)));
    const needed = Math.max(...recipes.map(({ recipe }) => recipe.training_images));
    this.#pace.rest();
    this.#shown = null;
    store.set({ training: null, series: { phase: "loading", recipes, starts, members, arrived: 0, needed, share: null, left: null, isStopped: false, problem: null } });
    try {
      const test = await loadTestImages().catch((cause) => {
        throw new InklingError("series_unmeasured", {}, { cause });
      });
      const isMnist = recipes[0].recipe.source !== "handwritings";
      const handwritings = isMnist ? [] : (await loadHandwritings()).map(({ strokes, label }) => ({ strokes, label }));
      if (members === this.#members && isBusy(store.state)) this.#send(members, test, handwritings);
    } catch (error) {
      if (members === this.#members) this.#fail(sentenceOf(error));
    }
  }

  /** End here; what has been learned stays. */
  stop() {
    this.#end();
    this.#tell({ phase: "done", isStopped: true, left: null });
  }

  /** The number of the training whose network is the page's; -1 if it is none of theirs. */
  get shown() {
    return this.#shown && this.#shown.run === this.store.state.run ? this.#shown.number : -1;
  }

  /**
   * Make one of the networks the page's.
   * @param {number} number of the training; where nothing of it is there yet, or there is no room for it, all stays as it is
   */
  show(number) {
    const { runs } = this.store.state;
    const member = this.#members[number];
    const before = this.#shown && runs[this.#shown.run] ? this.#shown.run : "";
    if (!member?.snapshots.length) return;
    if (before && this.#shown?.number === number) return this.store.set({ run: before });
    const architecture = member.plan.architecture.id;
    const run = before ? this.own.reserve(architecture, before) : this.reserve(architecture);
    if (!run) return;
    this.#shown = { number, run };
    this.#put(before, { run, snapshot: null, playing: false });
  }

  /** @param {Member[]} members @param {import("./engine/training_data.js").LabelledImages} test @param {import("./engine/augmentation.js").LabelledDrawing[]} handwritings */
  #send(members, test, handwritings) {
    const workers = workersFor(members.length);
    this.#working = workers;
    this.#workers = Array.from({ length: workers }, (_, at) => {
      const mine = members.filter(({ number }) => number % workers === at);
      const handle = createWorkerHandle((report) => this.#hear(/** @type {SeriesReport} */ (report)), (key) => this.#fail(say(key)));
      handle.open();
      const order = { plans: mine.map(({ plan }) => plan), numbers: mine.map(({ number }) => number), archives: handwritings.length ? null : ARCHIVES, handwritings };
      handle.post({ type: "startSeries", order, test });
      return handle;
    });
  }

  /** @param {SeriesReport} report */
  #hear({ type, number = 0, axis = [], images = 0, step = 0, network, test, arrived = 0, problem, error }) {
    const member = this.#members[number];
    if (type === "loading") return this.store.state.series?.phase === "loading" && this.#tell({ arrived });
    if (type === "failed") {
      if (error) console.error(error);
      return this.#fail(problem ? say(problem.key, problem.values) : say("failed"));
    }
    if (type === "running") member.axis = axis;
    if (type === "moved") member.images = images;
    if (type === "diverged") member.hasDiverged = true;
    if (type === "reached" && network) this.#keep(member, { step, images, network, test: test ?? null, training: null });
    if (type === "done") this.#working -= 1;
    if (type === "done" && !this.#working) {
      this.#end();
      this.#tell({ phase: "done", share: 1, left: null });
    } else this.#timer ||= Number(setTimeout(() => this.#tellSoon(), TELL_MS));
  }

  /** Keep a snapshot, and let the last one's network go where there is no room for all. @param {Member} member @param {ScoredSnapshot} snapshot */
  #keep(member, snapshot) {
    const { snapshots, axis, plan } = member;
    const bytes = 4 * layerSizes(plan.architecture).reduce((sum, size, at, sizes) => sum + size * (sizes[at + 1] ?? 0), 0);
    const kept = Math.max(2, Math.min(axis.length, Math.floor(KEPT_BYTES / bytes / this.#members.length)));
    const isKept = (/** @type {number} */ at) => Math.floor((at * (kept - 1)) / (axis.length - 1)) !== Math.floor(((at - 1) * (kept - 1)) / (axis.length - 1));
    const last = snapshots.length - 1;
    if (last > 0 && !isKept(last)) snapshots[last] = { ...snapshots[last], network: null };
    snapshots.push(snapshot);
    member.images = snapshot.images;
  }

  #tellSoon() {
    this.#timer = 0;
    const sum = (/** @type {(member: Member) => number} */ count) => this.#members.reduce((total, member) => total + count(member), 0);
    const done = sum(({ plan, axis, images }) => workBy({ plan, axis }, images));
    const all = sum(({ plan, axis, images, hasDiverged }) => workBy({ plan, axis }, hasDiverged ? images : (axis.at(-1) ?? 0)));
    this.#pace.note(performance.now(), done);
    const { seconds } = this.#pace;
    this.#tell({ phase: "running", share: all ? done / all : 0, left: seconds && seconds * (all - done) });
  }

  /** Show what has become of the members, and of the one that is a run. @param {Partial<Series>} changes */
  #tell(changes) {
    const series = { .../** @type {Series} */ (this.store.state.series), members: this.#members.map((member) => ({ ...member, snapshots: [...member.snapshots] })), ...changes };
    this.store.set({ series });
    if (this.#shown && this.store.state.runs[this.#shown.run]?.growing) this.#put("", {});
  }

  /** @param {string} replaces the run whose place it takes, or "" @param {Partial<State>} changes made with it */
  #put(replaces, changes) {
    const { number, run } = /** @type {{number: number, run: string}} */ (this.#shown);
    const { plan, snapshots, axis, hasDiverged } = this.#members[number];
    const recording = new Recording(run, plan);
    for (const { network, test, ...snapshot } of snapshots) {
      if (!network) continue;
      recording.keep({ ...snapshot, network });
      recording.score(snapshot.step, test, null);
    }
    const growing = isBusy(this.store.state) && !hasDiverged && snapshots.length < axis.length;
    this.own.put(recording.timeline(), { growing, replaces }, changes);
  }

  /** @param {string} problem why, as a sentence */
  #fail(problem) {
    this.#end();
    this.#tell({ phase: "failed", problem, left: null });
  }

  /** The workers go, and with them their memory. */
  #end() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    for (const worker of this.#workers) worker.close();
    this.#workers = [];
  }
}

/**
 * @param {Plan} plan
 * @param {number} recipe its position
 * @param {number} starts
 * @returns {Member[]} each with a seed of its own, also of those of another recipe
 */
function membersOf(plan, recipe, starts) {
  return Array.from({ length: starts }, (_, at) => {
    const number = recipe * starts + at;
    const seed = (plan.seed + number) % (MOST.seed + 1);
    return { number, recipe, plan: { ...plan, seed }, axis: [], images: 0, snapshots: [], hasDiverged: false };
  });
}
