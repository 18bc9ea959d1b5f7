// Many trainings in one worker, each from a start of its own. They take turns, from one snapshot to the next, so that all
// of them are about equally far. Who wants no more of them ends the worker.
import { distortedImages } from "./augmentation.js";
import { roundNetwork } from "./checkpoint_writing.js";
import { InklingError, MissingImages } from "./errors.js";
import { Training } from "./training.js";
import { chooseData } from "./training_data.js";
import { imagesBy, snapshotSteps } from "./training_job.js";
import { KernelNetwork } from "./training/kernel_network.js";

/**
 * @typedef {import("./plan.js").Plan} Plan
 * @typedef {import("./training_data.js").LabelledImages} LabelledImages
 *
 * @typedef {object} SeriesOrder what a worker is told
 * @property {Plan[]} plans one for every training, of which none changes its learning rate on the way or stops early
 * @property {number[]} numbers of the trainings, by which reports name them
 * @property {import("./training_job.js").Archives | null} archives MNIST's, or null to learn from `handwritings`
 * @property {import("./augmentation.js").LabelledDrawing[]} handwritings
 *
 * @typedef {object} SeriesReport
 * @property {"loading" | "running" | "reached" | "moved" | "diverged" | "done" | "failed"} type
 * The others belong to some types only:
 * @property {number} [arrived] loading: images that are there
 * @property {number} [needed] loading: images that are waited for
 * @property {number} [number] running, reached, moved, diverged: of the training
 * @property {number[]} [axis] running: images shown by each of its snapshots
 * @property {number} [images] reached, moved: shown so far
 * @property {number} [step] reached: of the snapshot
 * @property {import("./network.js").Network} [network] reached
 * @property {import("./card.js").Scored} [test] reached: on all test images at the end, before it on some of them
 * @property {{key: string, values: Record<string, unknown>} | null} [problem] failed: the sentence that says why; null for a bug
 * @property {boolean} [isMissing] failed: because MNIST is not there
 * @property {unknown} [error] failed: a bug, for the log
 *
 * @typedef {object} Member a training of the series
 * @property {number} number
 * @property {Plan} plan
 * @property {Training} training
 * @property {KernelNetwork} reader reads images with its snapshots
 * @property {number[]} steps of the snapshots to come
 */

const REPORT_MS = 30; // between two reports of how far it is
const SOME = 1000; // test images that a snapshot is measured on, but the last

export class SeriesJob {
  #reported = -Infinity;

  /**
   * @param {SeriesOrder} order
   * @param {LabelledImages} test images
   * @param {(report: SeriesReport, transfer?: Transferable[]) => void} post
   */
  constructor(order, test, post) {
    this.order = order;
    this.test = test;
    this.post = post;
  }

  /**
   * @param {import("./training_job.js").LoadImages} loadImages
   * @param {() => Promise<WebAssembly.Module>} loadKernels
   */
  async begin(loadImages, loadKernels) {
    try {
      const kernels = await loadKernels(); // first: without them, no images are needed
      let members = this.#members(kernels, await this.#load(loadImages));
      while (members.length) {
        for (const member of members) this.#advance(member);
        members = members.filter(({ steps }) => steps.length);
      }
      this.post({ type: "done" });
    } catch (error) {
      const [problem, bug] = error instanceof InklingError ? [{ key: error.key, values: error.values }, null] : [null, error];
      this.post({ type: "failed", problem, isMissing: error instanceof MissingImages, error: bug });
    }
  }

  /** @param {import("./training_job.js").LoadImages} loadImages */
  async #load(loadImages) {
    const { archives, handwritings, plans } = this.order;
    const needed = Math.max(...plans.map(({ recipe }) => recipe.training_images));
    if (!archives) return distortedImages(handwritings, needed);
    const tell = (/** @type {number} */ arrived) => this.post({ type: "loading", arrived, needed });
    tell(0);
    return loadImages(archives, needed, tell, new AbortController().signal);
  }

  /**
   * The trainings; those of one recipe share its images and its kernels.
   * @param {WebAssembly.Module} kernels
   * @param {LabelledImages} images
   * @returns {Member[]}
   */
  #members(kernels, images) {
    /** @type {Map<string, {data: LabelledImages, reader: KernelNetwork, beside?: Training}>} */
    const recipes = new Map();
    return this.order.plans.map((plan, at) => {
      const { architecture, recipe } = plan;
      const key = JSON.stringify([architecture, recipe]);
      const { data, beside, reader } = recipes.get(key) ?? { data: chooseData(images, { ...plan, recipe: { ...recipe, shuffled_share: 0 } }) };
      const chosen = { ...recipe, training_images: data.labels.length, left_out: [] }; // only labels are shuffled for each
      const training = new Training(kernels, plan, chooseData(data, { ...plan, recipe: chosen }), { beside });
      training.suspend();
      const member = { number: this.order.numbers[at], plan, training, reader: reader ?? new KernelNetwork(kernels, training.network()), steps: snapshotSteps(training.totalSteps) };
      recipes.set(key, { data, beside: training, reader: member.reader });
      this.post({ type: "running", number: member.number, axis: member.steps.map((step) => imagesBy(step, data.labels.length, recipe.batch_size)) });
      return member;
    });
  }

  /** Train to the next snapshot; one that diverges has no further one. @param {Member} member */
  #advance({ number, plan, training, reader, steps }) {
    const step = steps.shift() ?? 0;
    training.resume();
    try {
      while (training.stepsDone < step) {
        if (!Number.isFinite(training.step().loss)) throw new InklingError("training_diverged");
        if (performance.now() > this.#reported + REPORT_MS) this.#tell({ type: "moved", number, images: training.imagesSeen });
      }
      const network = roundNetwork(training.network(), plan.recipe.input_range);
      reader.load(network);
      const labels = this.test.labels.subarray(0, steps.length ? SOME : Infinity);
      const { correct, loss } = reader.tally(this.test.images, labels);
      const buffers = network.layers.flatMap(({ weights, bias }) => [weights.buffer, bias.buffer]);
      this.#tell({ type: "reached", number, images: training.imagesSeen, step, network, test: { n: labels.length, correct, loss } }, buffers);
    } catch (error) {
      if (!(error instanceof InklingError)) throw error;
      steps.length = 0;
      this.#tell({ type: "diverged", number });
    }
    training.suspend();
  }

  /** @param {SeriesReport} report @param {Transferable[]} [transfer] */
  #tell(report, transfer) {
    this.#reported = performance.now();
    this.post(report, transfer);
  }
}
