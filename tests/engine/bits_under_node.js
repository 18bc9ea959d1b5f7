// Prints what bits.js makes of the kernels.
import { bitsOf } from "./bits.js";
import { kernels } from "./kernels.js";

process.stdout.write(bitsOf(kernels));
