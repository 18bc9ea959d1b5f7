// The page: a custom element that builds the views, fetches what they need and keeps everything of its own.
import { layExample } from "./data.js";
import { h } from "./dom.js";
import { InklingError } from "./engine/errors.js";
import { loadStyle } from "./files.js";
import { readLink } from "./link.js";
import { createLibrary, fetchFile } from "./runs.js";
import { chosen, createStore } from "./state.js";
import { addLater, say, sentenceOf } from "./text.js";
import { createFirstScreen } from "./views/first_screen.js";

/**
 * @typedef {import("./state.js").Store} Store
 * @typedef {import("./runs.js").Library} Library
 * @typedef {import("./views/first_screen.js").Places} Places
 */

const device = matchMedia("(prefers-color-scheme: dark)");

class InklingPage extends HTMLElement {
  async connectedCallback() {
    if (this.shadowRoot) return; // moved, not new
    const root = this.attachShadow({ mode: "open" });
    this.toggleAttribute("dark", this.isDark()); // for the styles
    const main = h("main", { class: "page", hidden: true });
    const styled = loadStyle(root, "style.css");
    root.append(main);
    try {
      await this.start(main, styled);
    } catch (error) {
      if (!(error instanceof InklingError)) console.error(error);
      main.replaceChildren(h("p", { class: "start-failed", role: "alert" }, say("page_failed", { reason: error instanceof InklingError ? sentenceOf(error) : say("failed_start") })));
    }
    main.hidden = false;
  }

  /** @param {HTMLElement} main @param {Promise<void>} styled */
  async start(main, styled) {
    const list = await loadList();
    const store = createStore(list.runs, list.default);
    const library = createLibrary(store);
    const choose = (/** @type {string} */ run) => {
      void library.fetch(run);
      store.set({ run });
    };
    const open = () => openLink(store, library, list.default);
    open();
    let goBack = () => false;
    addEventListener("hashchange", () => goBack() || open());
    if (!store.state.lessonLink) void library.fetch(store.state.run); // of a lesson's step it is not known yet
    await styled;
    const places = createFirstScreen(store, main, this.hasAttribute("api"));
    main.hidden = false;
    if (store.state.lessonLink) main.style.visibility = "hidden"; // until its step is laid out
    this.followScheme(store); // canvases take their colours from the styles of where they stand
    if (!store.state.lessonLink) await library.first(store.state.run);
    void library.fetchDetector();
    await new Promise((resolve) => setTimeout(resolve)); // what is not needed for the answer is not asked for before it
    void this.loadRest(store, library, places, choose);
    void import("./visit.js").then((visit) => (goBack = visit.keepVisit(store, library.fetch)), sentenceOf);
  }

  /**
   * What the first answer does not need.
   * @param {Store} store
   * @param {Library} library
   * @param {Places} places
   * @param {(run: string) => void} choose
   */
  async loadRest(store, library, places, choose) {
    await this.loadViews(store, library, places, choose).catch((error) => {
      console.error(error);
      store.set({ lessonLink: null });
      places.main.style.visibility = "";
      places.line.append(h("p", { class: "problem", role: "alert" }, say("rest_failed")));
    });
    await new Promise((resolve) => store.watch(["lessonLink"], ({ lessonLink }) => lessonLink || resolve(null))); // its step is laid out
    if (!chosen(store.state).failure) await library.fetch(store.state.run); // MNIST's images wait until time can be moved
    await loadTestGrid(store);
    places.main.dataset.ready = "";
    if (this.hasAttribute("offline")) void import("./offline.js").then(({ begin }) => begin(this.getAttribute("take"), places.foot)).catch(() => {}); // a private window may keep nothing
  }

  /**
   * What trains networks, the other views, and the menus.
   * @param {Store} store
   * @param {Library} library
   * @param {Places} places
   * @param {(run: string) => void} choose
   */
  async loadViews(store, library, places, choose) {
    const root = /** @type {ShadowRoot} */ (this.shadowRoot);
    const grid = import("./grid_images.js").then((images) => images.loadHandwrittenImages());
    const digits = import("./views/tiles.js").then(({ createDigits }) => createDigits(store, places.foot));
    const styles = ["panels.css", "training.css", "hand.css", "inside.css", "modes.css"].map((name) => loadStyle(root, name));
    const modules = Promise.all([import("./views/rest.js"), addLater()]);
    void places.addView("digits", digits);
    const [[{ addRest }]] = await Promise.all([modules, ...styles]);
    await addRest(store, library, places, choose, this.getAttribute("api"));
    await grid.then((own) => store.state.grid || store.set({ grid: own }), sentenceOf);
  }

  /** Dark or light as the Gradio app is, if the page stands in one; else as the device wants it. */
  isDark() {
    return this.hasAttribute("api") ? document.body.classList.contains("dark") : device.matches;
  }

  /** @param {Store} store */
  followScheme(store) {
    const follow = (isPaper = false) => {
      const dark = !isPaper && this.isDark();
      this.toggleAttribute("dark", dark);
      store.set({ dark });
    };
    new MutationObserver(() => follow()).observe(document.body, { attributeFilter: ["class"] });
    device.addEventListener("change", () => follow());
    addEventListener("beforeprint", () => follow(true)); // canvases are painted for paper, too
    addEventListener("afterprint", () => follow());
    follow();
  }
}

/** @returns {Promise<{default: string, runs: import("./state.js").Run[]}>} */
async function loadList() {
  const list = await (await fetchFile("runs.json")).json();
  if (!list?.runs?.some((/** @type {import("./state.js").Run} */ { id, architecture }) => id === list.default && architecture)) throw new InklingError("runs_foreign");
  return list;
}

/** Open the page as its address says. @param {Store} store @param {Library} library @param {string} usual the run, where it names none */
function openLink(store, library, usual) {
  if (location.hash.length < 2) return;
  const asked = readLink(location.hash, store.state.runs, usual);
  if (asked?.run) void library.fetch(asked.run);
  store.set(asked ? { ...asked, badLink: false, playing: false, penDown: false } : { badLink: true });
  void layExample(store);
}

/** MNIST's test images for the sample grid, where the host has them. @param {Store} store */
async function loadTestGrid(store) {
  try {
    const { loadTestImages } = await import("./grid_images.js");
    store.set({ grid: await loadTestImages(), source: "mnist" });
  } catch {
    store.set({ source: "handwritings" }); // most hosts that have none say so by a 404
  }
}

customElements.define("inkling-page", InklingPage);
