// One unit: its weights over the image, the sum it makes, what its activation makes of it, and whom it speaks for.
import { h, imageCanvas, write } from "../dom.js";
import { effects, unitPicture } from "../engine/forward_pass.js";
import { largest } from "../engine/network.js";
import { say } from "../text.js";
import { colourOf, inkPicture, paintValues } from "./inside_colours.js";
import { createEffects } from "./inside_effects.js";
import { plain, roundedParts, signed } from "./inside_numbers.js";

/**
 * @typedef {import("../engine/network.js").Network} Network
 * @typedef {import("../engine/forward_pass.js").ForwardPass} ForwardPass
 *
 * @typedef {object} Asked
 * @property {number} unit
 * @property {Network} network
 * @property {ForwardPass | null} passage of the image through it; null for an empty pad
 * @property {readonly [number, number]} inputRange
 * @property {number} most the weight of the strongest colour
 * @property {import("./inside_colours.js").Palette} palette
 */
const PLACES = 3; // digits behind the point
const FAINT = 0.2; // opacity of the ink below the weights

export function createUnitDetail() {
  const heading = h("h2", {});
  const [weights, over] = [["unit-weights", "unit_weights"], ["unit-ink", "unit_ink"]].map(([testid, key]) => {
    const canvas = imageCanvas({ "data-testid": testid, role: "img" });
    return { canvas, figure: h("figure", {}, h("figcaption", {}, say(key)), canvas) };
  });
  const [sum, made, speaks, how, paper, range] = ["sum", "made", "speaks", "how", "paper", "range"].map((name) =>
    h("p", { "data-testid": `unit-${name}`, class: ["how", "paper", "range"].includes(name) ? "note" : "" }),
  );
  const ten = createEffects({ "data-testid": "unit-effects", "aria-label": say("unit_effects") });
  const drawn = h("div", { class: "unit-speaks" }, speaks, ten.element, how);
  const element = h("section", { class: "unit-detail", "data-testid": "unit-detail" });
  element.append(heading, h("div", { class: "pictures" }, over.figure, weights.figure), h("div", {}, sum, made, range, paper), drawn);

  /** @param {Asked | null} asked null: no unit is pressed */
  function show(asked) {
    element.hidden = !asked;
    if (!asked) return;
    const { unit, network, passage, inputRange, most, palette } = asked;
    const number = unit + 1;
    const picture = unitPicture(network, inputRange, unit);
    const empty = network.layers[0].bias[unit];
    const total = passage ? passage.sums[0][unit] : empty;
    Object.assign(element.dataset, { unit, sum: total, value: passage ? passage.values[0][unit] : "" });
    write(heading, say("inside_unit", { unit: number }));
    paintValues(weights.canvas, picture, most, palette);
    weights.canvas.setAttribute("aria-label", say("unit_weights_label", { unit: number }));
    over.figure.hidden = drawn.hidden = made.hidden = paper.hidden = !passage;
    writeSum(total, empty, number, Boolean(passage));
    const [low, high] = inputRange;
    const isPlain = low === 0 && high === 1;
    write(range, isPlain ? say("unit_bias") : say("unit_range", { low: plain(low, 0), high, empty: plain(empty, PLACES) }));
    if (passage) showImage(asked, passage, picture);
  }

  /** @param {number} total @param {number} empty @param {number} unit @param {boolean} isDrawn */
  function writeSum(total, empty, unit, isDrawn) {
    const [whole, blank, ink] = roundedParts(total, empty, PLACES);
    const words = { unit, sum: plain(whole, PLACES), empty: plain(blank, PLACES), ink: signed(ink, PLACES) };
    write(sum, say(isDrawn ? "unit_line" : "unit_line_empty", words));
  }

  /** @param {Asked} asked @param {ForwardPass} passage @param {Float32Array} picture */
  function showImage({ unit, network, most, palette }, passage, picture) {
    const value = passage.values[0][unit];
    const [activation] = network.activations;
    const words = { relu: value > 0 ? "unit_relu_on" : "unit_relu_off", tanh: "unit_tanh", sigmoid: "unit_sigmoid" };
    write(made, say(words[activation], { value: plain(value, PLACES) }));
    paintValues(over.canvas, picture.map((weight, pixel) => weight * passage.ink[pixel]), most, palette);
    over.canvas.setAttribute("aria-label", say("unit_ink_label", { unit: unit + 1 }));
    paintUnder(over.canvas, passage.ink);
    write(paper, say("unit_paper"));
    const own = effects(network, passage).slice(unit * 10, unit * 10 + 10);
    const texts = ten.show(own);
    const [best, worst] = [largest(own), largest(own.map((effect) => -effect))];
    const found = { most: best, mostEffect: texts[best], least: worst, leastEffect: texts[worst] };
    write(speaks, own.some(Boolean) ? say("unit_for", found) : say("unit_nothing"));
    write(how, say(network.layers.length === 2 ? "unit_one_layer" : "unit_deep"));
  }
  return { element, show };
}

/**
 * Lay what a canvas shows over the image, whose ink is faint.
 * @param {HTMLCanvasElement} canvas
 * @param {Float64Array} ink (784,)
 */
function paintUnder(canvas, ink) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.globalCompositeOperation = "destination-over";
  context.drawImage(inkPicture(ink, colourOf(canvas), FAINT), 0, 0);
  context.globalCompositeOperation = "source-over";
}
