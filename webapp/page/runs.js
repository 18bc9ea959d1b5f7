// Fetching: every file of the page; each run's checkpoint once, when it is first chosen; and the detector.
import { takeReply } from "./early.js";
import { readTimeline } from "./engine/checkpoint.js";
import { readDetector } from "./engine/detector.js";
import { InklingError } from "./engine/errors.js";
import { ask } from "./files.js";
import { isOwn } from "./state.js";
import { addLater, sentenceOf } from "./text.js";

/**
 * @typedef {import("./state.js").Store} Store
 * @typedef {ReturnType<typeof createLibrary>} Library
 */

/**
 * Fetch a file of the page; InklingError if it cannot be had.
 * @param {string} name
 * @param {AbortSignal} [signal] ends the download
 * @returns {Promise<Response>}
 */
export async function fetchFile(name, signal) {
  let response;
  try {
    response = await (takeReply(name) ?? ask(name, signal));
  } catch (error) {
    throw new InklingError("file_silent", {}, { cause: error });
  }
  if (!response.ok) throw new InklingError("file_missing", { name, status: response.status });
  return response;
}

/**
 * What fetches the runs that the state names; what arrives is put into the state.
 * @param {Store} store
 */
export function createLibrary(store) {
  /** @type {Map<string, Promise<void>>} */
  const fetching = new Map(); // by run, those that have arrived included
  /** @type {Map<string, () => void>} */
  const awaited = new Map(); // by run, whom to tell of its first snapshots

  /** @param {string} run @param {Pick<import("./state.js").Run, "timeline" | "failure">} arrived */
  function put(run, arrived) {
    const { runs } = store.state;
    store.set({ runs: { ...runs, [run]: { ...runs[run], ...arrived } } });
    awaited.get(run)?.();
    awaited.delete(run);
  }

  /** @param {string} run */
  async function fetchRun(run) {
    try {
      const { body } = await fetchFile(`checkpoints/${run}.safetensors`);
      await readTimeline(/** @type {ReadableStream<Uint8Array>} */ (body), (timeline) => {
        if (timeline.card.run !== run) throw new InklingError("run_foreign", { found: timeline.card.run });
        put(run, { timeline, failure: null });
      });
    } catch (error) {
      fetching.delete(run); // so that choosing it again tries again
      await addLater().catch(() => {});
      put(run, { timeline: null, failure: sentenceOf(error) }); // what had arrived of it is not shown
    }
  }

  return {
    /**
     * Fetch a run unless it is there or on its way; one of the visitor's own is in no file.
     * @param {string} run
     * @returns {Promise<void>}
     */
    fetch(run) {
      if (isOwn(run)) return Promise.resolve();
      const under = fetching.get(run);
      if (under) return under;
      const { runs } = store.state;
      if (runs[run].failure) store.set({ runs: { ...runs, [run]: { ...runs[run], failure: null } } });
      const started = fetchRun(run);
      fetching.set(run, started);
      return started;
    },

    /** When the first of a run's snapshots are there, or failed. @param {string} run @returns {Promise<void>} */
    first(run) {
      const { timeline, failure } = store.state.runs[run];
      return timeline || failure ? Promise.resolve() : new Promise((resolve) => awaited.set(run, resolve));
    },

    async fetchDetector() {
      try {
        const response = await fetchFile("checkpoints/detector.safetensors");
        store.set({ detector: readDetector(new Uint8Array(await response.arrayBuffer())) });
      } catch (error) {
        console.error(error); // without it everything passes for a digit
      }
    },
  };
}
