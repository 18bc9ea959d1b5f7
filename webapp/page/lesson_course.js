// A running lesson as one plain value, and what becomes of it: which step is shown, what was bet, and what came.
import { FIGURES, fillIn, inWords } from "./lesson_figures.js";
import { viewOf } from "./lesson_file.js";
import { say } from "./text.js";

const NEAR = 2; // snapshots between a bet and what came, at most, where the bet is not called wrong

/**
 * @typedef {import("./lesson_file.js").Lesson} Lesson
 * @typedef {import("./lesson_file.js").Step} Step
 * @typedef {import("./lesson_figures.js").Facts} Facts
 *
 * @typedef {object} Turn what became of one step
 * @property {number | null} bet a digit, the position of a choice, or of a snapshot; null: none
 * @property {number[]} votes of a class, by choice
 * @property {Outcome | null} outcome null until it has come
 *
 * @typedef {object} Outcome
 * @property {Facts} facts what it was computed from
 * @property {number | null} value the position of what came true, as a bet names it; null where nothing did
 * @property {string} came the same in words, or ""
 * @property {string} sentence what explains it
 *
 * @typedef {object} Course
 * @property {string} name as a link names the lesson
 * @property {Lesson} lesson
 * @property {number} at the step shown, from 0
 * @property {"asks" | "moves" | "seen"} phase before the bet is locked; while the page moves; once the outcome is there
 * @property {Turn[]} turns by step
 * @property {string} problem why the page could not do what the step asks for, or ""
 * @property {string} made the run that the lesson trained last, or ""
 * @property {string} [file] the lesson as letters of a link, if it is in no file of the page and short
 */

/** @param {string} name @param {Lesson} lesson @param {string} [file] @returns {Course} */
export function beginCourse(name, lesson, file) {
  const turns = lesson.steps.map(({ bet }) => ({ bet: null, votes: (bet?.choices ?? []).map(() => 0), outcome: null }));
  return { name, lesson, at: 0, phase: "asks", turns, problem: "", made: "", file };
}

/** @param {Course} course @returns {Step} the one shown */
export const stepOf = ({ lesson, at }) => lesson.steps[at];

/** @param {Course} course @returns {Turn} */
export const turnOf = ({ turns, at }) => turns[at];

/** A course in which the step shown has become another one. @param {Course} course @param {Partial<Turn>} changes @returns {Course} */
export const changeTurn = (course, changes) => ({ ...course, turns: course.turns.map((turn, at) => (at === course.at ? { ...turn, ...changes } : turn)) });

/** The step shown begins anew. @param {Course} course @param {number} at the step to be shown @returns {Course} */
export const showStep = (course, at) => ({ ...course, at, phase: "asks", problem: "" });

/** What is in sight now. @param {Course} course */
export function sightOf(course) {
  const { before, after } = stepOf(course);
  return course.phase === "asks" ? before : after;
}

/** The stage's view of the step shown, or "". @param {Course} course */
export const stageOf = (course) => viewOf([...stepOf(course).before, ...stepOf(course).after]);

/** A choice pressed, or pressed again and taken back; the bet of a class that has voted is what it voted for. @param {Turn} turn @param {number} at @returns {Partial<Turn>} */
export const choose = ({ bet, votes }, at) => (votes.some(Boolean) ? {} : { bet: bet === at ? null : at });

/** A class's votes; the choice with most of them is its bet. @param {Turn} turn @param {number} choice @param {number} by @returns {Partial<Turn>} */
export function countVote({ votes }, choice, by) {
  const counted = votes.map((number, at) => Math.max(0, number + (at === choice ? by : 0)));
  const most = Math.max(...counted);
  return { votes: counted, bet: most ? counted.indexOf(most) : null };
}

/**
 * What came of the step shown.
 * @param {Course} course
 * @param {Facts} facts
 * @returns {Outcome}
 */
export function outcomeOf(course, facts) {
  const { bet, explain } = stepOf(course);
  const sentence = fillIn(explain, facts) ?? say("lesson_unmeasured");
  const figure = bet?.figure ? FIGURES[bet.figure].of(facts) : null;
  if (!bet?.figure || typeof figure !== "number") return { facts, value: null, came: "", sentence };
  const value = positionOf(bet, figure, facts);
  return { facts, value, came: value === null ? inWords(bet.figure, figure) : betInWords(bet, value, facts), sentence };
}

/** @param {import("./lesson_file.js").Bet} bet @param {number} figure @param {Facts} facts @returns {number | null} as a bet names it */
function positionOf({ kind, choices = [] }, figure, { runs, run }) {
  if (kind === "digit") return figure;
  const isTrue = ({ from = -Infinity, below = Infinity }) => figure >= from && figure < below;
  const at = kind === "time" ? runs[run].images_seen.indexOf(figure) : choices.findIndex(isTrue);
  return at < 0 ? null : at;
}

/**
 * A bet, or what came, in words.
 * @param {import("./lesson_file.js").Bet} bet
 * @param {number} value
 * @param {Pick<Facts, "runs" | "run">} shown
 */
export function betInWords({ kind, choices = [] }, value, { runs, run }) {
  if (kind === "digit") return String(value);
  if (kind === "choice") return choices[value].text;
  const images = runs[run].images_seen[value];
  return images ? say("lesson_after", { images: inWords("images", images) }) : say("lesson_at_start");
}

/**
 * How a bet fared. A moment in training is bet among the snapshots: one or two beside what came is near.
 * @param {Step} step
 * @param {number | null} made the bet
 * @param {Outcome | null} outcome
 * @returns {"right" | "near" | "wrong" | null} null where nothing was bet, or nothing came
 */
export function verdictOf({ bet }, made, outcome) {
  if (made === null || !outcome || outcome.value === null) return null;
  const distance = Math.abs(made - outcome.value);
  if (!distance) return "right";
  return bet?.kind === "time" && distance <= NEAR ? "near" : "wrong";
}

/** What came in words; of a moment also how far it is from the bet. @param {Step} step @param {number | null} made the bet @param {Outcome} outcome */
export function cameInWords({ bet }, made, { came, value, facts }) {
  if (bet?.kind !== "time" || made === null || value === null || made === value) return came;
  const images = facts.runs[facts.run].images_seen;
  return say(value < made ? "lesson_earlier" : "lesson_later", { came, images: inWords("images", Math.abs(images[made] - images[value])) });
}
