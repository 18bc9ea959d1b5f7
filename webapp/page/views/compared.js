// The choice of other trainings whose curves stand in the chart of the chosen one's.
import { h, write } from "../dom.js";
import { chosen, isOwn } from "../state.js";
import { capital, say } from "../text.js";
import { nameRun } from "./chooser.js";

/** @typedef {import("../state.js").Store} Store */
export const MOST_COMPARED = 2; // beside the chosen one

/** A run in words. @param {import("../state.js").Run} run */
const nameWhole = (run) => say("run_line", nameRun(run));

/** A run in words beside others: its training alone where all are of one network. @param {import("../state.js").Run} run @param {import("../state.js").State} state */
export function nameCompared(run, state) {
  const isOne = [chosen(state), ...comparedRuns(state)].every(({ architecture }) => architecture.id === run.architecture.id);
  return isOne ? capital(nameRun(run).training) : nameWhole(run);
}

/**
 * @param {Store} store
 * @param {(run: string) => Promise<void>} fetchRun
 * @returns {{element: HTMLElement, show: () => void}}
 */
export function createCompared(store, fetchRun) {
  const list = h("div", { class: "compared-list", role: "group", "aria-label": say("compare_heading") });
  const full = h("p", { class: "note" }, say("compare_full", { most: MOST_COMPARED }));
  const element = h("details", { class: "compared", "data-testid": "compare" }, h("summary", {}, say("compare_heading")), list, full);
  /** @type {Map<string, HTMLButtonElement>} */
  const buttons = new Map();

  /** @param {string} run */
  function toggle(run) {
    const { compared } = store.state;
    if (!compared.includes(run)) void fetchRun(run);
    store.set({ compared: compared.includes(run) ? compared.filter((each) => each !== run) : [...compared, run] });
  }
  function show() {
    const { runs, run, compared } = store.state;
    const others = Object.values(runs).filter(({ id, growing }) => id !== run && !growing);
    for (const other of others) {
      if (!buttons.has(other.id)) buttons.set(other.id, /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-compare": other.id, onclick: () => toggle(other.id) })));
      const button = /** @type {HTMLButtonElement} */ (buttons.get(other.id));
      const isOn = compared.includes(other.id);
      write(button, nameWhole(other));
      button.setAttribute("aria-pressed", String(isOn));
      button.disabled = !isOn && compared.filter((id) => id !== run && runs[id]).length >= MOST_COMPARED;
    }
    const shown = others.map(({ id }) => buttons.get(id));
    if (shown.some((button, at) => list.children[at] !== button) || list.children.length !== shown.length) list.replaceChildren(...shown.flatMap((button) => button ?? []));
    full.hidden = !shown.some((button) => button?.disabled);
  }
  return { element, show };
}

/** What is compared with the chosen run: those that are there by now, at most two. @param {import("../state.js").State} state */
export const comparedRuns = ({ runs, run, compared }) =>
  compared.filter((id) => id !== run && runs[id]?.timeline && !(isOwn(id) && runs[id].growing)).slice(0, MOST_COMPARED).map((id) => runs[id]);
