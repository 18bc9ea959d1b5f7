// Training in the page: its button, its controls, the visitor's own runs, and links that train.
import { h } from "../dom.js";
import { createOwnRuns } from "../own_runs.js";
import { chosen } from "../state.js";
import { say } from "../text.js";
import { planOf } from "../plan.js";
import { Trainer } from "../trainer.js";
import { createOwnRunsView, describePlan } from "./own_runs.js";
import { createRoom } from "./room.js";
import { createTrainingView } from "./training_progress.js";
import { createTrainingSettings } from "./training_settings.js";

/**
 * @typedef {import("../state.js").Store} Store
 */

/**
 * Bring the first screen's button to life.
 * @param {HTMLElement} main
 * @param {Store} store
 * @param {import("../runs.js").Library} library
 * @param {(run: string) => void} choose
 * @returns {{trainer: Trainer, settings: import("./panels.js").View}} `settings`: the view "Change the training"
 */
export function addTraining(main, store, library, choose) {
  const own = createOwnRuns(store, library);
  const { dialog, makeRoom } = createRoom(store, library, own);
  const trainer = new Trainer(store, library, own, makeRoom);
  const stop = () => /** @type {HTMLElement} */ (main.querySelector("[data-testid=train-stop]"));
  function train() {
    void trainer.start(chosen(store).architecture, store.state.changes);
    scrollTo(main);
    stop().focus({ preventScroll: true }); // the button pressed cannot be pressed meanwhile
  }
  const button = /** @type {HTMLButtonElement} */ (main.querySelector("[data-testid=train]"));
  button.addEventListener("click", train);
  store.watch(["training"], () => (button.disabled = trainer.isBusy));
  main.querySelector(".training-place")?.append(createTrainingView(store, trainer, library, choose));
  main.append(dialog);
  addInvitation(main, store, trainer);
  const ownRuns = createOwnRunsView(store, library, own, choose, makeRoom);
  return { trainer, settings: createTrainingSettings(store, train, () => trainer.isBusy, ownRuns) };
}

/** Where the training can be watched. @param {HTMLElement} main */
function scrollTo(main) {
  main.querySelector(".answer")?.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

/** @param {Store} store @param {string} text JSON @returns {import("../plan.js").Plan | null} */
function readPlan(store, text) {
  try {
    const changes = JSON.parse(text);
    return changes?.constructor === Object ? planOf(chosen(store), changes) : null;
  } catch {
    return null; // damaged, or impossible
  }
}

/** A link that trains asks first. @param {HTMLElement} main @param {Store} store @param {Trainer} trainer */
function addInvitation(main, store, trainer) {
  const [words, busy] = [h("p", {}), h("p", { class: "problem" })];
  const button = (/** @type {string} */ name, /** @type {() => void} */ action) =>
    /** @type {HTMLButtonElement} */ (
      h("button", { type: "button", class: name === "train" ? "primary" : "", "data-testid": `link-${name}`, onclick: action }, say(`link_${name}`))
    );
  const train = button("train", () => {
    const { run, invitation } = store.state;
    store.set({ invitation: null }); // at once; the dialog says a little later that it was closed
    dialog.close();
    if (invitation) void trainer.start(run.split("/")[0], JSON.parse(invitation));
  });
  const leave = button("leave", () => dialog.close());
  const content = h("div", { class: "dialog" }, words, busy, h("div", { class: "dialog-foot" }, leave, train));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { "data-testid": "invitation", "aria-label": say("link_train") }, content));
  main.append(dialog);
  dialog.addEventListener("close", () => store.set({ invitation: null }));
  store.watch(["invitation", "training"], ({ invitation }) => {
    if (!invitation) return;
    const plan = readPlan(store, invitation);
    if (!plan) return store.set({ invitation: null, badLink: true });
    words.textContent = say("link_trains", { what: describePlan(chosen(store), plan) });
    busy.textContent = trainer.isBusy ? say("own_busy") : "";
    train.disabled = trainer.isBusy;
    if (!dialog.open) dialog.showModal();
  });
}
