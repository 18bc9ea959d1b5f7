// Many trainings at once: their button and controls in the place of time, how far they are, and what is set for them.
import { h, write } from "../dom.js";
import { changePlan } from "../engine/plan.js";
import { describeRecipe } from "../own_names.js";
import { baseOf, isBusy } from "../own_runs.js";
import { SeriesTrainer, workersFor } from "../series.js";
import { chosen, tutorialOf } from "../state.js";
import { count, say } from "../text.js";
import { sayDuration } from "../training_time.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").State} State
 * @typedef {import("../engine/plan.js").Plan} Plan
 */
const STARTS = [5, 10, 20, 50];

/** What is to be trained: the chosen recipe, and before it the one that it is compared with. @param {State} state @returns {Plan[]} */
function recipesOf(state) {
  const plan = changePlan(tutorialOf(chosen(state)), state.changes);
  const same = (/** @type {Plan} */ { architecture, recipe }) => JSON.stringify([architecture.id, recipe]);
  return state.rival && same(state.rival) !== same(plan) ? [state.rival, plan] : [plan];
}

/**
 * @param {Store} store
 * @param {import("./first_screen.js").Places} places
 * @param {import("../training_time.js").TrainingTime} time
 * @param {import("../own_runs.js").OwnRuns} own
 * @param {(architecture: string) => string | null} reserve an id for a new run; null if there is no room for one
 * @returns {{series: SeriesTrainer, fields: HTMLElement[]}} `fields`: what is set for them
 */
export function addManyTrainings(store, { go, line }, time, own, reserve) {
  const series = new SeriesTrainer(store, own, reserve);
  const [words, short, estimate] = [h("span", { class: "roomy" }), h("span", { class: "short", "aria-hidden": "true" }), h("small", {})];
  const begin = /** @type {HTMLButtonElement} */ (h("button", { type: "button", class: "many", "data-testid": "many", title: say("many_title"), onclick: train }, words, short, estimate));
  const stop = h("button", { type: "button", "data-testid": "many-stop", title: say("train_stop_title"), onclick: () => series.stop() }, say("train_stop"));

  function train() {
    void series.start(recipesOf(store.state), store.state.starts);
    store.set({ view: "training", isRaised: true, showsSeries: true });
    stop.focus({ preventScroll: true }); // the button pressed cannot be pressed meanwhile
  }
  store.watch(["training", "series"], (state) => {
    begin.hidden = begin.disabled = isBusy(state);
    const hadFocus = stop.matches(":focus");
    stop.hidden = !isBusy(state) || state.series === null || state.training !== null;
    if (hadFocus && stop.hidden) begin.focus({ preventScroll: true });
  });
  store.watch(["run", "changes", "starts", "rival", "training", "series"], async (state) => {
    if (isBusy(state)) return;
    const recipes = recipesOf(state);
    write(words, say(recipes.length > 1 ? "many_each" : "many", { count: state.starts }));
    write(short, say(recipes.length > 1 ? "many_each_short" : "many_short", { count: state.starts }));
    await time.prepare(recipes[0].architecture);
    const seconds = recipes.map((plan) => time.estimateSeconds(plan, false));
    const all = seconds.reduce((/** @type {number} */ sum, each) => sum + (each ?? NaN), 0);
    write(estimate, isNaN(all) ? "" : sayDuration((all * state.starts) / workersFor(state.starts)));
  });
  go.append(begin, stop);
  line.append(createProgress(store));
  return { series, fields: createFields(store) };
}

/** How far they are, in words and as a bar. @param {Store} store */
function createProgress(store) {
  const words = h("p", { class: "training-state", "data-testid": "many-state", "data-state": "idle" });
  const spoken = h("p", { class: "hidden", role: "status" });
  const bar = /** @type {HTMLProgressElement} */ (h("progress", { max: 1, "aria-label": say("many_label") }));
  const element = h("section", { class: "trainer", "aria-label": say("many_label"), hidden: true }, words, bar, spoken);
  store.watch(["series", "training"], ({ series, training }) => {
    element.hidden = !series || training !== null;
    if (!series) return;
    const isNew = words.dataset.state !== series.phase;
    words.dataset.state = series.phase;
    write(words, describe(series));
    if (isNew) write(spoken, words.textContent ?? ""); // read aloud when the phase changes, not at every step
    bar.hidden = series.phase !== "running" && series.phase !== "loading";
    bar.value = series.share ?? series.arrived / series.needed;
  });
  return element;
}

/** @param {import("../series.js").Series} series */
function describe({ phase, members, arrived, needed, left, isStopped, problem }) {
  const values = { count: members.length, arrived: count(arrived), needed: count(needed), left: left === null ? "" : say("training_left", { time: sayDuration(left) }) };
  if (phase === "failed") return say("training_failed", { problem });
  if (phase === "loading") return say("training_loading", values);
  if (phase === "running") return say("many_running", values);
  return say(isStopped ? "many_stopped" : "many_done", values);
}

/** How many starts, and the recipe to compare with. @param {Store} store */
function createFields(store) {
  const options = STARTS.map((number) => h("option", { value: number }, String(number)));
  const starts = /** @type {HTMLSelectElement} */ (h("select", { "data-testid": "set-starts", "aria-label": say("field_starts") }, ...options));
  starts.addEventListener("change", () => store.set({ starts: Number(starts.value) }));
  const rival = h("p", { class: "note", "data-testid": "rival-line" });
  const toggle = () => store.set({ rival: store.state.rival ? null : recipesOf(store.state)[0] });
  const compare = h("button", { type: "button", "data-testid": "versus", onclick: toggle });
  store.watch(["run", "changes", "starts", "rival"], (state) => {
    starts.value = String(state.starts);
    write(compare, say(state.rival ? "rival_forget" : "rival_keep"));
    const values = { what: state.rival && describeRecipe(state.rival, tutorialOf(baseOf(state, state.rival.architecture.id))).join(", "), count: state.starts };
    write(rival, say(!state.rival ? "about_rival" : recipesOf(state).length > 1 ? "rival_ready" : "rival_kept", values));
  });
  const field = (/** @type {HTMLElement} */ head, /** @type {HTMLElement[]} */ ...rest) => h("div", { class: "field" }, head, ...rest);
  return [field(h("label", {}, say("field_starts"), starts), h("p", { class: "note" }, say("about_starts"))), field(h("p", {}, say("field_rival")), compare, rival)];
}
