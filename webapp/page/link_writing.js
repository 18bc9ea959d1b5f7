// The page's link: its state as the fragment of its address, which no server sees. link.js reads it.
import { LETTERS, SCALE, VIEWS } from "./link.js";
import { isOwn } from "./state.js";
import { writeTraining } from "./training_link.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./pad.js").Stroke} Stroke
 */

/**
 * The fragment that opens the page as it is.
 * @param {State} state
 * @returns {string} from "#" on
 */
export function writeLink({ runs, run: id, snapshot, drawing, sample, view, marks, lesson, course, projector }) {
  const run = runs[id];
  const { from = id } = run; // of a fine-tuned run the one before, if it is known; drawings are in no link
  // A run of one's own is no file of the page: it is trained again.
  const base = from === null || isOwn(from) || !runs[from] ? `${run.architecture.id}/published` : from;
  const fragment = new URLSearchParams({ run: base });
  if (isOwn(id)) {
    const training = writeTraining(run);
    if (training) fragment.set("train", training);
  } else if (snapshot !== null) fragment.set("step", String(run.steps[snapshot]));
  const open = [...(marks ? ["luck"] : []), ...Object.keys(VIEWS).filter((name) => name !== "luck" && VIEWS[name] === view).slice(-1)];
  if (open.length) fragment.set("open", open.join("."));
  if (lesson || course) fragment.set("lesson", course ? `${course.name}.${course.at + 1}` : "1");
  if (course?.file) fragment.set("file", course.file);
  if (projector !== null) fragment.set("projector", projector || "off");
  if (drawing.example) fragment.set("example", drawing.example);
  else if (drawing.strokes.length && !drawing.asked) { // the hand stays on the device
    fragment.set("ink", pack(drawing.strokes));
  }
  if (sample) fragment.set("sample", `${sample.label}.${toLetters(sample.image)}`);
  return `#${fragment}`;
}

/** A drawing in few letters: how far each point is from the last one, as base64 VLQ. @param {Stroke[]} strokes */
function pack(strokes) {
  const at = [0, 0];
  const move = (/** @type {number} */ value, /** @type {number} */ axis) => {
    const to = Math.round(value * SCALE);
    const far = to - at[axis];
    at[axis] = to;
    return toVlq(far);
  };
  return strokes.map((points) => points.flatMap((point) => point.map(move)).join("")).join(".");
}

/** A whole number as base64 VLQ, as source maps have it: five bits a letter, the sign first. @param {number} number @returns {string} */
function toVlq(number) {
  let letters = "";
  let rest = 2 * Math.abs(number) + Number(number < 0);
  for (; rest > 31; rest >>= 5) letters += LETTERS[(rest & 31) | 32];
  return letters + LETTERS[rest];
}

/** @param {Uint8Array} bytes @returns {string} in base64, as addresses have it */
const toLetters = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=*$/, "");
