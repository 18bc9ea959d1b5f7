// A line chart over a run's snapshots, as SVG: one place for every chart of the page. It names the line and the value
// nearest to the pointer, or those reached by the arrow keys; a press picks the snapshot there.
import { h, svg, write } from "./dom.js";
import { chosen } from "./state.js";
import { placeOf } from "./snapshots.js";
import { countImages, say } from "./text.js";

const WIDTH = [200, 720]; // at least, at most
const HEIGHT = 250;
const [LOWEST, SMALLEST] = [120, 13]; // its height where it is enlarged, at least; the size of its smallest letters
const NUMBER = 64; // width that a number at the axis needs
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 30, 18, 44];
const [LETTER, LINE] = [10, 13]; // width and height that a line's label keeps free of others
/** What the arrow keys change: the snapshot, and the line, counted upwards. @type {Record<string, [number, number]>} */
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], Home: [-Infinity, 0], End: [Infinity, 0] };

/**
 * @typedef {object} Chart
 * @property {number[]} images training images along the axis, growing from 0
 * @property {number[]} snapshots images shown at the snapshots that can be picked
 * @property {Line[]} lines
 * @property {number} top the highest value of the axis, which begins at 0
 * @property {(value: number) => string} format of the axis's labels
 * @property {(value: number) => string} words of a value that is named
 * @property {string} label what the chart shows, in words
 * @property {string} name the same in one word or two, for its table
 * @property {number | null} [mark] a snapshot to be marked
 * @property {number | null} [bet] another one, which was bet on
 * @property {Band[]} [bands] behind the lines
 */

/**
 * @typedef {object} Band what lies between two lines
 * @property {string} name its class
 * @property {number[]} images shown at every value
 * @property {number[]} low
 * @property {number[]} high
 */

/**
 * @typedef {object} Line
 * @property {(number | null)[]} values null where nothing was measured
 * @property {string} name its class
 * @property {string} title what it is called
 * @property {string} [label] at its end, or where `labelAt` is
 * @property {number} [labelAt] position of a value
 * @property {number[]} [images] shown at every value, where they are not those of the axis
 */

/** @typedef {{x: number, y: number, value: number, images: number}} Point of a line; x and y in pixels */
/** @typedef {{snapshot: number, title: string}} Reading which snapshot of which line is named */

/**
 * A chart in an element of its own, drawn again when that becomes wider or narrower.
 * @param {Record<string, unknown>} attributes
 * @param {{height?: number, onPick: (snapshot: number, title: string) => void}} options
 * @returns {{element: HTMLElement, table: HTMLElement, show: (chart: Chart | null) => void, move: (snapshot: number) => void}}
 *   `table`: the same in numbers; `move` puts the cursor at a snapshot
 */
export function createChart(attributes, { height: least = HEIGHT, onPick }) {
  const height = Math.round(least * Math.min(1.8, Math.max(1, innerHeight / 660))); // a large screen has room
  const element = h("div", { class: "chart", ...attributes });
  const plot = svg("svg", { role: "slider", tabindex: 0, "aria-valuemin": 0 });
  /** @type {Chart | null} */
  let chart = null;
  /** @type {ReturnType<typeof paintChart>} */
  let painted; // where there is a chart
  let width = 0;
  let cursor = 0;
  /** @type {Reading | null} */
  let reading = null;
  const table = createTable();
  const atCursor = () => ({ snapshot: cursor, title: chart?.lines.find(({ name }) => name === "chosen")?.title ?? "" });

  function paint() {
    if (!chart) return;
    width = element.clientWidth;
    const zoom = zoomOf(element);
    painted = paintChart(plot, chart, width / zoom, Math.max(height / zoom, LOWEST));
    plot.setAttribute("aria-label", chart.label);
    plot.setAttribute("aria-valuemax", String(chart.snapshots.length - 1));
    tell();
  }

  /** Name what is read; a screen reader is told at rest, too, what there is at the cursor. */
  function tell() {
    if (!chart) return;
    painted.move(cursor);
    const { snapshot: wanted, title } = reading ?? atCursor();
    const snapshot = clamp(wanted, chart.snapshots.length - 1); // another run may have fewer
    const points = painted.pointsAt(snapshot);
    const point = points.find((each) => each.title === title) ?? points[0];
    const words = point ? say("chart_reading", { line: point.title, value: chart.words(point.value), images: countImages(point.images) }) : "";
    painted.name(reading && point, words);
    plot.setAttribute("aria-valuenow", String(snapshot));
    plot.setAttribute("aria-valuetext", words);
  }

  /** @param {Reading | null} next */
  function read(next) {
    reading = next;
    tell();
  }

  /** @param {MouseEvent} event */
  function readPointer({ clientX, clientY }) {
    const box = plot.getBoundingClientRect();
    const scale = painted.width / box.width;
    const snapshot = painted.snapshotAt((clientX - box.left) * scale);
    const distance = (/** @type {Point} */ { y }) => Math.abs(y - (clientY - box.top) * scale);
    const [near] = painted.pointsAt(snapshot).sort((one, other) => distance(one) - distance(other));
    read({ snapshot, title: near?.title ?? "" });
  }

  function pick() {
    if (reading) onPick(reading.snapshot, reading.title);
  }

  /** @param {KeyboardEvent} event */
  function readKey(event) {
    const { snapshot, title } = reading ?? atCursor();
    const isPick = event.key === "Enter" || event.key === " ";
    const [along, up] = isPick ? [0, 0] : (KEYS[event.key] ?? []);
    if (along === undefined || !chart || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault(); // the page does not scroll
    const next = clamp(snapshot + along, chart.snapshots.length - 1);
    const points = painted.pointsAt(next).sort((one, other) => other.y - one.y);
    const line = clamp(points.findIndex((point) => point.title === title) + up, points.length - 1);
    read({ snapshot: next, title: points[line]?.title ?? "" });
    if (isPick) pick();
  }

  plot.addEventListener("pointermove", readPointer);
  plot.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && read(null)); // a finger's stays
  plot.addEventListener("click", (event) => {
    readPointer(event);
    pick();
  });
  plot.addEventListener("keydown", readKey);
  plot.addEventListener("focus", () => reading ?? read(atCursor()));
  plot.addEventListener("blur", () => read(null));
  new ResizeObserver(() => element.clientWidth && element.clientWidth !== width && paint()).observe(element);
  return {
    element,
    table: table.element,
    show(next) {
      chart = next;
      table.show(chart);
      if (!chart) return element.replaceChildren();
      if (!plot.parentNode) element.append(plot);
      paint();
    },
    move(snapshot) {
      cursor = snapshot;
      tell();
    },
  };
}

/** A chart's values as a table, which is written once it is opened: a row for every number of images, a column for every line. */
function createTable() {
  const table = h("table", {});
  const heading = h("summary", {});
  const element = /** @type {HTMLDetailsElement} */ (h("details", { class: "passes", "data-testid": "chart-table" }, heading, table));
  /** @type {Chart | null} */
  let chart = null;

  function fill() {
    if (!element.open || !chart) return;
    const { lines, images, words } = chart;
    const columns = lines.map(({ values, images: own = images }) => new Map(values.map((value, at) => [own[at], value])));
    const rows = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort((one, other) => one - other);
    const head = h("tr", {}, ...[say("chart_axis"), ...lines.map(({ title }) => title)].map((text) => h("th", { scope: "col" }, text)));
    const cell = (/** @type {number | null | undefined} */ value) => h("td", {}, typeof value === "number" ? words(value) : "–");
    table.replaceChildren(h("thead", {}, head), h("tbody", {}, ...rows.map((row) => h("tr", {}, h("th", { scope: "row" }, countImages(row)), ...columns.map((column) => cell(column.get(row)))))));
  }
  element.addEventListener("toggle", fill);
  return {
    element,
    /** @param {Chart | null} next */
    show(next) {
      chart = next;
      element.hidden = !chart;
      write(heading, say("chart_table", { chart: chart?.name ?? "" }));
      fill();
    },
  };
}

/** How many times as large as usual a chart's letters are to be: where all is large, as large as those around it. @param {HTMLElement} element */
const zoomOf = (element) => (element.closest(".large") ? Math.max(1, parseFloat(getComputedStyle(element).fontSize) / SMALLEST) : 1);

/** @param {number} number @param {number} most @returns {number} 0..most */
const clamp = (number, most) => Math.max(0, Math.min(number, most));

/**
 * Fill the SVG; what it returns finds places in it and changes them.
 * @param {SVGElement} plot
 * @param {Chart} chart
 * @param {number} room width of its place
 * @param {number} height
 */
function paintChart(plot, { images, snapshots, lines, top, format, mark = null, bet = null, bands = [] }, room, height) {
  const width = Math.min(Math.max(room, WIDTH[0]), WIDTH[1]);
  const right = width - RIGHT;
  const bottom = height - BOTTOM;
  /** @param {number} index */
  const x = (index) => LEFT + (index * (right - LEFT)) / Math.max(1, images.length - 1);
  /** @param {number} value */
  const y = (value) => bottom - (Math.min(value, top) / top) * (bottom - TOP); // divided first: both may be huge
  const text = (/** @type {number} */ at, /** @type {number} */ down, /** @type {string} */ words, name = "") =>
    svg("text", { x: at, y: down, class: `chart-label ${name}` }, words);
  const upright = (/** @type {number} */ index, /** @type {string} */ name) =>
    svg("line", { x1: x(index), x2: x(index), y1: TOP, y2: bottom, class: name });
  const places = snapshots.map((value) => x(placeOf(value, images)));

  plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
  plot.replaceChildren();
  for (const value of [0, top / 2, top]) {
    plot.append(svg("line", { x1: LEFT, x2: right, y1: y(value), y2: y(value), class: "chart-grid" }));
    plot.append(text(LEFT - 6, y(value) + 4, format(value), "end"));
  }
  for (const value of roundNumbers(images, right - LEFT)) {
    plot.append(text(x(placeOf(value, images)), bottom + 18, countImages(value), "middle"));
  }
  if (mark !== null) plot.append(upright(mark, "chart-mark"));
  if (bet !== null) plot.append(upright(bet, "chart-mark bet"));
  for (const { name, images: own, low, high } of bands) {
    const side = (/** @type {number[]} */ values) => values.map((value, at) => `${x(placeOf(own[at], images))},${y(value)}`);
    plot.append(svg("polygon", { points: [...side(low), ...side(high).reverse()].join(" "), class: `chart-band ${name}` }));
  }
  const drawn = lines.map(({ values, name, title, label: words, labelAt, images: own = images }) => {
    const points = values.flatMap((value, at) => (value === null || own[at] > images[images.length - 1] ? [] : [{ x: x(placeOf(own[at], images)), y: y(value), value, images: own[at] }]));
    const line = svg("polyline", { points: points.map((point) => `${point.x},${point.y}`).join(" "), class: `chart-line ${name}` });
    plot.append(line);
    return { line, title, name, points, words, labelAt };
  });
  /** @type {{x: number, y: number}[]} */
  const labels = [];
  for (const { points, words, name, labelAt } of drawn) {
    const point = points[labelAt ?? points.length - 1];
    if (!words || !point) continue;
    const place = labelAt === undefined ? { x: right + LETTER, y: point.y + 4 } : freePlace(point, labels, bottom);
    labels.push(place);
    plot.append(text(place.x, place.y, words, `middle ${name}`));
  }
  const cursor = upright(0, "chart-cursor");
  const dot = svg("circle", { r: 4, class: "chart-dot", visibility: "hidden" });
  const axis = text((LEFT + right) / 2, height - 6, say("chart_axis"), "middle");
  plot.append(cursor, dot, axis);

  return {
    width,
    /** @param {number} snapshot */
    move(snapshot) {
      for (const end of ["x1", "x2"]) cursor.setAttribute(end, String(places[snapshot] ?? LEFT));
    },
    /** @param {number} left @returns {number} the nearest snapshot */
    snapshotAt: (left) => nearest(places, left),
    /** Every line's point nearest to a snapshot. @param {number} snapshot @returns {(Point & {title: string})[]} */
    pointsAt: (snapshot) =>
      drawn.flatMap(({ points, title }) => (points.length ? [{ ...points[nearest(points.map((point) => point.x), places[snapshot])], title }] : [])),
    /** Mark a point and name it in the axis's place; null: neither. @param {(Point & {title: string}) | null} point @param {string} [words] */
    name(point, words = "") {
      for (const { line, title } of drawn) line.classList.toggle("read", title === point?.title);
      dot.setAttribute("visibility", point ? "visible" : "hidden");
      dot.setAttribute("cx", String(point?.x ?? 0));
      dot.setAttribute("cy", String(point?.y ?? 0));
      axis.classList.toggle("read", Boolean(point));
      write(axis, point ? words : say("chart_axis"));
    },
  };
}

/** The position of the number nearest to another. @param {number[]} numbers @param {number} wanted */
function nearest(numbers, wanted) {
  const distances = numbers.map((number) => Math.abs(number - wanted));
  return distances.indexOf(Math.min(...distances));
}

/**
 * Where a label stands at a point of its line: above it, and above the labels that stand there already, or below them
 * where there is no room above.
 * @param {Point} point
 * @param {{x: number, y: number}[]} taken
 * @param {number} bottom
 */
function freePlace(point, taken, bottom) {
  const above = point.y - 5;
  const heights = Array.from({ length: taken.length + 1 }, (_, at) => [above - at * LINE, above + at * LINE]).flat();
  const isFree = (/** @type {number} */ y) =>
    y >= LINE && y <= bottom && taken.every((other) => Math.abs(other.x - point.x) >= LETTER || Math.abs(other.y - y) >= LINE);
  return { x: point.x, y: heights.find(isFree) ?? above };
}

/** Show the snapshot that was picked; the last is no number, for it stays the last. @param {import("./state.js").Store} store @param {number} index */
export function pickSnapshot(store, index) {
  const isLast = index === chosen(store.state).steps.length - 1;
  store.set({ snapshot: isLast ? null : index, playing: false });
}

/**
 * The round numbers along an axis: 0, and powers of ten from the first snapshot behind it on, as many as there is room for.
 * @param {number[]} images growing from 0
 * @param {number} room width of the axis
 * @returns {number[]}
 */
function roundNumbers(images, room) {
  const [first, last] = [images[1] ?? 1, images[images.length - 1]].map((value) => Math.log10(value));
  const powers = Array.from({ length: 12 }, (_, power) => power).filter((power) => power >= first && power <= last);
  const step = Math.ceil((powers.length * NUMBER) / room);
  return [0, ...powers.reverse().filter((_, at) => at % step === 0).reverse().map((power) => 10 ** power)];
}
