// The page's end of the training worker, which is made at the first training, and anew after it failed.
import { InklingError } from "./engine/errors.js";
import { openWorker } from "./files.js";

/** @typedef {import("./engine/training_job.js").Message} Message */

/**
 * @param {(report: any) => void} hear reports of what it was started with
 * @param {(key: string) => void} fail called when the worker is no more, with the key of the sentence that says why
 */
export function createWorkerHandle(hear, fail) {
  /** @type {Worker | null} */
  let worker = null;
  let isSilent = true; // nothing was heard of it since it was made, or told to start

  function close() {
    worker?.terminate();
    worker = null;
  }

  /** @param {string} key */
  function end(key) {
    close();
    fail(key);
  }

  /** @returns {Worker} */
  function make() {
    try {
      worker = openWorker();
    } catch (cause) {
      throw new InklingError("training_no_worker", {}, { cause });
    }
    worker.addEventListener("message", ({ data }) => {
      isSilent = false;
      hear(data);
    });
    // Only an error within the worker has a message; without one, it or a module that it imports was not loaded.
    worker.addEventListener("error", ({ message, filename, lineno }) => {
      if (message) console.error(`${message} (${filename}:${lineno})`);
      end(message ? "training_broken" : "training_unloaded");
    });
    worker.addEventListener("messageerror", (event) => {
      console.error("A message of the training worker cannot be read", event);
      end("training_broken");
    });
    isSilent = true;
    return worker;
  }

  return {
    /**
     * Have it ready, so that it loads while something else does.
     * @throws {InklingError} the browser has no workers
     */
    open: () => void (worker ?? make()),

    /** @param {Message} message not heard while there is no worker, except that one is made to start a training */
    post(message) {
      if (message.type === "start") {
        worker ??= make();
        isSilent = true;
      }
      worker?.postMessage(message);
    },

    /** What it does is wanted no more. */
    close,

    /** Give up a training: a worker that is still being loaded, or busy, hears no message. */
    giveUp() {
      if (isSilent) close();
      else worker?.postMessage({ type: "giveUp" });
    },
  };
}
