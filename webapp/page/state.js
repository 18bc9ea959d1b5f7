// The visitor's state as one plain value (state_types.js), what follows from it, and who watches it.
import { isOwn } from "./engine/card.js";
import { isDigit } from "./engine/detector.js";
import { imageOfDrawing, nothingKnown } from "./engine/image.js";
import { logits, softmax, tally } from "./engine/network.js";

export { isOwn };

/**
 * @typedef {import("./state_types.js").Stroke} Stroke
 * @typedef {import("./state_types.js").Timeline} Timeline
 * @typedef {import("./state_types.js").Sample} Sample
 * @typedef {import("./state_types.js").Drawing} Drawing
 * @typedef {import("./state_types.js").Run} Run
 * @typedef {import("./state_types.js").Grid} Grid
 * @typedef {import("./state_types.js").State} State
 * @typedef {import("./state_types.js").Store} Store
 */

/** @type {Omit<State, "run" | "runs">} */
const START = {
  snapshot: null,
  drawing: { strokes: [] },
  sample: null,
  penDown: false,
  playing: false,
  dark: null,
  view: "digits",
  isRaised: false,
  marks: false,
  lesson: false,
  lessonLink: null,
  course: null,
  compared: [],
  projector: null,
  badLink: false,
  detector: null,
  grid: null,
  source: "waiting",
  read: tally,
  removed: null,
  changes: {},
  invitation: null,
  earlier: [],
  training: null,
  starts: 20,
  rival: null,
  series: null,
  showsSeries: false,
  showsCard: false,
  marked: null,
  writer: null,
  timeline: null,
  failure: null,
  image: null,
  label: null,
  probabilities: null,
  isDigit: true,
};

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
  return { ...made, ...ask(state, image, timeline, detector) };
}

const known = nothingKnown(); // of the drawing, while it grows

/** @param {State} state @returns {Uint8Array | null} */
function imageOf({ drawing, sample }) {
  if (sample) return sample.image;
  return drawing.strokes.length ? imageOfDrawing(drawing.strokes, known) : null;
}

/**
 * @param {State} before whose answers to the same image stand: of a timeline that grows only what is new is asked
 * @param {Uint8Array | null} image
 * @param {Timeline | null} timeline
 * @param {import("./engine/detector.js").Detector | null} detector
 * @returns {Pick<State, "probabilities" | "isDigit">}
 */
function ask(before, image, timeline, detector) {
  if (!image || !timeline) return { probabilities: null, isDigit: true };
  return {
    probabilities: timeline.snapshots.map((network, at) => {
      const isSame = image === before.image && network === before.timeline?.snapshots[at];
      return network && ((isSame && before.probabilities?.[at]) || softmax(logits(network, image)));
    }),
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
  const { steps, images_seen, isPartial = false, from } = chosen(state);
  const last = steps.length - 1;
  const index = Math.min(state.snapshot ?? last, last);
  return { index, isLast: index === last && !isPartial, images: images_seen[index], isFineTuned: from !== undefined };
}

/** Whether the drawing is said to be no digit: not while it is drawn, nor before training. @param {State} state */
export function isNotADigit(state) {
  const { index, isFineTuned } = shown(state);
  return !state.isDigit && !state.penDown && (index > 0 || isFineTuned);
}

/** The digit that the view of the hand asks for, while it is open. @param {State} state */
export const asked = ({ view, writer }) => (view === "hand" && writer?.order[writer.drawn.length]) || null;

/**
 * The probabilities that the untrained network and the shown snapshot give, or null where there are none.
 * @param {State} state
 */
export function answers(state) {
  const { probabilities } = state;
  return { untrained: probabilities?.[0] ?? null, trained: probabilities?.[shown(state).index] ?? null };
}
