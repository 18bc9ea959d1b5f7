// Ten upright columns, one for each digit, on one axis from 0 to 1.
import { h, write } from "../dom.js";
import { largest } from "../engine/network.js";
import { answers, isNotADigit, shown } from "../state.js";
import { nameSnapshot, percent, say, sayOf } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {ArrayLike<number> | null} Probabilities of the ten digits
 */
const LEAST = 0.03; // probability from which on a column bears its number

/**
 * A chart of ten columns. Every series has a bar in every column, the later ones in front, and its probabilities as
 * `data-<series>`; the number above is of the last series. A column that is hovered over tells its probabilities exactly.
 * @param {string[]} series names, such as ["untrained", "trained"]
 * @param {Record<string, unknown>} attributes of the list
 * @returns {{element: HTMLElement, columns: HTMLElement[], raise: (values: (Probabilities | undefined)[]) => void, show: (values: Probabilities[], names?: string[], isAtRest?: boolean) => void}}
 *   `show` takes the series' values, and their names for what is told exactly, which is read aloud of columns at rest;
 *   `raise` lets the bars alone rise so high
 */
export function createColumns(series, attributes) {
  /** @type {[Probabilities[], string[]]} */
  let shownNow = [[], []];
  /** What a column tells exactly: the last series first. @param {number} digit */
  const exactly = (digit) => {
    const [values, names] = shownNow;
    const told = values.flatMap((probabilities, at) => (probabilities ? `${names[at] ?? ""} ${percent(probabilities[digit])}`.trim() : []));
    return told.length ? `: ${told.reverse().join(", ")}` : "";
  };
  const columns = Array.from({ length: 10 }, (_, digit) => {
    const bars = series.map((name) => h("i", { class: `bar ${name}` }));
    const number = h("span", {});
    const value = h("span", { class: "value", "aria-hidden": "true" }, number, h("span", { class: "sign" }, " %"));
    const exact = h("span", { class: "hidden" });
    const tell = () => (column.title = exactly(digit) && `${digit}${exactly(digit)}`); // written for who asks, not with every movement of a pen
    const column = h("li", { "data-digit": digit, onpointermove: tell }, h("span", { class: "track" }, ...bars, value), h("b", {}, String(digit)), exact);
    for (const name of series) column.dataset[name] = "";
    return { column, bars, value, number, exact };
  });

  /** @param {(Probabilities | undefined)[]} values one a series */
  function raise(values) {
    columns.forEach(({ bars }, digit) => bars.forEach((bar, at) => (bar.style.height = `${100 * (values[at]?.[digit] ?? 0)}%`)));
  }
  /** @param {Probabilities[]} values one a series @param {string[]} [names] @param {boolean} [isAtRest] */
  function show(values, names = [], isAtRest = true) {
    shownNow = [values, names];
    raise(values);
    const last = values[values.length - 1];
    const tops = values.map((probabilities) => probabilities && largest(probabilities));
    columns.forEach(({ column, value, number, exact }, digit) => {
      series.forEach((name, at) => {
        const probability = values[at]?.[digit];
        column.dataset[name] = probability === undefined ? "" : String(probability);
        column.classList.toggle(`top-${name}`, digit === tops[at]);
      });
      const probability = last?.[digit] ?? 0;
      value.hidden = probability < LEAST;
      write(number, value.hidden ? "" : wholePercent(probability));
      value.style.bottom = `${100 * Math.max(...values.map((each) => each?.[digit] ?? 0))}%`; // an outline would strike it through
      if (isAtRest) write(exact, exactly(digit));
    });
  }
  const element = h("ol", { class: `bars of-${series.length}`, ...attributes }, ...columns.map(({ column }) => column));
  return { element, columns: columns.map(({ column }) => column), raise, show };
}

/** In whole percents; what is not quite certain is never shown as 100 %. @param {number} probability */
const wholePercent = (probability) => (probability >= 0.995 ? ">99" : Math.round(100 * probability));

/**
 * The page's chart: before training beside the moment shown.
 * @param {Store} store
 */
export function createAnswerColumns(store) {
  const { element, columns, raise, show } = createColumns(["untrained", "trained"], { "data-testid": "bars" });
  const first = h("span", { class: "key untrained" });
  const now = h("span", { class: "key trained", "data-testid": "moment" });
  const legend = h("p", { class: "legend" }, first, now);
  /** @type {string[]} */
  let names = [];

  store.watch(["run", "snapshot", "timeline"], () => {
    const words = nameSnapshot(shown(store.state));
    const before = sayOf(shown(store.state).isFineTuned, "before");
    names = [before, words];
    write(first, before);
    write(now, words);
    element.setAttribute("aria-label", say("bars_label", { before, moment: words }));
  });
  store.watch(["probabilities", "snapshot", "timeline", "penDown"], ({ penDown }) => {
    const { untrained, trained } = answers(store.state);
    show([untrained, trained], names, !penDown);
  });
  store.watch(["isDigit", "penDown", "run", "snapshot", "timeline"], (state) => element.classList.toggle("not-a-digit", isNotADigit(state)));
  return { content: [legend, element], columns, raise };
}
