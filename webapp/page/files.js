// Where the page's files are: the one place that asks for them, in the page and in its worker. Modules, styles and
// kernels lie in a folder that is named after what they hold, so that those of two versions are never mixed; all other
// files lie beside that folder. In the page as one file, webapp/static/files_inside.js stands in this module's place.

const BESIDE = new URL("../", import.meta.url);

/**
 * Ask for a file that is no code.
 * @param {string} name a path such as "runs.json"
 * @param {AbortSignal} [signal] ends the download
 * @returns {Promise<Response>} rejected if nobody answers
 */
export const ask = (name, signal) => fetch(new URL(name, BESIDE), { signal });

/** @returns {Promise<Response>} the training kernels */
export const askForKernels = () => fetch(new URL("engine/training/kernels.wasm", import.meta.url));

/** @returns {Worker} the one that trains */
export const openWorker = () => new Worker(new URL("training_worker.js", import.meta.url), { type: "module" });

/** A style of the page. @param {Node} root @param {string} name @returns {Promise<void>} when it is loaded, or cannot be */
export function loadStyle(root, name) {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(name, import.meta.url).href;
    link.onload = link.onerror = () => resolve();
    root.appendChild(link);
  });
}
