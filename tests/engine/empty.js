// Prints the error that an empty drawing meets.
import { imageOfDrawing } from "../../webapp/page/engine/image.js";

try {
  imageOfDrawing([]);
} catch (error) {
  process.stdout.write(String(error));
}
