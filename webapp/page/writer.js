// What a visitor's hand has drawn: every digit twice, first to learn from, then to test. Plain values and what follows from them.
import { shuffle } from "./engine/random.js";

/**
 * @typedef {import("./pad.js").Stroke} Stroke
 * @typedef {{label: number, strokes: Stroke[], isTest: boolean}} HandDrawing
 *
 * @typedef {object} Hand
 * @property {{label: number, isTest: boolean}[]} order the digits that are asked for, and what each is for
 * @property {(Stroke[] | null)[]} given what was drawn of the first of them; null for what was skipped
 * @property {Stroke[]} strokes of the digit that is asked for now
 */
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const MAX_DRAWINGS = 200; // of a file
const SCALE = 1e4; // drawings are kept to a ten-thousandth of the pad's width

/**
 * Nothing drawn yet.
 * @param {() => number} random uniform in [0, 1)
 * @returns {Hand}
 */
export const emptyHand = (random) => ({ order: missing([], random), given: [], strokes: [] });

/**
 * A hand that has drawn these; what is missing for every digit to be there twice is asked for next.
 * @param {HandDrawing[]} drawn
 * @param {() => number} random uniform in [0, 1)
 * @returns {Hand}
 */
export function handOf(drawn, random) {
  const known = drawn.map(({ label, isTest }) => ({ label, isTest }));
  return { order: [...known, ...missing(known, random)], given: drawn.map(({ strokes }) => strokes), strokes: [] };
}

/** @param {Hand["order"]} known @param {() => number} random @returns {Hand["order"]} in random order, those to test last */
function missing(known, random) {
  return [false, true].flatMap((isTest) => {
    const labels = DIGITS.filter((digit) => !known.some((asked) => asked.label === digit && asked.isTest === isTest));
    shuffle(labels, random);
    return labels.map((label) => ({ label, isTest }));
  });
}

/** @param {Hand} hand what is asked for now, or undefined at the end */
export const askedNow = ({ order, given }) => order[given.length];

/** Keep what is drawn, if anything, and ask for the next. @param {Hand} hand @returns {Hand} */
export function goOn(hand) {
  if (!askedNow(hand)) return hand;
  return { ...hand, given: [...hand.given, hand.strokes.length ? hand.strokes : null], strokes: [] };
}

/** Ask for the last one again, and lay what was drawn of it on the pad. @param {Hand} hand @returns {Hand} */
export function goBack(hand) {
  if (!hand.given.length) return hand;
  return { ...hand, given: hand.given.slice(0, -1), strokes: hand.given.at(-1) ?? [] };
}

/** @param {Hand} hand @param {boolean} isTest @returns {HandDrawing[]} those to test on, or those to learn from */
export function drawingsFor({ order, given }, isTest) {
  return order.flatMap((asked, at) => {
    const strokes = given[at];
    return asked.isTest === isTest && strokes ? [{ ...asked, strokes }] : [];
  });
}

/** @param {Hand} hand @returns {HandDrawing[]} all of them, those to learn from first */
export const allDrawings = (hand) => [...drawingsFor(hand, false), ...drawingsFor(hand, true)];

/**
 * The drawings that a file holds by its first writer, to a ten-thousandth of the pad. The file may say what each is
 * for; else the first of every digit is to learn from, and the others are to test.
 * @param {import("./engine/unipen.js").UnipenDigit[]} digits
 * @returns {{drawn: HandDrawing[], writers: number, hand: string}}
 */
export function drawingsOf(digits) {
  const { hand } = digits[0];
  /** @type {Set<number>} */
  const learned = new Set();
  const drawn = digits.filter((digit) => digit.hand === hand).map(({ label, use, strokes }) => {
    const isTest = use ? use === "test" : learned.has(label);
    learned.add(label);
    return { label, isTest, strokes: strokes.map((stroke) => stroke.map(rounded)) };
  });
  return { drawn: drawn.slice(0, MAX_DRAWINGS), writers: new Set(digits.map((digit) => digit.hand)).size, hand };
}

/** @param {[number, number]} point @returns {[number, number]} */
const rounded = ([x, y]) => [Math.round(x * SCALE) / SCALE, Math.round(y * SCALE) / SCALE];
