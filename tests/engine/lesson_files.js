// What the page says of lessons' files. Arguments: runs.json, and a JSON file with a list of their texts. Prints as JSON,
// for each, the sentence that refuses it, or null where it was read.
import { readFileSync } from "node:fs";
import { InklingError } from "../../webapp/page/engine/errors.js";
import { readLesson } from "../../webapp/page/lesson_file.js";
import { addSentences } from "../../webapp/page/text.js";
import { LESSON } from "../../webapp/page/text/lesson.js";
import { sentenceOf } from "./sentences.js";

addSentences(LESSON);
const [list, texts] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
const runs = Object.fromEntries(list.runs.map((run) => [run.id, run]));
const said = texts.map((text) => {
  try {
    readLesson(text, runs);
    return null;
  } catch (error) {
    if (error instanceof InklingError) return sentenceOf(error);
    return `a bug: ${error.stack}`;
  }
});
process.stdout.write(JSON.stringify(said));
