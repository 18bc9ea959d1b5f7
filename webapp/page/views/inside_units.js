// The units of the first layer: one button a unit, with its weights as a picture and a frame as dark as it is active.
import { h } from "../dom.js";
import { SIDE } from "../engine/image.js";
import { unitPicture } from "../engine/forward_pass.js";
import { say } from "../text.js";
import { pixelOf, writeValues } from "./inside_colours.js";
import { rove } from "./tiles.js";

/**
 * @typedef {import("../engine/network.js").Network} Network
 *
 * @typedef {object} Shown what the pictures show
 * @property {Network} network
 * @property {Network | null} first the untrained network, to stand beside
 * @property {readonly [number, number]} inputRange
 * @property {number} most the weight of the strongest colour
 * @property {import("./inside_colours.js").Palette} palette
 * @property {number[]} frame red, green and blue of the frames
 * @property {Float64Array | null} values the units' activations
 * @property {number[]} order the units as they stand in the grid
 * @property {number | null} pressed unit
 */
const FRAME = 2; // pixels around the pictures
const GAP = 1; // pixel between a picture and that of step 0

/** @param {(unit: number) => void} onPress */
export function createUnits(onPress) {
  const grid = h("div", { class: "units", "data-testid": "units", role: "group", "aria-label": say("inside_units") });
  const settle = rove(grid);
  /** @type {{button: HTMLElement, canvas: HTMLCanvasElement}[]} */
  let places = [];

  /** @param {number} count @param {number} width @param {number} height */
  function build(count, width, height) {
    places = Array.from({ length: count }, () => {
      const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { width, height, class: "weights" }));
      const button = h("button", { type: "button", class: "unit" }, canvas);
      button.addEventListener("click", () => onPress(Number(button.dataset.unit)));
      return { button, canvas };
    });
    grid.replaceChildren(...places.map(({ button }) => button));
    settle();
  }

  /** @param {Shown} given */
  function show({ network, first, inputRange, most, palette, frame, values, order, pressed }) {
    const width = 2 * FRAME + SIDE + (first ? GAP + SIDE : 0);
    const height = 2 * FRAME + SIDE;
    if (places.length !== order.length || places[0].canvas.width !== width) build(order.length, width, height);
    grid.classList.toggle("beside", Boolean(first));
    grid.style.setProperty("--units", String(order.length));
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const corner = FRAME * width + FRAME;
    const brightest = values ? Math.max(...values.map(Math.abs)) : 0;
    order.forEach((unit, place) => {
      const { button, canvas } = places[place];
      const lit = values && brightest ? Math.abs(values[unit]) / brightest : 0;
      pixels.fill(pixelOf(frame, lit));
      writeValues(pixels, width, corner, unitPicture(network, inputRange, unit), most, palette);
      if (first) writeValues(pixels, width, corner + SIDE + GAP, unitPicture(first, inputRange, unit), most, palette);
      /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
      name(button, unit, unit === pressed);
    });
  }
  return { grid, show };
}

/** @param {HTMLElement} button @param {number} unit @param {boolean} isPressed */
function name(button, unit, isPressed) {
  if (button.dataset.unit !== String(unit)) {
    button.dataset.unit = String(unit);
    button.setAttribute("aria-label", say("inside_unit", { unit: unit + 1 }));
  }
  if (button.ariaPressed !== String(isPressed)) button.ariaPressed = String(isPressed);
}
