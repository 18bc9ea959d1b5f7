// "Change the training": what a visitor can change of the tutorial's recipe, and the visitor's own runs.
import { h, write } from "../dom.js";
import { COUNTS, MOST, changePlan, changesOf } from "../engine/plan.js";
import { isBusy } from "../own_runs.js";
import { chosen, tutorialOf } from "../state.js";
import { count, say, sentenceOf } from "../text.js";

/**
 * @typedef {import("../engine/plan.js").Changes} Changes
 *
 * @typedef {object} Control shows a value, and takes a new one
 * @property {HTMLElement} [input] stands beside the field's name
 * @property {HTMLElement} [below] stands below it
 * @property {(value: any) => void} show
 *
 * @typedef {(attributes: Record<string, unknown>, change: (value: unknown) => void) => Control} Kind makes a control
 */

/** What can be changed, by the end of its testid: its part of a plan, how it is changed, its name and a sentence about it.
 * @type {Record<string, [keyof Changes, Kind, string, string]>} */
const FIELDS = {
  count: ["training_images", choice(COUNTS), "field_training_images", "about_training_images"],
  epochs: ["epochs", number(1, MOST.epochs), "field_epochs", "about_epochs"],
  learningRate: ["learning_rate", number(0, MOST.learningRate), "field_learning_rate", "about_learning_rate"],
  batchSize: ["batch_size", number(1, MOST.batchSize), "field_batch_size", "about_batch_size"],
  optimizer: ["optimizer", choice(["adam", "sgd"], ["optimizer_adam", "optimizer_sgd"]), "field_optimizer", "about_optimizer"],
  dropout: ["dropout", check, "field_dropout", "about_dropout"],
  shuffledShare: ["shuffled_share", number(0, 100, 100), "field_shuffled_share", "about_shuffled_share"],
  leftOut: ["left_out", digits, "field_left_out", "about_left_out"],
  seed: ["seed", number(0, MOST.seed), "field_seed", "about_seed"],
  source: ["source", choice(["mnist", "handwritings"], ["source_mnist", "source_handwritings"]), "field_source", "about_source"],
};

/**
 * @param {import("../state.js").Store} store
 * @param {() => void} train begins a training of the chosen architecture
 * @param {HTMLElement[]} more fields
 * @param {HTMLElement} ownRuns the visitor's own runs
 * @returns {import("./stage.js").View}
 */
export function createTrainingSettings(store, train, more, ownRuns) {
  const problem = h("p", { class: "problem", role: "alert", "data-testid": "training-problem" });
  const tutorial = () => tutorialOf(chosen(store.state));

  /** Take a change in, if it is possible. @param {Changes} change */
  function take(change) {
    try {
      const plan = changePlan(tutorial(), { ...store.state.changes, ...change });
      const seed = plan.seed === tutorial().seed ? {} : { seed: plan.seed };
      write(problem, "");
      store.set({ changes: { ...changesOf(plan, tutorial()), ...seed } });
    } catch (error) {
      write(problem, sentenceOf(error));
      problem.scrollIntoView({ block: "center" }); // it stands below all fields
      show();
    }
  }

  const fields = Object.entries(FIELDS).map(([testid, [key, kind, name, about]]) => {
    const control = kind({ "data-testid": `set-${testid}`, "aria-label": say(name) }, (value) => take({ [key]: value }));
    const label = h(control.input ? "label" : "p", {}, say(name), control.input);
    return { ...control, key, element: h("div", { class: "field" }, label, control.below, h("p", { class: "note" }, say(about))) };
  });
  const reset = h("button", { type: "button", "data-testid": "training-reset", onclick: () => store.set({ changes: {} }) }, say("training_as_tutorial"));
  const begin = /** @type {HTMLButtonElement} */ (h("button", { type: "button", class: "primary", "data-testid": "training-begin", onclick: train }, say("training_begin")));

  function show() {
    const plan = changePlan(tutorial(), store.state.changes);
    /** @type {Changes} */
    const values = { ...plan.recipe, seed: plan.seed };
    for (const field of fields) {
      field.show(values[field.key]);
      field.element.hidden = field.key === "dropout" && !tutorial().recipe.dropout; // which not every network has
    }
    begin.disabled = isBusy(store.state);
  }
  const grid = h("div", { class: "fields" }, ...fields.map(({ element }) => element), ...more);
  return { about: [say("training_note")], content: [grid, problem, h("div", { class: "fields-foot" }, begin, reset), ownRuns], keys: ["run", "changes", "training", "series"], show };
}

/** One of several values. @param {(string | number)[]} values @param {string[]} [keys] of their words @returns {Kind} */
function choice(values, keys) {
  return (attributes, change) => {
    const options = values.map((value, at) => h("option", { value }, keys ? say(keys[at]) : count(Number(value))));
    const input = /** @type {HTMLSelectElement} */ (h("select", attributes, ...options));
    input.addEventListener("change", () => change(values[input.selectedIndex]));
    return { input, show: (value) => (input.value = String(value ?? values[0])) };
  };
}

/** A number, `scale` times as large as the value. @param {number} min @param {number} max @param {number} [scale] @returns {Kind} */
function number(min, max, scale = 1) {
  return (attributes, change) => {
    const input = /** @type {HTMLInputElement} */ (h("input", { type: "number", min, max, ...attributes }));
    let isTyped = false; // and not taken in yet: a report of the training that goes on must not write over it
    input.addEventListener("input", () => (isTyped = true));
    input.addEventListener("blur", () => (isTyped = false));
    input.addEventListener("change", () => {
      isTyped = false;
      change(input.valueAsNumber / scale); // NaN where there is no number
    });
    /** @param {number} value */
    function show(value) {
      if (isTyped) return;
      input.value = String(Number((value * scale).toPrecision(12)));
      input.step = String(value > 0 && value < 1 ? 10 ** Math.floor(Math.log10(value * scale)) : 1); // of small learning rates
    }
    return { input, show };
  };
}

/** @type {Kind} */
function check(attributes, change) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", ...attributes }));
  input.addEventListener("change", () => change(input.checked));
  return { input, show: (value) => (input.checked = value) };
}

/** Some of the ten digits, to be pressed. @type {Kind} */
function digits(attributes, change) {
  /** @type {number[]} */
  let shown = [];
  const press = (/** @type {number} */ digit) => change(shown.includes(digit) ? shown.filter((other) => other !== digit) : [...shown, digit].sort());
  const buttons = Array.from({ length: 10 }, (_, digit) =>
    h("button", { type: "button", "data-leave-out": digit, "aria-label": say("left_out_label", { digit }), onclick: () => press(digit) }, String(digit)),
  );
  return {
    below: h("div", { class: "digits", role: "group", ...attributes }, ...buttons),
    show(value) {
      shown = value;
      buttons.forEach((button, digit) => button.setAttribute("aria-pressed", String(shown.includes(digit))));
    },
  };
}
