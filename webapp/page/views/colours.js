// Values as pixels: two colours around 0, which is as clear as the paper behind it; and ink beneath them.
import { h, imageCanvas } from "../dom.js";
import { SIDE } from "../engine/image.js";
import { say } from "../text.js";

/**
 * @typedef {number[]} Colour red, green and blue
 * @typedef {object} Look the colours of this moment, light or dark
 * @property {Colour} raises of values above 0
 * @property {Colour} lowers of values below 0
 * @property {Colour} ink
 * @property {Uint32Array} palette 511 pixels, from the most negative value over 0 to the most positive
 */
const STRENGTHS = 255; // of each colour
const ROUND = 0.5;

/**
 * What the two colours mean, in their own colours.
 * @param {string} above key of what is said of values above 0
 * @param {string} below key of what is said of those below
 */
export function createLegend(above, below) {
  const [raises, lowers] = [["raises", above], ["lowers", below]].map(([name, key]) => h("span", { class: `scale ${name}` }, say(key)));
  const element = h("p", { class: "scales" }, raises, lowers);
  /** @type {{dark: boolean | null, look: Look} | null} */
  let known = null;

  /** @param {boolean | null} dark @returns {Look} read from the styles when this changes, not at every step of a drag */
  function read(dark) {
    if (known?.dark === dark) return known.look;
    const [plus, minus, ink] = [raises, lowers, element].map(colourOf);
    const look = { raises: plus, lowers: minus, ink, palette: paletteOf(plus, minus) };
    known = { dark, look };
    return look;
  }
  return { element, read };
}

/** @param {Element} element @returns {Colour} of its text */
const colourOf = (element) => (getComputedStyle(element).color.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);

/** @param {Colour} above @param {Colour} below */
function paletteOf(above, below) {
  const bytes = new Uint8ClampedArray(4 * (2 * STRENGTHS + 1));
  for (let at = -STRENGTHS; at <= STRENGTHS; at += 1) {
    bytes.set([...(at < 0 ? below : above), Math.abs(at)], 4 * (at + STRENGTHS));
  }
  return new Uint32Array(bytes.buffer);
}

/** A pixel, as a canvas's image data hold it. @param {Colour} colour @param {number} opacity 0..1 */
export const pixelOf = (colour, opacity) => new Uint32Array(Uint8ClampedArray.of(...colour, opacity * STRENGTHS).buffer)[0];

/**
 * Write values as pixels. The strength of a colour grows with the square root of the value: small weights show, too.
 * @param {Uint32Array} pixels of a canvas, row by row
 * @param {number} width of that canvas
 * @param {number} corner the position in `pixels` of the picture's upper left one
 * @param {ArrayLike<number>} values (784,)
 * @param {number} most the value of the strongest colour, more than 0
 * @param {Look} look
 */
export function writeValues(pixels, width, corner, values, most, { palette }) {
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
 * @param {Look} look
 */
export function paintValues(canvas, values, most, look) {
  const image = new ImageData(SIDE, SIDE);
  writeValues(new Uint32Array(image.data.buffer), SIDE, 0, values, most || 1, look);
  contextOf(canvas).putImageData(image, 0, 0);
}

/**
 * An image's ink on a canvas of its own, to be drawn on another.
 * @param {ArrayLike<number>} ink (784,) 0 to 1
 * @param {Colour} colour
 * @param {number} opacity of full ink, 0..1
 */
export function inkPicture(ink, colour, opacity) {
  const canvas = imageCanvas();
  const image = new ImageData(SIDE, SIDE);
  for (let pixel = 0; pixel < ink.length; pixel += 1) image.data.set([...colour, STRENGTHS * opacity * ink[pixel]], 4 * pixel);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas */
export const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
