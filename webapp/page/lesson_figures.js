// The figures that a lesson's sentences and bets name: each is computed from a run that the page shows, none is typed.
import { activations } from "./engine/forward_pass.js";
import { shrinkDrawing } from "./engine/image.js";
import { logits, softmax } from "./engine/network.js";
import { SURE } from "./snapshots.js";
import { settledAt, tell } from "./story.js";
import { count, countImages, percent, share } from "./text.js";

/**
 * What figures are computed from.
 * @typedef {object} Facts
 * @property {Record<string, import("./state.js").Run>} runs
 * @property {string} run id
 * @property {number} index of the snapshot
 * @property {Uint8Array | null} image what the network is given
 * @property {import("./pad.js").Stroke[]} strokes the drawing behind it, if there is one
 *
 * @typedef {number | string | null} Value null: not known, such as where nothing was measured
 * @typedef {{kind: "digit" | "share" | "count" | "images" | "text", of: (facts: Facts) => Value}} Figure
 */

/** @param {Facts} facts */
const timelineOf = ({ runs, run }) => runs[run]?.timeline ?? null;

/** The ten probabilities that a snapshot gives. @param {Facts} facts @param {number} [index] @param {Uint8Array | null} [image] */
function said(facts, index = facts.index, image = facts.image) {
  const network = timelineOf(facts)?.snapshots[index];
  return network && image ? softmax(logits(network, image)) : null;
}

/** The digits, from the most probable on. @param {Float64Array | null} probabilities */
const ranked = (probabilities) => probabilities && [...probabilities.keys()].sort((one, other) => probabilities[other] - probabilities[one]);

/** The probabilities that every snapshot gives. @param {Facts} facts */
function saidByAll(facts) {
  const { snapshots } = timelineOf(facts) ?? { snapshots: [] };
  if (!snapshots.length || !snapshots.every(Boolean) || !facts.image) return null;
  return snapshots.map((_, index) => /** @type {Float64Array} */ (said(facts, index)));
}

/** What was measured of a snapshot on test images. @param {Facts} facts @param {number} [index] */
const scoreOf = (facts, index = facts.index) => timelineOf(facts)?.card.scores[index] ?? null;

/** The same on the images that it learned from. @param {Facts} facts */
const trainingScoreOf = (facts) => timelineOf(facts)?.card.training_scores[facts.index] ?? null;

/** @param {{correct: number, n: number} | null} score */
const accuracyOf = (score) => score && score.correct / score.n;

/** Images shown since the answer is what it is in the end: sure of it, if it ever was. @param {Facts} facts */
function settledAfter(facts) {
  const all = saidByAll(facts);
  if (!all) return null;
  const sure = settledAt(all, SURE);
  return facts.runs[facts.run].images_seen[sure < all.length ? sure : settledAt(all)];
}

/** How the answer came about. @param {Facts} facts */
function storyOf(facts) {
  const all = saidByAll(facts);
  return all && tell(all, facts.runs[facts.run].images_seen);
}

/** The images after which half of the test images are read right for the first time. @param {Facts} facts */
function halfAfter(facts) {
  const { scores = [], images_seen: images = [] } = timelineOf(facts)?.card ?? {};
  const at = scores.findIndex((score) => (accuracyOf(score) ?? 0) >= 0.5);
  return images[at] ?? null;
}

/** The two digits that are mixed up most often. @param {Facts} facts */
function hardest(facts) {
  const { confusion } = scoreOf(facts) ?? {};
  const pairs = confusion?.flatMap((row, label) => row.map((times, read) => ({ label, read, times: label === read ? -1 : times })));
  return pairs?.reduce((most, each) => (each.times > most.times ? each : most)) ?? null;
}

/** The probabilities for the drawing when it is merely shrunk. @param {Facts} facts */
const saidOfShrunk = (facts) => (facts.strokes.length ? said(facts, facts.index, shrinkDrawing(facts.strokes)) : null);

/** How many units of the first layer are on. @param {Facts} facts */
function unitsOn(facts) {
  const network = timelineOf(facts)?.snapshots[facts.index];
  return network && facts.image ? activations(network, facts.image).values[0].filter((value) => value > 0).length : null;
}

/** @param {Float64Array | null} probabilities */
const surest = (probabilities) => probabilities && Math.max(...probabilities);

/** @param {number | null | undefined} digit @param {Float64Array | null} probabilities */
const probabilityOf = (digit, probabilities) => (probabilities && digit !== null && digit !== undefined ? probabilities[digit] : null);

/**
 * By name. Unless it says otherwise, each is of the snapshot shown when the bet came out, and of what lies on the pad.
 * @type {Record<string, Figure>}
 */
export const FIGURES = {
  digit: { kind: "digit", of: (facts) => ranked(said(facts))?.[0] ?? null },
  sure: { kind: "share", of: (facts) => surest(said(facts)) },
  second: { kind: "digit", of: (facts) => ranked(said(facts))?.[1] ?? null },
  second_sure: { kind: "share", of: (facts) => probabilityOf(ranked(said(facts))?.[1], said(facts)) },
  least: { kind: "share", of: (facts) => probabilityOf(ranked(said(facts))?.[9], said(facts)) },
  untrained: { kind: "digit", of: (facts) => ranked(said(facts, 0))?.[0] ?? null },
  untrained_sure: { kind: "share", of: (facts) => surest(said(facts, 0)) },
  story: { kind: "text", of: storyOf },
  settled_after: { kind: "images", of: settledAfter },
  images: { kind: "images", of: ({ runs, run, index }) => runs[run]?.images_seen[index] ?? null },
  accuracy: { kind: "share", of: (facts) => accuracyOf(scoreOf(facts)) },
  untrained_accuracy: { kind: "share", of: (facts) => accuracyOf(scoreOf(facts, 0)) },
  test_images: { kind: "count", of: (facts) => scoreOf(facts)?.n ?? null },
  mistakes: { kind: "count", of: (facts) => { const score = scoreOf(facts); return score && score.n - score.correct; } },
  half_after: { kind: "images", of: halfAfter },
  training_accuracy: { kind: "share", of: (facts) => accuracyOf(trainingScoreOf(facts)) },
  training_images: { kind: "count", of: (facts) => trainingScoreOf(facts)?.n ?? null },
  hardest_label: { kind: "digit", of: (facts) => hardest(facts)?.label ?? null },
  hardest_read: { kind: "digit", of: (facts) => hardest(facts)?.read ?? null },
  hardest_times: { kind: "count", of: (facts) => hardest(facts)?.times ?? null },
  shrunk: { kind: "digit", of: (facts) => ranked(saidOfShrunk(facts))?.[0] ?? null },
  shrunk_sure: { kind: "share", of: (facts) => surest(saidOfShrunk(facts)) },
  units: { kind: "count", of: (facts) => timelineOf(facts)?.snapshots[facts.index]?.layers[0].outputs ?? null },
  units_on: { kind: "count", of: unitsOn },
  parameters: { kind: "count", of: ({ runs, run }) => runs[run]?.parameters ?? null },
};

/** @type {Record<Figure["kind"], (value: any) => string>} */
const WORDS = { digit: String, text: String, count, images: countImages, share };
/** Probabilities are never said to be certain; accuracies can be. */
const PROBABILITIES = ["sure", "second_sure", "least", "untrained_sure", "shrunk_sure"];

/** @param {string} name of a figure @param {Value} value known @returns {string} as the page says it */
export const inWords = (name, value) => (PROBABILITIES.includes(name) ? percent(Number(value)) : WORDS[FIGURES[name].kind](value));

const NAMED = /\{([^{}]*)\}/g;

/** The figures that a sentence names: `{accuracy}` of the run shown, `{accuracy@relu-50/100-images}` of another's end. @param {string} sentence */
export const figuresIn = (sentence) =>
  [...sentence.matchAll(NAMED)].map(([, named]) => {
    const [name, run = ""] = named.split("@");
    return { name, run };
  });

/**
 * A sentence with its figures.
 * @param {string} sentence
 * @param {Facts} facts
 * @returns {string | null} null where one of them is not known
 */
export function fillIn(sentence, facts) {
  let isKnown = true;
  const filled = sentence.replace(NAMED, (_, named) => {
    const [name, run] = named.split("@");
    const value = FIGURES[name].of(run ? { ...facts, run, index: facts.runs[run].steps.length - 1 } : facts);
    isKnown &&= value !== null;
    return value === null ? "" : inWords(name, value);
  });
  return isKnown ? filled.replace(/\b(a) 8\b(?![.,]\d)/gi, "$1n 8").replaceAll(" %", "\u00a0%") : null; // at a line's end they stay together
}
