// Reading a stream of bytes piece by piece, however it is cut into chunks.
import { InklingError } from "./errors.js";

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
        throw new InklingError(`This file is cut off: it ends after ${total} bytes. Try to get it again.`);
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
      throw new InklingError("This file is damaged: it goes on after its end.");
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
      throw new InklingError("The connection broke off while this file was loading; try again.", { cause });
    }
  }
}
