// What the network computes, in numbers: one unit in full, and what speaks for one digit and not for another.
import { h, imageCanvas, write } from "../dom.js";
import { contrast, effects, unitPicture } from "../engine/forward_pass.js";
import { say } from "../text.js";
import { contextOf, inkPicture, paintValues } from "./colours.js";

/**
 * @typedef {import("./colours.js").Look} Look
 *
 * @typedef {object} Given
 * @property {import("../engine/network.js").Network} network
 * @property {import("../engine/forward_pass.js").ForwardPass | null} passage of the image through it; null for an empty pad
 * @property {Uint8Array | null} image
 * @property {readonly [number, number]} inputRange
 * @property {number} most the weight of the strongest colour
 * @property {Look} look
 * @property {number | null} pressed the unit that is shown in full
 */
const PLACES = 3; // of a unit's numbers, behind the point
const FAINT = 0.2; // opacity of the ink below the weights

/** One unit: its weights over the image, the sum it makes, what its activation makes of it, and whom it speaks for. */
export function createUnitDetail() {
  const heading = h("h2", {});
  const [over, weights] = createFigures(heading, { "unit-ink": "unit_ink", "unit-weights": "unit_weights" });
  const [sum, made] = ["unit-sum", "unit-made"].map((testid) => h("p", { "data-testid": testid }));
  const ten = createEffects();
  const drawn = h("div", {}, h("p", {}, say("unit_effects")), ten.element, h("p", { class: "note" }, say("unit_how")));
  const element = h("section", { class: "unit-detail", "data-testid": "unit-detail" });
  element.append(heading, h("div", { class: "pictures" }, over.figure, weights.figure), h("div", {}, sum, made), drawn);

  /** @param {Given} given */
  function show({ pressed: unit, network, passage, inputRange, most, look }) {
    element.hidden = unit === null;
    if (unit === null) return;
    const picture = unitPicture(network, inputRange, unit);
    const empty = network.layers[0].bias[unit];
    const total = passage ? passage.sums[0][unit] : empty;
    Object.assign(element.dataset, { unit, sum: total, value: passage ? passage.values[0][unit] : "" });
    write(heading, say("inside_unit", { unit: unit + 1 }));
    weights.show(picture, most, look);
    const own = passage && effects(network, passage).slice(unit * 10, unit * 10 + 10);
    over.figure.hidden = made.hidden = !passage;
    drawn.hidden = !own?.some(Boolean); // a unit that is off adds nothing
    const [whole, blank, ink] = roundedParts(total, empty, PLACES);
    write(sum, say("unit_line", { sum: plain(whole, PLACES), empty: plain(blank, PLACES), ink: signed(ink, PLACES) }));
    if (!passage || !own) return;
    over.show(picture.map((weight, pixel) => weight * passage.ink[pixel]), most, look, passage.ink);
    const value = passage.values[0][unit];
    const sentences = { relu: value > 0 ? "unit_relu_on" : "unit_relu_off", tanh: "unit_tanh", sigmoid: "unit_sigmoid" };
    write(made, say(sentences[network.activations[0]], { value: plain(value, PLACES) }));
    ten.show(own);
  }
  return { element, show };
}

/** What speaks for one digit and not for another: where ink helps and where it hurts. @param {() => void} onChoose */
export function createContrast(onChoose) {
  const heading = h("h2", { "data-testid": "contrast-heading" });
  const choices = [createChoice("contrast-a", "contrast_a", "contrast_first", onChoose), createChoice("contrast-b", "contrast_b", "contrast_second", onChoose)];
  const line = h("p", { class: "panel-line", "data-testid": "contrast-line" });
  const parts = h("p", { "data-testid": "contrast-parts" });
  const [added, more] = createFigures(heading, { "contrast-ink": "contrast_ink", "contrast-more": "contrast_more" });
  const body = h("div", {}, parts, h("div", { class: "pictures" }, added.figure, more.figure), h("p", { class: "note" }, say("contrast_how")));
  const element = h("section", { class: "contrast", "data-testid": "contrast" });
  element.append(heading, h("div", { class: "choices" }, ...choices.map(({ label }) => label)), line, body);

  /** @param {Given} given */
  function show({ network, passage, image, look }) {
    const scores = passage?.sums.at(-1);
    const ranked = scores && [...scores.keys()].sort((one, other) => scores[other] - scores[one]);
    const [a, b] = choices.map(({ read }, side) => read(ranked?.[side] ?? null));
    write(heading, say("contrast_heading", { a: a ?? "…", b: b ?? "…" }));
    body.hidden = !scores || !image || a === b;
    Object.assign(element.dataset, { difference: "", empty: "" });
    if (!scores || !image || a === null || b === null) return write(line, say("contrast_empty"));
    if (a === b) return write(line, say("contrast_same"));
    const { difference, empty, pixels, gradient } = contrast(network, image, a, b);
    Object.assign(element.dataset, { a, b, difference, empty });
    const places = placesFor(Math.abs(difference));
    const [whole, blank, ink] = roundedParts(difference, empty, places);
    const [, up, down] = roundedParts(ink, pixels.reduce((sum, part) => sum + Math.max(0, part), 0), places);
    const [scoreA, scoreB] = [a, b].map((digit) => plain(scores[digit], places));
    const [told, before, adds, helps, hurts] = [whole, blank, ink, up, down].map((value) => signed(value, places));
    write(line, say("contrast_line", { a, b, scoreA, scoreB, difference: told, empty: before, ink: adds }));
    write(parts, say("contrast_parts", { a, b, helps, hurts }));
    added.show(pixels, sizeOf(pixels), look);
    more.show(gradient, sizeOf(gradient), look);
  }
  return { element, show };
}

/**
 * Pictures of 784 values each.
 * @param {Element} heading what they belong to
 * @param {Record<string, string>} titles by testid, the key of a picture's title
 */
function createFigures(heading, titles) {
  return Object.entries(titles).map(([testid, title]) => {
    const canvas = imageCanvas({ "data-testid": testid, role: "img" });
    /** @param {ArrayLike<number>} values @param {number} most @param {Look} look @param {ArrayLike<number>} [ink] to lie faintly below */
    function show(values, most, look, ink) {
      paintValues(canvas, values, most, look);
      const context = contextOf(canvas);
      context.globalCompositeOperation = "destination-over";
      if (ink) context.drawImage(inkPicture(ink, look.ink, FAINT), 0, 0);
      canvas.ariaLabel = `${heading.textContent} ${say(title)}`;
    }
    return { figure: h("figure", {}, h("figcaption", {}, say(title)), canvas), show };
  });
}

/** Ten digits with a bar each, to the right for what is added and to the left for what is taken away. */
function createEffects() {
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const bar = h("span", { class: "effect-bar" });
    const value = h("span", { class: "effect-value" });
    const row = h("li", { "data-digit": digit }, h("b", {}, String(digit)), h("span", { class: "effect-track" }, bar), value);
    return { row, bar, value };
  });

  /** @param {Float64Array} effects (10,) */
  function show(effects) {
    const most = sizeOf(effects) || 1;
    rows.forEach(({ row, bar, value }, digit) => {
      row.dataset.effect = String(effects[digit]);
      row.classList.toggle("lowers", effects[digit] < 0);
      bar.style.setProperty("--share", String(Math.abs(effects[digit]) / most));
      write(value, signed(effects[digit], placesFor(most)));
    });
  }
  return { element: h("ol", { class: "effects", "data-testid": "unit-effects" }, ...rows.map(({ row }) => row)), show };
}

/**
 * A digit of the visitor's choice, or the answer's first or second, whichever that is now.
 * @param {string} testid
 * @param {string} words key of what stands before it
 * @param {string} following key of its first option, which follows the answer
 * @param {() => void} onChoose called when another digit is chosen
 */
function createChoice(testid, words, following, onChoose) {
  const follow = h("option", { value: "" });
  const digits = Array.from({ length: 10 }, (_, digit) => h("option", { value: digit }, String(digit)));
  const select = /** @type {HTMLSelectElement} */ (h("select", { "data-testid": testid, onchange: onChoose }, follow, ...digits));

  /** @param {number | null} followed @returns {number | null} the digit */
  function read(followed) {
    write(follow, say(following, { digit: followed ?? "…" }));
    return select.value === "" ? followed : Number(select.value);
  }
  return { label: h("label", {}, say(words), select), read };
}

/** The largest size among values. @param {Float64Array} values */
const sizeOf = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** @param {number} value @param {number} [places] @returns {string} such as "−0.25" or "3.10" */
export function plain(value, places = 2) {
  const text = Math.abs(value).toFixed(places);
  return value < 0 && Number(text) ? `−${text}` : text;
}

/** @param {number} value @param {number} places @returns {string} such as "−0.25", "+3.10" or "0.00" */
function signed(value, places) {
  const text = plain(value, places);
  return value > 0 && Number(text) ? `+${text}` : text;
}

/**
 * A total and its first part as they are rounded, and the second part so that both add up to the total as written.
 * @param {number} total
 * @param {number} first
 * @param {number} places
 * @returns {number[]} total, first, second
 */
function roundedParts(total, first, places) {
  const round = (/** @type {number} */ value) => Number(value.toFixed(places));
  return [round(total), round(first), round(total) - round(first)];
}

/** How many digits behind the point tell numbers of this size apart: 2, and more below 1. @param {number} size */
const placesFor = (size) => (size > 0 && size < 1 ? Math.min(8, 2 - Math.floor(Math.log10(size))) : 2);
