// A lesson as a file: JSON that teachers write, by hand or with "Make a lesson", and that the page, the tests and
// docs/lesson.md read. What is wrong with one is said with the line that it stands on.
import { brief, oneOf, whole } from "./engine/checks.js";
import { InklingError } from "./engine/errors.js";
import { readJson } from "./engine/json_lines.js";
import { changePlan } from "./engine/plan.js";
import { FIGURES, figuresIn } from "./lesson_figures.js";
import { readLink } from "./link.js";
import { tutorialOf } from "./state.js";
import { say } from "./text.js";
import { readTraining } from "./training_link.js";

/**
 * What can be in sight: the three parts of the page, and one view of the stage. Of two views
 * a step shows a half: "learning" the curves of the drawing's digits, "training" that of accuracy; "inside" the units,
 * "contrast" what speaks for one digit and not for another.
 * @typedef {"pad" | "answer" | "time" | "digits" | "input" | "learning" | "training" | "confusion" | "inside" | "contrast" | "network" | "hand" | "settings"} Part
 *
 * @typedef {{text: string, from?: number, below?: number}} Choice it comes true where the bet's figure is at least `from`
 *   and less than `below`; with neither of them it is an opinion
 *
 * @typedef {object} Bet
 * @property {"digit" | "choice" | "time"} kind a digit; one of two to four choices; one of the run's snapshots
 * @property {string} [figure] what it is about, by its name in FIGURES: a digit, or images shown, or any number
 * @property {Choice[]} [choices]
 *
 * @typedef {object} Move what the page does once the bet is locked; all of it may be left out
 * @property {boolean} [play] play the training to its end
 * @property {string} [page] go where these keys of a link lead, laid over those of the step
 * @property {Record<string, unknown>} [train] train a network of the step's kind, with these changes, as a link names them
 *
 * @typedef {object} Step
 * @property {string} question
 * @property {string} page a link to the state that it begins in, without "#"
 * @property {Part[]} before what is in sight before the bet is locked
 * @property {Part[]} after and from then on
 * @property {Bet} [bet]
 * @property {string[]} [compare] ids of one or two other runs whose curves stand beside those of its own
 * @property {Move} [move]
 * @property {string} explain what is said in the end, with figures of the run shown as {names}
 * @property {string[]} [notes] to the teacher, for docs/lesson.md
 *
 * @typedef {object} Lesson
 * @property {"inkling lesson 1"} format
 * @property {string} title
 * @property {number} minutes
 * @property {string} for whom it is for
 * @property {Step[]} steps
 */

/** @typedef {Record<string, import("./state.js").Run>} Runs */
/** @typedef {(path: string, key: string, values?: Record<string, unknown>) => never} Refuse says what is wrong with the value at a path */

export const FORMAT = "inkling lesson 1";
export const MOST_STEPS = 30;
const MOST_LETTERS = 100_000; // of a file
const [TITLE, QUESTION, SENTENCE] = [80, 200, 700]; // letters, at most
/** By name of a part, the stage's view that shows it; "" for what is no part of the stage. @type {Record<Part, string>} */
export const PARTS = {
  pad: "",
  answer: "",
  time: "",
  digits: "digits",
  input: "input",
  learning: "training",
  training: "training",
  confusion: "confusion",
  inside: "inside",
  contrast: "inside",
  network: "network",
  hand: "hand",
  settings: "settings",
};
const OF_PAGE = ["run", "step", "open", "drawing", "ink", "sample", "example"]; // what a step's state may name of a link
/** Which figures each kind of bet can be about. @type {Record<string, string[]>} */
const ABOUT = { digit: ["digit"], time: ["images"], choice: ["digit", "images", "count", "share"] };
/** The fields that an object of a lesson has, and those that it may have. @type {Record<string, [string[], string[]]>} */
const FIELDS = {
  lesson: [["format", "title", "minutes", "for", "steps"], []],
  step: [["question", "page", "before", "after", "explain"], ["bet", "move", "notes", "compare"]],
  bet: [["kind"], ["figure", "choices"]],
  choice: [["text"], ["from", "below"]],
  move: [[], ["play", "page", "train"]],
};

/** The stage's view that parts name, or "". @param {Part[]} parts */
export const viewOf = (parts) => parts.map((part) => PARTS[part]).find(Boolean) ?? "";

/**
 * Read a lesson's file.
 * @param {string} text
 * @param {Runs} runs that the page knows
 * @returns {Lesson}
 * @throws {InklingError} it is none: the line, and why
 */
export function readLesson(text, runs) {
  if (text.length > MOST_LETTERS) throw new InklingError("lesson_large");
  const { value, lines } = readJson(text);
  /** @type {Refuse} */
  const refuse = (path, key, values) => {
    let known = path;
    while (!lines.has(known)) known = known.slice(0, Math.max(0, known.lastIndexOf(".")));
    throw new InklingError("lesson_line", { line: lines.get(known), why: say(key, values) });
  };
  const lesson = checkFields(value, "lesson", "", refuse);
  if (lesson.format !== FORMAT) refuse("format", "lesson_format", { format: FORMAT, given: brief(lesson.format) });
  checkText(lesson.title, TITLE, "title", refuse);
  checkText(lesson.for, TITLE, "for", refuse);
  if (!whole(1, 300)(lesson.minutes)) refuse("minutes", "lesson_minutes", { given: brief(lesson.minutes) });
  checkList(lesson.steps, [1, MOST_STEPS], "steps", refuse).forEach((step, at) => checkStep(step, `steps.${at}`, runs, refuse));
  return /** @type {Lesson} */ (/** @type {unknown} */ (lesson));
}

/** @param {unknown} value @param {string} name of its kind @param {string} path @param {Refuse} refuse @returns {Record<string, unknown>} */
function checkFields(value, name, path, refuse) {
  if (typeof value !== "object" || !value || Array.isArray(value)) return refuse(path, "lesson_object", { name, given: brief(value) });
  const [needed, possible] = FIELDS[name];
  const missing = needed.find((field) => !Object.hasOwn(value, field));
  if (missing) refuse(path, "lesson_missing", { name, field: missing });
  const unknown = Object.keys(value).find((field) => ![...needed, ...possible].includes(field));
  if (unknown !== undefined) refuse(path ? `${path}.${unknown}` : unknown, "lesson_unknown", { name, field: brief(unknown), fields: [...needed, ...possible].join(", ") });
  return /** @type {Record<string, unknown>} */ (value);
}

/** @param {unknown} value @param {number} most letters @param {string} path @param {Refuse} refuse @returns {string} */
function checkText(value, most, path, refuse) {
  if (typeof value !== "string" || !value.trim() || value.length > most) return refuse(path, "lesson_text", { most, given: brief(value) });
  return value;
}

/** @param {unknown} value @param {[number, number]} size at least, at most @param {string} path @param {Refuse} refuse @returns {unknown[]} */
function checkList(value, [least, most], path, refuse) {
  if (!Array.isArray(value) || value.length < least || value.length > most) return refuse(path, "lesson_list", { least, most, given: brief(value) });
  return value;
}

/** @param {unknown} value @param {string} path @param {Runs} runs @param {Refuse} refuse */
function checkStep(value, path, runs, refuse) {
  const step = checkFields(value, "step", path, refuse);
  checkText(step.question, QUESTION, `${path}.question`, refuse);
  const page = checkPage(step.page, `${path}.page`, "", runs, refuse);
  const sight = ["before", "after"].map((when) => checkParts(step[when], `${path}.${when}`, refuse));
  if (new Set(sight.map(viewOf).filter(Boolean)).size > 1) refuse(`${path}.after`, "lesson_views");
  if (step.bet !== undefined) checkBet(step.bet, `${path}.bet`, refuse);
  if (step.move !== undefined) checkMove(step.move, `${path}.move`, page, runs, refuse);
  if (step.compare !== undefined) checkList(step.compare, [1, 2], `${path}.compare`, refuse).forEach((run, at) => Object.hasOwn(runs, /** @type {string} */ (run)) || refuse(`${path}.compare.${at}`, "lesson_run", { given: brief(run) }));
  checkSentence(step.explain, `${path}.explain`, runs, refuse);
  if (step.notes !== undefined) checkList(step.notes, [0, 12], `${path}.notes`, refuse).forEach((note, at) => checkSentence(note, `${path}.notes.${at}`, runs, refuse));
}

/**
 * Keys of a link that lead to a state of the page.
 * @param {unknown} value @param {string} path @param {string} below keys that they are laid over @param {Runs} runs @param {Refuse} refuse
 * @returns {string}
 */
function checkPage(value, path, below, runs, refuse) {
  const page = typeof value === "string" ? layOver(below, value) : "";
  const keys = [...new URLSearchParams(page).keys()];
  if (!page || !keys.every((key) => OF_PAGE.includes(key)) || !readLink(page, runs)) refuse(path, "lesson_page", { given: brief(value) });
  return page;
}

/** What can lie on the pad; a link names one of them. */
const ON_PAD = ["drawing", "ink", "sample", "example"];

/**
 * Keys of a link laid over others: what both name is as the upper one says, and only one thing lies on the pad.
 * @param {string} below
 * @param {string} above
 * @returns {string}
 */
export function layOver(below, above) {
  const [keys, given] = [below, above].map((text) => new URLSearchParams(text));
  const isLaid = ON_PAD.some((name) => given.has(name));
  if (isLaid) for (const name of ON_PAD) keys.delete(name);
  if (given.has("run") && given.get("run") !== keys.get("run")) keys.delete("step"); // of another run
  given.forEach((value, name) => keys.set(name, value));
  return keys.toString();
}

/** @param {unknown} value @param {string} path @param {Refuse} refuse @returns {Part[]} */
function checkParts(value, path, refuse) {
  const parts = /** @type {Part[]} */ (checkList(value, [0, Object.keys(PARTS).length], path, refuse));
  parts.forEach((part, at) => {
    if (!Object.hasOwn(PARTS, part)) refuse(`${path}.${at}`, "lesson_part", { given: brief(part), parts: Object.keys(PARTS).join(", ") });
  });
  if (parts.filter((part) => PARTS[part]).length > 1) refuse(path, "lesson_views");
  return parts;
}

/** @param {unknown} value @param {string} path @param {Refuse} refuse */
function checkBet(value, path, refuse) {
  const { kind, figure, choices } = checkFields(value, "bet", path, refuse);
  if (!oneOf(...Object.keys(ABOUT))(kind)) refuse(`${path}.kind`, "lesson_kind", { given: brief(kind) });
  const about = ABOUT[/** @type {string} */ (kind)];
  const missing = kind === "choice" ? choices === undefined && "choices" : figure === undefined && "figure";
  if (missing) refuse(path, "lesson_missing", { name: "bet", field: missing });
  const isOpinion = kind === "choice" && figure === undefined;
  const names = Object.keys(FIGURES).filter((name) => about.includes(FIGURES[name].kind));
  if (!isOpinion && !names.includes(/** @type {string} */ (figure))) refuse(`${path}.figure`, "lesson_figure", { given: brief(figure), names: names.join(", ") });
  if (kind !== "choice" && choices !== undefined) refuse(`${path}.choices`, "lesson_only_choice");
  if (kind !== "choice") return;
  checkList(choices, [2, 4], `${path}.choices`, refuse).forEach((choice, at) => {
    const place = `${path}.choices.${at}`;
    const { text, ...range } = checkFields(choice, "choice", place, refuse);
    checkText(text, TITLE, `${place}.text`, refuse);
    if (isOpinion !== !Object.keys(range).length) refuse(place, isOpinion ? "lesson_opinion" : "lesson_range");
    for (const [end, number] of Object.entries(range)) if (!Number.isFinite(number)) refuse(`${place}.${end}`, "lesson_number", { given: brief(number) });
  });
}

/** @param {unknown} value @param {string} path @param {string} below the step's page @param {Runs} runs @param {Refuse} refuse */
function checkMove(value, path, below, runs, refuse) {
  const { play, page, train } = checkFields(value, "move", path, refuse);
  if (![undefined, true, false].includes(/** @type {boolean | undefined} */ (play))) refuse(`${path}.play`, "lesson_play", { given: brief(play) });
  if (page !== undefined) checkPage(page, `${path}.page`, below, runs, refuse);
  if (train === undefined) return;
  const run = runs[new URLSearchParams(below).get("run") ?? ""];
  try {
    changePlan(tutorialOf(run), readTraining(JSON.stringify(train)));
  } catch (error) {
    if (!(error instanceof InklingError)) throw error;
    refuse(`${path}.train`, error.key, error.values);
  }
}

/** @param {unknown} value @param {string} path @param {Runs} runs @param {Refuse} refuse */
function checkSentence(value, path, runs, refuse) {
  for (const { name, run } of figuresIn(checkText(value, SENTENCE, path, refuse))) {
    if (!Object.hasOwn(FIGURES, name)) refuse(path, "lesson_figure", { given: brief(name), names: Object.keys(FIGURES).join(", ") });
    if (run && !Object.hasOwn(runs, run)) refuse(path, "lesson_run", { given: brief(run) });
  }
}
