// Files of detectors; prints JSON: of every one its threshold, or what is said of it.
import { readDetector } from "../../webapp/page/engine/detector.js";
import { bytesOf } from "./files.js";
import { sentenceOf } from "./sentences.js";

const results = process.argv.slice(2).map((file) => {
  try {
    return readDetector(bytesOf(file)).threshold;
  } catch (error) {
    return `${error.name}: ${sentenceOf(error)}`;
  }
});
process.stdout.write(JSON.stringify(results));
