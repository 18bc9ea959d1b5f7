// What the first answer does not need: the menus, what trains networks, and the views behind the other tabs. Views are
// loaded each on its own, so that one that cannot be loaded leaves the others.
import { createKernelReader } from "../kernel_reader.js";
import { h } from "../dom.js";
import { say } from "../text.js";
import { createCard } from "./card.js";
import { createRunChoice } from "./run_choice.js";
import { drawGhost } from "./ghost.js";
import { keepFocus } from "./keep_focus.js";
import { createOtherUntrained } from "./other_untrained.js";
import { addPadKeys } from "./pad_keys.js";
import { addLessons } from "./lesson_button.js";
import { createShare } from "./share.js";

/**
 * @param {import("../state.js").Store} store
 * @param {import("../runs.js").Library} library
 * @param {import("./first_screen.js").Places} places
 * @param {(run: string) => void} choose
 * @param {string | null} api where Gradio's API is, if the page stands in a Gradio app
 * @returns {Promise<void>} when all of it is there, or said to be missing
 */
export async function addRest(store, library, places, choose, api) {
  const { bench, main, run, top, columns, foot, addView } = places;
  const training = import("./train_here.js").then(({ addTraining }) => addTraining(store, library, places, choose));
  const views = [
    addView("input", import("./input.js").then(({ createInput }) => createInput(store))),
    addView("training", Promise.all([import("./training.js"), training]).then(([{ createTrainingCurves }, { series }]) => createTrainingCurves(store, series, library.fetch))),
    addView("confusion", import("./confusion.js").then(({ createConfusion }) => createConfusion(store))),
    addView("inside", import("./inside.js").then(({ createInside }) => createInside(store))),
    addView("network", import("./network.js").then(({ createNetwork }) => createNetwork(store))),
    addView("hand", Promise.all([import("./hand.js"), training]).then(([{ createHand }, { trainer }]) => createHand(store, library, trainer, bench))),
    addView("settings", training.then(({ settings }) => settings)),
  ];
  if (api !== null) views.push(addView("pytorch", import("./pytorch.js").then(({ createPytorch }) => createPytorch(store, api))));
  main.append(createRunChoice(store, run, choose), createCard(store));
  foot.append(...createOtherUntrained(store, columns));
  addPadKeys(store, places.pad);
  createKernelReader().then((read) => store.set({ read }), () => {}); // what trains says why there are no kernels
  try {
    top.append(...addLessons(store, library, places, (await training).trainer));
  } catch {
    places.line.append(h("p", { class: "problem", role: "alert" }, say("rest_failed"))); // its views say so, too
  }
  top.append(createShare(store));
  await Promise.all(views);
  keepFocus(store, main);
  void drawGhost(store, places);
}
