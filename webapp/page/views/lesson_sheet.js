// The sheet at the end of a lesson: what was asked, bet and seen, and a line to write; printed, or saved as a file.
import { h, write } from "../dom.js";
import { rowsOf, writeCsv } from "../lesson_sheet.js";
import { say } from "../text.js";
import { download } from "./download.js";

/** @typedef {import("../lesson_sheet.js").Row} Row */
const MARKS = { right: "✓", near: "≈", wrong: "✗" }; // of how a bet fared
const WIDTH = 1600; // of the picture, in pixels
const COLUMNS = [0.34, 0.18, 0.16, 0.32]; // shares of its width
const [MARGIN, LETTER, LINE] = [60, 24, 32];

/**
 * @param {import("../state.js").Store} store
 * @returns {{dialog: HTMLElement, open: () => void}}
 */
export function createSheet(store) {
  const heading = h("h2", { tabindex: -1, autofocus: true }); // else the sheet opens at its foot, where one writes
  const body = h("tbody", {});
  const names = ["sheet_question", "sheet_bet", "sheet_came", "sheet_why"].map((key) => say(key));
  const table = h("table", { class: "sheet-table" }, h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name)))), body);
  const answer = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: 2, maxlength: 500, "data-testid": "sheet-answer" }));
  const last = h("label", { class: "sheet-last" }, say("sheet_last"), answer);
  const note = h("p", { class: "note" }, say("sheet_note"));
  const tool = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ action) => h("button", { type: "button", "data-testid": testid, onclick: action }, say(word));
  const tools = h("div", { class: "dialog-foot" }, tool("sheet-print", "sheet_print", () => print()), tool("sheet-csv", "sheet_csv", saveCsv), tool("sheet-png", "sheet_png", () => void savePicture()), tool("sheet-close", "lessons_close", () => dialog.close()));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "sheet", "data-testid": "lesson-sheet", "aria-label": say("lesson_sheet_title") }, h("div", { class: "dialog" }, heading, table, last, note, tools)));
  /** @type {Row[]} */
  let rows = [];
  const title = () => store.state.course?.lesson.title ?? "";
  const fileName = (/** @type {string} */ ending) => `${title().toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "") || "lesson"}.${ending}`;

  function open() {
    const { course } = store.state;
    if (!course) return;
    rows = rowsOf(course, store.state);
    write(heading, course.lesson.title);
    body.replaceChildren(...rows.map(({ question, bet, came, sentence, verdict }) => {
      const mark = verdict ? ` ${MARKS[verdict]}` : "";
      return h("tr", {}, h("th", { scope: "row" }, question), h("td", {}, bet || "–"), h("td", { class: verdict ?? "" }, (came || "–") + mark), h("td", {}, sentence || "–"));
    }));
    dialog.showModal();
  }

  // While it is open, the sheet alone is printed, by its button or by the browser's keys.
  const printAlone = (/** @type {boolean} */ isAlone) => /** @type {ShadowRoot} */ (dialog.getRootNode()).host?.toggleAttribute("sheet", isAlone);
  addEventListener("beforeprint", () => printAlone(dialog.open));
  addEventListener("afterprint", () => printAlone(false));
  function saveCsv() {
    download(`\ufeff${writeCsv(rows, answer.value)}`, fileName("csv"), "text/csv");
  }
  async function savePicture() {
    const canvas = paintSheet(title(), rows, answer.value);
    const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob) download(blob, fileName("png"), "image/png");
  }
  return { dialog, open };
}

/** The sheet as a picture, dark on light. @param {string} title @param {Row[]} rows @param {string} answer */
function paintSheet(title, rows, answer) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { width: WIDTH, height: 10 }));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const font = (/** @type {boolean} */ isBold, size = LETTER) => `${isBold ? 650 : 400} ${size}px system-ui, sans-serif`;
  const room = WIDTH - 2 * MARGIN;
  const head = ["sheet_question", "sheet_bet", "sheet_came", "sheet_why"].map((key) => say(key));
  context.font = font(true);
  const lines = [head, ...rows.map(({ question, bet, came, sentence }) => [question, bet || "–", came || "–", sentence || "–"])].map((texts) =>
    texts.map((text, column) => wrap(context, text, room * COLUMNS[column] - 20)));
  const written = wrap(context, `${say("sheet_last")} ${answer}`, room);
  const heights = lines.map((cells) => Math.max(...cells.map((cell) => cell.length)) * LINE + 20);
  canvas.height = 2 * MARGIN + 70 + heights.reduce((sum, height) => sum + height, 0) + written.length * LINE + 20;

  context.fillStyle = "#fffdf8";
  context.fillRect(0, 0, WIDTH, canvas.height);
  context.fillStyle = "#1b2140";
  context.font = font(true, 40);
  context.fillText(title, MARGIN, MARGIN + 34);
  let top = MARGIN + 70;
  lines.forEach((cells, row) => {
    let left = MARGIN;
    context.fillStyle = "#ddd5c4";
    context.fillRect(MARGIN, top, room, 2);
    context.fillStyle = "#1b2140";
    cells.forEach((cell, column) => {
      context.font = font(row === 0 || column === 0);
      cell.forEach((line, at) => context.fillText(line, left, top + 10 + LETTER + at * LINE));
      left += room * COLUMNS[column];
    });
    top += heights[row];
  });
  context.font = font(true);
  written.forEach((line, at) => context.fillText(line, MARGIN, top + 20 + LETTER + at * LINE));
  return canvas;
}

/** A text in lines of this width at most. @param {CanvasRenderingContext2D} context @param {string} text @param {number} width @returns {string[]} */
function wrap(context, text, width) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (context.measureText(longer).width <= width || !lines[lines.length - 1]) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
