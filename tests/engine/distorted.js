// Drawings and lists of ten random numbers, as JSON lists of equal length; prints the distorted drawings.
import { distortStrokes } from "../../webapp/page/engine/augmentation.js";

const [drawings, draws] = process.argv.slice(2).map((text) => JSON.parse(text));
const distorted = drawings.map((strokes, index) => {
  const numbers = draws[index].values();
  return distortStrokes(strokes, () => numbers.next().value);
});
process.stdout.write(JSON.stringify(distorted));
