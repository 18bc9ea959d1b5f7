// Safetensors files: an 8-byte length, a JSON header that says where every tensor lies, then the tensors' bytes.
// Source: https://huggingface.co/docs/safetensors, "Format". Only half precision is read here.
import { InklingError } from "./errors.js";

/** @typedef {{name: string, shape: number[]}} Tensor a tensor that a file must hold */

/**
 * @typedef {object} Entry what a header says of one tensor
 * @property {unknown} dtype
 * @property {unknown} shape
 * @property {unknown} data_offsets
 */

export const LENGTH_BYTES = 8; // of the header's length at the start of a file
const MAX_HEADER_BYTES = 1_000_000;

/**
 * The header's length, from a file's first bytes.
 * @param {Uint8Array} bytes (8,)
 * @returns {number} in bytes
 * @throws {InklingError} no header is that long
 */
export function headerLength(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length < 2 || length > MAX_HEADER_BYTES) {
    throw new InklingError("This file holds no network: it does not start as a safetensors file does.");
  }
  return length;
}

/**
 * A header as a plain object.
 * @param {Uint8Array} bytes the header's own
 * @returns {Map<string, unknown>} by name: the tensors, and `__metadata__`
 * @throws {InklingError} it is no JSON object
 */
export function parseHeader(bytes) {
  const header = parseObject(new TextDecoder().decode(bytes));
  if (!header) throw new InklingError("This file is damaged: its header cannot be read.");
  return new Map(Object.entries(header));
}

/**
 * A JSON object, or null if the text is none.
 * @param {unknown} text
 * @returns {Record<string, unknown> | null}
 */
export function parseObject(text) {
  try {
    const value = typeof text === "string" ? JSON.parse(text) : null;
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null; // no JSON, or too many brackets in brackets
  }
}

/**
 * Check that a header lists these half-precision tensors and no others, lying one after another in this order.
 * @param {Map<string, unknown>} header
 * @param {Tensor[]} tensors
 * @throws {InklingError} it does not
 */
export function checkTensors(header, tensors) {
  let offset = 0;
  for (const { name, shape } of tensors) {
    const entry = /** @type {Partial<Entry> | null | undefined} */ (header.get(name));
    if (!entry) throw new InklingError(`This file is damaged: it lacks the weights "${name}".`);
    if (entry.dtype !== "F16") {
      throw new InklingError(`This file is damaged: its weights "${name}" are not in half precision.`);
    }
    const end = offset + 2 * shape.reduce((product, size) => product * size, 1);
    if (!equal(entry.shape, shape) || !equal(entry.data_offsets, [offset, end])) {
      throw new InklingError(`This file is damaged: its weights "${name}" have another shape or place.`);
    }
    offset = end;
  }
  const names = new Set(tensors.map(({ name }) => name));
  const surplus = [...header.keys()].filter((name) => name !== "__metadata__" && !names.has(name)).length;
  if (surplus) throw new InklingError("This file is damaged: it holds weights that belong to no layer.");
}

/**
 * @param {unknown} given
 * @param {number[]} numbers
 */
function equal(given, numbers) {
  return (
    Array.isArray(given) &&
    given.length === numbers.length &&
    given.every((value, index) => value === numbers[index])
  );
}
