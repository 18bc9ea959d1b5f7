// "Change the training": what a visitor can change of the tutorial's recipe, and the visitor's own runs.
import { h, write } from "../dom.js";
import { COUNTS, changesOf, planOf } from "../plan.js";
import { chosen } from "../state.js";
import { count, say, sentenceOf } from "../text.js";
import { createRateSlider } from "./rate_slider.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../plan.js").Plan} Plan
 * @typedef {{element: HTMLElement, show: (plan: Plan) => void}} Field shows a plan's value, and takes a new one
 */
const DIGITS = [...Array(10).keys()];

/**
 * @param {Store} store
 * @param {() => void} train begins a training of the chosen architecture
 * @param {() => boolean} isBusy whether one goes on
 * @param {HTMLElement} ownRuns the visitor's own runs
 * @returns {import("./panels.js").View}
 */
export function createTrainingSettings(store, train, isBusy, ownRuns) {
  const problem = h("p", { class: "problem", role: "alert", "data-testid": "training-problem" });
  const training = () => chosen(store).training;

  /** Take a change in, if it is possible. @param {Partial<Plan>} change */
  function take(change) {
    try {
      const changes = { ...store.state.changes, ...change };
      const plan = planOf(chosen(store), changes);
      const kept = Object.entries(changesOf(plan, chosen(store))).filter(([name]) => name in changes);
      write(problem, "");
      store.set({ changes: Object.fromEntries(kept) });
    } catch (error) {
      write(problem, sentenceOf(error));
      show();
    }
  }

  const fields = createFields(take);
  const reset = h("button", { type: "button", "data-testid": "training-reset", onclick: () => store.set({ changes: {} }) }, say("training_as_tutorial"));
  const begin = /** @type {HTMLButtonElement} */ (h("button", { type: "button", class: "primary", "data-testid": "training-begin", onclick: train }));

  function show() {
    const plan = planOf(chosen(store), store.state.changes);
    for (const field of fields) field.show(plan);
    fields[DROPOUT].element.hidden = !training().dropout.some(Boolean);
    const { architecture } = chosen(store);
    write(begin, say("training_begin", { network: say(`network_${architecture}`).toLowerCase() }));
    begin.disabled = isBusy();
  }
  const note = h("p", { class: "note" }, say("training_note"));
  const grid = h("div", { class: "fields" }, ...fields.map(({ element }) => element));
  return { content: [note, grid, problem, h("div", { class: "fields-foot" }, begin, reset), ownRuns], keys: ["run", "changes", "training"], show };
}

const DROPOUT = 5; // the position of its field

/** @param {(change: Partial<Plan>) => void} take @returns {Field[]} */
function createFields(take) {
  return [
    choice("count", COUNTS.map((value) => [value, count(value)]), (value) => take({ count: Number(value) })),
    number("epochs", { min: 1, max: 1000, step: 1 }, (value) => take({ epochs: value })),
    learningRate(take),
    number("batchSize", { min: 1, max: 60_000, step: 1 }, (value) => take({ batchSize: value })),
    choice("optimizer", [["adam", say("optimizer_adam")], ["sgd", say("optimizer_sgd")]], (value) => take({ optimizer: /** @type {"adam"} */ (value) })),
    check("dropout", (value) => take({ dropout: value })),
    number("shuffledShare", { min: 0, max: 100, step: 1 }, (value) => take({ shuffledShare: value / 100 }), 100),
    leftOut(take),
    number("seed", { min: 0, max: 2 ** 32 - 1, step: 1 }, (value) => take({ seed: value })),
    check("source", (value) => take({ source: value ? "handwritings" : "mnist" }), (plan) => plan.source === "handwritings"),
  ];
}

/** @param {string} name @param {...HTMLElement} controls @returns {HTMLElement} the controls with their name and a sentence */
function frame(name, ...controls) {
  return h("div", { class: "field" }, h("label", {}, say(`field_${name}`), ...controls), h("p", { class: "note" }, say(`about_${name}`)));
}

/**
 * @param {"count" | "optimizer"} name
 * @param {(string | number)[][]} options value and words
 * @param {(value: string) => void} change
 * @returns {Field}
 */
function choice(name, options, change) {
  const items = options.map(([value, words]) => h("option", { value }, String(words)));
  const select = /** @type {HTMLSelectElement} */ (h("select", { "data-testid": `set-${name}` }, ...items));
  select.addEventListener("change", () => change(select.value));
  return { element: frame(name, select), show: (plan) => (select.value = String(plan[name])) };
}

/**
 * @param {"epochs" | "batchSize" | "shuffledShare" | "seed"} name
 * @param {Record<string, number>} limits
 * @param {(value: number) => void} change called with NaN where there is no number
 * @param {number} [scale] of what is shown
 * @returns {Field}
 */
function number(name, limits, change, scale = 1) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "number", "data-testid": `set-${name}`, ...limits }));
  input.addEventListener("change", () => change(input.valueAsNumber));
  return { element: frame(name, input), show: (plan) => (input.value = String(Math.round(plan[name] * scale * 1e6) / 1e6)) };
}

/** A number, and a slider on a logarithmic scale. @param {(change: Partial<Plan>) => void} take @returns {Field} */
function learningRate(take) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "number", "data-testid": "set-learningRate", min: 0, step: "any" }));
  const slider = createRateSlider({ "aria-label": say("field_learningRate") }, (rate) => take({ learningRate: rate }));
  input.addEventListener("change", () => take({ learningRate: input.valueAsNumber }));
  const element = h(
    "div",
    { class: "field" },
    h("label", {}, say("field_learningRate"), input),
    slider.range,
    h("p", { class: "note" }, say("about_learningRate")),
  );
  return {
    element,
    show(plan) {
      input.value = String(plan.learningRate);
      slider.show(plan.learningRate);
    },
  };
}

/**
 * @param {"dropout" | "source"} name
 * @param {(value: boolean) => void} change
 * @param {(plan: Plan) => boolean} [isOn]
 * @returns {Field}
 */
function check(name, change, isOn = (plan) => Boolean(plan[name])) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", "data-testid": `set-${name}` }));
  input.addEventListener("change", () => change(input.checked));
  return { element: frame(name, input), show: (plan) => (input.checked = isOn(plan)) };
}

/** Ten digits to press. @param {(change: Partial<Plan>) => void} take @returns {Field} */
function leftOut(take) {
  /** @type {number[]} */
  let shown = [];
  const press = (/** @type {number} */ digit) => {
    const left = shown.includes(digit) ? shown.filter((other) => other !== digit) : [...shown, digit].sort();
    take({ leftOut: left });
  };
  const buttons = DIGITS.map((digit) => {
    const label = say("left_out_label", { digit });
    return h("button", { type: "button", "data-leave-out": digit, "aria-label": label, onclick: () => press(digit) }, String(digit));
  });
  const group = h("div", { class: "digits", role: "group", "aria-label": say("field_leftOut"), "data-testid": "set-leftOut" }, ...buttons);
  const element = h("div", { class: "field" }, h("p", {}, say("field_leftOut")), group, h("p", { class: "note" }, say("about_leftOut")));
  return {
    element,
    show(plan) {
      shown = plan.leftOut;
      buttons.forEach((button, digit) => button.setAttribute("aria-pressed", String(shown.includes(digit))));
    },
  };
}
