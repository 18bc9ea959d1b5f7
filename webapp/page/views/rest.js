// What the first answer does not need: the menus, what trains networks, and the views behind the other tabs.
import { createKernelReader } from "../kernel_reader.js";
import { createCard } from "./card.js";
import { createRunChoice } from "./run_choice.js";
import { createConfusion } from "./confusion.js";
import { drawGhost } from "./ghost.js";
import { createHand } from "./hand.js";
import { createInput } from "./input.js";
import { createInside } from "./inside.js";
import { createNetwork } from "./network.js";
import { createOtherUntrained } from "./other_untrained.js";
import { addPadKeys } from "./pad_keys.js";
import { createPytorch } from "./pytorch.js";
import { addLessons } from "./lesson_button.js";
import { createShare } from "./share.js";
import { addTraining } from "./train_here.js";
import { createTrainingCurves } from "./training.js";

/**
 * @param {import("../state.js").Store} store
 * @param {import("../runs.js").Library} library
 * @param {import("./first_screen.js").Places} places
 * @param {(run: string) => void} choose
 * @param {string | null} api where Gradio's API is, if the page stands in a Gradio app
 */
export function addRest(store, library, places, choose, api) {
  const { bench, main, run, top, columns, foot, addView } = places;
  main.append(createRunChoice(store, run, choose), createCard(store));
  foot.append(...createOtherUntrained(store, columns));
  const { trainer, series, settings } = addTraining(store, library, places, choose);
  addView("input", createInput(store));
  addView("training", createTrainingCurves(store, series, library.fetch));
  addView("confusion", createConfusion(store));
  addView("inside", createInside(store));
  addView("network", createNetwork(store));
  addView("hand", createHand(store, library, trainer, bench));
  addView("settings", settings);
  top.append(...addLessons(store, library, places, trainer), createShare(store));
  addPadKeys(store, places.pad);
  void drawGhost(store, places);
  createKernelReader().then((read) => store.set({ read }), () => {}); // what trains says why there are no kernels
  if (api !== null) addView("pytorch", createPytorch(store, api));
}
