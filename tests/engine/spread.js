// How far results lie apart. Takes JSON [one, other], two lists of results; prints {mean, deviation} of the first, and p.
import { deviation, mean, permutationTest } from "../../webapp/page/engine/spread.js";

const [one, other] = JSON.parse(process.argv[2]);
process.stdout.write(JSON.stringify({ mean: mean(one), deviation: deviation(one), p: permutationTest(one, other) }));
