// A lesson in the making, as a plain value; and a short one as letters that fit in a link.
import { FORMAT } from "./lesson_file.js";
import { FIGURES } from "./lesson_figures.js";
import { writeLink } from "./link_writing.js";
import { say } from "./text.js";

/**
 * @typedef {import("./lesson_file.js").Lesson} Lesson
 * @typedef {import("./lesson_file.js").Step} Step
 * @typedef {import("./lesson_file.js").Bet} Bet
 * @typedef {import("./lesson_file.js").Part} Part
 */
const MOST_LETTERS = 6000; // of a lesson in a link; what is longer is saved as a file
const MOST_UNPACKED = 100_000;
const NOT_OF_STEP = ["lesson", "projector", "train", "open"];
/** By bet's kind, the figures that it is most often about. @type {Record<Bet["kind"], string>} */
const USUAL = { digit: "digit", time: "settled_after", choice: "accuracy" };
/** The part of a lesson that shows a view of the stage. @type {Record<string, Part>} */
const PART_OF = { digits: "digits", input: "input", training: "learning", confusion: "confusion", inside: "inside", network: "network", hand: "hand", settings: "settings" };

const AS_NAMED = Object.fromEntries(Object.keys(FIGURES).map((name) => [name, `{${name}}`]));

/** A sentence in which figures stay named. @param {string} key */
export const template = (key) => say(key, AS_NAMED);

/** @returns {Lesson} without a step yet */
export const newLesson = () => ({ format: FORMAT, title: say("make_title_usual"), minutes: 10, for: say("make_for_usual"), steps: [] });

/**
 * A step that begins with the page as it is, to be changed as one likes.
 * @param {import("./state.js").State} state
 * @returns {Step}
 */
export function stepFrom(state) {
  const keys = new URLSearchParams(writeLink({ ...state, course: null }).slice(1));
  for (const name of NOT_OF_STEP) keys.delete(name);
  if (state.marks) keys.set("open", "luck");
  const view = state.view === "digits" ? [] : [PART_OF[state.view] ?? []].flat();
  return {
    question: say("make_question_digit"),
    page: decodeURIComponent(keys.toString()),
    before: ["pad"],
    after: ["pad", "answer", ...view],
    bet: newBet("digit"),
    explain: template("make_explain_digit"),
  };
}

/** A bet of this kind, about what such a bet is most often about. @param {Bet["kind"]} kind @returns {Bet} */
export function newBet(kind) {
  const bet = { kind, figure: USUAL[kind] };
  if (kind !== "choice") return bet;
  const choices = [{ text: say("make_choice_low"), below: 0.5 }, { text: say("make_choice_middle"), from: 0.5, below: 0.9 }, { text: say("make_choice_high"), from: 0.9 }];
  return { ...bet, choices };
}

/** The figures that a bet of this kind can be about. @param {Bet["kind"]} kind */
export function figuresFor(kind) {
  const kinds = { digit: ["digit"], time: ["images"], choice: ["share", "count", "images", "digit"] }[kind];
  return Object.keys(FIGURES).filter((name) => kinds.includes(FIGURES[name].kind));
}

/** The list with one of its steps at another place. @template T @param {T[]} list @param {number} from @param {number} to @returns {T[]} */
export function moved(list, from, to) {
  if (to < 0 || to >= list.length || from === to) return list;
  const rest = list.filter((_, at) => at !== from);
  return [...rest.slice(0, to), list[from], ...rest.slice(to)];
}

/** A lesson's file. @param {Lesson} lesson */
export const writeLesson = (lesson) => `${JSON.stringify(lesson, null, 2)}\n`;

/** A lesson as letters for a link. @param {Lesson} lesson @returns {Promise<string>} */
async function packLesson(lesson) {
  const packed = new Blob([JSON.stringify(lesson)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=*$/, "");
}

/** The same of a lesson that is short enough for a link. @param {Lesson} lesson @returns {Promise<string | undefined>} */
export async function lettersOf(lesson) {
  const letters = await packLesson(lesson);
  return letters.length <= MOST_LETTERS ? letters : undefined;
}

/** The text of a lesson that a link carries. @param {string} letters @returns {Promise<string>} "" where it cannot be unpacked */
export async function unpackLesson(letters) {
  try {
    const bytes = Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (let part = await reader.read(); !part.done && text.length <= MOST_UNPACKED; part = await reader.read()) text += decoder.decode(part.value, { stream: true });
    void reader.cancel();
    return text;
  } catch {
    return ""; // cut off, or none of ours
  }
}
