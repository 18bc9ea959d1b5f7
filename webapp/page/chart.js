// A line chart over a run's snapshots, as SVG: one place for every chart of the page.
import { svg } from "./dom.js";
import { countImages, say } from "./text.js";

const WIDTH = [280, 720]; // at least, at most
const HEIGHT = 250;
const NARROW = 420; // below it every second number stands at the axis
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 30, 12, 44];

/** @type {WeakMap<Element, ResizeObserver>} */
const observers = new WeakMap(); // by place; each draws its chart again when the place becomes wider or narrower

/**
 * @typedef {object} Chart
 * @property {number[]} images training images shown at every snapshot
 * @property {Line[]} lines
 * @property {number} top the highest value of the axis, which begins at 0
 * @property {(value: number) => string} format of the axis's labels
 * @property {string} label the chart in words
 * @property {number | null} [mark] a snapshot to be marked
 */

/**
 * @typedef {object} Line
 * @property {(number | null)[]} values null where nothing was measured
 * @property {string} name
 * @property {string} [label]
 * @property {number[]} [images] shown at every value, where they are not those of the axis
 */

/**
 * Draw a chart into a place.
 * @param {HTMLElement} place
 * @param {Chart} chart
 * @returns {(index: number) => void} moves the cursor to a snapshot, or between two
 */
export function drawChart(place, chart) {
  let move = paintChart(place, chart);
  let cursor = 0;
  let width = place.clientWidth;
  const drawn = () => place.firstElementChild;
  let last = drawn();
  observers.get(place)?.disconnect();
  const observer = new ResizeObserver(() => {
    if (drawn() !== last) return observer.disconnect(); // the place shows something else
    if (!place.clientWidth || place.clientWidth === width) return;
    width = place.clientWidth;
    move = paintChart(place, chart);
    move(cursor);
    last = drawn();
  });
  observers.set(place, observer);
  observer.observe(place);
  return (index) => {
    cursor = index;
    move(index);
  };
}

/** @param {HTMLElement} place @param {Chart} chart @returns {(index: number) => void} */
function paintChart(place, { images, lines, top, format, label, mark = null }) {
  const width = Math.min(Math.max(place.clientWidth, WIDTH[0]), WIDTH[1]);
  const right = width - RIGHT;
  const bottom = HEIGHT - BOTTOM;
  /** @param {number} index */
  const x = (index) => LEFT + (index * (right - LEFT)) / Math.max(1, images.length - 1);
  /** @param {number} value */
  const y = (value) => bottom - (Math.min(value, top) / top) * (bottom - TOP); // divided first: both may be huge
  const text = (/** @type {number} */ at, /** @type {number} */ height, /** @type {string} */ words, name = "") =>
    svg("text", { x: at, y: height, class: `chart-label ${name}` }, words);
  const upright = (/** @type {number} */ index, /** @type {string} */ name) =>
    svg("line", { x1: x(index), x2: x(index), y1: TOP, y2: bottom, class: name });

  const chart = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": label });
  for (const value of [0, top / 2, top]) {
    chart.append(svg("line", { x1: LEFT, x2: right, y1: y(value), y2: y(value), class: "chart-grid" }));
    chart.append(text(LEFT - 8, y(value) + 4, format(value), "end"));
  }
  for (const value of roundNumbers(images, width < NARROW ? 2 : 1)) {
    chart.append(text(x(placeOf(value, images)), bottom + 18, countImages(value), "middle"));
  }
  chart.append(text((LEFT + right) / 2, HEIGHT - 6, say("chart_axis"), "middle"));
  if (mark !== null) chart.append(upright(mark, "chart-mark"));
  for (const { values, name, label: words, images: own } of lines) {
    const points = values.flatMap((value, index) => (value === null ? [] : [`${x(own ? placeOf(own[index], images) : index)},${y(value)}`]));
    chart.append(svg("polyline", { points: points.join(" "), class: `chart-line ${name}` }));
    if (words) chart.append(text(right + 6, y(values[values.length - 1] ?? 0) + 4, words, name));
  }
  const cursor = upright(0, "chart-cursor");
  chart.append(cursor);
  place.replaceChildren(chart);
  return (index) => {
    cursor.setAttribute("x1", String(x(index)));
    cursor.setAttribute("x2", String(x(index)));
  };
}

/**
 * The round numbers along an axis: 0, and powers of ten from the first snapshot behind it on.
 * @param {number[]} images growing from 0
 * @param {number} step 2 to have every second power only
 * @returns {number[]}
 */
function roundNumbers(images, step) {
  const [first, last] = [images[1] ?? 1, images[images.length - 1]].map((value) => Math.log10(value));
  const powers = Array.from({ length: 12 }, (_, power) => power).filter((power) => power >= first && power <= last);
  return [0, ...powers.reverse().filter((_, at) => at % step === 0).reverse().map((power) => 10 ** power)];
}

/**
 * Where a number of images lies between an axis's snapshots.
 * @param {number} value
 * @param {number[]} axis growing from 0
 * @returns {number} 0..axis.length - 1, the last for all that lie beyond
 */
export function placeOf(value, axis) {
  const after = axis.findIndex((images) => images >= value);
  if (after < 1) return after < 0 ? axis.length - 1 : 0;
  return after - 1 + (value - axis[after - 1]) / (axis[after] - axis[after - 1]);
}
