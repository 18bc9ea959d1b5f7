// The kernels that the page trains with, from their file.
import { bytesOf } from "./files.js";

export const kernels = new WebAssembly.Module(bytesOf(new URL("../../webapp/page/engine/training/kernels.wasm", import.meta.url)));
