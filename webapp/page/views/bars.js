// Ten rows, one for each digit, each with its bars on one axis from 0 to 1.
import { h, write } from "../dom.js";
import { largest } from "../engine/network.js";
import { answers, isNotADigit, shown } from "../state.js";
import { nameSnapshot, percent, say, sayOf } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {ArrayLike<number> | null} Probabilities of the ten digits
 */

/**
 * A chart of ten rows. Every series is a bar in every row, from the top down, and carries its probabilities as
 * `data-<series>`; the row's number is of the last series.
 * @param {string[]} series names, such as ["untrained", "trained"]
 * @param {Record<string, unknown>} attributes of the list
 * @returns {{element: HTMLElement, rows: HTMLElement[], show: (values: Probabilities[]) => void}}
 */
export function createBars(series, attributes) {
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const tracks = series.map((name) => h("span", { class: `bar ${name}` }));
    const numbers = series.map((name) => h("span", { class: `value ${name}` }));
    const row = h("li", { "data-digit": digit }, h("b", {}, String(digit)), h("span", { class: "track" }, ...tracks), ...numbers);
    for (const name of series) row.dataset[name] = "";
    return { row, tracks, numbers };
  });

  /** @param {Probabilities[]} values one a series */
  function show(values) {
    series.forEach((name, number) => {
      const probabilities = values[number];
      const top = probabilities ? largest(probabilities) : null;
      rows.forEach(({ row, tracks, numbers }, digit) => {
        const probability = probabilities?.[digit];
        row.dataset[name] = probability === undefined ? "" : String(probability);
        row.classList.toggle(`top-${name}`, digit === top);
        tracks[number].style.transform = `scaleX(${probability ?? 0})`;
        write(numbers[number], probability === undefined ? "" : percent(probability));
      });
    });
  }
  const element = h("ol", { class: `bars of-${series.length}`, ...attributes }, ...rows.map(({ row }) => row));
  return { element, rows: rows.map(({ row }) => row), show };
}

/**
 * The page's chart: before training beside the moment shown, with the luck marks on request.
 * @param {Store} store
 */
export function createAnswerBars(store) {
  const { element, rows, show } = createBars(["untrained", "trained"], { "data-testid": "bars" });
  const first = h("span", { class: "key untrained" });
  const now = h("span", { class: "key trained", "data-testid": "moment" });
  const legend = h("p", { class: "legend" }, first, now);
  const axis = h("p", { class: "axis", "aria-hidden": "true" }, ...["0", "50", "100 %"].map((text) => h("span", {}, text)));
  const chart = h("div", { class: "chart-of-bars" }, legend, element, axis);

  store.watch(["run", "snapshot", "timeline"], () => {
    const words = nameSnapshot(shown(store.state));
    const before = sayOf(shown(store.state).isFineTuned, "before");
    write(first, before);
    write(now, words);
    element.setAttribute("aria-label", say("bars_label", { before, moment: words }));
  });
  store.watch(["probabilities", "snapshot", "timeline"], () => {
    const { untrained, trained } = answers(store.state);
    show([untrained, trained]);
  });
  store.watch(["isDigit", "penDown", "run", "snapshot", "timeline"], (state) => element.classList.toggle("not-a-digit", isNotADigit(state)));
  return { element: chart, rows };
}
