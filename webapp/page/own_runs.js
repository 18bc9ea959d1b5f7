// The visitor's own runs: trained or taught in the page, or opened from a file. They go with the page.

import { changesOf, planOfRun } from "./plan.js";
import { isOwn } from "./state.js";

/**
 * @typedef {import("./state.js").Store} Store
 * @typedef {import("./state.js").RunEntry} RunEntry
 * @typedef {import("./engine/checkpoint.js").Timeline} Timeline
 * @typedef {ReturnType<typeof createOwnRuns>} OwnRuns
 */

const MOST_OWN = 3;

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
  /**
   * The published run of an architecture, or another one if that is not here.
   * @param {string} architecture one that the page knows
   * @returns {RunEntry}
   */
  function baseOf(architecture) {
    const entries = [...store.runs.values()].filter((entry) => entry.architecture === architecture && !isOwn(entry.id));
    return entries.find(({ recipe }) => recipe === "published") ?? entries[0];
  }

  return {
    baseOf,

    /** The architecture of a run, as a card has it. @param {string} run @returns {import("./engine/card.js").Architecture} */
    architectureOf(run) {
      const { architecture: id, activations, sizes, training } = baseOf(run.split("/")[0]);
      return { id, hidden: activations.map((activation, at) => ({ units: sizes[at + 1], activation, dropout: training.dropout[at] })) };
    },

    /** @param {string} architecture @returns {string | null} an id for a new run; null while there is no room */
    freeId(architecture) {
      const numbers = Array.from({ length: MOST_OWN }, (_, index) => index + 1);
      const { own, training } = store.state; // a training that waits for its images has an id already
      const taken = training?.phase === "loading" ? [...own, training.run] : own;
      const free = numbers.find((number) => !taken.some((run) => run.endsWith(`/own-${number}`)));
      return free ? `${architecture}/own-${free}` : null;
    },

    /**
     * Show a run, or what it has become.
     * @param {Timeline} timeline
     * @param {boolean} growing whether it is being trained
     * @param {Partial<import("./state.js").State>} [changes] made with it
     */
    put(timeline, growing, changes = {}) {
      const { run, card } = timeline;
      const [architecture, recipe] = run.split("/");
      const base = baseOf(architecture);
      const last = card.scores.at(-1);
      const from = card.recipe.taught_from;
      const measured = last?.confusion ? last.correct / last.n : null; // on all test images
      const entry = { ...base, id: run, recipe, accuracy: measured, published: "", steps: timeline.steps, images_seen: timeline.imagesSeen };
      const plan = planOfRun(base, timeline);
      store.runs.set(run, { ...entry, input_range: timeline.recipe.input_range, from, growing, plan: plan && changesOf(plan, base) });
      library.put(timeline);
      const own = store.state.own.includes(run) ? {} : { own: [...store.state.own, run].sort((a, b) => a.slice(-1).localeCompare(b.slice(-1))) };
      store.set({ ...own, ...changes });
    },

    /** @param {string} run */
    remove(run) {
      const base = baseOf(run.split("/")[0]);
      const own = store.state.own.filter((other) => other !== run);
      const training = store.state.training?.run === run ? { training: null } : {};
      if (store.state.run === run) {
        void library.fetch(base.id);
        store.set({ run: base.id, own, ...training });
      } else store.set({ own, ...training });
      store.runs.delete(run);
      library.drop(run);
    },
  };
}
