// A lesson's sheet: every question, the bet and what came, as a table of texts; and the same as a file of comma-separated
// values. Nothing of it leaves the device.
import { betInWords, cameInWords, verdictOf } from "./lesson_course.js";
import { say } from "./text.js";

/** @typedef {import("./lesson_course.js").Course} Course */
/** @typedef {{question: string, bet: string, came: string, sentence: string, verdict: ReturnType<typeof verdictOf>}} Row */

/**
 * The rows of the sheet, one a step.
 * @param {Course} course
 * @param {import("./state.js").State} state
 * @returns {Row[]}
 */
export function rowsOf({ lesson, turns }, state) {
  return lesson.steps.map(({ question, bet }, at) => {
    const { bet: made, votes, outcome } = turns[at];
    const words = bet && made !== null ? betInWords(bet, made, outcome?.facts ?? { runs: state.runs, run: runOf(lesson.steps[at].page) }) : "";
    const counted = (bet?.choices ?? []).flatMap(({ text }, choice) => (votes[choice] ? `${text}: ${votes[choice]}` : []));
    const came = outcome ? cameInWords(lesson.steps[at], made, outcome) : "";
    return { question, bet: counted.length ? say("sheet_votes", { bet: words, votes: counted.join(", ") }) : words, came, sentence: outcome?.sentence ?? "", verdict: verdictOf(lesson.steps[at], made, outcome) };
  });
}

/** @param {string} page a step's */
const runOf = (page) => new URLSearchParams(page).get("run") ?? "";

/**
 * The sheet as comma-separated values, as RFC 4180 has them.
 * @param {Row[]} rows
 * @param {string} answer what was written at the end
 */
export function writeCsv(rows, answer) {
  const head = ["sheet_question", "sheet_bet", "sheet_came", "sheet_why"].map((key) => say(key));
  const lines = [head, ...rows.map(({ question, bet, came, sentence }) => [question, bet, came, sentence]), [say("sheet_last"), answer, "", ""]];
  return lines.map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";
}

/** A value in quotes; one that a spreadsheet would take for a formula begins with an apostrophe. @param {string} value */
const quoted = (value) => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
