// Building and changing the page's elements.

/** @typedef {Node | string | null | false | undefined} Child */

/**
 * An element with attributes (functions become listeners, true an empty attribute) and children.
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  return /** @type {HTMLElement} */ (fill(document.createElement(tag), attributes, children));
}

/**
 * As `h`, for SVG.
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  return /** @type {SVGElement} */ (fill(element, attributes, children));
}

/** @param {Element} element @param {Record<string, unknown>} attributes @param {Child[]} children */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * Give an element this text, unless it has it: what does not change is not styled again.
 * @param {Element} element
 * @param {string | number} text
 */
export function write(element, text) {
  if (element.textContent !== String(text)) element.textContent = String(text);
}

/**
 * A canvas of 28×28 pixels, for `paint`.
 * @param {Record<string, unknown>} [attributes]
 * @param {number} [side]
 */
export function imageCanvas(attributes = {}, side = 28) {
  const given = { class: "image", width: side, height: side, ...attributes };
  return /** @type {HTMLCanvasElement} */ (h("canvas", given));
}

/**
 * Paint levels of ink, 0..255, on a canvas of as many pixels, in the colour of its text; null clears it.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array | null} levels
 */
export function paint(canvas, levels) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const pixels = context.createImageData(canvas.width, canvas.height);
  const [red, green, blue] = (getComputedStyle(canvas).color.match(/[\d.]+/g) ?? ["0", "0", "0"]).map(Number);
  levels?.forEach((level, index) => pixels.data.set([red, green, blue, level], index * 4));
  context.putImageData(pixels, 0, 0);
}

export const prefersStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
