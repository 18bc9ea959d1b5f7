// The kernels that training and reading many images use, fetched and compiled when they are first needed.
import { InklingError } from "./engine/errors.js";
import { askForKernels } from "./files.js";

const WASM = 0x6d736100; // the first four bytes of WebAssembly, as a number
/** @type {Promise<WebAssembly.Module> | null} */
let loading = null;

/**
 * Load the kernels; once they are there, at once.
 * @returns {Promise<WebAssembly.Module>} InklingError if they cannot be fetched, or the browser does not compile them
 */
export function loadKernels() {
  loading ??= load().catch((error) => {
    loading = null; // to be tried again
    throw error;
  });
  return loading;
}

async function load() {
  const bytes = await askForKernels().then((reply) => (reply.ok ? reply.arrayBuffer() : null), () => null).catch(() => null);
  if (!bytes || bytes.byteLength < 8 || new DataView(bytes).getUint32(0, true) !== WASM) throw new InklingError("training_unloaded");
  try {
    return await WebAssembly.compile(bytes); // which a policy may forbid
  } catch (cause) {
    throw new InklingError("training_no_kernels", {}, { cause });
  }
}
