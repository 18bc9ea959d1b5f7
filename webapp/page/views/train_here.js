// Training in the page: its button and controls in the place of time, how far it is, and links that train.
import { h, write } from "../dom.js";
import { changePlan } from "../engine/plan.js";
import { describePlan, nameOwn } from "../own_names.js";
import { createOwnRuns, isBusy, isReplaced } from "../own_runs.js";
import { chosen, tutorialOf } from "../state.js";
import { capital, count, countImages, say, share } from "../text.js";
import { Trainer } from "../trainer.js";
import { readTraining } from "../training_link.js";
import { sayDuration } from "../training_time.js";
import { createOwnRunsView } from "./own_runs.js";
import { addManyTrainings } from "./train_many.js";
import { createTrainingSettings } from "./training_settings.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../trainer.js").Training} Training
 * @typedef {import("../engine/card.js").Scored} Scored
 */
const TRAINING = { running: "training_running", paused: "training_paused", done: "training_done", stopped: "training_stopped", alone: "training_done_alone" };
const FINE_TUNING = { ...TRAINING, running: "teaching_running", done: "teaching_done", stopped: "teaching_stopped", alone: "teaching_done_alone" };

/**
 * Bring the button that trains to life.
 * @param {Store} store
 * @param {import("../runs.js").Library} library
 * @param {import("./first_screen.js").Places} places
 * @param {(run: string) => void} choose
 * @returns {{trainer: Trainer, series: import("../series.js").SeriesTrainer, settings: import("./stage.js").View}}
 */
export function addTraining(store, library, places, choose) {
  const { main, train: button, go, line } = places;
  const own = createOwnRuns(store, library.fetch);
  const { element: ownRuns, reserve } = createOwnRunsView(store, own, choose);
  const trainer = new Trainer(store, own, reserve);
  const restore = () => {
    const { id } = /** @type {import("../state.js").Run} */ (store.state.removed);
    own.restore();
    choose(id);
  };
  const { tools, options, stop } = createTools(store, trainer, restore);
  function train() {
    void trainer.start(chosen(store.state).architecture.id, store.state.changes);
    stop.focus(); // the button pressed cannot be pressed meanwhile
  }
  button.addEventListener("click", train);
  store.watch(["training", "series"], (state) => (button.disabled = button.hidden = isBusy(state)));
  followEstimate(store, trainer, button);
  go.append(tools);
  line.append(createProgress(store, options, choose));
  addInvitation(main, store, trainer);
  const many = addManyTrainings(store, places, trainer.time, own, reserve);
  return { trainer, series: many.series, settings: createTrainingSettings(store, train, many.fields, ownRuns) };
}

/** How long a training will take, on the button that begins it. @param {Store} store @param {Trainer} trainer @param {HTMLElement} button */
function followEstimate(store, trainer, button) {
  const estimate = h("small", { "data-testid": "train-estimate" });
  button.append(estimate);
  store.watch(["run", "changes", "training"], async ({ changes, training }) => {
    if (isBusy(store.state)) return;
    const plan = changePlan(tutorialOf(chosen(store.state)), changes);
    await trainer.time.prepare(plan.architecture);
    const seconds = trainer.time.estimateSeconds(plan, training?.slowStart);
    write(estimate, seconds === null ? "" : sayDuration(seconds));
  });
}

/** How far the training is, in words. @param {Store} store @param {HTMLElement} options what can be done with it @param {(run: string) => void} choose */
function createProgress(store, options, choose) {
  const state = h("p", { class: "training-state", "data-testid": "train-state", "data-state": "idle" });
  const spoken = h("p", { class: "hidden", role: "status" });
  const show = h("button", { type: "button", "data-testid": "train-show", onclick: () => choose(store.state.training?.run ?? "") }, say("training_show"));
  const missing = h("p", { class: "note" }, say("train_missing_note"));
  const bar = /** @type {HTMLProgressElement} */ (h("progress", { max: 1, "aria-label": say("training_label") }));
  const element = h("section", { class: "trainer", "aria-label": say("training_label"), hidden: true }, state, bar, spoken, show, missing, options);
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
    bar.hidden = !training || isOver;
    if (training && !isOver) bar.value = training.phase === "loading" ? training.arrived / training.needed : training.images / training.totalImages || 0;
    show.hidden = !isElsewhere;
    missing.hidden = !training?.isMissing || training.isFineTuning;
    state.toggleAttribute("data-measuring", Boolean(training?.measuring));
    const phase = training && `${training.phase} ${Boolean(training.measuring)}`;
    if (!phase || phase === announced) return;
    announced = phase;
    write(spoken, state.textContent ?? ""); // read aloud when the phase changes, not at every step
  });
  return element;
}

/** @param {Training} training @param {import("../state.js").Run | undefined} run that it makes, once that is there */
function describe(training, run) {
  const { phase, plan, isFineTuning, arrived, needed, images, totalImages, measuring, problem, left } = training;
  const { scores = [] } = run?.timeline?.card ?? {};
  const [before, test] = [scores[0], scores.at(-1)];
  const words = isFineTuning ? FINE_TUNING : TRAINING;
  const values = { arrived: count(arrived), needed: count(needed), images: countImages(images), total: countImages(totalImages), n: count(test?.n ?? 0), left: left === null ? "" : say("training_left", { time: sayDuration(left) }) };
  if (phase === "failed") return training.isMissing && !isFineTuning ? "" : say("training_failed", { problem });
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

/**
 * What can be done with the training: beside its button, and below the strip.
 * @param {Store} store
 * @param {Trainer} trainer
 * @param {() => void} restore brings back, and shows, the run that it replaced
 */
function createTools(store, trainer, restore) {
  const tool = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ action) =>
    /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": testid, onclick: action }, say(word)));
  const pause = tool("train-pause", "train_pause", () => trainer.tell(store.state.training?.phase === "paused" ? "resume" : "pause"));
  const step = tool("train-step", "train_step", () => trainer.tell("step"));
  const stop = tool("train-stop", "train_stop", () => trainer.stop());
  stop.title = say("train_stop_title");
  const begin = (/** @type {import("../engine/plan.js").Changes} */ changes) => {
    void trainer.again(changes);
    stop.focus({ preventScroll: true }); // the button pressed is gone
  };
  const again = tool("train-again", "train_again", () => begin({}));
  const fresh = tool("train-new", "train_new", () => begin({ seed: nextSeed(store), rates: [] }));
  const change = tool("train-change", "train_change", () => {
    store.set({ view: "settings", isRaised: true });
    /** @type {HTMLElement | null} */ (/** @type {ShadowRoot} */ (change.getRootNode()).querySelector("#view-settings .field select"))?.focus(); // also where that view is open already
  });
  const back = tool("train-restore", "train_restore", restore);
  const instead = tool("train-missing", "train_missing", () => begin({ training_images: 10_000, source: "handwritings" }));
  const fast = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", "data-testid": "train-hurry" }));
  fast.addEventListener("change", () => trainer.setSlowStart(!fast.checked));
  const fastLabel = h("label", { class: "check", title: say("train_fast_title") }, fast, say("train_fast"));
  const rate = createRate(trainer);
  const tools = h("div", { class: "training-tools" }, pause, step, stop);
  const options = h("div", { class: "training-tools" }, again, fresh, change, back, instead, fastLabel, rate.element);

  store.watch(["training", "removed"], (state) => {
    const { training, removed } = state;
    const { phase, isFineTuning, slowStart = true, isMissing = false } = training ?? {};
    const canRepeat = Boolean(training) && !isFineTuning;
    const isOn = phase === "running" || phase === "paused";
    pause.hidden = step.hidden = !isOn;
    stop.hidden = !(isOn || phase === "loading");
    step.disabled = phase !== "paused";
    write(pause, say(phase === "paused" ? "train_resume" : "train_pause"));
    again.hidden = fresh.hidden = change.hidden = !canRepeat || !(phase === "done" || (phase === "failed" && !isMissing));
    back.hidden = !isReplaced(state);
    back.title = removed ? say("own_replaced_line", { name: capital(nameOwn(state, removed)) }) : "";
    instead.hidden = !isMissing || !canRepeat;
    fast.checked = !slowStart;
    fastLabel.hidden = !canRepeat || stop.hidden;
    rate.show(canRepeat && isOn && training ? training.rate : null);
  });
  return { tools, options, stop };
}

/** The start after the last one. @param {Store} store */
const nextSeed = ({ state }) => ((state.training?.plan.seed ?? 0) + 1) % 2 ** 32;

/** The learning rate, in words and as a slider on a logarithmic scale. @param {Trainer} trainer */
function createRate(trainer) {
  const words = h("span", {});
  const range = /** @type {HTMLInputElement} */ (h("input", { type: "range", "data-testid": "train-rate", min: -5, max: 1, step: 0.05 })); // powers of ten
  range.addEventListener("input", () => trainer.setRate(Number((10 ** Number(range.value)).toPrecision(2))));
  const element = h("label", { class: "rate" }, words, range);
  let shown = NaN;
  /** @param {number | null} rate null hides it */
  function show(rate) {
    element.hidden = rate === null;
    if (rate === null || rate === shown) return;
    shown = rate;
    write(words, say("train_rate", { rate: String(rate) }));
    range.setAttribute("aria-valuetext", String(rate));
    if (!range.matches(":focus")) range.value = String(Math.log10(rate));
  }
  return { element, show };
}

/** What a link that trains says, in words; null where that is damaged, or impossible. @param {Store} store @param {string} text */
function describeTraining(store, text) {
  const tutorial = tutorialOf(chosen(store.state));
  try {
    return describePlan(changePlan(tutorial, readTraining(text)), tutorial);
  } catch {
    return null;
  }
}

/** A link that trains asks first. @param {HTMLElement} main @param {Store} store @param {Trainer} trainer */
function addInvitation(main, store, trainer) {
  const [words, busy] = [h("p", {}), h("p", { class: "problem" })];
  const forget = () => store.set({ invitation: null }); // which closes the dialog
  const begin = () => {
    const { invitation } = store.state;
    forget();
    if (invitation) void trainer.start(chosen(store.state).architecture.id, readTraining(invitation));
  };
  const train = /** @type {HTMLButtonElement} */ (
    h("button", { type: "button", class: "primary", "data-testid": "link-train", onclick: begin }, say("link_train"))
  );
  const leave = h("button", { type: "button", "data-testid": "link-leave", onclick: forget }, say("link_leave"));
  const content = h("div", { class: "dialog" }, words, busy, h("div", { class: "dialog-foot" }, leave, train));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { "data-testid": "invitation", "aria-label": say("link_train") }, content));
  main.append(dialog);
  dialog.addEventListener("cancel", forget); // by Escape; "close" comes later, when a report of a training may have opened it again
  store.watch(["invitation", "training"], ({ invitation }) => {
    if (!invitation) return dialog.close();
    const what = describeTraining(store, invitation);
    if (what === null) return store.set({ invitation: null, badLink: true });
    words.textContent = say("link_trains", { what });
    busy.textContent = isBusy(store.state) ? say("own_busy") : "";
    train.disabled = isBusy(store.state);
    if (!dialog.open) dialog.showModal();
  });
}
