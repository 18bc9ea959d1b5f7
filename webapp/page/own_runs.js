// The visitor's own runs: trained or fine-tuned in the page, or opened from a file. They go with the page.
import { checkPlan } from "./engine/plan.js";
import { isOwn, ownRuns, recipeId } from "./state.js";

/**
 * @typedef {import("./state.js").Store} Store
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Run} Run
 * @typedef {import("./engine/checkpoint.js").Timeline} Timeline
 * @typedef {ReturnType<typeof createOwnRuns>} OwnRuns
 */

const MOST_OWN = 3;
const MOST_EARLIER = 4; // runs that were replaced, and whose curves stay

/**
 * The visitor's other trainings, whose curves stand beside a run's own: those that were replaced, and those still there.
 * @param {State} state
 * @param {string} run an id
 * @returns {Timeline[]} of the replaced ones without their networks
 */
export function otherTrainings(state, run) {
  return [...state.earlier, ...ownRuns(state).filter(({ id }) => id !== run).flatMap(({ timeline }) => timeline ?? [])];
}

/**
 * The published run of an architecture, or another one if that is not here.
 * @param {State} state
 * @param {string} architecture an id that the page knows
 * @returns {Run}
 */
export function baseOf({ runs }, architecture) {
  const known = Object.values(runs).filter((run) => run.architecture.id === architecture && !isOwn(run.id));
  return known.find(({ id }) => recipeId(id) === "published") ?? known[0];
}

/** Whether a training goes on, or is paused. @param {State} state */
export const isTraining = ({ training }) => ["loading", "running", "paused"].includes(training?.phase ?? "");

/** Whether something is being trained, so that nothing else can be. @param {State} state */
export const isBusy = (state) => isTraining(state) || ["loading", "running"].includes(state.series?.phase ?? "");

/** Whether a training ended before it had shown all its images. @param {Timeline} timeline */
function isStopped({ card: { recipe, images_seen } }) {
  const isCountedOtherwise = recipe.taught_from || recipe.left_out?.length; // its images are not those that its recipe counts
  return recipe.stop_after !== undefined || (!isCountedOtherwise && images_seen[images_seen.length - 1] < recipe.training_images * recipe.epochs);
}

/**
 * How a run of one's own was trained; null if it was fine-tuned, or its card tells too little to train it again.
 * @param {Run} run
 * @returns {import("./engine/plan.js").Plan | null}
 */
export function planOf({ timeline, growing }) {
  if (!timeline || timeline.card.recipe.taught_from) return null;
  const { card } = timeline;
  const { recipe } = card;
  try {
    checkPlan(card);
    const seen = card.images_seen[card.images_seen.length - 1];
    return growing || !isStopped(timeline) ? card : { ...card, recipe: { stop_after: seen, ...recipe } }; // older files do not say it themselves
  } catch {
    return null; // a file that was made elsewhere
  }
}

/**
 * @param {Store} store
 * @param {(run: string) => Promise<void>} fetchRun
 */
export function createOwnRuns(store, fetchRun) {
  let numbers = 0; // ids so far; none is given twice, so that an id never stands for another network
  /** @type {Set<string>} */
  const reserved = new Set(); // ids of runs to come, for each of which a place is kept

  /**
   * Show a run, or what it has become.
   * @param {Timeline} timeline its id is one that `reserve` gave
   * @param {Pick<Run, "growing" | "hasFailed" | "isSaved" | "from"> & {replaces?: string}} [how] `replaces`: the run whose place it takes
   * @param {Partial<State>} [changes] made with it
   */
  function put(timeline, { replaces = "", ...how } = {}, changes = {}) {
    const { state } = store;
    const { run: id, architecture, recipe, steps, images_seen, scores } = timeline.card;
    const last = scores.at(-1);
    const accuracy = last?.confusion ? last.correct / last.n : null; // on all test images
    const base = baseOf(state, architecture.id);
    const run = { ...base, id, accuracy, published: "", steps, images_seen, input_range: recipe.input_range, timeline, from: recipe.taught_from, failure: null, isPartial: how.growing || isStopped(timeline), ...how };
    reserved.delete(id);
    if (state.runs[id]) return store.set({ runs: { ...state.runs, [id]: run }, ...changes });
    const before = state.training?.run === id ? state.runs[replaces] : null;
    store.set({
      runs: { ...without(state.runs, replaces), [id]: run },
      ...(before && { removed: before }),
      earlier: before?.timeline ? [...state.earlier, { ...before.timeline, snapshots: [] }].slice(-MOST_EARLIER) : state.earlier, // its curve, and not its networks
      ...changes,
    });
  }

  /** Remove a run; a training that makes it, or another one in its place, ends. @param {string} run */
  function remove(run) {
    const { state } = store;
    const { training } = state;
    const removed = { ...state.runs[run], growing: false }; // a training that makes it ends
    const base = baseOf(state, removed.architecture.id);
    if (state.run === run) void fetchRun(base.id);
    store.set({
      runs: without(store.state.runs, run),
      removed,
      ...(state.run === run ? { run: base.id } : {}),
      ...(training && [training.run, training.replaces].includes(run) ? { training: null } : {}),
    });
  }

  return {
    /**
     * An id for a new run, and a place for it, which is kept until the run is put there or given up.
     * @param {string} architecture
     * @param {string} [replaced] a run of one's own whose place it is to take
     * @returns {string | null} null while there is no room; a run whose training failed makes room
     */
    reserve(architecture, replaced) {
      const runs = ownRuns(store.state);
      if (!replaced && runs.length + reserved.size >= MOST_OWN) {
        const failed = runs.find(({ hasFailed }) => hasFailed);
        if (!failed) return null;
        remove(failed.id); // nobody has to be asked for that one
      }
      numbers += 1;
      const run = `${architecture}/own-${numbers}`;
      if (!replaced) reserved.add(run);
      return run;
    },

    /** Keep no place any longer for a run that does not come. @param {string} run */
    giveUp(run) {
      reserved.delete(run);
    },

    put,

    /**
     * Show a run that is done, and what has been measured of it, unless it was removed.
     * @param {Timeline} timeline
     * @param {Partial<State>} changes made with it
     */
    finish(timeline, changes) {
      const run = store.state.runs[timeline.card.run];
      if (run) put(timeline, { isSaved: run.isSaved }, changes);
    },

    /**
     * Show a run that a file holds.
     * @param {Timeline} timeline
     * @param {string} run the id that it gets, which `reserve` gave
     */
    open(timeline, run) {
      const { taught_from: source } = timeline.card.recipe;
      const from = source && isOwn(source) ? null : source; // another page gave that id; here it is another network's
      put({ ...timeline, card: { ...timeline.card, run } }, { from, isSaved: true }, { run });
    },

    /** Remember that a file holds a run. @param {string} run */
    mark(run) {
      const { runs } = store.state;
      store.set({ runs: { ...runs, [run]: { ...runs[run], isSaved: true } } });
    },

    remove,

    /** Bring back the run that was removed, or replaced, last. */
    restore() {
      const { runs, removed, earlier, training } = store.state;
      if (!removed) return;
      const others = earlier.filter(({ card }) => card.run !== removed.id); // its curve is its own again
      const told = training && isReplaced(store.state) ? { ...training, replaces: "" } : training;
      store.set({ runs: { ...runs, [removed.id]: removed }, removed: null, earlier: others, training: told });
    },
  };
}

/** Whether the run that can be brought back was replaced by the last training. @param {State} state */
export const isReplaced = ({ removed, training }) => removed !== null && removed.id === training?.replaces;

/** @param {Record<string, Run>} runs @param {string} id @returns {Record<string, Run>} */
const without = (runs, id) => Object.fromEntries(Object.entries(runs).filter(([other]) => other !== id));
