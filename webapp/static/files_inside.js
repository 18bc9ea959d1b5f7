// In the page as one file this module stands in the place of files.js. The files are inside the document, each in a
// script element that is named after it and holds it compressed, as text. The worker is given what it needs.

/** @type {Map<string, Blob>} by path, what has been asked for so far; compressed */
const known = new Map();
const WORKER = "training_worker.js";
const KERNELS = "engine/training/kernels.wasm";
const OF_WORKER = [KERNELS, "mnist/train-images-idx3-ubyte.gz", "mnist/train-labels-idx1-ubyte.gz"];

/** In the worker, what the page has given it. @type {Promise<Map<string, Blob>>} */
const given = new Promise((resolve) => {
  if (!globalThis.document) addEventListener("message", ({ data }) => data.type === "files" && resolve(data.files));
});

/** @param {string} name @returns {Blob | undefined} a file of the document, compressed */
function find(name) {
  const element = document.getElementById(name);
  if (element && !known.has(name)) {
    const text = atob(element.textContent ?? "");
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
    known.set(name, new Blob([bytes]));
    element.remove(); // it is not needed twice
  }
  return known.get(name);
}

/** As of files.js. @param {string} name @returns {Promise<Response>} */
export async function ask(name) {
  const packed = globalThis.document ? find(name) : (await given).get(name);
  if (!packed) return new Response(null, { status: 404 });
  return new Response(packed.stream().pipeThrough(new DecompressionStream("gzip")));
}

/** As of files.js. */
export const askForKernels = () => ask(KERNELS);

/** As of files.js. @returns {Worker} */
export function openWorker() {
  const source = document.getElementById(WORKER)?.textContent ?? "";
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(address); // a classic one: opened from a disk, a page has no others
  const files = OF_WORKER.map((name) => /** @type {[string, Blob | undefined]} */ ([name, find(name)]));
  worker.postMessage({ type: "files", files: new Map(files.filter(([, blob]) => blob)) });
  return worker;
}

/** As of files.js. @param {Node} root @param {string} name @returns {Promise<void>} */
export async function loadStyle(root, name) {
  const sheet = new CSSStyleSheet();
  const place = /** @type {ShadowRoot} */ (root);
  place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet]; // at once: which comes later counts more
  await sheet.replace(await (await ask(name)).text());
}
