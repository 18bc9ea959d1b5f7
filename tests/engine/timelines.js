// A checkpoint, and a JSON list of its variants, [{splices: [[start, end, base64], …]}, …], each made by replacing
// bytes of it from the last splice to the first; prints JSON: of every variant its error, or a digest of the
// weights as read, in the order of the file, as 32-bit numbers.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readTimeline } from "../../webapp/page/engine/checkpoint.js";
import { bytesOf } from "./files.js";
import { sentenceOf } from "./sentences.js";

const [file, variantsFile] = process.argv.slice(2);
const original = bytesOf(file);
const variants = JSON.parse(readFileSync(variantsFile, "utf8"));

function spliced(splices) {
  let bytes = Buffer.from(original);
  for (const [start, end, text] of splices.toReversed()) {
    bytes = Buffer.concat([bytes.subarray(0, start), Buffer.from(text, "base64"), bytes.subarray(end)]);
  }
  return bytes;
}

function digestOf({ snapshots }) {
  const hash = createHash("sha256");
  for (const { layers } of [snapshots.at(-1), ...snapshots.slice(0, -1)]) {
    for (const { inputs, outputs, weights, bias } of layers) {
      hash.update(new Uint8Array(Float32Array.from(bias).buffer));
      const rows = Float32Array.from(weights, (_, n) => weights[(n % inputs) * outputs + Math.floor(n / inputs)]);
      hash.update(new Uint8Array(rows.buffer));
    }
  }
  return hash.digest("hex");
}

const results = [];
for (const splices of variants) {
  try {
    results.push({ digest: digestOf(await readTimeline(new Blob([spliced(splices)]).stream(), () => {})) });
  } catch (error) {
    results.push({ error: error.name, message: sentenceOf(error) });
  }
}
process.stdout.write(JSON.stringify(results));
