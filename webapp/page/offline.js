// What the static site offers for visits without a network: it is kept by its service worker, except in a frame, and may
// be taken along as one file.
import { h } from "./dom.js";
import { say } from "./text.js";

const HOME = new URL("../", import.meta.url);
const FILE = "inkling.html";
const WORKER = new URL("service_worker.js", HOME);

/**
 * Offer the page as one file, and have the site kept, or no longer where its worker is gone.
 * @param {string | null} megabytes of that file, if the site carries it
 * @param {HTMLElement} foot where it is offered
 * @returns {Promise<void>}
 */
export async function begin(megabytes, foot) {
  if (megabytes) foot.append(h("a", { "data-testid": "take", href: new URL(FILE, HOME).href, download: FILE, title: say("take_title", { megabytes }) }, say("take")));
  const { serviceWorker } = navigator;
  if (!serviceWorker || self !== top) return; // without a secure connection a browser has none
  const known = await serviceWorker.getRegistration(HOME.href);
  if (known?.scope === HOME.href && (await isGone())) return forget(known);
  await serviceWorker.register(WORKER, { updateViaCache: "none" });
  const { active } = await serviceWorker.ready;
  const { saveData = false } = /** @type {{connection?: {saveData?: boolean}}} */ (navigator).connection ?? {};
  active?.postMessage({ asked: askedFor(), isThrifty: saveData });
}

/** Whether the host says that there is no worker any more; without a network nobody says so. */
async function isGone() {
  const reply = await fetch(WORKER, { method: "HEAD", cache: "no-store" }).catch(() => null);
  return reply?.status === 404 || reply?.status === 410;
}

/** @param {ServiceWorkerRegistration} known */
async function forget(known) {
  const names = (await caches.keys()).filter((name) => name.startsWith(`inkling ${HOME.pathname} `));
  await Promise.all(names.map((name) => caches.delete(name)));
  await known.unregister();
}

/** The paths of what this page has asked for so far. @returns {string[]} */
function askedFor() {
  const all = performance.getEntriesByType("resource").map(({ name }) => name);
  return all.filter((name) => name.startsWith(HOME.href)).map((name) => name.slice(HOME.href.length));
}
