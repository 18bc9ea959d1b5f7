// A checkpoint's card: how its network was made and how good it is. What the page reads of it is checked here.
import { listOf, oneOf, optional, whole, withFields, within } from "./checks.js";
import { InklingError } from "./errors.js";
import { parseObject } from "./safetensors.js";

/** @typedef {import("./network.js").Activation} Activation */
/** @typedef {{units: number, activation: Activation, dropout: number}} Hidden */
/** @typedef {{id: string, hidden: Hidden[]}} Architecture */
/** @typedef {{n: number, correct: number, loss: number}} Scored n images, of them read right, mean loss in nats */
/** @typedef {Scored & {confusion?: number[][]}} Scores counts, row = label, column = prediction */

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
 * @typedef {import("./plan.js").Plan & Measured} Card
 *
 * @typedef {object} Measured
 * @property {string} run architecture id / recipe id
 * @property {number[]} steps of every snapshot, growing from 0
 * @property {number[]} images_seen by every snapshot, repeats counted
 * @property {Scores[]} scores of every snapshot, on test images; none in a run of one's own made without them
 * @property {Scored[]} training_scores of every snapshot, on the images that the run learned from, or none
 * @property {Epoch[]} epochs
 */

/** @typedef {import("./checks.js").Check} Check */

export const FORMAT = "inkling timeline 2";
const MOST_LAYERS = 9; // hidden ones; a tensor's name has one digit for its layer
const MOST_SNAPSHOTS = 99; // a tensor's name has two digits for its snapshot
const MOST_UNITS = 10_000;
/** The recipes of the runs that come with Inkling, in the order in which they are offered. */
export const RECIPES = ["robust", "published", "100-images", "shuffled-labels"];
const OWN = "own-[1-9]\\d{0,5}";
const OWN_RUN = new RegExp(`/${OWN}$`);
const SOURCE = new RegExp(`^[\\w-]{1,40}/(${RECIPES.join("|")}|${OWN})$`);

/** Whether a run is one of the visitor's own. @param {string} run an id */
export const isOwn = (run) => OWN_RUN.test(run);

const isCount = whole(0, Infinity);
/** @type {Check} */
const isNumber = (value) => Number.isFinite(value);
/** @type {Check} */
const isText = (value) => typeof value === "string";
/** @type {Check} */
const isRun = (value) => isText(value) && /^[\w-]{1,40}\/[\w-]{1,40}$/.test(value);
/** @type {Check} */
const isSource = (value) => isText(value) && SOURCE.test(value);

const LOSS = within(0, Infinity);
const SCORED = { n: whole(1, Infinity), correct: isCount, loss: LOSS };
const SHARE = within(0, 1);

/** @type {Record<string, Check>} */
const FIELDS = {
  run: isRun,
  architecture: withFields({
    id: isText,
    hidden: listOf(
      withFields({
        units: whole(1, MOST_UNITS),
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
    optimizer: oneOf("adam", "adamw", "sgd"),
    learning_rate: isNumber,
    dropout: oneOf(undefined, true, false),
    training_images: optional((value) => value === null || isCount(value)),
    shuffled_share: optional(SHARE),
    left_out: optional(listOf(whole(0, 9), 0, 10)),
    rates: optional(listOf(listOf(isNumber, 2, 2))),
    stop_after: optional(isCount),
    source: oneOf(undefined, "mnist", "handwritings"),
    taught_from: optional(isSource),
  }),
  seed: isCount,
  steps: listOf(isCount, 1, MOST_SNAPSHOTS),
  images_seen: listOf(isCount, 1, MOST_SNAPSHOTS),
  scores: listOf(withFields({ ...SCORED, confusion: optional(listOf(listOf(isCount, 10, 10), 10, 10)) })),
  training_scores: listOf(withFields(SCORED)),
  epochs: listOf(
    withFields({
      epoch: isCount,
      training_loss: LOSS,
      training_accuracy: SHARE,
      test_loss: LOSS,
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
  if (!fields) throw new InklingError("file_no_card");
  if (fields.format !== FORMAT) {
    throw new InklingError("file_other_format", { format: FORMAT });
  }
  for (const [name, check] of Object.entries(FIELDS)) {
    if (!check(fields[name])) throw new InklingError("damaged_field", { name });
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
    throw new InklingError("damaged_run");
  }
  if (recipe.taught_from && !recipe.taught_from.startsWith(`${architecture.id}/`)) {
    throw new InklingError("damaged_source");
  }
  if (recipe.input_range[0] >= recipe.input_range[1]) {
    throw new InklingError("damaged_range");
  }
  if (!growsFromZero(steps) || !growsFromZero(images_seen) || steps.length !== images_seen.length) {
    throw new InklingError("damaged_steps");
  }
  const counts = [scores.length, training_scores.length || steps.length];
  if (isOwn(run) && !scores.length) counts.shift(); // without MNIST at hand, a run made in the page has no scores
  if (counts.some((count) => count !== steps.length)) {
    throw new InklingError("damaged_scores");
  }
  if ([...scores, ...training_scores].some(({ n, correct }) => correct > n)) {
    throw new InklingError("damaged_counts");
  }
}

/** @param {number[]} values */
function growsFromZero(values) {
  return values[0] === 0 && values.every((value, index) => !index || value > values[index - 1]);
}
