// JSON, a list of lists of logits, "Infinity" not among them; prints JSON: of each its softmax and its largest.
import { largest, softmax } from "../../webapp/page/engine/network.js";

const lists = JSON.parse(process.argv[2]).map((values) => Float64Array.from(values));
process.stdout.write(JSON.stringify(lists.map((values) => [[...softmax(values)], largest(values)])));
