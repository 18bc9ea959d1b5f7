// Ten digits with a bar each, to the right for what is added and to the left for what is taken away.
import { h, write } from "../dom.js";
import { placesFor, signed } from "./inside_numbers.js";

/** @param {Record<string, unknown>} attributes of the list */
export function createEffects(attributes) {
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const bar = h("span", { class: "effect-bar" });
    const value = h("span", { class: "effect-value" });
    const row = h("li", { "data-digit": digit }, h("b", {}, String(digit)), h("span", { class: "effect-track" }, bar), value);
    return { row, bar, value };
  });

  /** @param {Float64Array} effects (10,) @returns {string[]} as they are written */
  function show(effects) {
    const most = Math.max(...effects.map(Math.abs)) || 1;
    const texts = Array.from(effects, (effect) => signed(effect, placesFor(most)));
    rows.forEach(({ row, bar, value }, digit) => {
      const effect = effects[digit];
      row.dataset.effect = String(effect);
      row.classList.toggle("lowers", effect < 0);
      bar.style.setProperty("--share", String(Math.abs(effect) / most));
      write(value, texts[digit]);
    });
    return texts;
  }
  return { element: h("ol", { class: "effects", ...attributes }, ...rows.map(({ row }) => row)), show };
}
