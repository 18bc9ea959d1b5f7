// The list of runs, and a JSON list of visits, each a list of what is done in a page: [action, …arguments]. Prints of
// every visit what the page holds after each step. No network is trained: what a worker would report is a step, too.
// A network is told from others by its `name`: "job 1" of the first training of a visit, "file 1" of its first file.
import { readFileSync } from "node:fs";

/** @type {any} */
let worker = null; // the last one
/** @type {any[]} */
let posted = []; // what this visit's workers were told; the end of one is a "stop", too
globalThis.Worker = class extends EventTarget {
  constructor() {
    super();
    worker = this;
  }
  postMessage(message) {
    posted.push(message);
  }
  terminate() {
    posted.push({ type: "stop" });
  }
};
globalThis.fetch = async () => new Response('{"drawings": []}');
globalThis.location = { hash: "" };

const { createOwnRuns } = await import("../../webapp/page/own_runs.js");
const { createStore, ownRuns } = await import("../../webapp/page/state.js");
const { Trainer } = await import("../../webapp/page/trainer.js");
const { writeLink } = await import("../../webapp/page/link_writing.js");
await import("./sentences.js");

const [list, visits] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
const BASE = "relu-50/published";
const pause = () => new Promise((resolve) => setImmediate(resolve)); // until all that has been begun rests
const networkOf = (name) => ({ name, layers: [{ inputs: 784, outputs: 10 }], activations: [] });

function openPage() {
  posted = [];
  const store = createStore(list, BASE, () => ({}));
  store.set({ source: "handwritings" }); // there are no test images
  const own = createOwnRuns(store, async () => {});
  const ownIds = () => ownRuns(store.state).map(({ id }) => id);
  const jobs = () => posted.filter(({ type }) => type === "start");
  let reported = { job: 0, last: "" }; // what the worker has said of the last training
  /** Say what the worker can say next; what it cannot is left out. */
  function report(step, after, type, more) {
    if (reported.job !== jobs().length) reported = { job: jobs().length, last: "start" };
    if (!reported.job || !after.includes(reported.last)) return;
    reported.last = step;
    worker.dispatchEvent(new MessageEvent("message", { data: { type, id: jobs().at(-1).order.id, ...more } }));
  }
  const snapshot = (step) => ({ snapshot: { step, images: step, network: networkOf(`job ${reported.job}`) } });
  const trainer = new Trainer(store, own, own.reserve);
  let files = 0;

  async function openFile(source) {
    const name = `file ${(files += 1)}`;
    await pause(); // while it is read
    const run = own.reserve("relu-50");
    if (run) own.open(timelineOf(name, source), run);
  }

  /** A run as a file holds it, saved in another page. */
  function timelineOf(name, source) {
    const recipe = { input_range: [0, 1], batch_size: 32, epochs: 1, published: "", ...(source && { taught_from: source }) };
    const { architecture } = store.state.runs[BASE];
    const card = { run: "relu-50/own-1", architecture, recipe, seed: 1, steps: [0, 1], images_seen: [0, 32], scores: [], training_scores: [], epochs: [] };
    return { card, snapshots: [networkOf(name), networkOf(name)] };
  }

  const actions = {
    train: () => trainer.start("relu-50", { training_images: 100 }),
    again: () => trainer.again(),
    new: () => trainer.again({ seed: 9, rates: [] }),
    instead: () => trainer.again({ training_images: 10_000, source: "handwritings" }),
    teach: (at) => trainer.fineTune(ownIds()[at] ?? "", [{ strokes: [], label: 1 }]),
    open: (source) => openFile(source),
    two: () => Promise.all([openFile(), openFile()]), // at once
    remove: (at) => ownIds()[at] && own.remove(ownIds()[at]),
    restore: () => own.restore(),
    choose: (at) => store.set({ run: ownIds()[at] ?? BASE }),
    stop: () => trainer.stop(),
    begin: () => report("begin", ["start"], "running", { axis: [0, 9] }),
    first: () => report("first", ["begin"], "snapshot", snapshot(0)),
    later: () => report("later", ["first"], "snapshot", snapshot(9)),
    done: () => report("done", ["first", "later"], "done", {}),
    made: () => report("made", ["later"], "done", { measured: 0, snapshots: 2 }),
    measured: () => report("made", ["made"], "scored", { step: 9, test: { n: 10_000, correct: 9_000, loss: 1 }, measured: 1, snapshots: 2 }),
    late: () => worker.dispatchEvent(new MessageEvent("message", { data: { type: "scored", id: jobs().length - 1, step: 0, test: { n: 10_000, correct: 1_000, loss: 2 }, measured: 2, snapshots: 2 } })),
    break: () => worker.dispatchEvent(new Event("error")),
    save: (at) => own.mark(ownIds()[at]),
    fail: () => report("fail", ["start", "begin", "first", "later"], "failed", { problem: { key: "training_diverged", values: {} } }),
    missing: () => report("fail", ["start"], "failed", { problem: { key: "training_no_images", values: {} }, isMissing: true }),
  };

  async function described() {
    const { runs, run, training, earlier } = store.state;
    const mine = ownRuns(store.state);
    return {
      own: mine.map(({ id, timeline }) => [id, timeline.snapshots[0].name]),
      growing: mine.filter(({ growing }) => growing).map(({ id }) => id),
      from: mine.map(({ from }) => from ?? null),
      taught: mine.filter(({ from }) => from !== undefined).map(({ id }) => id),
      run,
      known: Object.keys(runs).filter((id) => id.includes("/own-")),
      training: training && { phase: training.phase, run: training.run },
      measuring: training?.measuring ?? null,
      scores: mine.map(({ timeline }) => timeline.card.scores.map((score) => score?.n ?? null)),
      saved: mine.filter(({ isSaved }) => isSaved).map(({ id }) => id),
      jobs: jobs().length,
      isStopped: ["stop", "giveUp"].includes(posted.at(-1)?.type),
      earlier: earlier.map(({ card }) => card.run),
      link: await writeLink(store.state),
    };
  }
  return async ([action, ...given]) => {
    void actions[action](...given);
    await pause();
    await pause();
    return described();
  };
}

const told = [];
for (const steps of visits) {
  const act = openPage();
  const states = [];
  for (const step of steps) states.push(await act(step));
  told.push(states);
}
process.stdout.write(JSON.stringify(told));
