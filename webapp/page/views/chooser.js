// One line that names the chosen network and its training, and the choice that it opens.
import { h, svg, write } from "../dom.js";
import { RECIPES } from "../engine/card.js";
import { chosen, isOwn, ownNumber } from "../state.js";
import { capital, count, percent, say, sayOf } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").RunEntry} RunEntry
 */

/** A run in plain words, for sentences. @param {RunEntry} entry */
export const nameRun = ({ id, architecture, recipe, from }) => ({
  network: say(`network_${architecture}`),
  training: isOwn(id) ? `${sayOf(from !== undefined, "training_own")} (${ownNumber(id)})` : say(`training_${recipe}`),
});

/**
 * @param {Store} store
 * @param {(run: string) => void} choose
 */
export function createChooser(store, choose) {
  const name = h("span", { class: "run-name" });
  const change = h("span", { class: "run-change" }, say("run_change"));
  const button = h("button", { type: "button", class: "run", "data-testid": "run", "aria-haspopup": "dialog" }, name, change);
  const line = /** @type {HTMLButtonElement} */ (button);
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { "data-testid": "run-choice", "aria-label": say("run_title") }));
  line.addEventListener("click", () => {
    dialog.showModal();
    for (const chosenOne of dialog.querySelectorAll('[aria-pressed="true"]')) chosenOne.scrollIntoView({ block: "nearest" });
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // a press beside it
  });
  const entries = [...store.runs.values()]; // of the visitor's own there are none yet
  const architectures = [...new Set(entries.map(({ architecture }) => architecture))];
  const recipes = RECIPES.filter((id) => entries.some(({ recipe }) => recipe === id));
  const networks = h("div", { class: "options" }, ...architectures.map((id) => networkOption(store, id, choose)));
  const trainings = h("div", { class: "options" }, ...recipes.map((id) => trainingOption(store, id, choose)));
  const own = h("div", { class: "options" });
  const technical = h("p", { class: "note", "data-testid": "run-details" });
  const close = h("button", { type: "button", class: "primary", "data-testid": "run-close", onclick: () => dialog.close() }, say("run_close"));
  const heading = (/** @type {string} */ text) => h("h2", {}, text);
  dialog.append(
    h("div", { class: "dialog" }, heading(say("run_network")), networks, heading(say("run_training")), trainings, own, h("div", { class: "dialog-foot" }, technical, close)),
  );

  store.watch(["run", "timeline"], ({ run }) => {
    const entry = chosen(store);
    write(name, say("run_line", nameRun(entry)));
    line.dataset.run = run;
    write(technical, describe(entry));
  });
  store.watch(["own", "run"], ({ own: runs, run }) => {
    own.replaceChildren(...runs.map((id) => ownOption(/** @type {RunEntry} */ (store.runs.get(id)), id === run, choose)));
  });
  store.watch(["lesson"], ({ lesson }) => (line.disabled = change.hidden = lesson));
  return h("div", { class: "chooser" }, line, dialog);
}

/** @param {RunEntry} entry @returns {string} its technical name and figures */
function describe({ id, sizes, accuracy, published }) {
  const values = { run: id, sizes: sizes.join(" → "), accuracy: percent(accuracy ?? 0), published };
  return say(accuracy === null ? "run_unmeasured" : published ? "run_published" : "run_details", values);
}

/**
 * The chosen network with another training, or the chosen training for another network, as far as it was made.
 * @param {Store} store
 * @param {Partial<RunEntry>} wanted an architecture or a recipe
 */
function find(store, wanted) {
  const { architecture, recipe } = chosen(store);
  const made = [...store.runs.values()].filter(({ id }) => !isOwn(id));
  const fits = made.filter((entry) => Object.entries(wanted).every(([key, value]) => entry[/** @type {"recipe"} */ (key)] === value));
  const same = { architecture, recipe, ...wanted };
  return fits.find((entry) => entry.architecture === same.architecture && entry.recipe === same.recipe) ?? fits[0];
}

/** @param {Store} store @param {string} architecture @param {(run: string) => void} choose */
function networkOption(store, architecture, choose) {
  const [entry] = [...store.runs.values()].filter((each) => each.architecture === architecture);
  const small = h("small", {}, say("run_size", { architecture, parameters: count(entry.parameters) }));
  const words = h("span", { class: "option-words" }, h("strong", {}, say(`network_${architecture}`)), small);
  const option = h("button", { type: "button", class: "option", "data-model": architecture }, diagram(entry.sizes), words);
  option.addEventListener("click", () => choose(find(store, { architecture }).id));
  store.watch(["run"], () => option.setAttribute("aria-pressed", String(chosen(store).architecture === architecture)));
  return option;
}

/** @param {Store} store @param {string} recipe @param {(run: string) => void} choose */
function trainingOption(store, recipe, choose) {
  const name = h("strong", {}, capital(say(`training_${recipe}`)));
  const only = h("small", {});
  const words = h("span", { class: "option-words" }, name, h("span", {}, say(`about_${recipe}`)), only);
  const option = h("button", { type: "button", class: "option", "data-recipe": recipe }, words);
  option.addEventListener("click", () => choose(find(store, { recipe }).id));
  store.watch(["run"], () => {
    const { architecture } = find(store, { recipe });
    const isOther = architecture !== chosen(store).architecture;
    option.setAttribute("aria-pressed", String(chosen(store).recipe === recipe));
    write(only, isOther ? say("run_only", { network: say(`network_${architecture}`) }) : "");
  });
  return option;
}

/** One of the visitor's own runs. @param {RunEntry} entry @param {boolean} isChosen @param {(run: string) => void} choose */
function ownOption(entry, isChosen, choose) {
  const { network, training } = nameRun(entry);
  const words = h("span", { class: "option-words" }, h("strong", {}, capital(training)), h("span", {}, network));
  return h("button", { type: "button", class: "option", "data-recipe": entry.recipe, "aria-pressed": String(isChosen), onclick: () => choose(entry.id) }, words);
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
