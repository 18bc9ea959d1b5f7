// Asked for at once, while the page's other modules are on their way: the list of runs, and the checkpoint that is to be
// shown, of the run that the page opens with or of a lesson's step.
import { ask } from "./files.js";

/** @type {Map<string, Promise<Response>>} */
const replies = new Map(); // by file, to whoever asks for it first
const MAX_BYTES = 10_000_000; // no checkpoint is larger

/** @param {string} name a path below the page */
function askEarly(name) {
  const reply = ask(name).then(readAhead);
  reply.catch(() => {}); // whoever takes it is told
  replies.set(name, reply);
  return reply;
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

/** The checkpoint of a lesson's step. @param {string} lesson @param {string} [step] from 1 */
async function askForStep(lesson, step = "1") {
  const { steps } = await (await askEarly(`lessons/${lesson}.json`)).clone().json();
  void askEarly(`checkpoints/${new URLSearchParams(steps[Number(step) - 1].page).get("run")}.safetensors`);
}

if (globalThis.document) {
  void askEarly("runs.json");
  const link = new URLSearchParams(location.hash.slice(1));
  const [, lesson, step] = link.get("lesson")?.match(/^([a-z][\w-]*)(?:\.(\d+))?$/) ?? [];
  const usual = document.querySelector("inkling-page")?.getAttribute("run");
  if (lesson && !link.has("run")) {
    if (!link.has("file")) askForStep(lesson, step).catch(() => {}); // else the link holds the lesson itself
  } else if (usual && (link.get("run") ?? usual) === usual) void askEarly(`checkpoints/${usual}.safetensors`);
}
