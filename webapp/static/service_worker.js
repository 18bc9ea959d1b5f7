// Keeps the static site for visits without a network: all files of a version, or none of them. Networks that the page does not
// open with come after it, MNIST once it was asked for. webapp.site writes the next three lines anew.
const VERSION = "";
const FIRST = /** @type {Record<string, string>} */ ({}); // by path, the SHA-256 of what is kept at the first visit
const LATER = /** @type {Record<string, string>} */ ({}); // of what may come later

const AT_ONCE = 4; // files that are fetched at the same time
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const HOME = new URL("./", location.href);
const OURS = `inkling ${HOME.pathname} `; // how the names of this site's caches begin; beside it may lie another site
const KEPT = `${OURS}${VERSION}`;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const name = nameOf(event.request);
  if (name) event.respondWith(answer(event, name));
});
worker.addEventListener("message", (event) => event.waitUntil(keepMore(event.data).catch(() => {}))); // again at the next visit

/** Keep a version. If a file of it cannot be had, the one before goes on, and what is here already waits for the next visit. */
async function install() {
  const names = Object.keys(FIRST).values();
  const keepRest = async () => {
    for (const name of names) await keep(name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, keepRest));
  for (const name of Object.keys(LATER)) await keepOld(name);
}

/**
 * Keep what a page has asked for, and all networks.
 * @param {{asked: string[], isThrifty: boolean}} page `isThrifty`: nothing that it has not asked for
 */
async function keepMore({ asked, isThrifty }) {
  for (const name of Object.keys(LATER)) {
    if (asked.includes(name) || (!isThrifty && name.startsWith("checkpoints/"))) await keep(name);
  }
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith(OURS) && name !== KEPT) await caches.delete(name);
  await worker.clients.claim(); // of the first visit's page, what it asks for from now on is kept
}

/** The site's file that is asked for, if there is one to keep. @param {Request} request @returns {string | null} its path */
function nameOf({ url, method, mode }) {
  const { href, pathname } = new URL(url);
  if (method !== "GET" || !href.startsWith(HOME.href)) return null;
  const name = pathname.slice(HOME.pathname.length) || (mode === "navigate" ? "index.html" : "");
  return Object.hasOwn(FIRST, name) || Object.hasOwn(LATER, name) ? name : null;
}

/** @param {FetchEvent} event @param {string} name @returns {Promise<Response>} */
async function answer(event, name) {
  const kept = await (await caches.open(KEPT)).match(name);
  if (kept) return kept;
  const reply = await fetch(event.request);
  if (reply.ok) event.waitUntil(put(name, reply.clone()).catch(() => {})); // there may be no room
  return reply;
}

/** Keep a file, unless it is kept. @param {string} name @throws {Error} it cannot be had */
async function keep(name) {
  const cache = await caches.open(KEPT);
  if ((await cache.match(name)) || (await keepOld(name))) return;
  const reply = await fetch(name, { cache: "no-cache" });
  if (!reply.ok || !(await put(name, reply))) throw new Error(`${name} cannot be had, or is of another version`);
}

/** Take a file over from the version before. @param {string} name @returns {Promise<boolean>} whether that had the same */
async function keepOld(name) {
  for (const key of await caches.keys()) {
    if (!key.startsWith(OURS) || key === KEPT) continue;
    const old = await (await caches.open(key)).match(name);
    if (old && (await put(name, old))) return true;
  }
  return false;
}

/** Keep a reply, if it is what this version has there. @param {string} name @param {Response} reply @returns {Promise<boolean>} whether it is */
async function put(name, reply) {
  const bytes = await reply.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== (FIRST[name] ?? LATER[name])) return false;
  const type = reply.headers.get("content-type") ?? "";
  await (await caches.open(KEPT)).put(name, new Response(bytes, { headers: { "content-type": type } }));
  return true;
}
