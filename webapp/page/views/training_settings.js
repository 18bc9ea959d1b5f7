// "Change the training": what a visitor can change of the tutorial's recipe, and the visitor's own runs.
import { h, write } from "../dom.js";
import { COUNTS, MOST, changePlan, changesOf } from "../engine/plan.js";
import { chosen, tutorialOf } from "../state.js";
import { count, nameNetwork, say, sentenceOf } from "../text.js";
import { createRateSlider } from "./rate_slider.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../engine/plan.js").Plan} Plan
 * @typedef {import("../engine/plan.js").Changes} Changes
 * @typedef {{name: string, about: string}} Words keys of a field's name and of a sentence about it
 * @typedef {{element: HTMLElement, show: (plan: Plan) => void}} Field shows a plan's value, and takes a new one
 */
const DIGITS = [...Array(10).keys()];

/**
 * @param {Store} store
 * @param {() => void} train begins a training of the chosen architecture
 * @param {() => boolean} isBusy whether one goes on
 * @param {HTMLElement} ownRuns the visitor's own runs
 * @returns {import("./stage.js").View}
 */
export function createTrainingSettings(store, train, isBusy, ownRuns) {
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
      show();
    }
  }

  const dropout = check("dropout", { name: "field_dropout", about: "about_dropout" }, (plan) => plan.recipe.dropout, (isOn) => take({ dropout: isOn }));
  const fields = createFields(take, dropout);
  const reset = h("button", { type: "button", "data-testid": "training-reset", onclick: () => store.set({ changes: {} }) }, say("training_as_tutorial"));
  const begin = /** @type {HTMLButtonElement} */ (h("button", { type: "button", class: "primary", "data-testid": "training-begin", onclick: train }));

  function show() {
    const plan = changePlan(tutorial(), store.state.changes);
    for (const field of fields) field.show(plan);
    dropout.element.hidden = !tutorial().recipe.dropout;
    write(begin, say("training_begin", { network: nameNetwork(plan.architecture).toLowerCase() }));
    begin.disabled = isBusy();
  }
  const grid = h("div", { class: "fields" }, ...fields.map(({ element }) => element));
  return { about: [say("training_note")], content: [grid, problem, h("div", { class: "fields-foot" }, begin, reset), ownRuns], keys: ["run", "changes", "training"], show };
}

/** @param {(change: Changes) => void} take @param {Field} dropout which not every network has @returns {Field[]} */
function createFields(take, dropout) {
  const optimizers = { adam: say("optimizer_adam"), sgd: say("optimizer_sgd") };
  const counts = Object.fromEntries(COUNTS.map((value) => [value, count(value)]));
  return [
    choice("count", counts, { name: "field_training_images", about: "about_training_images" }, (plan) => plan.recipe.training_images, (value) => take({ training_images: Number(value) })),
    number("epochs", { min: 1, max: MOST.epochs, step: 1 }, { name: "field_epochs", about: "about_epochs" }, (plan) => plan.recipe.epochs, (value) => take({ epochs: value })),
    learningRate(take),
    number("batchSize", { min: 1, max: MOST.batchSize, step: 1 }, { name: "field_batch_size", about: "about_batch_size" }, (plan) => plan.recipe.batch_size, (value) => take({ batch_size: value })),
    choice("optimizer", optimizers, { name: "field_optimizer", about: "about_optimizer" }, (plan) => plan.recipe.optimizer, (value) => take({ optimizer: /** @type {"adam"} */ (value) })),
    dropout,
    number("shuffledShare", { min: 0, max: 100, step: 1 }, { name: "field_shuffled_share", about: "about_shuffled_share" }, (plan) => plan.recipe.shuffled_share * 100, (value) => take({ shuffled_share: value / 100 })),
    leftOut(take),
    number("seed", { min: 0, max: MOST.seed, step: 1 }, { name: "field_seed", about: "about_seed" }, (plan) => plan.seed, (value) => take({ seed: value })),
    check("source", { name: "field_source", about: "about_source" }, (plan) => plan.recipe.source === "handwritings", (isOn) => take({ source: isOn ? "handwritings" : "mnist" })),
  ];
}

/** @param {Words} words @param {...HTMLElement} controls @returns {HTMLElement} the controls with their name and a sentence */
function frame({ name, about }, ...controls) {
  return h("div", { class: "field" }, h("label", {}, say(name), ...controls), h("p", { class: "note" }, say(about)));
}

/**
 * @param {string} testid
 * @param {Record<string, string>} options words by value
 * @param {Words} words
 * @param {(plan: Plan) => string | number} read
 * @param {(value: string) => void} change
 * @returns {Field}
 */
function choice(testid, options, words, read, change) {
  const items = Object.entries(options).map(([value, text]) => h("option", { value }, text));
  const select = /** @type {HTMLSelectElement} */ (h("select", { "data-testid": `set-${testid}` }, ...items));
  select.addEventListener("change", () => change(select.value));
  return { element: frame(words, select), show: (plan) => (select.value = String(read(plan))) };
}

/**
 * @param {string} testid
 * @param {Record<string, number>} limits
 * @param {Words} words
 * @param {(plan: Plan) => number} read
 * @param {(value: number) => void} change called with NaN where there is no number
 * @returns {Field}
 */
function number(testid, limits, words, read, change) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "number", "data-testid": `set-${testid}`, ...limits }));
  input.addEventListener("change", () => change(input.valueAsNumber));
  return { element: frame(words, input), show: (plan) => (input.value = String(Math.round(read(plan) * 1e6) / 1e6)) };
}

/** A number, and a slider on a logarithmic scale. @param {(change: Changes) => void} take @returns {Field} */
function learningRate(take) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "number", "data-testid": "set-learningRate", min: 0, step: "any" }));
  const slider = createRateSlider({ "aria-label": say("field_learning_rate") }, (rate) => take({ learning_rate: rate }));
  input.addEventListener("change", () => take({ learning_rate: input.valueAsNumber }));
  const element = h(
    "div",
    { class: "field" },
    h("label", {}, say("field_learning_rate"), input),
    slider.range,
    h("p", { class: "note" }, say("about_learning_rate")),
  );
  return {
    element,
    show({ recipe }) {
      input.value = String(recipe.learning_rate);
      slider.show(recipe.learning_rate);
    },
  };
}

/**
 * @param {string} testid
 * @param {Words} words
 * @param {(plan: Plan) => boolean} read
 * @param {(value: boolean) => void} change
 * @returns {Field}
 */
function check(testid, words, read, change) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", "data-testid": `set-${testid}` }));
  input.addEventListener("change", () => change(input.checked));
  return { element: frame(words, input), show: (plan) => (input.checked = read(plan)) };
}

/** Ten digits to press. @param {(change: Changes) => void} take @returns {Field} */
function leftOut(take) {
  /** @type {number[]} */
  let shown = [];
  const press = (/** @type {number} */ digit) => {
    const left = shown.includes(digit) ? shown.filter((other) => other !== digit) : [...shown, digit].sort();
    take({ left_out: left });
  };
  const buttons = DIGITS.map((digit) => {
    const label = say("left_out_label", { digit });
    return h("button", { type: "button", "data-leave-out": digit, "aria-label": label, onclick: () => press(digit) }, String(digit));
  });
  const group = h("div", { class: "digits", role: "group", "aria-label": say("field_left_out"), "data-testid": "set-leftOut" }, ...buttons);
  const element = h("div", { class: "field" }, h("p", {}, say("field_left_out")), group, h("p", { class: "note" }, say("about_left_out")));
  return {
    element,
    show({ recipe }) {
      shown = recipe.left_out;
      buttons.forEach((button, digit) => button.setAttribute("aria-pressed", String(shown.includes(digit))));
    },
  };
}
