// Where lessons are chosen, opened, run and made; loaded when the first one is asked for.
import { h, write } from "../dom.js";
import { readLesson } from "../lesson_file.js";
import { lettersOf } from "../lesson_making.js";
import { createGuide, listLessons, loadLesson, OWN } from "../lessons.js";
import { loadStyle } from "../files.js";
import { addSentences, say, sentenceOf } from "../text.js";
import { LESSON } from "../text/lesson.js";
import { createLessonView, hasKeyboard } from "./lesson.js";
import { createMaker } from "./lesson_make.js";
import { createSheet } from "./lesson_sheet.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {{choose: () => Promise<void>, openLink: (link: string) => Promise<void>, openFile: (file: File) => Promise<void>}} LessonPlace
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
  const maker = createMaker(store, (lesson, at, file) => guide.open(OWN, lesson, at, { file }));
  /** @param {File} file */
  async function openFile(file) {
    const lesson = readLesson(await file.text(), store.state.runs);
    guide.open(OWN, lesson, 0, { file: await lettersOf(lesson) });
  }
  const choice = createChoice(store, guide, openFile, maker);
  main.append(choice.dialog, sheet.dialog, maker.bar, maker.dialog);
  return { choose: choice.open, openLink: (link) => guide.openLink(link), openFile };
}

/**
 * The choice of a lesson.
 * @param {Store} store
 * @param {ReturnType<typeof createGuide>} guide
 * @param {(file: File) => Promise<void>} openFile
 * @param {ReturnType<typeof createMaker>} maker
 */
function createChoice(store, guide, openFile, maker) {
  const list = h("div", { class: "options" });
  const problem = h("p", { class: "problem", role: "alert", "data-testid": "lessons-problem" });
  const given = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: ".json,application/json", hidden: true, "data-testid": "lesson-file" }));
  const change = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: ".json,application/json", hidden: true, "data-testid": "lesson-change-file" }));
  const button = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ action) => h("button", { type: "button", "data-testid": testid, onclick: action }, say(word));
  const foot = h("div", { class: "dialog-foot" }, button("lesson-open", "lessons_open", () => given.click()), button("lesson-make", "lessons_make", make), button("lesson-change", "lessons_change", () => change.click()), button("lessons-close", "lessons_close", () => dialog.close()));
  const content = h("div", { class: "dialog" }, h("h2", {}, say("lessons_heading")), h("p", { class: "note" }, say("lessons_note"), hasKeyboard() && ` ${say("lessons_keys")}`), list, problem, foot, given, change);
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "lesson-choice-dialog", "data-testid": "lessons", "aria-label": say("lessons_heading") }, content));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  onFile(given, openFile);
  onFile(change, async (file) => maker.begin(readLesson(await file.text(), store.state.runs)));

  function make() {
    dialog.close();
    maker.begin();
  }
  /** @param {HTMLInputElement} input @param {(file: File) => Promise<void>} action */
  function onFile(input, action) {
    input.addEventListener("change", async () => {
      const [file] = input.files ?? [];
      input.value = ""; // so that the same one can be chosen again
      if (!file) return;
      try {
        await action(file);
        dialog.close();
      } catch (error) {
        write(problem, sentenceOf(error));
      }
    });
  }
  /** @param {string} name */
  async function option(name) {
    try {
      const lesson = await loadLesson(name, store);
      const start = () => {
        dialog.close();
        guide.open(name, lesson, 0, { isChosen: true });
      };
      const words = h("span", { class: "option-words" }, h("b", {}, lesson.title), h("small", {}, say("lessons_for", { minutes: lesson.minutes, for: lesson.for })));
      return h("button", { type: "button", class: "option", "data-lesson": name, onclick: start }, words);
    } catch (error) {
      return h("p", { class: "problem" }, `${name}: ${sentenceOf(error)}`);
    }
  }
  async function open() {
    write(problem, "");
    list.replaceChildren(...(await Promise.all((await listLessons()).map(option))));
    dialog.showModal();
  }
  return { dialog, open };
}
