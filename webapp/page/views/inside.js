// Look inside: the first layer's units as pictures, one of them in full, and two digits against each other.
import { h, write } from "../dom.js";
import { activations, effects, largestWeight, unitPicture } from "../engine/forward_pass.js";
import { SIDE } from "../engine/image.js";
import { largest } from "../engine/network.js";
import { chosen, shown } from "../state.js";
import { say } from "../text.js";
import { contextOf, createLegend, pixelOf, writeValues } from "./colours.js";
import { createContrast, createUnitDetail, plain } from "./inside_numbers.js";
import { rove } from "./rove.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../engine/network.js").Network} Network
 * @typedef {import("../engine/forward_pass.js").ForwardPass} ForwardPass
 * @typedef {import("./inside_numbers.js").Given & {order: number[], networks: Network[]}} Shown `order`: the units as they stand in
 *   the grid, another array where it is another order; `networks`: whose pictures of a unit stand side by side
 */
/** By activation, what is said of how many units are on. */
const COUNTS = { relu: "inside_relu", tanh: "inside_tanh", sigmoid: "inside_sigmoid" };
const REST_MS = 400; // without a change, after which the units are put in order anew
const [GAP, FRAME] = [1, 2]; // pixels around a unit's picture
const CELL = SIDE + 2 * (GAP + FRAME);
const [LEAST, MOST] = [44, 84]; // a cell's width on the screen

/** @param {Store} store @returns {import("./stage.js").View} */
export function createInside(store) {
  const line = h("p", { class: "panel-line", "data-testid": "inside-line" });
  const legend = createLegend("inside_raises", "inside_lowers");
  const scale = h("span", { class: "note" });
  const beside = h("button", { type: "button", "data-testid": "inside-beside", "aria-pressed": "false" }, say("inside_beside"));
  const pick = h("p", { class: "note", "data-testid": "unit-pick" }, say("unit_pick"));
  const units = createUnits(press);
  const detail = createUnitDetail();
  const contrast = createContrast(show);
  legend.element.append(scale, beside);
  const body = h("div", { class: "inside", "data-testid": "inside-body" }, legend.element, units.grid, pick, detail.element, contrast.element);
  const order = createOrder(() => store.state.view === "inside" && show());
  /** @type {number | null} */
  let pressed = null;
  let isBeside = false;
  let run = "";

  /** @param {number} unit */
  function press(unit) {
    pressed = unit === pressed ? null : unit;
    show();
    if (pressed !== null) detail.element.scrollIntoView({ block: "nearest" });
  }
  beside.addEventListener("click", () => {
    isBeside = !isBeside;
    beside.ariaPressed = String(isBeside);
    show();
  });

  function show() {
    const { timeline, image, failure, dark } = store.state;
    if (run !== store.state.run) pressed = null;
    run = store.state.run;
    const network = timeline?.snapshots[shown(store.state).index] ?? null;
    body.hidden = !network;
    if (!timeline || !network) return write(line, failure ?? say("view_waits"));
    const { input_range: inputRange } = chosen(store.state);
    const passage = image && activations(network, image);
    const most = mostOf(timeline.snapshots, inputRange);
    const given = { network, passage, image, inputRange, most, look: legend.read(dark), pressed };
    const { units: inOrder, isHeld } = order.of(store, network, passage);
    write(line, describe(network, passage, isHeld));
    write(scale, say("inside_scale", { most: plain(most) }));
    const first = isBeside && timeline.snapshots[0];
    units.show({ ...given, order: inOrder, networks: first ? [network, first] : [network] });
    pick.hidden = pressed !== null;
    detail.show(given);
    contrast.show(given);
  }
  return { about: [say("inside_note"), say("inside_true")], content: [line, body], keys: ["run", "snapshot", "timeline", "failure", "image", "penDown", "playing", "dark"], show };
}

/**
 * The units: their weights as pictures on one canvas, each in a frame as strong as it is active, and over every picture a
 * button; a canvas for each made a frame three times the work.
 * @param {(unit: number) => void} onPress
 */
function createUnits(onPress) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { "aria-hidden": "true" }));
  const grid = h("div", { class: "units", "data-testid": "units", role: "group", "aria-label": say("inside_units") }, canvas);
  const settle = rove(grid);
  /** @type {HTMLElement[]} */
  let buttons = [];
  /** @type {Shown | null} */
  let last = null;
  let image = new ImageData(1, 1);
  let [width, columns, across] = [0, 0, 0]; // on the screen; units side by side, and pictures of each
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width) return;
    width = contentRect.width;
    if (width && last) show(last);
  }).observe(grid);

  /** Find room for so many units, in so many pictures each, where it has changed. @param {number} count @param {number} pictures */
  function lay(count, pictures) {
    width ||= grid.clientWidth;
    const isLarge = Boolean(grid.closest(".large")); // on a projector
    const side = Math.min(Math.max(LEAST, ((isLarge ? 0.55 : 0.37) * width) / Math.sqrt(count)), isLarge ? 2 * MOST : MOST); // they fill about the same place, however many
    const fitting = Math.max(1, Math.floor(width / side / pictures));
    if (buttons.length === count && columns === fitting && across === pictures) return;
    [columns, across] = [fitting, pictures];
    grid.style.setProperty("--columns", String(columns));
    grid.style.setProperty("--across", String(across));
    canvas.width = columns * across * CELL;
    canvas.height = Math.ceil(count / columns) * CELL;
    image = new ImageData(canvas.width, canvas.height);
    if (buttons.length === count) return;
    const press = (/** @type {number} */ place) => last && onPress(last.order[place]);
    buttons = Array.from({ length: count }, (_, place) => h("button", { type: "button", class: "unit", onclick: () => press(place) }));
    last = null; // none of them has a name yet
    grid.replaceChildren(canvas, ...buttons);
    settle();
  }

  /** @param {Shown} given */
  function show(given) {
    const { networks, passage, inputRange, most, look, order, pressed } = given;
    lay(order.length, networks.length);
    if (last?.order !== order || last.pressed !== pressed) buttons.forEach((button, place) => name(button, order[place], pressed));
    last = given;
    const pixels = new Uint32Array(image.data.buffer);
    const lights = passage?.values[0].map(Math.abs);
    const brightest = lights ? Math.max(...lights) : 0;
    order.forEach((unit, place) => {
      const corner = (Math.floor(place / columns) * image.width + (place % columns) * across) * CELL;
      const frame = pixelOf(look.ink, lights && brightest ? lights[unit] / brightest : 0);
      for (let row = GAP; row < CELL - GAP; row += 1) {
        const start = corner + row * image.width;
        pixels.fill(frame, start + GAP, start + across * CELL - GAP);
      }
      networks.forEach((network, at) => {
        const inner = corner + at * CELL + (GAP + FRAME) * (image.width + 1);
        writeValues(pixels, image.width, inner, unitPicture(network, inputRange, unit), most, look);
      });
    });
    contextOf(canvas).putImageData(image, 0, 0);
  }
  return { grid, show };
}

/** @param {HTMLElement} button @param {number} unit @param {number | null} pressed */
function name(button, unit, pressed) {
  button.dataset.unit = String(unit);
  button.ariaLabel = say("inside_unit", { unit: unit + 1 });
  button.ariaPressed = String(unit === pressed);
}

/** The largest size of a network's first-layer weights, found once. @type {WeakMap<Network, number>} */
const largestWeights = new WeakMap();

/** The same of all snapshots. @param {(Network | null)[]} snapshots @param {readonly [number, number]} inputRange */
function mostOf(snapshots, inputRange) {
  const sizes = snapshots.map((network) => {
    if (!network) return 0; // it is on its way
    const size = largestWeights.get(network) ?? largestWeight(network, inputRange);
    largestWeights.set(network, size);
    return size;
  });
  return Math.max(...sizes) || 1;
}

/**
 * The order of the units: first what adds most to the answer. While a stroke is drawn, Play runs or the network changes it
 * is held, so that a picture can be watched where it stands; at rest it is made anew.
 * @param {() => void} onRest called when it is time to
 */
function createOrder(onRest) {
  /** @type {number[]} */
  let units = [];
  /** @type {{network: Network, image: Uint8Array | null, run: string} | null} */
  let made = null; // what the order was made for
  let timer = 0;

  function rest() {
    made = null;
    onRest();
  }

  /** @param {Store} store @param {Network} network @param {ForwardPass | null} passage */
  function of({ state: { image, run, penDown, playing } }, network, passage) {
    clearTimeout(timer);
    const isFree = !penDown && !playing;
    if (made?.run !== run || (isFree && made.image !== image)) {
      units = sorted(network, passage);
      made = { network, image, run };
    }
    const isHeld = made.network !== network || made.image !== image;
    if (isHeld && isFree) timer = window.setTimeout(rest, REST_MS);
    return { units, isHeld };
  }
  return { of };
}

/** @param {Network} network @param {ForwardPass | null} passage @returns {number[]} */
function sorted(network, passage) {
  const units = Array.from({ length: network.layers[0].outputs }, (_, unit) => unit);
  if (!passage) return units;
  const digit = answerOf(passage);
  const all = effects(network, passage);
  return units.sort((one, other) => all[other * 10 + digit] - all[one * 10 + digit]);
}

/** The most probable digit. @param {ForwardPass} passage */
const answerOf = ({ sums }) => largest(sums[sums.length - 1]);

/** @param {Network} network @param {ForwardPass | null} passage @param {boolean} isHeld */
function describe(network, passage, isHeld) {
  if (!passage) return say("inside_empty");
  const [values] = passage.values;
  const on = values.filter((value) => value > 0).length;
  const counts = say(COUNTS[network.activations[0]], { on, units: values.length });
  return `${counts} ${isHeld ? say("inside_order_held") : say("inside_order", { digit: answerOf(passage) })}`;
}
