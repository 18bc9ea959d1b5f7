// Links: what the fragment of an address, which no server sees, asks the page for. link_writing.js writes them.
import { MAX_POINTS, MAX_STROKES } from "./pad.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Run} Run
 * @typedef {import("./pad.js").Stroke} Stroke
 */
export const SCALE = 1e4; // coordinates travel as whole ten-thousandths of the pad's width
export const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; // by value, in base64 for addresses
const KNOWN = ["run", "step", "open", "drawing", "ink", "sample", "example", "lesson", "train", "projector", "file"];
const MAX_TRAIN = 10_000; // letters
const LESSON = /^[a-z][\w-]{0,39}(\.\d{1,2})?$/; // a lesson's name, and one of its steps
/** By what a link says of the projector. @type {Record<string, State["projector"]>} */
export const PROJECTOR = { "": null, light: "light", dark: "dark", off: false };
const SHOWS_PAD = ["luck", "hand"]; // views that go with the pad, where there is no room for both
/**
 * By name in a link, which stays as it is, the view that it opens; "luck" also asks for the marks in the columns.
 * Of several views a link of today names one, older links more.
 * @type {Record<string, string>}
 */
export const VIEWS = {
  luck: "digits",
  training: "settings",
  hand: "hand",
  learning: "training",
  given: "input",
  history: "training",
  confusion: "confusion",
  inside: "inside",
  layers: "network",
  pytorch: "pytorch",
};

/**
 * What a fragment asks for; null if it is damaged or none of ours.
 * @param {string} fragment
 * @param {Record<string, Run>} runs
 * @param {string} [usual] the run, where the fragment names none
 * @returns {Partial<State> | null} a link to a lesson's step only as `lessonLink`: what its steps are is not known yet
 */
export function readLink(fragment, runs, usual = "") {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  if ([...given.keys()].some((key) => !KNOWN.includes(key) || given.getAll(key).length > 1)) return null;
  const [lesson, projector] = ["lesson", "projector"].map((name) => given.get(name) ?? "");
  if (LESSON.test(lesson)) return { lessonLink: fragment };
  const run = given.get("run") ?? usual;
  const steps = Object.hasOwn(runs, run) ? runs[run].steps : null;
  if (!steps || !["", "1"].includes(lesson) || !Object.hasOwn(PROJECTOR, projector)) return null;
  const last = steps.length - 1;
  const step = given.get("step");
  const snapshot = step === null ? last : steps.map(String).indexOf(step);
  const open = given.get("open")?.split(".") ?? [];
  const [drawing, ink] = ["drawing", "ink"].map((name) => given.get(name));
  const strokes = readStrokes(drawing !== null ? readNumbers(drawing) : ink !== null ? unpack(ink) : []);
  const example = given.get("example") ?? undefined;
  const sample = given.has("sample") ? readSample(given.get("sample") ?? "") : null;
  if (snapshot < 0 || !open.every((name) => Object.hasOwn(VIEWS, name)) || !strokes) return null;
  if (example !== undefined && (drawing !== null || ink !== null || !/^\d\.\d$/.test(example))) return null;
  const invitation = given.get("train");
  if ((given.has("sample") && !sample) || (invitation && invitation.length > MAX_TRAIN)) return null;
  return {
    run,
    snapshot: snapshot === last ? null : snapshot,
    view: VIEWS[open.at(-1) ?? ""] ?? "digits",
    isRaised: open.length > 0 && !SHOWS_PAD.includes(open[open.length - 1]),
    marks: open.includes("luck"),
    drawing: { strokes, example },
    sample,
    lesson: lesson === "1",
    lessonLink: null,
    course: null,
    projector: PROJECTOR[projector],
    invitation,
  };
}

/** Coordinates by stroke, of older links. @param {string} text @returns {number[][]} */
const readNumbers = (text) => text.split("_").map((part) => part.split(".").map((digits) => (/^\d{1,5}$/.test(digits) ? Number(digits) : NaN)));

/** The same of packed ones: base64 VLQ of how far each point is from the last one. @param {string} text @returns {number[][]} */
function unpack(text) {
  const at = [0, 0];
  return text.split(".").map((letters) => {
    const numbers = [];
    let [value, bits] = [0, 0];
    for (const letter of letters) {
      const part = LETTERS.indexOf(letter);
      value |= (part & 31) << bits;
      bits += 5;
      if (part & 32) continue; // the number goes on
      numbers.push((at[numbers.length % 2] += value & 1 ? -(value >> 1) : value >> 1));
      value = bits = 0;
    }
    return bits ? [NaN] : numbers; // one was cut off
  });
}

/** @param {number[][]} strokes coordinates by stroke @returns {Stroke[] | null} null if they are none */
function readStrokes(strokes) {
  const isStroke = (/** @type {number[]} */ numbers) => numbers.length > 0 && numbers.length % 2 === 0 && numbers.every((value) => value >= 0 && value <= SCALE);
  if (strokes.length > MAX_STROKES || strokes.flat().length > 2 * MAX_POINTS || !strokes.every(isStroke)) return null;
  return strokes.map((numbers) => Array.from({ length: numbers.length / 2 }, (_, at) => [numbers[2 * at] / SCALE, numbers[2 * at + 1] / SCALE]));
}

/**
 * A label and 784 levels of ink, some of them not paper.
 * @param {string} text
 * @returns {import("./state.js").Sample | null}
 */
function readSample(text) {
  const [, label, letters] = text.match(/^(\d)\.([\w-]{1046})$/) ?? [];
  if (!letters) return null;
  const image = fromLetters(letters);
  return image.some(Boolean) ? { image, label: Number(label) } : null;
}

/** @param {string} letters */
const fromLetters = (letters) =>
  Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
