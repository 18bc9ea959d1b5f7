// The stage: one view at a time, each behind its tab. A view that is not open does no work.
import { h, write } from "../dom.js";
import { asked } from "../state.js";
import { say } from "../text.js";
import { rove } from "./rove.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").State} State
 *
 * @typedef {object} View
 * @property {string[]} [about] sentences behind a "?"
 * @property {(HTMLElement | null)[]} content
 * @property {(keyof State)[]} keys what it shows depends on
 * @property {() => void} show called when the view opens and, while it is open, when one of these changes
 */

/** By view, the key of its tab's word. @type {Record<string, string>} */
const TABS = {
  digits: "tab_digits",
  input: "tab_input",
  training: "tab_training",
  confusion: "tab_confusion",
  inside: "tab_inside",
  network: "tab_network",
  hand: "tab_hand",
  settings: "tab_settings",
  pytorch: "tab_pytorch",
};

/** A view that says, in the place of one, that it could not be loaded or made. @param {unknown} error @returns {View} */
function fail(error) {
  console.error(error);
  return { content: [h("p", { class: "problem", role: "alert" }, say("view_failed"))], keys: [], show: () => {} };
}

/**
 * @param {Store} store
 * @param {boolean} hasServer whether the page stands in a Gradio app, which has a view of its own
 * @returns {{element: HTMLElement, look: HTMLElement, add: (name: string, coming: Promise<View>) => Promise<void>}} `look`: a button that shows it in the
 *   place of the answer, where there is no room for both; `add` fills a view, once what it needs is loaded,
 *   or says that it could not be
 */
export function createStage(store, hasServer) {
  const names = Object.keys(TABS).filter((name) => hasServer || name !== "pytorch");
  const opened = () => (names.includes(store.state.view) ? store.state.view : "digits");
  const tabs = names.map((name) => {
    const open = () => {
      const next = { ...store.state, view: name };
      const isDrawn = name === "hand" && (!next.writer || asked(next)); // on the bench, and the columns answer
      store.set({ view: name, isRaised: !isDrawn });
    };
    const attributes = { role: "tab", id: `tab-${name}`, "aria-controls": `view-${name}`, "data-testid": "stage-tab", "data-view": name };
    return h("button", { type: "button", class: "tab", ...attributes, onclick: open }, say(TABS[name]));
  });
  const views = names.map((name) =>
    h("div", { role: "tabpanel", id: `view-${name}`, "aria-labelledby": `tab-${name}`, class: "view", "data-testid": name, tabindex: 0, hidden: true }),
  );
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": say("stage_label") }, ...tabs);
  const toggle = () => store.set({ isRaised: !store.state.isRaised });
  const lower = h("button", { type: "button", class: "lower", "data-testid": "stage-lower", title: say("stage_lower"), onclick: toggle }, `▾ ${say("bench_label")}`);
  const look = h("button", { type: "button", class: "look", "data-testid": "stage-look", onclick: toggle });
  const element = h("section", { class: "stage", "data-testid": "stage", "aria-label": say("stage_label") }, h("div", { class: "stage-head" }, list, lower), ...views);
  const settle = rove(list);

  store.watch(["isRaised"], ({ isRaised }) => write(look, say(isRaised ? "answer_label" : "stage_label")));
  store.watch(["view"], () => {
    element.dataset.view = opened();
    tabs.forEach((tab) => tab.setAttribute("aria-selected", String(tab.dataset.view === opened())));
    views.forEach((view, at) => (view.hidden = names[at] !== opened()));
    const tab = tabs[names.indexOf(opened())];
    settle(tab);
    requestAnimationFrame(() => (list.scrollLeft = tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2)); // where the tabs do not fit
  });

  /** @param {string} name @param {Promise<View>} coming */
  async function add(name, coming) {
    const place = views[names.indexOf(name)];
    const { about, content, keys, show } = await coming.catch(fail);
    if (about) place.append(h("details", { class: "about" }, h("summary", { "aria-label": say("stage_about") }, "?"), ...about.map((sentence) => h("p", { class: "note" }, sentence))));
    for (const part of content) if (part) place.append(part);
    store.watch(["view", ...keys], () => opened() === name && show());
  }
  return { element, look, add };
}
