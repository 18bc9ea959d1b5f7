// The runs: each one's checkpoint is fetched once, when it is first chosen, and then kept.
import { takeReply } from "./early.js";
import { readTimeline } from "./engine/checkpoint.js";
import { readDetector } from "./engine/detector.js";
import { InklingError } from "./engine/errors.js";
import { say, sentenceOf } from "./text.js";

/**
 * @typedef {import("./state.js").Timeline} Timeline
 * @typedef {import("./engine/detector.js").Detector} Detector
 *
 * @typedef {object} Library what has arrived
 * @property {(run: string) => Timeline | null} timeline
 * @property {(run: string) => string | null} failure why a run cannot be shown
 * @property {() => Detector | null} detector
 * @property {(run: string) => Promise<void>} fetch fetch a run unless it is there or on its way
 * @property {(run: string) => Promise<void>} first when the first of a run's snapshots are there, or failed
 * @property {(timeline: Timeline) => void} put take in a run that was not fetched; whoever does changes the state next
 * @property {(run: string) => void} drop forget it
 * @property {() => Promise<void>} fetchDetector
 * @property {(listener: () => void) => void} onArrival call back whenever more has arrived, or failed
 */

/** @param {string} name a path below the page */
export const fileUrl = (name) => new URL(name, import.meta.url);

/**
 * Fetch a file of the page; InklingError if it cannot be had.
 * @param {string} name
 * @param {AbortSignal} [signal] ends the download
 * @returns {Promise<Response>}
 */
export async function fetchFile(name, signal) {
  let response;
  try {
    response = await (takeReply(name) ?? fetch(fileUrl(name), { signal }));
  } catch (error) {
    throw new InklingError(say("file_silent"), { cause: error });
  }
  if (!response.ok) throw new InklingError(say("file_missing", { name, status: response.status }));
  return response;
}

/** @returns {Library} */
export function createLibrary() {
  /** @type {Map<string, Timeline>} */
  const timelines = new Map();
  /** @type {Map<string, string>} */
  const failures = new Map();
  /** @type {Map<string, Promise<void>>} */
  const fetching = new Map();
  /** @type {Detector | null} */
  let detector = null;
  let tell = () => {};
  /** @type {Map<string, () => void>} */
  const awaited = new Map(); // by run, whom to tell of its first snapshots
  const arrive = (/** @type {string} */ run) => {
    awaited.get(run)?.();
    awaited.delete(run);
    tell();
  };

  /** @param {string} run */
  async function fetchRun(run) {
    try {
      const { body } = await fetchFile(`checkpoints/${run}.safetensors`);
      await readTimeline(/** @type {ReadableStream<Uint8Array>} */ (body), (timeline) => {
        if (timeline.run !== run) throw new InklingError(say("run_foreign", { found: timeline.run }));
        timelines.set(run, timeline);
        arrive(run);
      });
    } catch (error) {
      timelines.delete(run); // what had arrived of it is not shown
      failures.set(run, sentenceOf(error));
      fetching.delete(run); // so that choosing it again tries again
      arrive(run);
    }
  }

  return {
    timeline: (run) => timelines.get(run) ?? null,
    failure: (run) => failures.get(run) ?? null,
    detector: () => detector,
    fetch(run) {
      const under = fetching.get(run);
      if (under) return under;
      failures.delete(run);
      const started = fetchRun(run);
      fetching.set(run, started);
      return started;
    },
    first(run) {
      const isHere = timelines.has(run) || failures.has(run);
      return isHere ? Promise.resolve() : new Promise((resolve) => awaited.set(run, resolve));
    },
    put(timeline) {
      timelines.set(timeline.run, timeline);
      fetching.set(timeline.run, Promise.resolve());
    },
    drop(run) {
      timelines.delete(run);
      fetching.delete(run);
    },
    async fetchDetector() {
      try {
        const response = await fetchFile("checkpoints/detector.safetensors");
        detector = readDetector(new Uint8Array(await response.arrayBuffer()));
        tell();
      } catch (error) {
        console.error(error); // without it nothing is refused as no digit
      }
    },
    onArrival: (listener) => (tell = listener),
  };
}
