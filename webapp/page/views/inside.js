// Look inside: the first layer's units as pictures, one of them in full, and two digits against each other.
import { h, write } from "../dom.js";
import { activations, effects, largestWeight } from "../engine/forward_pass.js";
import { largest } from "../engine/network.js";
import { chosen, shown } from "../state.js";
import { say } from "../text.js";
import { colourOf, paletteOf } from "./inside_colours.js";
import { createContrast } from "./inside_contrast.js";
import { plain } from "./inside_numbers.js";
import { createUnitDetail } from "./inside_unit.js";
import { createUnits } from "./inside_units.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../engine/network.js").Network} Network
 * @typedef {import("../engine/forward_pass.js").ForwardPass} ForwardPass
 */
/** By activation, what is said of how many units are on. */
const COUNTS = { relu: "inside_relu", tanh: "inside_tanh", sigmoid: "inside_sigmoid" };
const REST_MS = 400; // without a change, after which the units are put in order anew
const KEYS = ["run", "snapshot", "timeline", "failure", "image", "isDigit", "penDown", "playing", "dark"];

/** @param {Store} store @returns {import("./stage.js").View} */
export function createInside(store) {
  const line = h("p", { class: "panel-line", "data-testid": "inside-line" });
  const scale = createScale();
  const beside = h("button", { type: "button", "data-testid": "inside-beside", "aria-pressed": "false" }, say("inside_beside"));
  const pick = h("p", { class: "note", "data-testid": "unit-pick" }, say("unit_pick"));
  const units = createUnits(press);
  const detail = createUnitDetail();
  const contrast = createContrast(show);
  const body = h("div", { class: "inside", "data-testid": "inside-body" });
  body.append(h("div", { class: "inside-head" }, scale.element, beside), units.grid, pick, detail.element, contrast.element);
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
    beside.setAttribute("aria-pressed", String(isBeside));
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
    const { palette, frame } = scale.show(most, dark);
    const now = order.of(store, network, passage);
    write(line, describe(store, network, passage, now.isHeld));
    const first = isBeside ? timeline.snapshots[0] : null;
    units.show({ network, first, inputRange, most, palette, frame, values: passage && passage.values[0], order: now.units, pressed });
    pick.hidden = pressed !== null;
    detail.show(pressed === null ? null : { unit: pressed, network, passage, inputRange, most, palette });
    contrast.show({ network, passage, image, palette });
  }
  return { about: [say("inside_note"), say("inside_true")], content: [line, body], keys: /** @type {(keyof import("../state.js").State)[]} */ (KEYS), show };
}

/** @type {WeakMap<Network, number>} */
const largestWeights = new WeakMap(); // by network, so that a growing timeline costs one network more

/**
 * The largest size of a first-layer weight in any snapshot of a training.
 * @param {(Network | null)[]} snapshots
 * @param {readonly [number, number]} inputRange
 */
function mostOf(snapshots, inputRange) {
  let most = 0;
  for (const network of snapshots) {
    if (!network) continue;
    const own = largestWeights.get(network) ?? largestWeight(network, inputRange);
    largestWeights.set(network, own);
    most = Math.max(most, own);
  }
  return most || 1;
}

/** What the colours mean, and the colours themselves. */
function createScale() {
  const [raises, lowers] = [["raises", "inside_raises"], ["lowers", "inside_lowers"]].map(([name, key]) => h("span", { class: `scale ${name}` }, say(key)));
  const text = h("span", { class: "note" });
  const lit = h("span", { class: "note" });
  const element = h("p", { class: "scales" }, raises, lowers, text, lit);
  /** @type {{palette: import("./inside_colours.js").Palette, frame: number[]} | null} */
  let colours = null;
  /** @type {boolean | null} */
  let made = null;

  /** @param {number} most @param {boolean | null} dark */
  function show(most, dark) {
    if (!colours || made !== dark) colours = { palette: paletteOf(raises, lowers), frame: colourOf(element) };
    made = dark;
    write(text, say("inside_scale", { most: plain(most) }));
    write(lit, say(dark ? "inside_lit_dark" : "inside_lit"));
    return colours;
  }
  return { element, show };
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
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isDue = false;

  /** @param {Store} store @param {Network} network @param {ForwardPass | null} passage */
  function of(store, network, passage) {
    const { image, run, penDown, playing } = store.state;
    clearTimeout(timer);
    const isMade = made?.network === network && made.image === image;
    const isOther = made?.run !== run || units.length !== network.layers[0].outputs;
    const isMoving = made?.image === image && made?.network !== network && !isDue;
    if (isOther || (!isMade && !penDown && !playing && !isMoving)) {
      units = sorted(network, passage);
      made = { network, image, run };
    } else if (!isMade && !penDown && !playing) {
      timer = setTimeout(() => {
        isDue = true;
        onRest();
        isDue = false;
      }, REST_MS);
    }
    return { units, isHeld: made?.network !== network || made?.image !== image };
  }
  return { of };
}

/** @param {Network} network @param {ForwardPass | null} passage @returns {number[]} */
function sorted(network, passage) {
  const units = Array.from({ length: network.layers[0].outputs }, (_, unit) => unit);
  if (!passage) return units;
  const digit = largest(passage.sums[passage.sums.length - 1]);
  const all = effects(network, passage);
  return units.sort((one, other) => all[other * 10 + digit] - all[one * 10 + digit]);
}

/** @param {Store} store @param {Network} network @param {ForwardPass | null} passage @param {boolean} isHeld */
function describe({ state }, network, passage, isHeld) {
  if (!passage) return say("inside_empty");
  const [values] = passage.values;
  const on = values.filter((value) => value > 0).length;
  const counts = say(COUNTS[network.activations[0]], { on, units: values.length });
  const digit = largest(passage.sums[passage.sums.length - 1]);
  const order = isHeld ? "inside_order_held" : state.isDigit || state.penDown ? "inside_order" : "inside_order_not_a_digit";
  return `${counts} ${say(order, { digit })}`;
}
