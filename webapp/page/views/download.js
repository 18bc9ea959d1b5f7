// Saving a file that the page has made.
import { h } from "../dom.js";

const KEPT_MS = 60_000; // for which its content stays: a browser may ask first where to put it

/**
 * @param {BlobPart} content
 * @param {string} name
 * @param {string} [type] media type
 */
export function download(content, name, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
