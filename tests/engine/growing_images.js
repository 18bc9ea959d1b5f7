// Drawings from a JSON file, [strokes, …], drawn one after the other on one pad, point by point: each grows, has its last
// stroke taken back, and gets it again. Prints how many images were made and how many of them differ from images made anew.
import { readFileSync } from "node:fs";
import { imageOfDrawing, nothingKnown } from "../../webapp/page/engine/image.js";

const drawings = JSON.parse(readFileSync(process.argv[2], "utf8"));
const known = nothingKnown();
let [made, different] = [0, 0];
const look = (strokes) => {
  const image = imageOfDrawing(strokes, known);
  made += 1;
  if (imageOfDrawing(strokes).some((level, pixel) => level !== image[pixel])) different += 1;
};
for (const strokes of drawings) {
  strokes.forEach((stroke, at) => {
    for (let points = 1; points <= stroke.length; points += 1) look([...strokes.slice(0, at), stroke.slice(0, points)]);
    look(strokes.slice(0, at + 1));
    if (at) look(strokes.slice(0, at));
    look(strokes.slice(0, at + 1));
  });
}
process.stdout.write(JSON.stringify({ made, different }));
