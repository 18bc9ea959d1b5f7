// The views that open on request, each a heading that unfolds it. What is closed does no work.
import { h } from "../dom.js";
import { addSentences, say } from "../text.js";
import { VIEWS } from "../text/views.js";
import { createConfusion } from "./confusion.js";
import { createGiven } from "./given.js";
import { createHistory } from "./history.js";
import { createInside } from "./inside.js";
import { createLayers } from "./layers.js";
import { createLearning } from "./learning.js";
import { createPytorch } from "./pytorch.js";

addSentences(VIEWS);

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").State} State
 *
 * @typedef {object} View
 * @property {(HTMLElement | null)[]} content
 * @property {(keyof State)[]} keys what it shows depends on
 * @property {() => void} show called when the view opens and, while it is open, when one of these changes
 */

/**
 * Put all views on request into a place, folded. They are laid out there before they show anything.
 * @param {HTMLElement} place
 * @param {Store} store
 * @param {Record<string, View>} given views that come first, by name
 * @param {import("../runs.js").Library} library
 * @param {string | null} api where Gradio's API is, if the page stands in a Gradio app
 */
export function addPanels(place, store, given, library, api) {
  /** @type {Record<string, View>} */
  const views = {
    ...given,
    learning: createLearning(store),
    given: createGiven(store),
    history: createHistory(store, library),
    confusion: createConfusion(store),
    inside: createInside(store),
    layers: createLayers(store),
    ...(api === null ? {} : { pytorch: createPytorch(store, api) }),
  };
  const section = h("section", { class: "panels", "aria-label": say("views_heading") });
  place.append(section);
  for (const [name, view] of Object.entries(views)) addPanel(section, store, name, view);
}

/** @param {HTMLElement} place @param {Store} store @param {string} name @param {View} view */
function addPanel(place, store, name, { content, keys, show }) {
  const details = /** @type {HTMLDetailsElement} */ (
    h("details", { class: "panel", "data-testid": name }, h("summary", {}, h("h2", {}, say(`${name}_heading`))), ...content)
  );
  place.append(details);
  details.addEventListener("toggle", () => {
    const { open } = store.state;
    if (details.open === open.includes(name)) return;
    store.set({ open: details.open ? [...open, name] : open.filter((other) => other !== name) });
  });
  store.watch(["open", ...keys], ({ open }) => {
    details.open = open.includes(name);
    if (details.open) show();
  });
}
