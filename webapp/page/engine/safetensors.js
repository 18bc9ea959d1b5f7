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
    throw new InklingError("file_no_network");
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
  if (!header) throw new InklingError("damaged_header");
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
    if (!entry) throw new InklingError("damaged_missing", { name });
    if (entry.dtype !== "F16") {
      throw new InklingError("damaged_precision", { name });
    }
    const end = offset + 2 * shape.reduce((product, size) => product * size, 1);
    if (!equal(entry.shape, shape) || !equal(entry.data_offsets, [offset, end])) {
      throw new InklingError("damaged_shape", { name });
    }
    offset = end;
  }
  const names = new Set(tensors.map(({ name }) => name));
  const surplus = [...header.keys()].filter((name) => name !== "__metadata__" && !names.has(name)).length;
  if (surplus) throw new InklingError("damaged_surplus");
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

export class ByteReader {
  /** @param {ReadableStream<Uint8Array>} stream */
  constructor(stream) {
    this.reader = stream.getReader();
    /** @type {Uint8Array} what has arrived and is not read yet */
    this.chunk = new Uint8Array(0);
    this.position = 0; // bytes read so far
  }

  /**
   * The next `count` bytes, in an array of their own.
   * @param {number} count
   * @returns {Promise<Uint8Array>}
   * @throws {InklingError} the stream ends or breaks off before
   */
  async read(count) {
    const bytes = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      if (!this.chunk.length && !(await this.receive())) {
        const total = (this.position + filled).toLocaleString("en");
        throw new InklingError("file_cut_off", { total });
      }
      const part = this.chunk.subarray(0, count - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.chunk = this.chunk.subarray(part.length);
    }
    this.position += count;
    return bytes;
  }

  /**
   * Check that nothing follows.
   * @throws {InklingError} something does, or the stream breaks off
   */
  async expectEnd() {
    if (this.chunk.length || (await this.receive())) {
      throw new InklingError("damaged_end");
    }
  }

  /** Tell the sender that nothing more is wanted. */
  cancel() {
    this.reader.cancel().catch(() => {}); // a broken stream cannot be told
  }

  /**
   * Wait for a chunk that is not empty.
   * @returns {Promise<boolean>} false at the stream's end
   */
  async receive() {
    try {
      do {
        const { done, value } = await this.reader.read();
        if (done) return false;
        this.chunk = value;
      } while (!this.chunk.length);
      return true;
    } catch (cause) {
      throw new InklingError("file_broke_off", {}, { cause });
    }
  }
}
