// The drawings that come with Inkling: labelled digits.
import { fetchFile } from "./runs.js";

/** @typedef {{strokes: import("./pad.js").Stroke[], label: number, hand: string}} Handwriting */
/** @type {Promise<Handwriting[]> | null} */
let handwritings = null;

/** The drawings that come with Inkling, fetched once. InklingError if they cannot be had. */
export function loadHandwritings() {
  handwritings ??= fetchFile("handwritings.json").then(async (response) => (await response.json()).drawings);
  handwritings.catch(() => (handwritings = null)); // so that the next one asks again
  return handwritings;
}

/** One of these drawings. @param {number} digit @param {number} number counts through its hands */
export async function loadExample(digit, number) {
  const drawings = (await loadHandwritings()).filter(({ label }) => label === digit);
  return drawings[number % drawings.length].strokes;
}

/** Lay the one that a link names on the pad. @param {import("./state.js").Store} store */
export async function layExample(store) {
  const { drawing } = store.state;
  if (!drawing.example || drawing.strokes.length) return;
  const [digit, number] = drawing.example.split(".").map(Number);
  const strokes = await loadExample(digit, number).catch(() => null); // without it the pad stays empty
  if (strokes && store.state.drawing === drawing) store.set({ drawing: { ...drawing, strokes } });
}
