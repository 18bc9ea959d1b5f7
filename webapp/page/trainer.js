// Trainings in the page: what the worker is told, and what becomes of its reports.
import { loadHandwritings, loadTestImages } from "./data.js";
import { adaptationSettings } from "./engine/adaptation.js";
import { Recording } from "./engine/recording.js";
import { recipeOf } from "./engine/training_settings.js";
import { planOf, settingsOf } from "./plan.js";
import { fileUrl } from "./runs.js";
import { say, sentenceOf } from "./text.js";

/**
 * @typedef {import("./plan.js").Plan} Plan
 * @typedef {import("./engine/training_messages.js").Report} Report
 * @typedef {import("./engine/training_messages.js").Message} Message
 * @typedef {import("./engine/distorted_images.js").LabelledDrawing} LabelledDrawing
 * @typedef {ReturnType<typeof createTrainer>} Trainer
 *
 * @typedef {object} Training how far the last training in the page is
 * @property {"loading" | "running" | "paused" | "done" | "failed"} phase
 * @property {string} run the id of the run that it makes
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
const MOST_EARLIER = 4; // runs that were replaced, and whose curves stay

/**
 * @param {import("./state.js").Store} store
 * @param {import("./runs.js").Library} library
 * @param {import("./own_runs.js").OwnRuns} own
 * @param {(architecture: string) => Promise<string | null>} makeRoom an id for a new run; null if none is to go for it
 */
export function createTrainer(store, library, own, makeRoom) {
  const worker = new Worker(fileUrl("training_worker.js"), { type: "module" });
  const post = (/** @type {Message} */ message) => worker.postMessage(message);
  /** @type {Recording | null} */
  let recording = null;
  let jobs = 0;
  let isTestKnown = false;

  /** @param {Partial<Training>} changes */
  const change = (changes) => ({ training: /** @type {Training} */ ({ ...store.state.training, ...changes }) });
  const isBusy = () => ["loading", "running", "paused"].includes(store.state.training?.phase ?? "");

  /**
   * @param {string} run the id of the run to be made
   * @param {import("./engine/training_settings.js").Settings} settings
   * @param {import("./engine/training_data.js").Choice} choice
   * @param {{plan: Plan | null, recipe: object, drawings: LabelledDrawing[]}} what
   */
  async function begin(run, settings, choice, { plan, recipe, drawings }) {
    const id = (jobs += 1);
    const before = library.timeline(run);
    const kept = before ? [{ ...before, snapshots: [] }] : []; // its curve, and not its networks
    const earlier = [...store.state.earlier, ...kept].slice(-MOST_EARLIER);
    const architecture = own.baseOf(run.split("/")[0]);
    const hidden = architecture.activations.map((activation, index) => {
      return { units: architecture.sizes[index + 1], activation, dropout: architecture.training.dropout[index] };
    });
    const card = /** @type {import("./engine/card.js").Recipe} */ ({ ...recipeOf(settings, choice), ...recipe });
    recording = new Recording(run, { id: architecture.architecture, hidden }, card, settings.seed);
    const isWatched = store.state.training?.isWatched ?? true;
    store.set({ earlier, training: waiting(run, plan, choice.count, settings.learningRate, isWatched) });
    try {
      await tellTest();
      const isHere = plan?.source !== "handwritings";
      const handwritings = isHere ? [] : (await loadHandwritings()).map(({ strokes, label }) => ({ strokes, label }));
      const archives = isHere ? { images: fileUrl(ARCHIVES.images).href, labels: fileUrl(ARCHIVES.labels).href } : null;
      if (id !== jobs) return; // stopped, or another one began
      const order = { id, settings, choice, rates: plan?.rates ?? [], isWatched, archives, handwritings, own: drawings };
      post({ type: "start", order });
    } catch (error) {
      if (id === jobs) store.set(change({ phase: "failed", problem: sentenceOf(error) }));
    }
  }

  /** The worker measures on MNIST's test images, where they are. */
  async function tellTest() {
    if (isTestKnown || store.state.source === "handwritings") return;
    const test = await loadTestImages().catch(() => null);
    if (test) post({ type: "test", test });
    isTestKnown = test !== null;
  }

  /** @param {Report} report */
  function hear(report) {
    if (report.id !== jobs || !recording) return;
    const { type, moment } = report;
    if (type === "loading") store.set(change({ arrived: report.arrived, needed: report.needed }));
    else if (type === "running") store.set(change({ phase: "running", ...(report.axis ? axisOf(report.axis) : {}) }));
    else if (type === "paused") store.set(change({ phase: "paused" }));
    else if (type === "measuring") store.set(change({ measuring: [report.measured ?? 0, report.snapshots ?? 0] }));
    else if (type === "failed") fail(report);
    else if (type === "done") {
      own.put(recording.timeline(), false, change({ phase: "done", measuring: null }));
      recording = null;
    } else {
      if (type === "kept" && moment) recording.keep(moment);
      if (type === "moved" && moment) recording.move(moment);
      if (type === "scored") recording.score(report.step ?? 0, report.test ?? null, report.training ?? null);
      own.put(recording.timeline(), true, seen(report));
      if (type === "moved") post({ type: "shown" });
    }
  }

  /** What a report says of a network as it is now, or of a snapshot. @param {Report} report */
  function seen({ type, moment, loss, rate, rates }) {
    const { training, run } = store.state;
    if (!training || !moment) return {};
    const isFirst = type === "kept" && moment.step === 0;
    const plan = training.plan && rates ? { ...training.plan, rates } : training.plan;
    if (recording && rates) Object.assign(recording.recipe, training.plan ? { rates } : {});
    const shown = isFirst && run !== training.run ? { run: training.run, snapshot: null } : isFirst ? { snapshot: null } : {};
    return { ...shown, ...change({ images: moment.images, plan, ...(loss === undefined ? {} : { loss, rate }) }) };
  }

  /** @param {Report} report */
  function fail({ message, error, isMissing }) {
    if (error) console.error(error);
    const problem = message ?? say("failed");
    const changes = change({ phase: "failed", problem, isMissing, measuring: null });
    if (recording?.timeline().steps.length) own.put(recording.timeline(), false, changes);
    else store.set(changes);
    recording = null;
  }

  worker.addEventListener("message", ({ data }) => hear(data));
  worker.addEventListener("error", (event) => {
    console.error(event.message);
    if (isBusy()) fail({ type: "failed", id: jobs, message: say("training_no_worker") });
  });

  /**
   * Train a network anew. InklingError if the plan is impossible.
   * @param {string} architecture
   * @param {Partial<Plan>} changes of the tutorial's plan
   * @param {string} [run] the id of the run of one's own that it replaces
   */
  async function start(architecture, changes, run) {
    if (isBusy()) return;
    const entry = own.baseOf(architecture);
    const plan = planOf(entry, changes);
    const id = run ?? (await makeRoom(architecture));
    if (!id || isBusy()) return;
    const { settings, choice } = settingsOf(entry, plan);
    await begin(id, settings, choice, { plan, recipe: { rates: plan.rates, source: plan.source }, drawings: [] });
  }

  return {
    isBusy,
    start,
    /** Once more, from the same start or from another one. @param {number} [seed] */
    async again(seed) {
      const { training } = store.state;
      if (training?.plan) await start(training.run.split("/")[0], { ...training.plan, ...(seed === undefined ? {} : { seed, rates: [] }) }, training.run);
    },
    /**
     * Teach a run's finished network a hand.
     * @param {string} run its id; its timeline is there
     * @param {LabelledDrawing[]} drawings at least one
     */
    async teach(run, drawings) {
      const timeline = library.timeline(run);
      const network = timeline?.snapshots.at(-1);
      if (isBusy() || !timeline || !network) return;
      const id = await makeRoom(run.split("/")[0]);
      if (!id || isBusy()) return;
      const entry = /** @type {import("./state.js").RunEntry} */ (store.runs.get(run));
      const settings = adaptationSettings(timeline, network, entry.fine_tuning_rate, TEACHING_SEED, entry.fine_tuning_share);
      const choice = { count: REPLAYED, leftOut: [], shuffledShare: 0, seed: TEACHING_SEED };
      await begin(id, settings, choice, { plan: null, recipe: { taught_from: run }, drawings });
    },
    pause: () => post({ type: "pause" }),
    resume: () => post({ type: "resume" }),
    step: () => post({ type: "step" }),
    /** End here; what has been learned stays. */
    stop() {
      if (store.state.training?.phase !== "loading") return post({ type: "stop" });
      jobs += 1; // whatever is reported still is not heard
      recording = null;
      post({ type: "stop" });
      store.set({ training: null });
    },
    /** @param {number} rate of the steps to come, a possible one */
    setRate: (rate) => post({ type: "rate", rate }),
    /** @param {boolean} isWatched whether the first images go slowly */
    watch(isWatched) {
      post({ type: "watch", isWatched });
      if (store.state.training) store.set(change({ isWatched }));
    },
  };
}

/** @param {number[]} axis @returns {Partial<Training>} */
const axisOf = (axis) => ({ axis, totalImages: axis[axis.length - 1] });

/**
 * A training that waits for its images.
 * @param {string} run
 * @param {Plan | null} plan
 * @param {number} needed
 * @param {number} rate
 * @param {boolean} isWatched
 * @returns {Training}
 */
function waiting(run, plan, needed, rate, isWatched) {
  const nothing = { arrived: 0, images: 0, totalImages: 0, axis: [], loss: NaN, measuring: null, problem: null, isMissing: false };
  return { phase: "loading", run, plan, needed, rate, isWatched, ...nothing };
}
