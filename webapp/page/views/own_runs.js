// The visitor's own runs: show, save as a file, remove, and open a file again.
import { h, write } from "../dom.js";
import { readTimeline, writeCheckpoint } from "../engine/checkpoint.js";
import { InklingError } from "../engine/errors.js";
import { planOfRun } from "../plan.js";
import { isOwn, ownNumber } from "../state.js";
import { capital, count, say, sentenceOf, share } from "../text.js";
import { download } from "./download.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../runs.js").Library} Library
 * @typedef {import("../own_runs.js").OwnRuns} OwnRuns
 */
const MAX_BYTES = 10_000_000; // of a file

/**
 * @param {Store} store
 * @param {Library} library
 * @param {OwnRuns} own
 * @param {(run: string) => void} choose
 * @param {(architecture: string) => Promise<string | null>} makeRoom
 */
export function createOwnRunsView(store, library, own, choose, makeRoom) {
  const list = h("ul", { class: "own", "data-testid": "own-runs" });
  const about = h("p", { class: "note" });
  const line = h("p", { role: "status", "data-testid": "own-line" });
  const file = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: ".safetensors", hidden: true, "data-testid": "own-file" }));
  const open = h("button", { type: "button", "data-testid": "own-open", onclick: () => file.click() }, say("own_open"));
  file.addEventListener("change", async () => {
    const [given] = file.files ?? [];
    file.value = ""; // so that the same file can be chosen again
    if (given) write(line, await openFile(given).catch(sentenceOf));
  });

  /** @param {File} given @returns {Promise<string>} what is said of it */
  async function openFile(given) {
    if (given.size > MAX_BYTES) throw new InklingError(say("own_large", { bytes: count(given.size) }));
    const timeline = await readTimeline(given.stream(), () => {});
    checkKnown(store, own, timeline);
    const run = await makeRoom(timeline.architecture.id);
    if (!run) return "";
    own.open(timeline, run);
    return say("own_opened_line", { name: capital(nameOwn(store, library, run)) });
  }

  function removeRun(/** @type {string} */ run) {
    own.remove(run);
    open.focus(); // the button pressed is gone
  }
  const item = (/** @type {string} */ run) => {
    const name = capital(nameOwn(store, library, run));
    const isGrowing = Boolean(store.runs.get(run)?.growing);
    const button = (/** @type {string} */ action, /** @type {() => void} */ press) =>
      h("button", { type: "button", "data-testid": `own-${action}`, "data-own": run, disabled: isGrowing && action !== "show", "aria-label": say(`own_${action}_label`, { name }), onclick: press }, say(`own_${action}`));
    const buttons = [button("show", () => choose(run)), button("save", () => saveRun(library, run)), button("remove", () => removeRun(run))];
    return h("li", {}, h("span", {}, name), ...buttons);
  };
  let known = "";
  store.watch(["own", "timeline", "training"], ({ own: runs }) => {
    const key = JSON.stringify(runs.map((run) => [run, store.runs.get(run)?.growing, nameOwn(store, library, run)]));
    if (key === known) return;
    known = key;
    write(about, say(runs.length ? "own_some" : "own_none"));
    list.replaceChildren(...runs.map(item));
  });
  return h("div", { class: "own-runs" }, h("h3", {}, say("own_heading")), about, list, line, open, file);
}

/**
 * Refuse a run that is none of one's own, or of another network than the page knows.
 * @param {Store} store
 * @param {OwnRuns} own
 * @param {import("../engine/checkpoint.js").Timeline} timeline
 */
function checkKnown(store, own, { run, architecture, recipe }) {
  if (!isOwn(run)) throw new InklingError(say("own_foreign", { run }));
  const base = own.baseOf(architecture.id);
  if (!base) throw new InklingError(say("own_unknown", { architecture: architecture.id.slice(0, 40) }));
  const sizes = architecture.hidden.map(({ units }) => units).join();
  const activations = architecture.hidden.map(({ activation }) => activation).join();
  const isSame = sizes === base.sizes.slice(1, -1).join() && activations === base.activations.join() && recipe.input_range.join() === base.input_range.join();
  if (!isSame) throw new InklingError(say("own_other", { architecture: architecture.id }));
}

/** A plan in words: the network, and all that is not as its tutorial has it. @param {import("../state.js").RunEntry} entry @param {import("../plan.js").Plan} plan */
export function describePlan({ architecture, training }, plan) {
  const passes = plan.epochs === 1 ? say("plan_pass") : say("plan_passes", { epochs: count(plan.epochs) });
  const changes = [
    plan.learningRate !== training.learning_rate && say("plan_rate", { rate: plan.learningRate }),
    plan.rates.length > 0 && say("plan_rates"),
    plan.optimizer !== training.optimizer && say(`optimizer_${plan.optimizer}`),
    plan.batchSize !== training.batch_size && say("plan_batch", { size: count(plan.batchSize) }),
    training.dropout.some(Boolean) && !plan.dropout && say("plan_dropout"),
    plan.shuffledShare > 0 && say("plan_shuffled", { share: share(plan.shuffledShare) }),
    plan.leftOut.length > 0 && say("plan_without", { digits: plan.leftOut.join(", ") }),
    plan.source === "handwritings" && say("plan_source"),
  ].filter(Boolean);
  const start = say("plan_start", { seed: plan.seed });
  return [say(`network_${architecture}`), say("plan_images", { count: count(plan.count) }), passes, ...changes, start].join(", ");
}

/** A run of one's own in words. @param {Store} store @param {Library} library @param {string} run */
export function nameOwn(store, library, run) {
  const entry = store.runs.get(run);
  const timeline = library.timeline(run);
  if (!entry || !timeline) return run;
  const values = { network: say(`network_${entry.architecture}`), number: ownNumber(run) };
  if (entry.from !== undefined) return say("own_taught", { ...values, from: nameSource(store, entry.from) });
  const plan = planOfRun(entry, timeline);
  if (!plan) return say("own_opened", values);
  const name = say("own_trained", { number: values.number, what: describePlan(entry, plan) });
  const seen = timeline.imagesSeen[timeline.imagesSeen.length - 1];
  const isWhole = entry.growing || plan.leftOut.length || seen >= plan.count * plan.epochs;
  return isWhole ? name : say("own_stopped", { name, images: count(seen) });
}

/** The run that was taught. @param {Store} store @param {string | null} run */
function nameSource({ runs }, run) {
  if (run === null) return say("own_source");
  return isOwn(run) && !runs.has(run) ? say("own_gone", { run }) : run;
}

/** Save a run as a file. @param {Library} library @param {string} run */
export function saveRun(library, run) {
  const timeline = library.timeline(run);
  if (!timeline) return;
  download(/** @type {Uint8Array<ArrayBuffer>} */ (writeCheckpoint(timeline)), `${run.replace("/", "-")}.safetensors`);
}
