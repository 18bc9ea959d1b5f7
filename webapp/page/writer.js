// What the visitor has drawn as a writer: every digit twice, first to learn from, then to test. Plain values and what
// follows from them.
import { shuffle } from "./engine/random.js";

/**
 * @typedef {import("./pad.js").Stroke} Stroke
 * @typedef {{label: number, strokes: Stroke[], isTest: boolean}} WriterDrawing
 *
 * @typedef {object} Writer
 * @property {import("./state_types.js").Asked[]} order the digits that are asked for, and what each is for
 * @property {(Stroke[] | null)[]} drawn what was drawn of the first of them; null for what was skipped
 * @property {(Stroke[] | null)[]} saved what was drawn when a file, or this device, last took it
 */
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const MAX_DRAWINGS = 200; // of a file
const SCALE = 1e4; // drawings are kept to a ten-thousandth of the pad's width

/**
 * Nothing drawn yet.
 * @param {() => number} random uniform in [0, 1)
 * @returns {Writer}
 */
export const emptyWriter = (random) => ({ order: missing([], random), drawn: [], saved: [] });

/**
 * A writer who has drawn these, which a file holds; what is missing for every digit to be there twice is asked for next.
 * @param {WriterDrawing[]} drawn
 * @param {() => number} random uniform in [0, 1)
 * @returns {Writer}
 */
export function writerOf(drawn, random) {
  const known = drawn.map(({ label, isTest }) => ({ label, isTest }));
  const strokes = drawn.map((each) => each.strokes);
  return { order: [...known, ...missing(known, random)], drawn: strokes, saved: strokes };
}

/** @param {Writer["order"]} known @param {() => number} random @returns {Writer["order"]} in random order, those to test last */
function missing(known, random) {
  return [false, true].flatMap((isTest) => {
    const labels = DIGITS.filter((digit) => !known.some((asked) => asked.label === digit && asked.isTest === isTest));
    shuffle(labels, random);
    return labels.map((label) => ({ label, isTest }));
  });
}

/** @param {Writer} writer what is asked for now, or undefined at the end */
export const askedNow = ({ order, drawn }) => order[drawn.length];

/** Keep what was drawn, null of what is skipped, and ask for the next. @param {Writer} writer @param {Stroke[] | null} strokes @returns {Writer} */
export const goOn = (writer, strokes) => (askedNow(writer) ? { ...writer, drawn: [...writer.drawn, strokes] } : writer);

/**
 * Ask for a digit of the order now, whether it is to come, was drawn or skipped; what was drawn of it is kept no longer.
 * @param {Writer} writer
 * @param {number} at its position in the order
 * @returns {Writer}
 */
export function askFor({ order, drawn, saved }, at) {
  const kept = drawn.filter((_, index) => index !== at);
  const others = order.filter((_, index) => index !== at);
  return { order: [...others.slice(0, kept.length), order[at], ...others.slice(kept.length)], drawn: kept, saved };
}

/** @param {Writer} writer @param {boolean} isTest @returns {WriterDrawing[]} those to test on, or those to learn from */
export function drawingsFor({ order, drawn }, isTest) {
  return order.flatMap((asked, at) => {
    const strokes = drawn[at];
    return asked.isTest === isTest && strokes ? [{ ...asked, strokes }] : [];
  });
}

/** @param {Writer} writer @returns {WriterDrawing[]} all of them, those to learn from first */
export const allDrawings = (writer) => [...drawingsFor(writer, false), ...drawingsFor(writer, true)];

/**
 * The drawings that a file holds by its first writer, to a ten-thousandth of the pad. The file may say what each is
 * for; else the first of every digit is to learn from, and the others are to test.
 * @param {import("./engine/unipen.js").UnipenDigit[]} digits
 * @returns {{drawn: WriterDrawing[], writers: number}}
 */
export function drawingsOf(digits) {
  const [{ writer }] = digits;
  /** @type {Set<number>} */
  const learned = new Set();
  const drawn = digits.filter((digit) => digit.writer === writer).map(({ label, use, strokes }) => {
    const isTest = use ? use === "test" : learned.has(label);
    learned.add(label);
    return { label, isTest, strokes: strokes.map((stroke) => stroke.map(rounded)) };
  });
  return { drawn: drawn.slice(0, MAX_DRAWINGS), writers: new Set(digits.map((digit) => digit.writer)).size };
}

/** @param {[number, number]} point @returns {[number, number]} */
const rounded = ([x, y]) => [Math.round(x * SCALE) / SCALE, Math.round(y * SCALE) / SCALE];
