// The network as a picture: pixels, units and digits, lit by the image on the pad, and the links that carry most. Below
// it its layers, their outputs and the numbers that training changes.
import { h, write } from "../dom.js";
import { activations, strongestLinks } from "../engine/forward_pass.js";
import { activationsOf, largest, layerSizes, softmax } from "../engine/network.js";
import { onDensity } from "../pad.js";
import { chosen, shown } from "../state.js";
import { capital, count, nameSnapshot, percent, say } from "../text.js";
import { contextOf, createLegend, inkPicture } from "./colours.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {{x: number, y: number}} Point in CSS pixels
 * @typedef {{left: number, right: number, places: Point[]}} Column `places`: middle of every pixel, unit or digit
 * @typedef {{width: number, height: number, cell: number, columns: Column[]}} Layout `cell`: side of a unit's square;
 *   `columns`: pixels, units of every hidden layer, digits
 * @typedef {object} Pen a canvas's context, in CSS pixels, with the colours and letters of this moment
 * @property {CanvasRenderingContext2D} context
 * @property {import("./colours.js").Look} look
 * @property {string} quiet
 * @property {string} font
 */
const LINKS = 24; // drawn from each layer to the next
const SMALL = 12; // pixels: the labels' letters
const [LEAST, MOST] = [280, 760]; // the picture's width
const ROWS = 32; // units above one another, at most
const LABEL = 22; // height of the labels below
const DIGIT = 30; // width of the digits' column

/** @param {Store} store @returns {import("./stage.js").View} */
export function createNetwork(store) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { class: "network", role: "img", "aria-label": say("picture_label"), "data-testid": "network-picture" }));
  const line = h("p", { class: "panel-line", "data-testid": "network-line" });
  const legend = createLegend("picture_plus", "picture_minus");
  const place = h("div", {}, canvas);
  const table = createTable(store);
  let width = 0; // of the place when it was drawn last
  new ResizeObserver(() => place.clientWidth && place.clientWidth !== width && show()).observe(place);
  onDensity(() => place.clientWidth && show());

  function show() {
    const { timeline, image, failure } = store.state;
    const sizes = layerSizes(chosen(store.state).architecture);
    const network = timeline?.snapshots[shown(store.state).index] ?? null;
    const passage = network && image && activations(network, image);
    const said = passage && softmax(passage.sums[passage.sums.length - 1]);
    width = place.clientWidth;
    const inputs = passage ? [passage.ink, ...passage.values] : [];
    const answer = said && largest(said);
    const to = (/** @type {number} */ at) => (at === inputs.length - 1 ? answer : null); // the last ones argue about the answer
    const links = network ? inputs.map((values, at) => strongestLinks(network.layers[at], values, LINKS, to(at))) : [];
    const layout = layOut(sizes, width);
    const pen = takePen(canvas, layout, legend.read(store.state.dark));
    const [pixels, ...columns] = layout.columns;
    links.forEach((ofLayer, at) => drawLinks(pen, ofLayer, layout.columns[at], columns[at]));
    drawImage(pen, pixels, inputs[0]);
    columns.forEach(({ places }, at) => drawCells(pen, places, layout.cell, inputs[at + 1] ?? said));
    drawLabels(pen, layout, answer);
    canvas.dataset.links = String(links.flat().length);
    write(line, failure ?? describe(store, Boolean(network), said));
    table.show();
  }
  const about = [say("picture_note", { count: LINKS }), say("layers_note")];
  return { about, content: [line, place, legend.element, table.element], keys: ["run", "snapshot", "timeline", "failure", "image", "dark"], show };
}

/** @param {Store} store @param {boolean} isThere @param {Float64Array | null} said */
function describe(store, isThere, said) {
  if (!isThere) return say("view_waits");
  if (!said) return say("picture_empty");
  const digit = largest(said);
  return say("picture_line", { Moment: capital(nameSnapshot(shown(store.state))), digit, sure: percent(said[digit]) });
}

/** The layers of the chosen network, line by line. @param {Store} store */
function createTable(store) {
  let tabled = ""; // the run that it is of
  const body = h("tbody");
  const columns = ["layers_layer", "layers_shape", "layers_parameters"].map((key) => h("th", { scope: "col" }, say(key)));
  const element = h("table", { class: "layers", "data-testid": "layers-summary" }, h("thead", {}, h("tr", {}, ...columns)), body);
  const row = (/** @type {string} */ name, /** @type {string | number} */ shape, /** @type {number} */ numbers) =>
    h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, String(shape)), h("td", {}, count(numbers)));

  function show() {
    if (tabled === store.state.run) return;
    tabled = store.state.run;
    const { architecture, parameters } = chosen(store.state);
    const [sizes, activations] = [layerSizes(architecture), activationsOf(architecture)];
    const rows = sizes.slice(1).flatMap((outputs, layer) => {
      const linear = row(say("layers_linear"), outputs, outputs * sizes[layer] + outputs);
      return layer < activations.length ? [linear, row(capitalOf(activations[layer]), outputs, 0)] : [linear];
    });
    body.replaceChildren(row(say("layers_input"), "28 × 28 = 784", 0), ...rows, row(say("layers_total"), "", parameters));
  }
  return { element, show };
}

/** An activation's name as it is written. @param {string} name */
const capitalOf = (name) => (name === "relu" ? "ReLU" : capital(name));

/**
 * Where everything stands in the picture.
 * @param {number[]} sizes of the layers, from 784 pixels to 10 digits
 * @param {number} room width of the place
 * @returns {Layout}
 */
function layOut(sizes, room) {
  const width = Math.min(Math.max(room, LEAST), MOST);
  const pitch = width < 480 ? 6.5 : 8; // from one unit to the next
  const height = ROWS * pitch;
  const side = Math.min(0.25 * width, 0.6 * height); // of the image
  const last = sizes.length - 1;
  const grids = sizes.map((size, at) => {
    if (at === 0) return { across: 28, step: side / 28, wide: side, middle: side / 56 };
    if (at === last) return { across: 1, step: height / size, wide: DIGIT, middle: pitch / 2 };
    const across = Math.ceil(size / ROWS);
    return { across, step: pitch, wide: pitch * across, middle: pitch / 2 };
  });
  const gap = (width - grids.reduce((sum, { wide }) => sum + wide, 0)) / last;
  let left = -gap;
  const columns = grids.map(({ across, step, wide, middle }, at) => {
    left += gap + (grids[at - 1]?.wide ?? 0);
    const rows = Math.ceil(sizes[at] / across);
    const top = (height - rows * step) / 2;
    // Pixels stand row by row, units column by column.
    const places = Array.from({ length: sizes[at] }, (_, index) => {
      const [row, column] = at === 0 ? [Math.floor(index / across), index % across] : [index % rows, Math.floor(index / rows)];
      return { x: left + column * step + middle, y: top + row * step + step / 2 };
    });
    return { left, right: left + wide, places };
  });
  return { width, height: height + LABEL, cell: pitch - 1.5, columns };
}

/** @param {HTMLCanvasElement} canvas which is emptied @param {Layout} layout @param {Pen["look"]} look @returns {Pen} */
function takePen(canvas, { width, height }, look) {
  const context = contextOf(canvas);
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  canvas.style.width = `${width}px`;
  context.scale(canvas.width / width, canvas.height / height);
  const { color: quiet, fontFamily: font } = getComputedStyle(canvas);
  return { context, look, quiet, font };
}

/** @param {Pen} pen @param {ReturnType<typeof strongestLinks>} links @param {Column} from @param {Column} to */
function drawLinks({ context, look }, links, from, to) {
  for (const { input, output, carries } of links) {
    const share = Math.abs(carries / links[0].carries);
    context.strokeStyle = `rgb(${carries < 0 ? look.lowers : look.raises})`;
    context.globalAlpha = 0.25 + 0.75 * share;
    context.lineWidth = 0.5 + 1.5 * share;
    context.beginPath();
    context.moveTo(from.places[input].x, from.places[input].y);
    context.lineTo(to.places[output].x, to.places[output].y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** @param {Pen} pen @param {Column} column @param {Float64Array} [ink] */
function drawImage({ context, look, quiet }, { left, right, places }, ink) {
  const [side, top] = [right - left, places[0].y - (places[1].x - places[0].x) / 2];
  context.imageSmoothingEnabled = false;
  // Its ink is let through, so that the links are seen that begin in it.
  if (ink) context.drawImage(inkPicture(ink, look.ink, 0.8), left, top, side, side);
  context.strokeStyle = quiet;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
}

/** @param {Pen} pen @param {Point[]} places @param {number} cell @param {Float64Array | null} values what lights them; null: nothing does */
function drawCells({ context, look, quiet }, places, cell, values) {
  const most = values ? Math.max(...values.map(Math.abs)) || 1 : 1;
  context.strokeStyle = quiet;
  context.lineWidth = 0.5;
  places.forEach(({ x, y }, unit) => {
    const square = /** @type {const} */ ([x - cell / 2, y - cell / 2, cell, cell]);
    context.globalAlpha = 0.35;
    context.strokeRect(...square);
    if (!values) return;
    context.globalAlpha = Math.abs(values[unit]) / most;
    context.fillStyle = `rgb(${values[unit] < 0 ? look.lowers : look.raises})`;
    context.fillRect(...square);
  });
  context.globalAlpha = 1;
}

/** @param {Pen} pen @param {Layout} layout @param {number | null} answer the most probable digit */
function drawLabels({ context, look, quiet, font }, { height, columns, cell }, answer) {
  const last = columns.length - 1;
  context.textBaseline = "middle";
  context.fillStyle = `rgb(${look.ink})`;
  columns[last].places.forEach(({ x, y }, digit) => {
    context.font = digit === answer ? `800 16px ${font}` : `14px ${font}`;
    context.fillText(String(digit), x + cell, y);
  });
  context.font = `${SMALL}px ${font}`;
  context.fillStyle = quiet;
  columns.forEach(({ left, right, places }, at) => {
    context.textAlign = at === 0 ? "left" : at === last ? "right" : "center";
    context.fillText(String(places.length), at === 0 ? left : at === last ? right : (left + right) / 2, height - SMALL / 2 - 2);
  });
}
