// Labelled digits: the drawings that come with Inkling, and a choice of some.
import { SIDE } from "./engine/image.js";
import { fetchFile } from "./runs.js";

/**
 * @typedef {{strokes: import("./pad.js").Stroke[], label: number, hand: string}} Handwriting
 * @typedef {import("./state.js").Grid} LabelledImages
 */
const PIXELS = SIDE * SIDE;

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

/** So many different ones of the images; equal draws choose equal ones. @param {LabelledImages} from @param {number} size @param {number} draw */
export function choose({ images, labels }, size, draw) {
  // The draws are consecutive stretches of one shuffled row: no image comes twice before all have come.
  const order = shuffled(labels.length);
  const chosen = Array.from({ length: size }, (_, at) => order[(draw * size + at) % labels.length]);
  return pick({ images, labels }, chosen);
}

/** Those at these positions. @param {LabelledImages} from @param {number[]} positions @returns {LabelledImages} */
export function pick({ images, labels }, positions) {
  const picked = new Uint8Array(positions.length * PIXELS);
  positions.forEach((from, to) => picked.set(images.subarray(from * PIXELS, (from + 1) * PIXELS), to * PIXELS));
  return { images: picked, labels: Uint8Array.from(positions, (from) => labels[from]) };
}

/** Whole numbers below `length` in a fixed, mixed order. @param {number} length @returns {number[]} */
function shuffled(length) {
  const order = Array.from({ length }, (_, index) => index);
  let random = 1;
  for (let last = length - 1; last > 0; last -= 1) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0; // enough for a mixed order, and no more
    const other = (random >>> 8) % (last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
