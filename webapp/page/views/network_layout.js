// Where everything stands in the picture of a network, in CSS pixels.

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {object} Column
 * @property {number} left
 * @property {number} right
 * @property {Point[]} places middle of every pixel, unit or digit
 *
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {number} cell side of a unit's cell
 * @property {Column[]} columns pixels, units of every hidden layer, digits
 */
const [LEAST, MOST] = [280, 760]; // the picture's width
const ROWS = 32; // units above one another, at most
const LABEL = 22; // height of the labels below
const DIGIT = 30; // width of the digits' column

/**
 * @param {number[]} sizes of the layers, from 784 pixels to 10 digits
 * @param {number} room width of the place
 * @returns {Layout}
 */
export function layOut(sizes, room) {
  const width = Math.min(Math.max(room, LEAST), MOST);
  const pitch = width < 480 ? 6.5 : 8; // from one unit to the next
  const height = ROWS * pitch;
  const side = Math.min(0.25 * width, 0.6 * height); // of the image
  const hidden = sizes.slice(1, -1);
  const widths = [side, ...hidden.map((units) => pitch * Math.ceil(units / ROWS)), DIGIT];
  const gap = (width - widths.reduce((sum, value) => sum + value, 0)) / (widths.length - 1);
  let left = 0;
  const columns = sizes.map((size, at) => {
    const column = { left, right: left + widths[at], places: placesOf(size, at, { left, height, pitch, side, isLast: at === sizes.length - 1 }) };
    left += widths[at] + gap;
    return column;
  });
  return { width, height: height + LABEL, cell: pitch - 1.5, columns };
}

/**
 * @param {number} size
 * @param {number} at the layer
 * @param {{left: number, height: number, pitch: number, side: number, isLast: boolean}} given
 * @returns {Point[]}
 */
function placesOf(size, at, { left, height, pitch, side, isLast }) {
  const columns = at === 0 ? 28 : isLast ? 1 : Math.ceil(size / ROWS);
  const rows = Math.ceil(size / columns);
  const step = at === 0 ? side / 28 : isLast ? height / size : pitch;
  const top = (height - rows * step) / 2;
  const middle = isLast ? pitch / 2 : step / 2;
  // Pixels stand row by row, units column by column.
  return Array.from({ length: size }, (_, index) => {
    const [row, column] = at === 0 ? [Math.floor(index / columns), index % columns] : [index % rows, Math.floor(index / rows)];
    return { x: left + column * step + middle, y: top + row * step + step / 2 };
  });
}
