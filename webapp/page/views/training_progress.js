// The training that runs: its controls beside the strip of time, and below the strip how far it is.
import { h, write } from "../dom.js";
import { count, countImages, say, share } from "../text.js";
import { sayDuration } from "../training_time.js";
import { createRateSlider } from "./rate_slider.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../trainer.js").Trainer} Trainer
 * @typedef {import("../trainer.js").Training} Training
 * @typedef {import("../engine/card.js").Scored} Scored
 */
const TRAINING = { running: "training_running", paused: "training_paused", done: "training_done", stopped: "training_stopped", alone: "training_done_alone" };
const FINE_TUNING = { running: "teaching_running", paused: "teaching_paused", done: "teaching_done", stopped: "teaching_stopped", alone: "teaching_done_alone" };

/**
 * @param {Store} store
 * @param {Trainer} trainer
 * @param {(run: string) => void} choose
 * @returns {{tools: HTMLElement, element: HTMLElement, stop: HTMLElement}} `tools`: pause, one step, stop
 */
export function createTrainingView(store, trainer, choose) {
  const state = h("p", { class: "training-state", "data-testid": "train-state", "data-state": "idle" });
  const spoken = h("p", { class: "hidden", role: "status" });
  const elsewhere = h("p", { class: "note" });
  const show = h("button", { type: "button", class: "plain", onclick: () => choose(store.state.training?.run ?? "") }, say("training_show"));
  const { tools, options, stop } = createTools(store, trainer);
  const missing = h("p", { class: "note" }, say("train_missing_note"));
  const element = h(
    "section",
    { class: "trainer", "aria-label": say("training_label"), hidden: true },
    state,
    spoken,
    h("div", { class: "elsewhere" }, elsewhere, show),
    missing,
    options,
  );
  let announced = "";
  let [wasOver, endedBeside] = [false, ""]; // which run was shown when it ended

  store.watch(["training", "run", "runs", "snapshot"], ({ training, run, runs, snapshot }) => {
    const isElsewhere = Boolean(training && training.run !== run && runs[training.run]);
    const isOver = training?.phase === "done" || training?.phase === "failed";
    if (isOver && !wasOver) endedBeside = run;
    wasOver = isOver;
    element.hidden = !training || (isElsewhere && isOver && run !== endedBeside); // what is over is told where it ended, and beside its own network
    const isTold = training?.run === run && snapshot === null; // what the snapshot's own line says, too
    element.parentElement?.classList.toggle("told", isTold && training?.phase === "done");
    element.parentElement?.classList.toggle("busy", isTold && !isOver);
    state.dataset.state = training?.phase ?? "idle";
    write(state, training ? describe(training, runs[training.run]) : "");
    elsewhere.parentElement?.toggleAttribute("hidden", !isElsewhere);
    write(elsewhere, isOver ? "" : say(training?.phase === "paused" ? "training_elsewhere_paused" : "training_elsewhere"));
    missing.hidden = !training?.isMissing || training.isFineTuning;
    state.toggleAttribute("data-measuring", Boolean(training?.measuring));
    const phase = training && `${training.phase} ${Boolean(training.measuring)}`;
    if (!phase || phase === announced) return;
    announced = phase;
    write(spoken, state.textContent ?? ""); // read aloud when the phase changes, not at every step
  });
  return { tools, element, stop };
}

/** @param {Training} training @param {import("../state.js").Run | undefined} run that it makes, once that is there */
function describe(training, run) {
  const { phase, plan, isFineTuning, arrived, needed, images, totalImages, measuring, problem, left } = training;
  const { scores = [] } = run?.timeline?.card ?? {};
  const [before, test] = [scores[0], scores.at(-1)];
  const words = isFineTuning ? FINE_TUNING : TRAINING;
  const values = { arrived: count(arrived), needed: count(needed), images: countImages(images), total: countImages(totalImages), n: count(test?.n ?? 0), left: left === null ? "" : say("training_left", { time: sayDuration(left) }) };
  if (phase === "failed") return training.isMissing && !isFineTuning ? "" : say(totalImages ? "training_failed" : "training_unbegun", { problem });
  if (phase === "loading") return say(plan.recipe.source === "handwritings" ? "training_loading_drawings" : "training_loading", values);
  if (phase !== "done") return say(words[phase], values);
  if (!test) return say(words.alone, values);
  const done = say(images < totalImages ? words.stopped : words.done, { ...values, accuracy: share(test.correct / test.n), before: inWords(before, test) });
  return measuring ? say("training_measuring", { done, n: count(10_000), measured: measuring[0], snapshots: measuring[1] }) : done;
}

/** How many were read right; of how many, if that were others than those of another score. @param {Scored | undefined} score @param {Scored} other */
function inWords(score, other) {
  if (!score) return "";
  const accuracy = share(score.correct / score.n);
  return score.n === other.n ? accuracy : say("teaching_before", { accuracy, n: count(score.n) });
}

/** @param {Store} store @param {Trainer} trainer */
function createTools(store, trainer) {
  const tool = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ action) =>
    /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": testid, onclick: action }, say(word)));
  const pause = tool("train-pause", "train_pause", () => trainer.tell(store.state.training?.phase === "paused" ? "resume" : "pause"));
  const step = tool("train-step", "train_step", () => trainer.tell("step"));
  const stop = tool("train-stop", "train_stop", () => trainer.stop());
  const again = tool("train-again", "train_again", () => void trainer.again());
  const fresh = tool("train-new", "train_new", () => void trainer.again({ seed: nextSeed(store), rates: [] }));
  const fast = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", "data-testid": "train-hurry", "aria-label": say("train_fast_label") }));
  fast.addEventListener("change", () => trainer.setSlowStart(!fast.checked));
  const fastLabel = h("label", { class: "check" }, fast, say("train_fast"));
  const rate = createRate(trainer);
  const change = tool("train-change", "train_change", () => store.set({ view: "settings", isRaised: true }));
  const instead = tool("train-missing", "train_missing", () => void trainer.again({ training_images: 10_000, source: "handwritings" }));

  const tools = h("div", { class: "training-tools" }, pause, step, stop);
  const options = h("div", { class: "training-tools" }, again, fresh, change, instead, fastLabel, rate.element);

  store.watch(["training"], ({ training }) => {
    const { phase, plan, isFineTuning, slowStart = true, isMissing = false } = training ?? {};
    const canRepeat = Boolean(training) && !isFineTuning;
    const isOn = phase === "running" || phase === "paused";
    pause.hidden = step.hidden = !isOn;
    stop.hidden = !(isOn || phase === "loading");
    step.disabled = phase !== "paused";
    write(pause, say(phase === "paused" ? "train_resume" : "train_pause"));
    stop.setAttribute("aria-label", say("train_stop_label"));
    again.hidden = fresh.hidden = !canRepeat || !(phase === "done" || (phase === "failed" && !isMissing));
    if (plan) {
      again.setAttribute("aria-label", say("train_again_label", { seed: plan.seed }));
      fresh.setAttribute("aria-label", say("train_new_label", { seed: nextSeed(store) }));
    }
    change.hidden = again.hidden;
    instead.hidden = !isMissing || !canRepeat;
    fast.checked = !slowStart;
    fastLabel.hidden = !canRepeat || !(isOn || phase === "loading");
    rate.show(canRepeat && isOn && training ? training.rate : null);
    if (![tools, options].some((place) => place.querySelector(":focus")?.closest("[hidden]"))) return;
    const [next] = [pause, step, stop, again].filter((button) => !button.hidden && !button.disabled);
    next?.focus({ preventScroll: true }); // the button pressed is gone
  });
  return { tools, options, stop };
}

/** The start after the last one. @param {Store} store */
const nextSeed = ({ state }) => ((state.training?.plan.seed ?? 0) + 1) % 2 ** 32;

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
