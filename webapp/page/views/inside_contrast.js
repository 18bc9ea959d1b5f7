// What speaks for one digit and not for another: where ink helps and where it hurts, adding up to the difference.
import { h, imageCanvas, write } from "../dom.js";
import { contrast } from "../engine/forward_pass.js";
import { say } from "../text.js";
import { paintValues } from "./inside_colours.js";
import { placesFor, plain, roundedParts, signed } from "./inside_numbers.js";

/**
 * @typedef {object} Given
 * @property {import("../engine/network.js").Network} network
 * @property {import("../engine/forward_pass.js").ForwardPass | null} passage of the image through it; null for an empty pad
 * @property {Uint8Array | null} image
 * @property {import("./inside_colours.js").Palette} palette
 */
/** By picture, the keys of its title and of what it shows in words. */
const PICTURES = { ink: ["contrast_ink", "contrast_ink_label"], more: ["contrast_more", "contrast_more_label"] };

/** @param {() => void} onChoose called when other digits are chosen */
export function createContrast(onChoose) {
  const heading = h("h2", { "data-testid": "contrast-heading" });
  const choices = [createChoice("contrast-a", "contrast_a", "contrast_first", onChoose), createChoice("contrast-b", "contrast_b", "contrast_second", onChoose)];
  const line = h("p", { class: "panel-line", "data-testid": "contrast-line" });
  const parts = h("p", { "data-testid": "contrast-parts" });
  const pictures = Object.entries(PICTURES).map(([name, [title, label]]) => {
    const canvas = imageCanvas({ role: "img", "data-testid": `contrast-${name}` });
    return { canvas, label, figure: h("figure", {}, h("figcaption", {}, say(title)), canvas) };
  });
  const how = h("p", { class: "note" }, say("contrast_how"));
  const body = h("div", {}, parts, h("div", { class: "pictures" }, ...pictures.map(({ figure }) => figure)), how);
  const element = h("section", { class: "contrast", "data-testid": "contrast" });
  element.append(heading, h("div", { class: "choices" }, ...choices.map(({ label }) => label)), line, body);

  /** @param {Given} given */
  function show({ network, passage, image, palette }) {
    const scores = passage?.sums.at(-1);
    const ranked = scores && [...scores.keys()].sort((one, other) => scores[other] - scores[one]);
    const [a, b] = choices.map(({ read }, side) => read(ranked?.[side] ?? null));
    write(heading, say("contrast_heading", { a: a ?? "…", b: b ?? "…" }));
    for (const key of ["difference", "empty"]) element.dataset[key] = "";
    body.hidden = !scores || !image || a === b;
    if (!scores || !image || a === null || b === null) return write(line, say("contrast_empty"));
    if (a === b) return write(line, say("contrast_same"));
    const found = contrast(network, image, a, b);
    Object.assign(element.dataset, { a, b, difference: found.difference, empty: found.empty });
    const places = placesFor(Math.abs(found.difference));
    const [difference, empty, ink] = roundedParts(found.difference, found.empty, places);
    const helps = found.pixels.reduce((sum, part) => sum + Math.max(0, part), 0);
    const [, up, down] = roundedParts(ink, helps, places);
    const [told, before, added, helping, hurting] = [difference, empty, ink, up, down].map((value) => signed(value, places));
    const [scoreA, scoreB] = [a, b].map((digit) => plain(scores[digit], places));
    write(line, say("contrast_line", { a, b, scoreA, scoreB, difference: told, empty: before, ink: added }));
    write(parts, say("contrast_parts", { a, b, helps: helping, hurts: hurting }));
    [found.pixels, found.gradient].forEach((values, at) => {
      const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      const { canvas, label } = pictures[at];
      paintValues(canvas, values, most, palette);
      canvas.setAttribute("aria-label", say(label, { a, b }));
    });
  }
  return { element, show };
}

/**
 * A digit of the visitor's choice, or the answer's first or second, whichever that is now.
 * @param {string} testid
 * @param {string} words key of what stands before it
 * @param {string} following key of its first option, which follows the answer
 * @param {() => void} onChoose
 */
function createChoice(testid, words, following, onChoose) {
  const follow = /** @type {HTMLOptionElement} */ (h("option", { value: "" }));
  const digits = Array.from({ length: 10 }, (_, digit) => h("option", { value: digit }, String(digit)));
  const select = /** @type {HTMLSelectElement} */ (h("select", { "data-testid": testid, onchange: onChoose }, follow, ...digits));
  const label = h("label", {}, say(words), select);

  /** @param {number | null} followed @returns {number | null} the digit */
  function read(followed) {
    write(follow, say(following, { digit: followed ?? "…" }));
    return select.value === "" ? followed : Number(select.value);
  }
  return { label, read };
}
