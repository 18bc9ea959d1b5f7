// Two files of JSON: an entry of the list of runs, and a list of changes; prints of each the plan, or the message
// of its error.
import { readFileSync } from "node:fs";
import { InklingError } from "../../webapp/page/engine/errors.js";
import { planOf, settingsOf } from "../../webapp/page/plan.js";
import { checkSettings } from "../../webapp/page/engine/training_settings.js";
import { addSentences } from "../../webapp/page/text.js";
import { LATER } from "../../webapp/page/text/later.js";

addSentences(LATER);
const [entry, variants] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));

function outcome(changes) {
  try {
    const plan = planOf(entry, changes);
    checkSettings(settingsOf(entry, plan).settings);
    return plan;
  } catch (error) {
    if (error instanceof InklingError) return error.message;
    throw error;
  }
}
process.stdout.write(JSON.stringify(variants.map(outcome)));
