// The visitor's own runs in words: how each was trained, and what it came from.
import { planOf } from "./own_runs.js";
import { isOwn, ownNumber, tutorialOf } from "./state.js";
import { count, countImages, nameNetwork, say, share } from "./text.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Run} Run
 */

/**
 * A plan in words: the network, all that is not as its tutorial has it, and where it started.
 * @param {import("./engine/plan.js").Plan} plan
 * @param {import("./engine/plan.js").Plan} tutorial
 */
export const describePlan = (plan, tutorial) => [...describeRecipe(plan, tutorial), say("plan_start", { seed: plan.seed })].join(", ");

/**
 * The same without its start, in parts.
 * @param {import("./engine/plan.js").Plan} plan
 * @param {import("./engine/plan.js").Plan} tutorial
 * @returns {string[]}
 */
export function describeRecipe({ architecture, recipe }, { recipe: tutorial }) {
  const images = say("plan_images", { epochs: count(recipe.epochs), count: count(recipe.training_images) });
  const changes = [
    recipe.learning_rate !== tutorial.learning_rate && say("plan_rate", { rate: recipe.learning_rate }),
    recipe.rates?.length && say("plan_rates"),
    recipe.optimizer !== tutorial.optimizer && say(recipe.optimizer === "adam" ? "optimizer_adam" : "optimizer_sgd"),
    recipe.batch_size !== tutorial.batch_size && say("plan_batch", { size: count(recipe.batch_size) }),
    tutorial.dropout && !recipe.dropout && say("plan_dropout"),
    recipe.shuffled_share > 0 && say("plan_shuffled", { share: share(recipe.shuffled_share) }),
    recipe.left_out.length && say("plan_without", { digits: recipe.left_out.join(", ") }),
    recipe.source === "handwritings" && say("plan_source"),
    recipe.stop_after !== undefined && say("plan_stopped", { images: countImages(recipe.stop_after) }),
  ];
  return [nameNetwork(architecture), images, ...changes].filter((part) => typeof part === "string");
}

/** A run of one's own in words. @param {State} state @param {Run} run */
export function nameOwn(state, run) {
  const values = { network: nameNetwork(run.architecture), number: ownNumber(run.id) };
  if (run.from !== undefined) return say("own_taught", { ...values, from: nameSource(state, run.from) });
  const plan = planOf(run);
  if (!plan) return say("own_opened", values);
  return say("own_trained", { number: values.number, what: describePlan(plan, tutorialOf(run)) });
}

/** The run that was fine-tuned. @param {State} state @param {string | null} run */
function nameSource({ runs }, run) {
  if (run === null) return say("own_source");
  return isOwn(run) && !runs[run] ? say("own_gone", { run }) : run;
}
