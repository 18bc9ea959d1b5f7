// MNIST's own archives: gzip around a header of big-endian numbers and the pixels or labels.
// Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits" (IDX format).
import { InklingError } from "./errors.js";
import { SIDE } from "./image.js";
import { ByteReader } from "./safetensors.js";

const IMAGES = 0x803; // the first number of a file of bytes in three dimensions
const LABELS = 0x801; // in one dimension
const AT_ONCE = 500; // images read between two reports
const MAX_BYTES = 60_000_000; // the larger file of images has 47 MB, unpacked

/**
 * Read a file of images, packed or unpacked on the way.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {Promise<{count: number, images: Uint8Array}>} images: (count · 784,) levels, image by image
 * @throws {InklingError} the file is damaged, cut off, or holds no MNIST images
 */
export async function readImages(stream) {
  const bytes = await readAll(stream);
  const [magic, count, rows, columns] = bigEndian(bytes, 4);
  if (magic !== IMAGES || rows !== SIDE || columns !== SIDE) {
    throw new InklingError("mnist_no_images");
  }
  const images = bytes.subarray(16);
  checkLength(images, count * SIDE * SIDE);
  return { count, images };
}

/**
 * Read only the first images of a file, packed or unpacked on the way; no more of it is asked for than they take.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {number} wanted how many images, at least 1
 * @param {(arrived: number) => void} onArrival called with how many images there are by now
 * @returns {Promise<Uint8Array>} (n · 784,) levels; n is smaller than `wanted` if the file has no more
 * @throws {InklingError} the file is damaged, cut off, or holds no MNIST images
 */
export async function readFirstImages(stream, wanted, onArrival) {
  const reader = new ByteReader(await unpacked(stream));
  try {
    const [magic, total, rows, columns] = bigEndian(await reader.read(16), 4);
    if (magic !== IMAGES || rows !== SIDE || columns !== SIDE || !total) {
      throw new InklingError("mnist_no_images");
    }
    const count = Math.min(wanted, total);
    const images = new Uint8Array(count * SIDE * SIDE);
    for (let arrived = 0; arrived < count; ) {
      const part = Math.min(AT_ONCE, count - arrived);
      images.set(await reader.read(part * SIDE * SIDE), arrived * SIDE * SIDE);
      onArrival((arrived += part));
    }
    return images;
  } finally {
    reader.cancel();
  }
}

/**
 * A stream's bytes, unpacked if they are packed.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {Promise<ReadableStream<Uint8Array>>}
 */
async function unpacked(stream) {
  const [first, whole] = stream.tee();
  const peek = first.getReader();
  const { value } = await peek.read().catch(() => ({ value: null })); // a broken stream breaks off again below
  peek.cancel().catch(() => {});
  return value?.[0] === 0x1f ? whole.pipeThrough(/** @type {any} */ (new DecompressionStream("gzip"))) : whole;
}

/**
 * Read a file of labels, packed or unpacked on the way.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {Promise<Uint8Array>} (n,) digits
 * @throws {InklingError} the file is damaged, cut off, or holds no MNIST labels
 */
export async function readLabels(stream) {
  const bytes = await readAll(stream);
  const [magic, count] = bigEndian(bytes, 2);
  if (magic !== LABELS) throw new InklingError("mnist_no_labels");
  const labels = bytes.subarray(8);
  checkLength(labels, count);
  if (labels.some((label) => label > 9)) {
    throw new InklingError("mnist_labels");
  }
  return labels;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} count
 * @returns {number[]} the first numbers of a file
 */
function bigEndian(bytes, count) {
  if (bytes.length < 4 * count) throw new InklingError("mnist_header");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: count }, (_, index) => view.getUint32(4 * index));
}

/**
 * @param {Uint8Array} bytes
 * @param {number} expected
 */
function checkLength(bytes, expected) {
  if (bytes.length === expected) return;
  const [given, claimed] = [bytes.length, expected].map((value) => value.toLocaleString("en"));
  throw new InklingError("mnist_length", { claimed, given });
}

/**
 * All bytes of a stream, unpacked if they are packed.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {Promise<Uint8Array>}
 */
async function readAll(stream) {
  const bytes = await collect(stream, "file_broke_off");
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return collect(unpacked, "mnist_unpacked");
}

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @param {string} problem the key of the sentence to say if the stream breaks off
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function collect(stream, problem) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  let length = 0;
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done && length <= MAX_BYTES; next = await reader.read()) {
      chunks.push(next.value);
      length += next.value.length;
    }
  } catch (cause) {
    throw new InklingError(problem, {}, { cause });
  }
  if (length > MAX_BYTES) {
    reader.cancel().catch(() => {}); // a broken stream cannot be told
    throw new InklingError("mnist_large");
  }
  const bytes = new Uint8Array(length);
  chunks.reduce((offset, chunk) => (bytes.set(chunk, offset), offset + chunk.length), 0);
  return bytes;
}
