// Weights as pixels: two colours around 0, which is as clear as the paper behind it; and ink beneath them.
import { imageCanvas } from "../dom.js";
import { SIDE } from "../engine/image.js";

/** @typedef {Uint32Array} Palette 511 pixels, from the most negative value over 0 to the most positive */

const STRENGTHS = 255; // of each colour
const ROUND = 0.5;

/**
 * The colours of this moment, light or dark.
 * @param {Element} positive an element whose text has the colour of positive values
 * @param {Element} negative
 * @returns {Palette}
 */
export function paletteOf(positive, negative) {
  const bytes = new Uint8ClampedArray(4 * (2 * STRENGTHS + 1));
  const [above, below] = [positive, negative].map(colourOf);
  for (let at = -STRENGTHS; at <= STRENGTHS; at += 1) {
    bytes.set([...(at < 0 ? below : above), Math.abs(at)], 4 * (at + STRENGTHS));
  }
  return new Uint32Array(bytes.buffer);
}

/** @param {Element} element @returns {number[]} red, green and blue of its text */
export const colourOf = (element) => (getComputedStyle(element).color.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);

/**
 * A pixel, as a canvas's image data hold it.
 * @param {number[]} colour red, green and blue
 * @param {number} opacity 0..1
 */
export const pixelOf = ([red, green, blue], opacity) =>
  new Uint32Array(Uint8ClampedArray.of(red, green, blue, opacity * STRENGTHS).buffer)[0];

/**
 * Write values as pixels. The strength of a colour grows with the square root of the value: small weights show, too.
 * @param {Uint32Array} pixels of a canvas, row by row
 * @param {number} width of that canvas
 * @param {number} corner the position in `pixels` of the picture's upper left one
 * @param {ArrayLike<number>} values (784,)
 * @param {number} most the value of the strongest colour, more than 0
 * @param {Palette} palette
 */
export function writeValues(pixels, width, corner, values, most, palette) {
  for (let row = 0, at = 0; row < SIDE; row += 1) {
    const start = corner + row * width;
    for (let column = 0; column < SIDE; column += 1, at += 1) {
      const value = values[at];
      const strength = (Math.sqrt(Math.min(1, Math.abs(value) / most)) * STRENGTHS + ROUND) | 0;
      pixels[start + column] = palette[value < 0 ? STRENGTHS - strength : STRENGTHS + strength];
    }
  }
}

/**
 * Paint values on a canvas of 28×28 pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values (784,)
 * @param {number} most the value of the strongest colour
 * @param {Palette} palette
 */
export function paintValues(canvas, values, most, palette) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(SIDE, SIDE);
  writeValues(new Uint32Array(image.data.buffer), SIDE, 0, values, most || 1, palette);
  context.putImageData(image, 0, 0);
}

/**
 * An image's ink on a canvas of its own, to be drawn on another.
 * @param {ArrayLike<number>} ink (784,) 0 to 1
 * @param {number[]} colour red, green and blue
 * @param {number} opacity of full ink, 0..1
 */
export function inkPicture(ink, [red, green, blue], opacity) {
  const canvas = imageCanvas();
  const image = new ImageData(SIDE, SIDE);
  for (let pixel = 0; pixel < ink.length; pixel += 1) {
    image.data.set([red, green, blue, STRENGTHS * opacity * ink[pixel]], 4 * pixel);
  }
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
  return canvas;
}
