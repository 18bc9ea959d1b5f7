// The views that open on request, each a heading that unfolds it. What is closed does no work.
import { h } from "../dom.js";
import { say } from "../text.js";
import { createConfusion } from "./confusion.js";
import { createNetworkInput } from "./network_input.js";
import { createInside } from "./inside.js";
import { createLayers } from "./layers.js";
import { createPytorch } from "./pytorch.js";
import { createTrainingCurves } from "./training.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").State} State
 *
 * @typedef {object} View
 * @property {(HTMLElement | null)[]} content
 * @property {(keyof State)[]} keys what it shows depends on
 * @property {() => void} show called when the view opens and, while it is open, when one of these changes
 */

/** By view, the key of its heading. @type {Record<string, string>} */
const HEADINGS = {
  training: "training_heading",
  hand: "hand_heading",
  given: "given_heading",
  history: "history_heading",
  confusion: "confusion_heading",
  inside: "inside_heading",
  layers: "layers_heading",
  pytorch: "pytorch_heading",
};

/**
 * Put all views on request into a place, folded. They are laid out there before they show anything.
 * @param {HTMLElement} place
 * @param {Store} store
 * @param {Record<string, View>} first views that come first, by name
 * @param {string | null} api where Gradio's API is, if the page stands in a Gradio app
 */
export function addPanels(place, store, first, api) {
  /** @type {Record<string, View>} */
  const views = {
    ...first,
    given: createNetworkInput(store),
    history: createTrainingCurves(store),
    confusion: createConfusion(store),
    inside: createInside(store),
    layers: createLayers(store),
    ...(api === null ? {} : { pytorch: createPytorch(store, api) }),
  };
  const section = h("section", { class: "panels", "aria-label": say("views_heading") });
  place.append(section);
  store.watch(["open"], ({ open }) => {
    if (open.includes("learning")) store.set({ open: [...new Set(open.map((name) => (name === "learning" ? "history" : name)))] }); // as older links call it
  });
  for (const [name, view] of Object.entries(views)) addPanel(section, store, name, view);
}

/** @param {HTMLElement} place @param {Store} store @param {string} name @param {View} view */
function addPanel(place, store, name, { content, keys, show }) {
  const summary = h("summary", {}, h("h2", {}, say(HEADINGS[name])));
  const details = /** @type {HTMLDetailsElement} */ (h("details", { class: "panel", "data-testid": name, "data-view": name }, summary, ...content));
  place.append(details);
  const unfold = (/** @type {boolean} */ isOpen) => {
    const others = store.state.open.filter((other) => other !== name);
    store.set({ open: isOpen ? [...others, name] : others });
  };
  summary.addEventListener("click", (event) => {
    event.preventDefault(); // the state says what is open: by itself it would open before that, and a change between close it
    unfold(!details.open);
  });
  details.addEventListener("toggle", () => {
    if (details.open !== store.state.open.includes(name)) unfold(details.open); // by the browser's search
  });
  store.watch(["open", ...keys], ({ open }) => {
    details.open = open.includes(name);
    if (details.open) show();
  });
}
