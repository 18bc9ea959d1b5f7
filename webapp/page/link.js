// Lesson links: the page's state as the fragment of its address, which no server sees, and back.
import { MAX_POINTS, MAX_STROKES } from "./pad.js";
import { isOwn } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Run} Run
 * @typedef {import("./pad.js").Stroke} Stroke
 */
const SCALE = 1e4; // coordinates travel as whole ten-thousandths of the pad's width
const KNOWN = ["run", "step", "open", "drawing", "sample", "lesson", "train"];
const MAX_TRAIN = 10_000; // letters
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
 * The fragment that opens the page as it is.
 * @param {State} state
 * @returns {Promise<string>} from "#" on
 */
export async function writeLink({ runs, run: id, snapshot, drawing, sample, view, marks, lesson }) {
  const run = runs[id];
  const { from = id } = run; // of a fine-tuned run the one before, if it is known; drawings are in no link
  // A run of one's own is no file of the page: it is trained again.
  const base = from === null || isOwn(from) || !runs[from] ? `${run.architecture.id}/published` : from;
  const fragment = new URLSearchParams({ run: base });
  if (isOwn(id)) {
    const { writeTraining } = await import("./training_link.js"); // not needed for the first answer
    const training = writeTraining(run);
    if (training) fragment.set("train", training);
  } else if (snapshot !== null) fragment.set("step", String(run.steps[snapshot]));
  const open = [...(marks ? ["luck"] : []), ...Object.keys(VIEWS).filter((name) => name !== "luck" && VIEWS[name] === view).slice(-1)];
  if (open.length) fragment.set("open", open.join("."));
  if (lesson) fragment.set("lesson", "1");
  if (drawing.strokes.length && !drawing.asked) { // the hand stays on the device
    /** @param {Stroke} points */
    const numbers = (points) => points.flat().map((value) => Math.round(value * SCALE));
    fragment.set("drawing", drawing.strokes.map((points) => numbers(points).join(".")).join("_"));
  }
  if (sample) fragment.set("sample", `${sample.label}.${toLetters(sample.image)}`);
  return `#${fragment}`;
}

/**
 * What a fragment asks for; null if it is damaged or none of ours.
 * @param {string} fragment
 * @param {Record<string, Run>} runs
 * @returns {Pick<State, "run" | "snapshot" | "drawing" | "sample" | "view" | "isRaised" | "marks" | "lesson" | "invitation"> | null}
 */
export function readLink(fragment, runs) {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  if ([...given.keys()].some((key) => !KNOWN.includes(key) || given.getAll(key).length > 1)) return null;
  const run = given.get("run") ?? "";
  const steps = Object.hasOwn(runs, run) ? runs[run].steps : null;
  if (!steps || ![null, "1"].includes(given.get("lesson"))) return null;
  const last = steps.length - 1;
  const step = given.get("step");
  const snapshot = step === null ? last : steps.map(String).indexOf(step);
  const open = given.get("open")?.split(".") ?? [];
  const strokes = given.has("drawing") ? readStrokes(given.get("drawing") ?? "") : [];
  const sample = given.has("sample") ? readSample(given.get("sample") ?? "") : null;
  if (snapshot < 0 || !open.every((name) => Object.hasOwn(VIEWS, name)) || !strokes) return null;
  const invitation = given.get("train");
  if ((given.has("sample") && !sample) || (invitation && invitation.length > MAX_TRAIN)) return null;
  return {
    run,
    snapshot: snapshot === last ? null : snapshot,
    view: VIEWS[open.at(-1) ?? ""] ?? "digits",
    isRaised: open.length > 0 && !SHOWS_PAD.includes(open[open.length - 1]),
    marks: open.includes("luck"),
    drawing: { strokes },
    sample,
    lesson: given.has("lesson"),
    invitation,
  };
}

/** @param {string} text @returns {Stroke[] | null} */
function readStrokes(text) {
  const parts = text.split("_");
  if (parts.length > MAX_STROKES || text.length > 12 * MAX_POINTS) return null;
  /** @type {Stroke[]} */
  const strokes = [];
  for (const part of parts) {
    const numbers = part.split(".").map((digits) => (/^\d{1,5}$/.test(digits) ? Number(digits) / SCALE : NaN));
    if (numbers.length % 2 || !numbers.every((value) => value >= 0 && value <= 1)) return null;
    strokes.push(Array.from({ length: numbers.length / 2 }, (_, at) => [numbers[2 * at], numbers[2 * at + 1]]));
  }
  return strokes.flat().length > MAX_POINTS ? null : strokes;
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

/** @param {Uint8Array} bytes @returns {string} in base64, as addresses have it */
const toLetters = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=*$/, "");

/** @param {string} letters */
const fromLetters = (letters) =>
  Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
