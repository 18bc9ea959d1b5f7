// Reading files as the page's engine takes them.
import { createReadStream, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { readTimeline } from "../../webapp/page/engine/checkpoint.js";

/** A file as a stream of chunks. */
export const streamOf = (path) => Readable.toWeb(createReadStream(path));

/** A file's bytes. */
export const bytesOf = (path) => new Uint8Array(readFileSync(path));

/** The timeline of a committed run. */
export const timelineOf = (run) =>
  readTimeline(streamOf(new URL(`../../checkpoints/${run}.safetensors`, import.meta.url)), () => {});

/** The committed detector's bytes. */
export const detectorBytes = () => bytesOf(new URL("../../checkpoints/detector.safetensors", import.meta.url));
