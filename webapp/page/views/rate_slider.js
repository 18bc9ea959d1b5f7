// A slider for learning rates, on a logarithmic scale.
import { h } from "../dom.js";

const LEAST = -5; // powers of ten
const MOST = 1;
const STEP = 0.05;

/**
 * @param {Record<string, unknown>} attributes
 * @param {(rate: number) => void} change called with a rate of two digits
 * @returns {{range: HTMLElement, show: (rate: number) => void}} `show` moves it, unless it has the focus
 */
export function createRateSlider(attributes, change) {
  const range = /** @type {HTMLInputElement} */ (h("input", { type: "range", min: LEAST, max: MOST, step: STEP, ...attributes }));
  range.addEventListener("input", () => change(Number((10 ** Number(range.value)).toPrecision(2))));
  return {
    range,
    show(rate) {
      range.setAttribute("aria-valuetext", String(rate));
      if (!range.matches(":focus")) range.value = String(Math.log10(rate));
    },
  };
}
