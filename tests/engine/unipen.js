// `read FILE`: the digits of a UNIPEN file as JSON lines, [label, writer, use, strokes], as the page reads them.
// `write FILE`: the UNIPEN text of the drawings in a JSON file. `variants FILE`: of a JSON list of files in base64
// what becomes of each: how many digits, or an error's name and message. `drawings FILE`: of such a list the digits of
// each, [label, writer, strokes], or the message of an InklingError.
import { readFileSync } from "node:fs";
import { readUnipen, writeUnipen } from "../../webapp/page/engine/unipen.js";
import { sentenceOf } from "./sentences.js";

const [, , command, path] = process.argv;
const content = readFileSync(path);

function outcome(bytes) {
  try {
    return { digits: readUnipen(bytes).length };
  } catch (error) {
    return { error: error.name, message: sentenceOf(error) };
  }
}

function drawingsOrMessage(bytes) {
  try {
    return readUnipen(bytes).map(({ label, writer, strokes }) => [label, writer, strokes]);
  } catch (error) {
    if (error.name !== "InklingError") throw error;
    return sentenceOf(error);
  }
}

const decoded = () => JSON.parse(content).map((text) => new Uint8Array(Buffer.from(text, "base64")));
const commands = {
  read: () => readUnipen(content).map(({ label, writer, use, strokes }) => [label, writer, use, strokes]),
  write: () => writeUnipen(JSON.parse(content)),
  variants: () => decoded().map(outcome),
  drawings: () => decoded().map(drawingsOrMessage),
};
process.stdout.write(JSON.stringify(commands[command]()));
