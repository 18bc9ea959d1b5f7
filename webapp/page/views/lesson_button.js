// The buttons Lesson and Projector; what they open is loaded when it is first asked for.
import { h } from "../dom.js";
import { sentenceOf, say } from "../text.js";
import { createDarkRoom, createProjector } from "./projector.js";

/** @typedef {import("./lesson_place.js").LessonPlace} LessonPlace */

/**
 * @param {import("../state.js").Store} store
 * @param {import("../runs.js").Library} library
 * @param {import("./first_screen.js").Places} places
 * @param {import("../trainer.js").Trainer} trainer
 * @returns {HTMLElement[]}
 */
export function addLessons(store, library, places, trainer) {
  const { main } = places;
  /** @type {Promise<LessonPlace> | null} */
  let loading = null;
  const load = () => {
    loading ??= import("./lesson_place.js").then(({ createLessonPlace }) => createLessonPlace(store, library, places, trainer));
    loading.catch(() => (loading = null)); // so that the next press asks again
    return loading;
  };
  const open = async () => {
    try {
      await (await load()).choose();
    } catch (error) {
      tell(error);
    }
  };
  const problem = h("small", { role: "alert" });
  const lesson = h("button", { type: "button", "data-testid": "lesson", title: say("lesson_title"), onclick: open }, say("lesson"), problem);
  /** @param {unknown} error */
  function tell(error) {
    problem.textContent = say("lesson_failed", { reason: sentenceOf(error) });
    setTimeout(() => (problem.textContent = ""), 8000);
  }

  store.watch(["lessonLink"], async ({ lessonLink }) => {
    if (!lessonLink) return;
    try {
      await (await load()).openLink(lessonLink);
    } catch (error) {
      sentenceOf(error); // a bug is logged
      store.set({ lessonLink: null, badLink: true });
    }
    main.style.visibility = "";
  });
  main.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
  main.addEventListener("drop", async (event) => {
    const file = [...(event.dataTransfer?.files ?? [])].find(({ name }) => name.endsWith(".json"));
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault(); // the browser would leave the page for it
    try {
      if (file) await (await load()).openFile(file);
    } catch (error) {
      tell(error);
    }
  });
  return [lesson, createProjector(store, main), createDarkRoom(store)];
}
