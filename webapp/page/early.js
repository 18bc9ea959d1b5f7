// Asked for at once, while the page's other modules are on their way: the list of runs, and the checkpoint of the run
// that the page opens with.
import { ask } from "./files.js";

/** @type {Map<string, Promise<Response>>} */
const replies = new Map(); // by file, to whoever asks for it first
const MAX_BYTES = 10_000_000; // no checkpoint is larger

/** @param {string} name a path below the page */
function askEarly(name) {
  const reply = ask(name).then(readAhead);
  reply.catch(() => {}); // whoever takes it is told
  replies.set(name, reply);
}

/**
 * A reply whose body is read as it arrives: a browser holds only a little of what nobody reads.
 * @param {Response} reply
 */
function readAhead(reply) {
  if (!reply.body) return reply;
  const room = new ByteLengthQueuingStrategy({ highWaterMark: MAX_BYTES });
  const { status, headers } = reply;
  return new Response(reply.body.pipeThrough(new TransformStream(undefined, undefined, room)), { status, headers });
}

/**
 * The reply to what has been asked for already; each is given once.
 * @param {string} name a path below the page
 * @returns {Promise<Response> | undefined}
 */
export function takeReply(name) {
  const reply = replies.get(name);
  replies.delete(name);
  return reply;
}

if (globalThis.document) {
  askEarly("runs.json");
  const usual = document.querySelector("inkling-page")?.getAttribute("run");
  const asked = new URLSearchParams(location.hash.slice(1)).get("run") ?? usual;
  if (usual && asked === usual) askEarly(`checkpoints/${usual}.safetensors`);
}
