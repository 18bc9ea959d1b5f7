// The visitor's own runs: trained or taught in the page, or opened from a file. They go with the page.

import { changesOf, planOfRun } from "./plan.js";
import { isOwn, ownNumber } from "./state.js";

/**
 * @typedef {import("./state.js").Store} Store
 * @typedef {import("./state.js").RunEntry} RunEntry
 * @typedef {import("./engine/checkpoint.js").Timeline} Timeline
 * @typedef {ReturnType<typeof createOwnRuns>} OwnRuns
 */

const MOST_OWN = 3;
const MOST_EARLIER = 4; // runs that were replaced, and whose curves stay

/**
 * The visitor's other trainings, whose curves stand beside a run's own: those that were replaced, and those still there.
 * @param {Store} store
 * @param {import("./runs.js").Library} library
 * @param {string} run an id
 * @returns {Timeline[]} of the replaced ones without their networks
 */
export function otherTrainings({ state }, library, run) {
  return [...state.earlier, ...state.own.filter((other) => other !== run).flatMap((other) => library.timeline(other) ?? [])];
}

/**
 * @param {Store} store
 * @param {import("./runs.js").Library} library
 */
export function createOwnRuns(store, library) {
  let given = 0; // ids so far; none is given twice, so that an id never stands for another network
  /** @type {Set<string>} */
  const reserved = new Set(); // ids of runs to come, for each of which a place is kept

  /**
   * The published run of an architecture, or another one if that is not here.
   * @param {string} architecture one that the page knows
   * @returns {RunEntry}
   */
  function baseOf(architecture) {
    const entries = [...store.runs.values()].filter((entry) => entry.architecture === architecture && !isOwn(entry.id));
    return entries.find(({ recipe }) => recipe === "published") ?? entries[0];
  }

  /** Forget a run; whoever does changes the state next. @param {string} run */
  function forget(run) {
    store.runs.delete(run);
    library.drop(run);
  }

  /**
   * Show a run, or what it has become.
   * @param {Timeline} timeline its id is one that `reserve` gave
   * @param {boolean} growing whether it is being trained
   * @param {Partial<import("./state.js").State>} [changes] made with it
   * @param {string | null} [from] the run that was taught; null if that is none that the page knows
   */
  function put(timeline, growing, changes = {}, from = timeline.card.recipe.taught_from) {
    const { run, card } = timeline;
    const [architecture, recipe] = run.split("/");
    const base = baseOf(architecture);
    const last = card.scores.at(-1);
    const measured = last?.confusion ? last.correct / last.n : null; // on all test images
    const entry = { ...base, id: run, recipe, accuracy: measured, published: "", steps: timeline.steps, images_seen: timeline.imagesSeen };
    const plan = planOfRun(base, timeline);
    store.runs.set(run, { ...entry, input_range: timeline.recipe.input_range, from, growing, plan: plan && changesOf(plan, base) });
    library.put(timeline);
    reserved.delete(run);
    const { own, earlier, training } = store.state;
    if (own.includes(run)) return store.set(changes);
    const replaced = training?.run === run && own.includes(training.replaces) ? training.replaces : null;
    const before = replaced && library.timeline(replaced);
    if (replaced) forget(replaced);
    store.set({
      own: [...own.filter((other) => other !== replaced), run].sort((a, b) => ownNumber(a) - ownNumber(b)),
      earlier: before ? [...earlier, { ...before, snapshots: [] }].slice(-MOST_EARLIER) : earlier, // its curve, and not its networks
      ...changes,
    });
  }

  return {
    baseOf,

    /** The architecture of a run, as a card has it. @param {string} run @returns {import("./engine/card.js").Architecture} */
    architectureOf(run) {
      const { architecture: id, activations, sizes, training } = baseOf(run.split("/")[0]);
      return { id, hidden: activations.map((activation, at) => ({ units: sizes[at + 1], activation, dropout: training.dropout[at] })) };
    },

    /**
     * An id for a new run, and a place for it, which is kept until the run is put there or given up.
     * @param {string} architecture
     * @param {string} [replaced] a run of one's own whose place it is to take
     * @returns {string | null} null while there is no room
     */
    reserve(architecture, replaced) {
      if (!replaced && store.state.own.length + reserved.size >= MOST_OWN) return null;
      given += 1;
      const run = `${architecture}/own-${given}`;
      if (!replaced) reserved.add(run);
      return run;
    },

    /** Keep no place any longer for a run that does not come. @param {string} run */
    giveUp(run) {
      reserved.delete(run);
    },

    put,

    /**
     * Show a run that a file holds.
     * @param {Timeline} timeline
     * @param {string} run the id that it gets, which `reserve` gave
     */
    open(timeline, run) {
      const { taught_from: source } = timeline.recipe;
      const from = source && isOwn(source) ? null : source; // another page gave that id; here it is another network's
      put({ ...timeline, run, card: { ...timeline.card, run } }, false, { run }, from);
    },

    /** Remove a run; a training that makes it, or another one in its place, ends. @param {string} run */
    remove(run) {
      const { own, training, run: shown } = store.state;
      const base = baseOf(run.split("/")[0]);
      if (shown === run) void library.fetch(base.id);
      forget(run);
      store.set({
        own: own.filter((other) => other !== run),
        ...(shown === run ? { run: base.id } : {}),
        ...(training && [training.run, training.replaces].includes(run) ? { training: null } : {}),
      });
    },
  };
}
