// Asked for at once, while the page's other modules are on their way: the list of runs, and the checkpoint that is to be shown.

/** @type {Map<string, Promise<Response>>} */
const replies = new Map(); // by file, to whoever asks for it first
const MAX_BYTES = 10_000_000; // no checkpoint is larger
let isAsked = false; // whether the page has asked for a checkpoint itself

/** @param {string} name a path below the page */
function ask(name) {
  const reply = fetch(new URL(name, import.meta.url)).then(readAhead);
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
  isAsked ||= name.startsWith("checkpoints/");
  const reply = replies.get(name);
  replies.delete(name);
  return reply;
}

/** The checkpoint of a lesson's step. @param {string} lesson @param {string} [step] from 1 */
async function askForStep(lesson, step = "1") {
  const { steps } = await (await ask(`lessons/${lesson}.json`)).clone().json();
  ask(`checkpoints/${new URLSearchParams(steps[Number(step) - 1].page).get("run")}.safetensors`);
}

async function start() {
  const link = new URLSearchParams(location.hash.slice(1));
  const [, lesson, step] = link.get("lesson")?.match(/^([a-z][\w-]*)(?:\.(\d+))?$/) ?? [];
  if (lesson && !link.has("run")) {
    ask("runs.json");
    return link.has("file") || askForStep(lesson, step); // or the link holds the lesson itself
  }
  const { default: usual, runs } = await (await ask("runs.json")).clone().json();
  const asked = new URLSearchParams(location.hash.slice(1)).get("run");
  const isKnown = runs.some((/** @type {{id: string}} */ { id }) => id === asked);
  if (!isAsked) ask(`checkpoints/${isKnown ? asked : usual}.safetensors`);
}
start().catch(() => {}); // the page asks again, and says what is wrong
