// The training that runs, in the first screen: how far it is, its controls, and its curve as it grows.
import { h, svg, write } from "../dom.js";
import { otherTrainings } from "../own_runs.js";
import { count, say, share } from "../text.js";
import { createRateSlider } from "./rate_slider.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../trainer.js").Trainer} Trainer
 * @typedef {import("../trainer.js").Training} Training
 * @typedef {import("../engine/checkpoint.js").Timeline} Timeline
 */
const CURVE = { width: 120, height: 32 };

/**
 * @param {Store} store
 * @param {Trainer} trainer
 * @param {import("../runs.js").Library} library
 * @param {(run: string) => void} choose
 */
export function createTrainingView(store, trainer, library, choose) {
  const state = h("p", { "data-testid": "train-state", "data-state": "idle" });
  const spoken = h("p", { class: "hidden", role: "status" });
  const elsewhere = h("p", { class: "note" });
  const show = h("button", { type: "button", class: "plain", onclick: () => choose(store.state.training?.run ?? "") }, say("training_show"));
  const tools = createTools(store, trainer);
  const missing = h("p", { class: "note" }, say("train_missing_note"));
  const curve = createCurve(store, library);
  const content = h(
    "div",
    { class: "trainer", hidden: true },
    h("div", { class: "training-said" }, curve.picture, state, curve.words),
    spoken,
    h("div", { class: "elsewhere" }, elsewhere, show),
    missing,
    tools,
  );
  const element = h("section", { "aria-label": say("training_label") }, content);
  let announced = "";

  store.watch(["training", "run", "own"], ({ training, run }) => {
    content.hidden = !training;
    state.dataset.state = training?.phase ?? "idle";
    write(state, training ? describe(training, store, library) : "");
    elsewhere.parentElement?.toggleAttribute("hidden", !training || training.run === run || !store.runs.has(training.run));
    write(elsewhere, say("training_elsewhere"));
    missing.hidden = !training?.isMissing || !training.plan;
    if (!training || training.phase === announced) return;
    announced = training.phase;
    write(spoken, state.textContent ?? ""); // read aloud when the phase changes, not at every step
  });
  return element;
}

/** @param {Training} training @param {Store} store @param {import("../runs.js").Library} library */
function describe(training, store, library) {
  const { phase, plan, arrived, needed, images, totalImages, measuring, problem, loss } = training;
  const test = library.timeline(training.run)?.card.scores.at(-1);
  const n = count(test?.n ?? 0);
  const values = { arrived: count(arrived), needed: count(needed), images: count(images), total: count(totalImages), n, loss: Number.isNaN(loss) ? "–" : loss.toFixed(2) };
  if (phase === "failed") return training.isMissing && plan ? "" : say(totalImages ? "training_failed" : "training_unbegun", { problem });
  if (phase === "loading") return say(plan?.source === "handwritings" ? "training_loading_drawings" : "training_loading", values);
  const verb = plan ? "training" : "teaching";
  if (measuring) return say(`${verb}_measuring`, { ...values, measured: measuring[0], snapshots: measuring[1], n: count(10_000) });
  if (phase !== "done") return say(`${verb}_${phase}`, values);
  if (!test) return say(`${verb}_done_alone`, values);
  const before = library.timeline(training.run)?.card.scores[0];
  return say(`${verb}_${images < totalImages ? "stopped" : "done"}`, { ...values, accuracy: share(test.correct / test.n), before: before ? share(before.correct / before.n) : "" });
}

/** @param {Store} store @param {Trainer} trainer */
function createTools(store, trainer) {
  const tool = (/** @type {string} */ name, /** @type {() => void} */ action) => {
    return /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": `train-${name}`, onclick: action }, say(`train_${name}`)));
  };
  const pause = tool("pause", () => trainer.tell(store.state.training?.phase === "paused" ? "resume" : "pause"));
  const [step, stop] = [tool("step", () => trainer.tell("step")), tool("stop", () => trainer.stop())];
  const again = tool("again", () => void trainer.again());
  const fresh = tool("new", () => void trainer.again({ seed: nextSeed(store), rates: [] }));
  const hurry = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", "data-testid": "train-hurry", "aria-label": say("train_hurry_label") }));
  hurry.addEventListener("change", () => trainer.watch(!hurry.checked));
  const hurryLabel = h("label", { class: "check" }, hurry, say("train_hurry"));
  const rate = createRate(trainer);
  const change = tool("change", () => store.set({ open: [...new Set([...store.state.open, "training"])] }));
  const instead = tool("missing", () => void trainer.again({ count: 10_000, source: "handwritings" }));

  const tools = h("div", { class: "training-tools" }, pause, step, stop, again, fresh, change, instead, hurryLabel, rate.element);

  store.watch(["training"], ({ training }) => {
    const { phase, plan, isWatched = true, measuring, isMissing = false } = training ?? {};
    const isOn = phase === "running" || phase === "paused";
    pause.hidden = step.hidden = !isOn || Boolean(measuring);
    stop.hidden = !(isOn || phase === "loading") || Boolean(measuring);
    step.disabled = phase !== "paused";
    write(pause, say(phase === "paused" ? "train_resume" : "train_pause"));
    stop.setAttribute("aria-label", say("train_stop_label"));
    again.hidden = fresh.hidden = !plan || !(phase === "done" || (phase === "failed" && !isMissing));
    if (plan) {
      again.setAttribute("aria-label", say("train_again_label", { seed: plan.seed }));
      fresh.setAttribute("aria-label", say("train_new_label", { seed: nextSeed(store) }));
    }
    change.hidden = again.hidden;
    instead.hidden = !isMissing || !plan;
    hurry.checked = !isWatched;
    hurryLabel.hidden = !plan || !(isOn || phase === "loading") || Boolean(measuring);
    rate.show(plan && isOn && !measuring && training ? training.rate : null);
    if (!tools.querySelector(":focus")?.closest("[hidden]")) return;
    const [next] = [pause, step, stop, again].filter((button) => !button.hidden && !button.disabled);
    next?.focus({ preventScroll: true }); // the button pressed is gone
  });
  return tools;
}

/** The start after the last one. @param {Store} store */
const nextSeed = ({ state }) => ((state.training?.plan?.seed ?? 0) + 1) % 2 ** 32;

/** The learning rate, in words and as a slider. @param {Trainer} trainer */
function createRate(trainer) {
  const words = h("span", {});
  const slider = createRateSlider({ "data-testid": "train-rate" }, (rate) => trainer.setRate(rate));
  const element = h("label", { class: "rate" }, words, slider.range);
  let shown = NaN;
  /** @param {number | null} rate null hides it */
  function show(rate) {
    element.hidden = rate === null;
    if (rate === null || rate === shown) return;
    shown = rate;
    write(words, say("train_rate", { rate: String(rate) }));
    slider.show(rate);
  }
  return { element, show };
}

/** A small curve of the test digits read right, beside those of the trainings before. @param {Store} store @param {import("../runs.js").Library} library */
function createCurve(store, library) {
  const picture = svg("svg", { viewBox: `0 0 ${CURVE.width} ${CURVE.height}`, class: "curve", "aria-hidden": "true", preserveAspectRatio: "none" });
  const words = h("p", { class: "note", "data-testid": "train-accuracy" });
  let drawn = "";

  store.watch(["training", "timeline", "earlier", "own"], ({ training, earlier, own }) => {
    const timeline = training && library.timeline(training.run);
    const measured = timeline?.card.scores.filter(Boolean) ?? [];
    picture.toggleAttribute("hidden", !measured.length || training?.phase === "failed");
    words.hidden = !measured.length || training?.phase === "failed";
    const key = JSON.stringify([training?.phase, training?.run, measured.length, measured.at(-1)?.n, training?.axis.length, earlier.length, own]);
    if (!timeline || !measured.length || key === drawn) return;
    drawn = key;
    const axis = training.axis.length ? training.axis : timeline.imagesSeen;
    const others = otherTrainings(store, library, training.run);
    picture.replaceChildren(...others.map((other) => line(other, axis, "earlier")), line(timeline, axis, "chosen"));
    const { scores } = timeline.card;
    const last = scores.lastIndexOf(/** @type {any} */ (measured.at(-1)));
    const { correct, n } = scores[last];
    write(words, say(training.phase === "done" ? "training_curve_done" : "training_curve", { accuracy: share(correct / n), n: count(n), images: count(timeline.imagesSeen[last]) }));
  });
  return { picture, words };
}

/** @param {Timeline} timeline @param {number[]} axis @param {string} name */
function line({ card, imagesSeen }, axis, name) {
  const most = Math.log1p(axis[axis.length - 1]);
  const points = card.scores.flatMap((score, index) => {
    if (!score) return [];
    const [x, y] = [Math.log1p(imagesSeen[index]) / most, score.correct / score.n];
    return x > 1 ? [] : [`${x * CURVE.width},${(1 - y) * CURVE.height}`];
  });
  return svg("polyline", { points: points.join(" "), class: `curve-line ${name}` });
}
