// Prints the error that an empty drawing meets.
import { imageOfDrawing } from "../../webapp/page/engine/image.js";
import { sentenceOf } from "./sentences.js";

try {
  imageOfDrawing([]);
} catch (error) {
  process.stdout.write(`${error.name}: ${sentenceOf(error)}`);
}
