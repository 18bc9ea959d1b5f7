// Where lessons are chosen and run; loaded when the first one is asked for.
import { h } from "../dom.js";
import { createGuide, loadLesson, NAMES } from "../lessons.js";
import { loadStyle } from "../runs.js";
import { addSentences, say, sentenceOf } from "../text.js";
import { LESSON } from "../text/lesson.js";
import { createLessonView } from "./lesson.js";
import { createSheet } from "./lesson_sheet.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {{choose: () => Promise<void>, openLink: (link: string) => Promise<void>}} LessonPlace
 */

/**
 * @param {Store} store
 * @param {import("../runs.js").Library} library
 * @param {import("./first_screen.js").Places} places
 * @param {import("../trainer.js").Trainer} trainer
 * @returns {Promise<LessonPlace>}
 */
export async function createLessonPlace(store, library, { main, play }, trainer) {
  addSentences(LESSON);
  await loadStyle(main.getRootNode(), "lesson.css");
  const guide = createGuide(store, { library, trainer, play });
  const sheet = createSheet(store);
  createLessonView(store, main, guide, sheet.open);
  const choice = createChoice(store, guide);
  main.append(choice.dialog, sheet.dialog);
  return { choose: choice.open, openLink: (link) => guide.openLink(link) };
}

/** The choice of a lesson. @param {Store} store @param {ReturnType<typeof createGuide>} guide */
function createChoice(store, guide) {
  const list = h("div", { class: "options" });
  const close = h("button", { type: "button", onclick: () => dialog.close() }, say("lessons_close"));
  const content = h("div", { class: "dialog" }, h("h2", {}, say("lessons_heading")), h("p", { class: "note" }, say("lessons_note")), list, h("div", { class: "dialog-foot" }, close));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "lesson-choice-dialog", "data-testid": "lessons", "aria-label": say("lessons_heading") }, content));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

  /** @param {string} name */
  async function option(name) {
    try {
      const lesson = await loadLesson(name, store);
      const start = () => {
        dialog.close();
        guide.open(name, lesson, 0);
      };
      const words = h("span", { class: "option-words" }, h("b", {}, lesson.title), h("small", {}, say("lessons_for", { minutes: lesson.minutes, for: lesson.for })));
      return h("button", { type: "button", class: "option", "data-lesson": name, onclick: start }, words);
    } catch (error) {
      return h("p", { class: "problem" }, `${name}: ${sentenceOf(error)}`);
    }
  }
  async function open() {
    list.replaceChildren(...(await Promise.all(NAMES.map(option))));
    dialog.showModal();
  }
  return { dialog, open };
}
