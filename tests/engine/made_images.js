// Labelled images of noise, brighter where their label says.
import { mulberry32 } from "../../webapp/page/engine/random.js";

const random = mulberry32(7);

/** @param {number} count */
export function madeImages(count) {
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 10);
  const images = new Uint8Array(count * 784).map((_, at) => (random() < 0.1 || Math.floor((at % 784) / 78.4) === labels[Math.floor(at / 784)] ? 255 * random() : 0));
  return { images, labels };
}
