// The chosen network and its training in one line, which opens the choice of another.
import { h, write } from "../dom.js";
import { chosen, isOwn, ownNumber, recipeId } from "../state.js";
import { nameNetwork, say } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").Run} Run
 */

/** By recipe, the key of what its training is called. @type {Record<string, string>} */
export const TRAININGS = {
  robust: "training_robust",
  published: "training_published",
  "100-images": "training_100-images",
  "shuffled-labels": "training_shuffled-labels",
};

/** A run in plain words, for sentences. @param {Run} run */
export const nameRun = ({ id, architecture, from }) => ({
  network: nameNetwork(architecture),
  training: isOwn(id) ? `${say(from === undefined ? "training_own" : "training_own_taught")} (${ownNumber(id)})` : say(TRAININGS[recipeId(id)]),
});

/** @param {Store} store @returns {HTMLButtonElement} for `createRunChoice`, which comes later */
export function createChooser(store) {
  const [network, training] = [h("b", {}), h("span", {})];
  const button = /** @type {HTMLButtonElement} */ (
    h("button", { type: "button", class: "run", "data-testid": "run", "aria-haspopup": "dialog", title: say("run_title") }, network, training)
  );
  store.watch(["run", "timeline"], ({ run }) => {
    const names = nameRun(chosen(store.state));
    write(network, names.network);
    write(training, `, ${names.training}`);
    button.dataset.run = run;
  });
  store.watch(["lesson"], ({ lesson }) => (button.disabled = lesson));
  return button;
}
