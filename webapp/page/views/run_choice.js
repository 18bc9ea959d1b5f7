// The choice of a network and of its training.
import { h, svg, write } from "../dom.js";
import { RECIPES } from "../engine/card.js";
import { layerSizes } from "../engine/network.js";
import { chosen, isOwn, ownRuns, recipeId } from "../state.js";
import { capital, count, nameNetwork, percent, say } from "../text.js";
import { nameRun, TRAININGS } from "./chooser.js";
import { nameOwn } from "./own_runs.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").State} State
 * @typedef {import("../state.js").Run} Run
 */

/** By recipe, the key of what is said about it. @type {Record<string, string>} */
const ABOUT = {
  robust: "about_robust",
  published: "about_published",
  "100-images": "about_100-images",
  "shuffled-labels": "about_shuffled-labels",
};

/**
 * @param {Store} store
 * @param {HTMLButtonElement} button that opens it
 * @param {(run: string) => void} choose
 * @returns {HTMLElement}
 */
export function createRunChoice(store, button, choose) {
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { "data-testid": "run-choice", "aria-label": say("run_title") }));
  button.addEventListener("click", () => {
    dialog.showModal();
    for (const chosenOne of dialog.querySelectorAll('[aria-pressed="true"]')) chosenOne.scrollIntoView({ block: "nearest" });
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // a press beside it
  });
  const runs = publishedRuns(store.state);
  const firsts = runs.filter(({ architecture }, at) => runs.findIndex((run) => run.architecture.id === architecture.id) === at);
  const recipes = RECIPES.filter((recipe) => runs.some(({ id }) => recipeId(id) === recipe));
  const networks = h("div", { class: "options" }, ...firsts.map((run) => networkOption(store, run, choose)));
  const trainings = h("div", { class: "options" }, ...recipes.map((id) => trainingOption(store, id, choose)));
  const own = h("div", { class: "options" });
  const technical = h("p", { class: "note", "data-testid": "run-details" });
  const close = h("button", { type: "button", class: "primary", "data-testid": "run-close", onclick: () => dialog.close() }, say("run_close"));
  const heading = (/** @type {string} */ text) => h("h2", {}, text);
  dialog.append(
    h("div", { class: "dialog" }, heading(say("run_network")), networks, heading(say("run_training")), trainings, own, h("div", { class: "dialog-foot" }, technical, close)),
  );

  store.watch(["run", "timeline"], (state) => write(technical, describe(chosen(state))));
  let listed = "";
  store.watch(["runs", "run"], (state) => {
    const mine = ownRuns(state);
    const key = JSON.stringify([state.run, mine.map((run) => nameOwn(state, run))]);
    if (key !== listed) own.replaceChildren(...mine.map((run) => ownOption(state, run, run.id === state.run, choose)));
    listed = key;
  });
  return dialog;
}

/** The runs that come with Inkling. @param {State} state */
const publishedRuns = ({ runs }) => Object.values(runs).filter(({ id }) => !isOwn(id));

/** @param {Run} run @returns {string} its technical name and figures */
function describe({ id, architecture, accuracy, published }) {
  const values = { run: id, sizes: layerSizes(architecture).join(" → "), accuracy: percent(accuracy ?? 0), published };
  return say(accuracy === null ? "run_unmeasured" : published ? "run_published" : "run_details", values);
}

/**
 * The run of these ids, or the first one that is made of the one that is wanted.
 * @param {State} state
 * @param {string} architecture
 * @param {string} recipe
 * @param {(run: Run) => boolean} isWanted
 */
function find(state, architecture, recipe, isWanted) {
  const fits = publishedRuns(state).filter(isWanted);
  return fits.find(({ id }) => id === `${architecture}/${recipe}`) ?? fits[0];
}

/** @param {Store} store @param {Run} first of this architecture @param {(run: string) => void} choose */
function networkOption(store, { architecture, parameters }, choose) {
  const { id } = architecture;
  const small = h("small", {}, say("run_size", { architecture: id, parameters: count(parameters) }));
  const words = h("span", { class: "option-words" }, h("strong", {}, nameNetwork(architecture)), small);
  const option = h("button", { type: "button", class: "option", "data-model": id }, diagram(layerSizes(architecture)), words);
  const fitting = () => find(store.state, id, recipeId(store.state.run), (run) => run.architecture.id === id);
  option.addEventListener("click", () => choose(fitting().id));
  store.watch(["run"], (state) => option.setAttribute("aria-pressed", String(chosen(state).architecture.id === id)));
  return option;
}

/** @param {Store} store @param {string} recipe @param {(run: string) => void} choose */
function trainingOption(store, recipe, choose) {
  const only = h("small", {});
  const words = h("span", { class: "option-words" }, h("strong", {}, capital(say(TRAININGS[recipe]))), h("span", {}, say(ABOUT[recipe])), only);
  const option = h("button", { type: "button", class: "option", "data-recipe": recipe }, words);
  const fitting = () => find(store.state, chosen(store.state).architecture.id, recipe, ({ id }) => recipeId(id) === recipe);
  option.addEventListener("click", () => choose(fitting().id));
  store.watch(["run"], (state) => {
    const { architecture } = fitting();
    const isOther = architecture.id !== chosen(state).architecture.id;
    option.setAttribute("aria-pressed", String(recipeId(state.run) === recipe));
    write(only, isOther ? say("run_only", { network: nameNetwork(architecture) }) : "");
  });
  return option;
}

/** One of the visitor's own runs. @param {State} state @param {Run} run @param {boolean} isChosen @param {(run: string) => void} choose */
function ownOption(state, run, isChosen, choose) {
  const words = h("span", { class: "option-words" }, h("strong", {}, capital(nameRun(run).training)), h("span", {}, nameOwn(state, run)));
  return h("button", { type: "button", class: "option", "data-recipe": recipeId(run.id), "aria-pressed": String(isChosen), onclick: () => choose(run.id) }, words);
}

/** The layers as columns of dots, taller where there are more units. @param {number[]} sizes */
function diagram(sizes) {
  const [width, height, dot] = [64, 36, 4];
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "diagram", "aria-hidden": "true" });
  sizes.forEach((size, layer) => {
    const x = 4 + (layer * (width - 8)) / (sizes.length - 1);
    const dots = Math.max(2, Math.round(Math.log2(size)) - 1); // 10 units: 2 dots, 784: 9
    for (let at = 0; at < dots; at += 1) {
      const y = height / 2 + (at - (dots - 1) / 2) * dot;
      picture.append(svg("circle", { cx: x, cy: y, r: 1.4 }));
    }
  });
  return picture;
}
