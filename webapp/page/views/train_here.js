// Training in the page: its button, its controls, the visitor's own runs, and links that train.
import { h, write } from "../dom.js";
import { changePlan } from "../engine/plan.js";
import { readTraining } from "../training_link.js";
import { createOwnRuns } from "../own_runs.js";
import { chosen, tutorialOf } from "../state.js";
import { say } from "../text.js";
import { Trainer } from "../trainer.js";
import { sayDuration } from "../training_time.js";
import { createOwnRunsView, describePlan } from "./own_runs.js";
import { createTrainingView } from "./training_progress.js";
import { createTrainingSettings } from "./training_settings.js";

/**
 * @typedef {import("../state.js").Store} Store
 */

/**
 * Bring the button that trains to life.
 * @param {Store} store
 * @param {import("../runs.js").Library} library
 * @param {import("./first_screen.js").Places} places
 * @param {(run: string) => void} choose
 * @returns {{trainer: Trainer, settings: import("./stage.js").View}}
 */
export function addTraining(store, library, { main, train: button, go, line }, choose) {
  const own = createOwnRuns(store, library.fetch);
  const { element: ownRuns, reserve } = createOwnRunsView(store, own, choose);
  const trainer = new Trainer(store, own, reserve);
  const { tools, element, stop } = createTrainingView(store, trainer, choose);
  function train() {
    void trainer.start(chosen(store.state).architecture.id, store.state.changes);
    stop.focus(); // the button pressed cannot be pressed meanwhile
  }
  button.addEventListener("click", train);
  store.watch(["training"], () => (button.disabled = button.hidden = trainer.isBusy));
  followEstimate(store, trainer, button);
  go.append(tools);
  line.append(element);
  addInvitation(main, store, trainer);
  return { trainer, settings: createTrainingSettings(store, train, () => trainer.isBusy, ownRuns) };
}

/** How long a training will take, on the button that begins it. @param {Store} store @param {Trainer} trainer @param {HTMLElement} button */
function followEstimate(store, trainer, button) {
  const estimate = h("small", { "data-testid": "train-estimate" });
  button.append(estimate);
  store.watch(["run", "changes", "training"], async ({ changes, training }) => {
    if (trainer.isBusy) return;
    const plan = changePlan(tutorialOf(chosen(store.state)), changes);
    await trainer.time.prepare(plan.architecture);
    const seconds = trainer.time.estimateSeconds(plan, training?.slowStart);
    write(estimate, seconds === null ? "" : sayDuration(seconds));
  });
}

/** What a link that trains says, in words; null where that is damaged, or impossible. @param {Store} store @param {string} text */
function describeTraining(store, text) {
  const tutorial = tutorialOf(chosen(store.state));
  try {
    return describePlan(changePlan(tutorial, readTraining(text)), tutorial);
  } catch {
    return null;
  }
}

/** A link that trains asks first. @param {HTMLElement} main @param {Store} store @param {Trainer} trainer */
function addInvitation(main, store, trainer) {
  const [words, busy] = [h("p", {}), h("p", { class: "problem" })];
  const forget = () => store.set({ invitation: null }); // which closes the dialog
  const begin = () => {
    const { invitation } = store.state;
    forget();
    if (invitation) void trainer.start(chosen(store.state).architecture.id, readTraining(invitation));
  };
  const train = /** @type {HTMLButtonElement} */ (
    h("button", { type: "button", class: "primary", "data-testid": "link-train", onclick: begin }, say("link_train"))
  );
  const leave = h("button", { type: "button", "data-testid": "link-leave", onclick: forget }, say("link_leave"));
  const content = h("div", { class: "dialog" }, words, busy, h("div", { class: "dialog-foot" }, leave, train));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { "data-testid": "invitation", "aria-label": say("link_train") }, content));
  main.append(dialog);
  dialog.addEventListener("cancel", forget); // by Escape; "close" comes later, when a report of a training may have opened it again
  store.watch(["invitation", "training"], ({ invitation }) => {
    if (!invitation) return dialog.close();
    const what = describeTraining(store, invitation);
    if (what === null) return store.set({ invitation: null, badLink: true });
    words.textContent = say("link_trains", { what });
    busy.textContent = trainer.isBusy ? say("own_busy") : "";
    train.disabled = trainer.isBusy;
    if (!dialog.open) dialog.showModal();
  });
}
