// Drawings from a JSON file, [strokes, …]; prints of each its image, its fitted box, its shift, the pad merely
// shrunk, all as bytes, and its corner and extent as four numbers in double precision: 2002 bytes.
import { readFileSync } from "node:fs";
import { imageOfDrawing, shrinkDrawing, stagesOfDrawing } from "../../webapp/page/engine/image.js";

const drawings = JSON.parse(readFileSync(process.argv[2], "utf8"));
const bytes = drawings.flatMap((strokes) => {
  const { corner, extent, fitted, shift } = stagesOfDrawing(strokes);
  const box = new Uint8Array(new Float64Array([...corner, ...extent]).buffer);
  return [imageOfDrawing(strokes), fitted, Int8Array.from(shift), shrinkDrawing(strokes), box];
});
process.stdout.write(Buffer.concat(bytes.map((part) => new Uint8Array(part.buffer))));
