// How a run of one's own was trained, as a link says it, so that whoever opens the link can train it again.
import { brief } from "./engine/checks.js";
import { InklingError } from "./engine/errors.js";
import { changesOf } from "./engine/plan.js";
import { parseObject } from "./engine/safetensors.js";
import { planOf } from "./own_runs.js";
import { tutorialOf } from "./state.js";

/** @typedef {import("./engine/plan.js").Changes} Changes */

/** What a link calls the fields of a plan, where it has other names for them. @type {Record<string, keyof Changes>} */
const FIELDS = {
  count: "training_images",
  epochs: "epochs",
  learningRate: "learning_rate",
  batchSize: "batch_size",
  optimizer: "optimizer",
  dropout: "dropout",
  shuffledShare: "shuffled_share",
  leftOut: "left_out",
  seed: "seed",
  rates: "rates",
  stopAfter: "stop_after",
  source: "source",
};

/**
 * How a run of one's own was trained, beside what its tutorial says.
 * @param {import("./state.js").Run} run
 * @returns {string | null} JSON, or null where it cannot be trained again
 */
export function writeTraining(run) {
  const plan = planOf(run);
  if (!plan) return null;
  /** @type {Changes} */
  const changes = { ...changesOf(plan, tutorialOf(run)), seed: plan.seed };
  return JSON.stringify(Object.fromEntries(Object.entries(FIELDS).flatMap(([name, field]) => (field in changes ? [[name, changes[field]]] : []))));
}

/**
 * What a link changes of the tutorial's plan.
 * @param {string} text JSON
 * @returns {Changes} which may be impossible
 * @throws {InklingError} it cannot be read, or changes what there is not
 */
export function readTraining(text) {
  const given = parseObject(text);
  if (!given) throw new InklingError("impossible_training");
  const [unknown] = Object.keys(given).filter((name) => !Object.hasOwn(FIELDS, name));
  if (unknown !== undefined) throw new InklingError("impossible_name", { name: brief(unknown) });
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [FIELDS[name], value]));
}
