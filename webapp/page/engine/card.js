// A checkpoint's card: how its network was made and how good it is. What the page reads of it is checked here.
import { InklingError } from "./errors.js";
import { parseObject } from "./safetensors.js";

/** @typedef {import("./network.js").Activation} Activation */
/** @typedef {{units: number, activation: Activation, dropout: number}} Hidden */
/** @typedef {{id: string, hidden: Hidden[]}} Architecture */
/** @typedef {{n: number, correct: number, loss: number}} Scored n images, of them read right, mean loss in nats */
/** @typedef {Scored & {confusion: number[][]}} Scores counts, row = label, column = prediction */
/** @typedef {{input_range: [number, number], batch_size: number, epochs: number, published: string}} Recipe */

/**
 * One pass through the training images.
 * @typedef {object} Epoch
 * @property {number} epoch from 1
 * @property {number} training_loss in nats
 * @property {number} training_accuracy 0..1
 * @property {number} test_loss in nats
 * @property {number} test_accuracy 0..1
 */

/**
 * @typedef {object} Card
 * @property {string} run architecture id / recipe id
 * @property {Architecture} architecture
 * @property {Recipe} recipe
 * @property {number} seed
 * @property {number[]} steps of every snapshot, growing from 0
 * @property {number[]} images_seen by every snapshot, repeats counted
 * @property {Scores[]} scores of every snapshot, on the test images; none in a run of one's own made without them
 * @property {Scored[]} training_scores of every snapshot, on the images that the run learned from, or none
 * @property {Epoch[]} epochs
 */

/** @typedef {(value: unknown) => boolean} Check */

export const FORMAT = "inkling timeline 2";
const MOST_LAYERS = 9; // hidden ones; a tensor's name has one digit for its layer
const MOST_SNAPSHOTS = 99; // a tensor's name has two digits for its snapshot
const MOST_UNITS = 10_000;

/** @type {Check} */
const isCount = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
/** @type {Check} */
const isNumber = (value) => Number.isFinite(value);
/** @type {Check} */
const isText = (value) => typeof value === "string";
/** @type {(check: Check, least: number, most: number) => Check} */
const within = (check, least, most) => (value) =>
  check(value) && /** @type {number} */ (value) >= least && /** @type {number} */ (value) <= most;
/** @type {(...values: unknown[]) => Check} */
const oneOf = (...values) => (value) => values.includes(value);
/** @type {(check: Check, least?: number, most?: number) => Check} */
const listOf = (check, least = 0, most = Infinity) => (value) =>
  Array.isArray(value) && value.length >= least && value.length <= most && value.every(check);
/** @type {(checks: Record<string, Check>) => Check} */
const withFields = (checks) => (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(checks).every(([name, check]) => check(/** @type {any} */ (value)[name]));

const SCORED = { n: within(isCount, 1, Infinity), correct: isCount, loss: isNumber };
const CONFUSION = listOf(listOf(isCount, 10, 10), 10, 10);
const SHARE = within(isNumber, 0, 1);

/** @type {Record<string, Check>} */
const FIELDS = {
  run: isText,
  architecture: withFields({
    id: isText,
    hidden: listOf(
      withFields({
        units: within(isCount, 1, MOST_UNITS),
        activation: oneOf("relu", "tanh", "sigmoid"),
        dropout: SHARE,
      }),
      0,
      MOST_LAYERS,
    ),
  }),
  recipe: withFields({
    input_range: listOf(isNumber, 2, 2),
    batch_size: isCount,
    epochs: isCount,
    published: isText,
  }),
  seed: isCount,
  steps: listOf(isCount, 1, MOST_SNAPSHOTS),
  images_seen: listOf(isCount, 1, MOST_SNAPSHOTS),
  scores: listOf(withFields({ ...SCORED, confusion: CONFUSION })),
  training_scores: listOf(withFields(SCORED)),
  epochs: listOf(
    withFields({
      epoch: isCount,
      training_loss: isNumber,
      training_accuracy: SHARE,
      test_loss: isNumber,
      test_accuracy: SHARE,
    }),
  ),
};

/**
 * Read a card.
 * @param {unknown} metadata what a safetensors header holds under `__metadata__`
 * @returns {Card}
 * @throws {InklingError} there is no card, or not one that the page can rely on
 */
export function readCard(metadata) {
  const text = typeof metadata === "object" && metadata && "card" in metadata ? metadata.card : null;
  const fields = parseObject(text);
  if (!fields) throw new InklingError("This file holds no network with a card that can be read.");
  if (fields.format !== FORMAT) {
    throw new InklingError(`This file is of another format than "${FORMAT}", which this page reads.`);
  }
  for (const [name, check] of Object.entries(FIELDS)) {
    if (!check(fields[name])) throw new InklingError(`This file is damaged: its card has no valid "${name}".`);
  }
  const card = /** @type {Card} */ (/** @type {unknown} */ (fields));
  checkTogether(card);
  return card;
}

/**
 * Check what one field says against another.
 * @param {Card} card
 */
function checkTogether({ run, architecture, recipe, steps, images_seen, scores, training_scores }) {
  if (!run.startsWith(`${architecture.id}/`)) {
    throw new InklingError("This file is damaged: its card names one network and describes another.");
  }
  if (recipe.input_range[0] >= recipe.input_range[1]) {
    throw new InklingError("This file is damaged: the range of its inputs is empty.");
  }
  if (!growsFromZero(steps) || !growsFromZero(images_seen) || steps.length !== images_seen.length) {
    throw new InklingError("This file is damaged: its steps do not grow from 0.");
  }
  const isOwn = /\/own-\d$/.test(run); // without MNIST at hand, a run made in the page has no scores
  const scored = [isOwn && !scores.length ? steps.length : scores.length, training_scores.length || steps.length];
  if (scored.some((count) => count !== steps.length)) {
    throw new InklingError("This file is damaged: its scores do not fit its snapshots.");
  }
}

/** @param {number[]} values */
function growsFromZero(values) {
  return values[0] === 0 && values.every((value, index) => !index || value > values[index - 1]);
}
