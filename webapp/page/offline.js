// Keeps the static site for visits without a network, by its service worker; not where the page stands in a frame.
const HOME = new URL("../", import.meta.url);
const WORKER = new URL("service_worker.js", HOME);

/** Have the site kept, or no longer where its worker is gone. @returns {Promise<void>} */
export async function keepOffline() {
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
