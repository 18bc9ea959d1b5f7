// The visitor's state as one plain value, what follows from it, and who watches it.
import { isOwn } from "./engine/card.js";
import { isDigit } from "./engine/detector.js";
import { imageOfDrawing } from "./engine/image.js";
import { logits, softmax } from "./engine/network.js";

export { isOwn };

/**
 * @typedef {import("./pad.js").Stroke} Stroke
 * @typedef {import("./engine/checkpoint.js").Timeline} Timeline
 * @typedef {{image: Uint8Array, label: number}} Sample a labelled image: 784 levels of ink, and its digit
 * @typedef {{strokes: Stroke[]}} Drawing
 *
 * @typedef {object} Run what the page knows of a run: from its list before the checkpoint is loaded, or of one's own
 * @property {string} id architecture and recipe, such as "relu-50/published"
 * @property {import("./engine/card.js").Architecture} architecture
 * @property {import("./engine/plan.js").Recipe} tutorial how the tutorial trains this architecture
 * @property {[number, number]} input_range where the network wants ink 0..1 mapped to
 * @property {number} parameters
 * @property {number | null} accuracy 0..1, of the trained network on MNIST's test images; null if not measured
 * @property {string} published the test accuracy in the tutorial's own words, or ""
 * @property {number} [bytes] of its checkpoint
 * @property {number[]} steps of its snapshots, from 0
 * @property {number[]} images_seen by then, repeats counted
 * @property {number} fine_tuning_rate the learning rate at which it is fine-tuned
 * @property {number} fine_tuning_share how much of the way to the fine-tuned weights is kept, 0..1
 * @property {Timeline | null} timeline null until its first snapshots have arrived
 * @property {string | null} failure why it cannot be shown, as a sentence
 * @property {string | null} [from] of a run of one's own that was fine-tuned: the id of the run that it was before,
 *   which may be gone by now; null if a file was opened that names one of the visitor's own
 * @property {boolean} [growing] of a run of one's own: whether it is being trained at this moment
 * @property {boolean} [isSaved] of a run of one's own: whether a file holds it
 * @property {boolean} [hasFailed] of a run of one's own: whether its training ended by an error
 *
 * @typedef {object} Grid the sample grid's images
 * @property {Uint8Array} images (n * 784)
 * @property {Uint8Array} labels (n,)
 *
 * @typedef {object} State
 * @property {Record<string, Run>} runs all of them by id, the visitor's own last
 * @property {Run | null} removed the visitor's own run that was removed last, and can be brought back
 * @property {string} run id of the chosen run
 * @property {number | null} snapshot position on the run's timeline; null is its end, the trained network
 * @property {Drawing} drawing
 * @property {Sample | null} sample a labelled image that lies over the drawing
 * @property {boolean} penDown whether a stroke is being drawn: half a digit is not judged yet
 * @property {boolean} playing whether Play runs
 * @property {boolean | null} dark whether the page is shown light on dark; null until it is shown
 * @property {string[]} open names of the views that are open
 * @property {boolean} lesson whether a link asked for the page without its menus
 * @property {boolean} badLink whether the page was opened by a link that could not be read
 * @property {import("./engine/detector.js").Detector | null} detector null until it has arrived
 * @property {Grid | null} grid
 * @property {"waiting" | "mnist" | "handwritings"} source where the grid's images come from
 * @property {import("./engine/plan.js").Changes} changes what the visitor changed of the tutorial's plan
 * @property {string | null} invitation how a link wants the chosen architecture to be trained, as JSON
 * @property {Timeline[]} earlier own runs that were replaced: their curves stay in the chart
 * @property {import("./trainer.js").Training | null} training the last training in the page, if there was one
 * @property {import("./writer.js").Writer | null} writer what the visitor has drawn for learning; null until that view opens
 * Made from the others, in the same change:
 * @property {Timeline | null} timeline of the chosen run; null until its first snapshots have arrived
 * @property {string | null} failure why the chosen run cannot be shown, as a sentence
 * @property {Uint8Array | null} image what the network is given: 784 levels of ink
 * @property {number | null} label the digit that this image is labelled; null for a drawing
 * @property {(Float64Array | null)[] | null} probabilities (snapshots, 10); null where a snapshot is on its way
 * @property {boolean} isDigit whether the image looks like a digit at all
 */

/** @type {Omit<State, "run" | "runs">} */
const START = {
  snapshot: null,
  drawing: { strokes: [] },
  sample: null,
  penDown: false,
  playing: false,
  dark: null,
  open: [],
  lesson: false,
  badLink: false,
  detector: null,
  grid: null,
  source: "waiting",
  removed: null,
  changes: {},
  invitation: null,
  earlier: [],
  training: null,
  writer: null,
  timeline: null,
  failure: null,
  image: null,
  label: null,
  probabilities: null,
  isDigit: true,
};

/**
 * @typedef {object} Store
 * @property {State} state read it; it is changed by `set` alone
 * @property {(changes: Partial<State>) => void} set
 * @property {(keys: (keyof State)[], watcher: (state: State) => void) => void} watch
 */

/**
 * The page's store. `set` changes some of the state and, in the same change, all that is made from it; then every
 * watcher of what changed is called. One watcher's error never stops another; it is logged in full. Where making the
 * rest fails, the state stays as it was.
 * @param {Run[]} list
 * @param {string} run the id of the run to begin with
 * @param {typeof derive} [make] what follows from a change
 * @returns {Store}
 */
export function createStore(list, run, make = derive) {
  /** @type {State} */
  const state = { ...START, run, runs: Object.fromEntries(list.map((each) => [each.id, { ...each, timeline: null, failure: null }])) };
  /** @type {{keys: string[], watcher: (state: State) => void}[]} */
  const watchers = [];
  /** @type {Set<string>} */
  let pending = new Set(); // changed, and not yet told
  let isTelling = false;

  function tell() {
    if (isTelling) return; // whoever is telling goes on with what is new
    isTelling = true;
    while (pending.size) {
      const changed = pending;
      pending = new Set();
      for (const { keys, watcher } of watchers) if (keys.some((key) => changed.has(key))) attempt(() => watcher(state));
    }
    isTelling = false;
  }

  return {
    state,
    set(changes) {
      attempt(() => {
        const asked = { ...state, ...changes };
        const next = { ...asked, ...make(asked, changedKeys(state, asked), changes) };
        for (const key of changedKeys(state, next)) pending.add(key);
        Object.assign(state, next);
      });
      tell();
    },
    watch(keys, watcher) {
      watchers.push({ keys, watcher });
      attempt(() => watcher(state));
    },
  };
}

/** @param {State} before @param {State} after @returns {Set<string>} the keys whose values differ */
function changedKeys(before, after) {
  return new Set(/** @type {(keyof State)[]} */ (Object.keys(after)).filter((key) => before[key] !== after[key]));
}

/** @param {() => void} action whose error is logged */
function attempt(action) {
  try {
    action();
  } catch (error) {
    console.error(error);
  }
}

/**
 * What follows from a change: the chosen run's timeline, the image, and what every snapshot says of it.
 * @param {State} state after the change, with what was made before it
 * @param {Set<string>} changed the keys whose values it changed
 * @param {Partial<State>} asked the change itself
 * @returns {Partial<State>}
 */
function derive(state, changed, asked) {
  const { timeline, failure } = chosen(state);
  /** @type {Partial<State>} */
  const made = { timeline, failure };
  if (changed.has("run")) Object.assign(made, { playing: false }, "snapshot" in asked ? {} : { snapshot: null });
  const isMoved = ["run", "snapshot", "drawing", "sample"].some((key) => changed.has(key));
  if (isMoved && !("badLink" in asked)) made.badLink = false; // what was said of it is over
  const image = changed.has("drawing") || changed.has("sample") ? imageOf(state) : state.image;
  Object.assign(made, { image, label: state.sample?.label ?? null });
  const isSame = image === state.image && timeline === state.timeline;
  if (isSame && !changed.has("detector") && !changed.has("sample")) return made;
  const detector = state.sample ? null : state.detector; // what has a label is a digit
  return { ...made, ...ask(image, timeline, detector) };
}

/** @param {State} state @returns {Uint8Array | null} */
function imageOf({ drawing, sample }) {
  if (sample) return sample.image;
  return drawing.strokes.length ? imageOfDrawing(drawing.strokes) : null;
}

/**
 * @param {Uint8Array | null} image
 * @param {Timeline | null} timeline
 * @param {import("./engine/detector.js").Detector | null} detector
 * @returns {Pick<State, "probabilities" | "isDigit">}
 */
function ask(image, timeline, detector) {
  if (!image || !timeline) return { probabilities: null, isDigit: true };
  return {
    probabilities: timeline.snapshots.map((network) => network && softmax(logits(network, image))),
    isDigit: !detector || isDigit(detector, image),
  };
}

/** @param {State} state @returns {Run} the chosen one */
export const chosen = ({ runs, run }) => runs[run];

/** The number in the id of a run of one's own. @param {string} run */
export const ownNumber = (run) => Number(run.split("/own-")[1]);

/** The recipe's part of a run's id. @param {string} run */
export const recipeId = (run) => run.split("/")[1];

/** The visitor's own runs by their numbers. @param {State} state @returns {Run[]} */
export const ownRuns = ({ runs }) =>
  Object.values(runs).filter(({ id }) => isOwn(id)).sort((one, other) => ownNumber(one.id) - ownNumber(other.id));

/** How the tutorial trains a run's architecture. @param {Run} run @returns {import("./engine/plan.js").Plan} */
export const tutorialOf = ({ architecture, tutorial }) => ({ architecture, recipe: tutorial, seed: 1 });

/**
 * The snapshot that is shown: its position, whether it is the finished network, the images shown by then, and whether
 * they were shown to fine-tune a finished network.
 * @param {State} state
 */
export function shown(state) {
  const { steps, images_seen, growing = false, from } = chosen(state);
  const last = steps.length - 1;
  const index = Math.min(state.snapshot ?? last, last);
  return { index, isLast: index === last && !growing, images: images_seen[index], isFineTuned: from !== undefined };
}

/**
 * The probabilities that the untrained network and the shown snapshot give, or null where there are none.
 * @param {State} state
 */
export function answers(state) {
  const { probabilities } = state;
  return { untrained: probabilities?.[0] ?? null, trained: probabilities?.[shown(state).index] ?? null };
}
