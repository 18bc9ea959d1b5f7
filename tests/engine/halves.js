// A file of numbers in double precision; prints each in half precision, as 16-bit numbers.
import { halfBits } from "../../webapp/page/engine/checkpoint_writing.js";
import { bytesOf } from "./files.js";

const numbers = new Float64Array(bytesOf(process.argv[2]).buffer);
process.stdout.write(new Uint8Array(Uint16Array.from(numbers, halfBits).buffer));
