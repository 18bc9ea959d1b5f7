// The network as a picture: pixels, units and digits, lit by the image on the pad, and the links that carry most.
import { h, write } from "../dom.js";
import { activations, strongestLinks } from "../engine/forward_pass.js";
import { largest, layerSizes, softmax } from "../engine/network.js";
import { onDensity } from "../pad.js";
import { chosen, shown } from "../state.js";
import { capital, nameSnapshot, percent, say } from "../text.js";
import { colourOf, inkPicture } from "./inside_colours.js";
import { layOut } from "./network_layout.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("./network_layout.js").Layout} Layout
 * @typedef {{positive: string, negative: string, ink: number[], text: string, quiet: string, font: string}} Look
 */
const LINKS = 24; // drawn from each layer to the next
const SMALL = 12; // pixels: the labels' letters

/** @param {Store} store */
export function createNetworkPicture(store) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { class: "network", role: "img", "data-testid": "network-picture" }));
  const line = h("p", { class: "panel-line", "data-testid": "network-line" });
  const [adds, subtracts] = [["raises", "picture_plus"], ["lowers", "picture_minus"]].map(([name, key]) => h("span", { class: `scale ${name}` }, say(key)));
  const place = h("div", { class: "network-place" }, canvas);
  const legend = h("p", { class: "scales" }, adds, subtracts);
  let width = 0; // of the place when it was drawn last
  new ResizeObserver(() => place.clientWidth && place.clientWidth !== width && show()).observe(place);
  onDensity(() => place.clientWidth && show());

  function show() {
    const { timeline, image, failure } = store.state;
    const sizes = layerSizes(chosen(store.state).architecture);
    const network = timeline?.snapshots[shown(store.state).index] ?? null;
    const passage = network && image && activations(network, image);
    const logits = passage && passage.sums[passage.sums.length - 1];
    const said = logits && softmax(logits);
    width = place.clientWidth;
    const layout = layOut(sizes, width);
    const inputs = passage ? [passage.ink, ...passage.values] : [];
    const answer = said && largest(said);
    const to = (/** @type {number} */ at) => (at === inputs.length - 1 ? answer : null); // the last ones argue about the answer
    const links = network ? inputs.map((values, at) => strongestLinks(network.layers[at], values, LINKS, to(at))) : [];
    const context = begin(canvas, layout);
    const look = lookOf(adds, subtracts, legend, canvas);
    links.forEach((ofLayer, at) => drawLinks(context, ofLayer, layout.columns[at], layout.columns[at + 1], look));
    drawImage(context, layout, passage && passage.ink, look);
    sizes.slice(1, -1).forEach((_, at) => drawCells(context, layout, at + 1, passage ? passage.values[at] : null, look));
    drawCells(context, layout, sizes.length - 1, said, look);
    drawLabels(context, layout, sizes, answer, look);
    canvas.dataset.links = String(links.reduce((sum, { length }) => sum + length, 0));
    write(line, failure ?? describe(store, Boolean(network), said));
    const layers = sizes.slice(1, -1).map((units) => say("picture_units", { units })).join(", ");
    canvas.setAttribute("aria-label", say("picture_label", { layers, line: line.textContent }));
  }
  return { about: [say("picture_note", { count: LINKS })], content: [line, place, legend], keys: /** @type {const} */ (["run", "snapshot", "timeline", "failure", "image", "dark"]), show };
}

/** @param {Store} store @param {boolean} isThere @param {Float64Array | null} said */
function describe(store, isThere, said) {
  if (!isThere) return say("view_waits");
  if (!said) return say("picture_empty");
  const digit = largest(said);
  return say("picture_line", { Moment: capital(nameSnapshot(shown(store.state))), digit, sure: percent(said[digit]) });
}

/** @param {HTMLCanvasElement} canvas @param {Layout} layout @returns {CanvasRenderingContext2D} empty, in CSS pixels */
function begin(canvas, { width, height }) {
  const scale = devicePixelRatio;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  canvas.width = Math.round(width * scale); // which empties it
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  context.scale(canvas.width / width, canvas.height / height);
  return context;
}

/** @param {Element} positive @param {Element} negative @param {Element} text @param {Element} canvas @returns {Look} */
function lookOf(positive, negative, text, canvas) {
  const { color, fontFamily: font } = getComputedStyle(text);
  const [plus, minus, quiet] = [positive, negative, canvas].map((element) => getComputedStyle(element).color);
  return { positive: plus, negative: minus, ink: colourOf(text), text: color, quiet, font };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{input: number, output: number, carries: number}[]} links the strongest first
 * @param {import("./network_layout.js").Column} from
 * @param {import("./network_layout.js").Column} to
 * @param {Look} look
 */
function drawLinks(context, links, from, to, { positive, negative }) {
  for (const { input, output, carries } of links) {
    const share = Math.abs(carries / links[0].carries);
    context.strokeStyle = carries < 0 ? negative : positive;
    context.globalAlpha = 0.25 + 0.75 * share;
    context.lineWidth = 0.5 + 1.5 * share;
    context.beginPath();
    context.moveTo(from.places[input].x, from.places[input].y);
    context.lineTo(to.places[output].x, to.places[output].y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Layout} layout @param {Float64Array | null} ink @param {Look} look */
function drawImage(context, { columns: [{ left, right, places }] }, ink, { ink: colour, quiet }) {
  const [side, top] = [right - left, places[0].y - (places[1].x - places[0].x) / 2];
  context.imageSmoothingEnabled = false;
  // Its ink is let through, so that the links are seen that begin in it.
  if (ink) context.drawImage(inkPicture(ink, colour, 0.8), left, top, side, side);
  context.strokeStyle = quiet;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Layout} layout
 * @param {number} at the layer
 * @param {Float64Array | null} values what lights its cells; null: nothing does
 * @param {Look} look
 */
function drawCells(context, { cell, columns }, at, values, { positive, negative, quiet }) {
  const most = values ? Math.max(...values.map(Math.abs)) || 1 : 1;
  columns[at].places.forEach(({ x, y }, unit) => {
    context.globalAlpha = 0.35;
    context.strokeStyle = quiet;
    context.lineWidth = 0.5;
    context.strokeRect(x - cell / 2, y - cell / 2, cell, cell);
    if (!values) return;
    context.globalAlpha = Math.abs(values[unit]) / most;
    context.fillStyle = values[unit] < 0 ? negative : positive;
    context.fillRect(x - cell / 2, y - cell / 2, cell, cell);
  });
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Layout} layout
 * @param {number[]} sizes
 * @param {number | null} digit the most probable
 * @param {Look} look
 */
function drawLabels(context, { height, columns, cell }, sizes, digit, { text, quiet, font }) {
  context.textBaseline = "middle";
  columns[columns.length - 1].places.forEach(({ x, y }, index) => {
    context.fillStyle = text;
    context.font = index === digit ? `800 16px ${font}` : `14px ${font}`;
    context.textAlign = "left";
    context.fillText(String(index), x + cell, y);
  });
  context.font = `${SMALL}px ${font}`;
  context.fillStyle = quiet;
  columns.forEach(({ left, right }, at) => {
    const isLast = at === columns.length - 1;
    context.textAlign = at === 0 ? "left" : isLast ? "right" : "center";
    context.fillText(String(sizes[at]), at === 0 ? left : isLast ? right : (left + right) / 2, height - SMALL / 2 - 2);
  });
}
