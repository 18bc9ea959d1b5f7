// "images" or "labels", then files; prints JSON: of each what is read, as base64, or the error.
import { readImages, readLabels } from "../../webapp/page/engine/mnist.js";
import { streamOf } from "./files.js";
import { sentenceOf } from "./sentences.js";

const [kind, ...files] = process.argv.slice(2);
const read = kind === "images" ? async (stream) => (await readImages(stream)).images : readLabels;
const results = [];
for (const file of files) {
  try {
    results.push({ bytes: Buffer.from(await read(streamOf(file))).toString("base64") });
  } catch (error) {
    results.push({ error: error.name, message: sentenceOf(error) });
  }
}
process.stdout.write(JSON.stringify(results));
