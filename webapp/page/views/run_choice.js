// The choice of a network and of its training.
import { h, svg, write } from "../dom.js";
import { RECIPES } from "../engine/card.js";
import { layerSizes } from "../engine/network.js";
import { nameOwn } from "../own_names.js";
import { chosen, isOwn, ownRuns, recipeId } from "../state.js";
import { capital, count, nameNetwork, percent, say } from "../text.js";
import { nameRun, TRAININGS } from "./chooser.js";

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
  const headings = [say("run_network"), say("run_training")].map((text) => h("h2", {}, text));
  dialog.append(h("div", { class: "dialog" }, headings[0], networks, headings[1], trainings, own, h("div", { class: "dialog-foot" }, technical, close)));

  /** One of the visitor's own runs. @param {Run} run */
  const ownOption = (run) => {
    const attributes = { "data-recipe": recipeId(run.id), "aria-pressed": run.id === store.state.run ? "true" : "false" };
    return option(attributes, () => choose(run.id), capital(nameRun(run).training), h("span", {}, nameOwn(store.state, run)));
  };

  store.watch(["run", "timeline"], (state) => write(technical, describe(chosen(state))));
  let listed = "";
  store.watch(["runs", "run"], (state) => {
    const mine = ownRuns(state);
    const key = JSON.stringify([state.run, mine.map((run) => nameOwn(state, run))]);
    if (key !== listed) own.replaceChildren(...mine.map(ownOption));
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

/** @param {Record<string, unknown>} attributes @param {() => void} press @param {string} name @param {...HTMLElement} words about it */
function option(attributes, press, name, ...words) {
  const text = h("span", { class: "option-words" }, h("strong", {}, name), ...words);
  return h("button", { type: "button", class: "option", ...attributes, onclick: press }, text);
}

/** @param {Store} store @param {Run} first of this architecture @param {(run: string) => void} choose */
function networkOption(store, { architecture, parameters }, choose) {
  const { id } = architecture;
  const fitting = () => find(store.state, id, recipeId(store.state.run), (run) => run.architecture.id === id);
  const size = h("small", {}, say("run_size", { architecture: id, parameters: count(parameters) }));
  const element = option({ "data-model": id }, () => choose(fitting().id), nameNetwork(architecture), size);
  element.prepend(diagram(layerSizes(architecture)));
  store.watch(["run"], (state) => element.setAttribute("aria-pressed", String(chosen(state).architecture.id === id)));
  return element;
}

/** @param {Store} store @param {string} recipe @param {(run: string) => void} choose */
function trainingOption(store, recipe, choose) {
  const fitting = () => find(store.state, chosen(store.state).architecture.id, recipe, ({ id }) => recipeId(id) === recipe);
  const element = option({ "data-recipe": recipe }, () => choose(fitting().id), capital(say(TRAININGS[recipe])), h("span", {}, say(ABOUT[recipe])));
  store.watch(["run"], ({ run }) => element.setAttribute("aria-pressed", String(recipeId(run) === recipe)));
  return element;
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
