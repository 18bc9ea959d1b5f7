// Many trainings of one recipe, or of two: their curves as bands, how far they lie apart, and what they say of the drawing.
import { createChart } from "../chart.js";
import { h, svg, write } from "../dom.js";
import { largest, logits } from "../engine/network.js";
import { deviation, mean, permutationTest } from "../engine/spread.js";
import { describeRecipe } from "../own_names.js";
import { baseOf } from "../own_runs.js";
import { tutorialOf } from "../state.js";
import { capital, count, countImages, percent, say, share } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../series.js").Series} Series
 * @typedef {import("../series.js").Member} Member
 * @typedef {import("../engine/network.js").Network} Network
 */
const NAMES = ["first", "second"]; // of the recipes, as classes
const SLICE_MS = 4; // in which networks are asked, of each frame
const DOTS = { row: 34, radius: 5, side: 12, foot: 18 }; // pixels
const [SURE_P, LEAST_P] = [0.05, 0.001]; // from the one on, a difference may be luck; below the other, p is not told more exactly

/**
 * @param {Store} store
 * @param {import("../series.js").SeriesTrainer} trainer
 * @returns {{heading: HTMLElement, element: HTMLElement, show: () => void}}
 */
export function createSeries(store, trainer) {
  const heading = h("p", { class: "panel-line", "data-testid": "many-heading" });
  const legend = h("p", { class: "curves", "data-testid": "many-spread" });
  const measured = h("p", { class: "note" });
  const said = h("p", { class: "panel-line", "data-testid": "many-answer" });
  const verdict = h("p", { "data-testid": "many-verdict" });
  const idea = h("p", { class: "note" }, say("series_idea"));
  const pick = (/** @type {number} */ number) => trainer.show(number);
  const chart = createChart({ "data-testid": "many-chart" }, { height: 150, onPick: (_, title) => pick(numberOf(store.state.series, title)) });
  const dots = svg("svg", { class: "dots", "data-testid": "many-dots", "aria-hidden": "true" }); // the chart has them for keyboard and ear
  dots.addEventListener("click", ({ clientX, clientY }) => {
    const distance = (/** @type {Element} */ dot) => {
      const { left, top, width, height } = dot.getBoundingClientRect();
      return Math.hypot(left + width / 2 - clientX, top + height / 2 - clientY);
    };
    const [nearest] = [...dots.querySelectorAll("circle")].sort((one, other) => distance(one) - distance(other));
    pick(Number(nearest?.dataset.number));
  });
  new ResizeObserver(() => drawn[0] && dots.clientWidth && draw(drawn[0])).observe(dots);
  const ask = createQuestion(store, (counts) => write(said, describeAnswers(store, counts)));
  /** @type {[Series, number] | []} what is drawn, and which of them is the page's */
  let drawn = [];

  /** @param {Series} series */
  function draw(series) {
    const { recipes, starts, members } = series;
    const parts = recipes.map((plan) => describeRecipe(plan, tutorialOf(baseOf(store.state, plan.architecture.id))));
    const what = parts.map((own, at) => (parts.length > 1 ? ownParts(own, parts[1 - at]) : own).join(", "));
    write(heading, say(recipes.length > 1 ? "series_two" : "series_one", { starts, what: what[0] }));
    chart.show(chartOf(series, trainer.shown));
    const groups = recipes.map((_, at) => resultsOf(members.filter(({ recipe }) => recipe === at)));
    legend.replaceChildren(...groups.map((group, at) => h("span", { class: NAMES[at] }, recipes.length > 1 && `${capital(what[at])}: `, describeSpread(group))));
    write(measured, groups.every(({ values }) => values.length) ? say("series_measured", { n: count(groups[0].n), images: inWords(groups.map(({ images }) => countImages(images))) }) : "");
    paintDots(dots, groups, trainer.shown);
    write(verdict, series.phase === "done" && groups.length > 1 ? compare(groups.map(({ values }) => values)) : "");
  }

  function show() {
    const { series } = store.state;
    if (!series) return;
    if (series !== drawn[0] || trainer.shown !== drawn[1]) draw(series);
    drawn = [series, trainer.shown];
    ask(series);
  }
  const element = h("div", { class: "series" }, verdict, chart.element, legend, dots, measured, said, chart.table, idea);
  return { heading, element, show };
}

/** What only one of two recipes has, or all that it has. @param {string[]} own @param {string[]} other */
function ownParts(own, other) {
  const parts = own.filter((part) => !other.includes(part));
  return parts.length ? parts : own;
}

/** What the line of a training is called. @param {Member} member */
const titleOf = ({ plan }) => say("series_line", { seed: plan.seed });

/** @param {Series | null} series @param {string} title of its line */
const numberOf = (series, title) => series?.members.findIndex((member) => titleOf(member) === title) ?? -1;

/** A training's accuracy at each of its snapshots. @param {Member} member @returns {number[]} */
const accuraciesOf = ({ snapshots }) => snapshots.map(({ test }) => (test ? test.correct / test.n : NaN));

/** Curves and bands. @param {Series} series @param {number} shown the number of the training whose network is the page's; -1 for none @returns {import("../chart.js").Chart} */
function chartOf({ recipes, members }, shown) {
  const axis = members.map((member) => member.axis).sort((one, other) => (other.at(-1) ?? 0) - (one.at(-1) ?? 0))[0];
  const images = axis.length > 1 ? axis : [0, 1];
  const lines = members
    .filter(({ snapshots }) => snapshots.length)
    .map((member) => ({ values: accuraciesOf(member), name: `member ${NAMES[member.recipe]} ${member.number === shown ? "shown" : ""}`, title: titleOf(member), images: member.axis }));
  const bands = recipes.map((_, at) => {
    const all = members.filter(({ recipe, snapshots }) => recipe === at && snapshots.length).map(accuraciesOf);
    const length = Math.max(0, ...all.map((values) => values.length));
    const ends = (/** @type {(...values: number[]) => number} */ of) => Array.from({ length }, (_, index) => of(...all.flatMap((values) => values[index] ?? [])));
    return { name: NAMES[at], images: members.find(({ recipe }) => recipe === at)?.axis ?? [], low: ends(Math.min), high: ends(Math.max) };
  });
  return { images, snapshots: images, lines, bands, top: 1, format: (value) => `${value * 100} %`, words: share, name: say("chart_table_accuracy"), label: say("series_chart_label", { count: members.length }) };
}

/** @typedef {{values: number[], members: Member[], n: number, images: number, diverged: number}} Results at the last snapshot that all have reached; n: test images */

/** @param {Member[]} members of one recipe @returns {Results} */
function resultsOf(members) {
  const well = members.filter(({ hasDiverged }) => !hasDiverged);
  const at = Math.min(...well.map(({ snapshots }) => snapshots.length)) - 1;
  const reached = well.flatMap(({ snapshots }) => snapshots[at] ?? []);
  const values = reached.map(({ test }) => (test ? test.correct / test.n : NaN));
  return { values, members: reached.length ? well : [], n: reached[0]?.test?.n ?? 0, images: reached[0]?.images ?? 0, diverged: members.length - well.length };
}

/** @param {string[]} words said once if they are the same */
const inWords = (words) => [...new Set(words)].join(say("series_and"));

/** @param {Results} results */
function describeSpread({ values, diverged }) {
  const lost = diverged ? say("series_diverged", { count: diverged }) : "";
  if (!values.length) return lost;
  const words = { mean: share(mean(values)), deviation: (100 * deviation(values)).toFixed(2), worst: share(Math.min(...values)), best: share(Math.max(...values)), lost };
  return say(values.length > 1 ? "series_spread" : "series_alone", words);
}

/** Whether two recipes differ by more than luck. @param {number[][]} groups */
function compare([one, other]) {
  if (one.length < 2 || other.length < 2) return "";
  const p = permutationTest(one, other);
  const difference = mean(other) - mean(one);
  const values = { points: Math.abs(100 * difference).toFixed(2), p: p < LEAST_P ? `< ${LEAST_P}` : `= ${p.toPrecision(2)}`, share: p < LEAST_P ? say("series_fewer", { share: percent(LEAST_P) }) : percent(p), results: one.length + other.length };
  const words = difference === 0 ? "series_same" : p >= SURE_P ? "series_luck" : difference > 0 ? "series_better" : "series_worse";
  return say(words, values);
}

/**
 * A dot for the result of each training, on an axis from the worst to the best.
 * @param {SVGElement} place
 * @param {Results[]} groups
 * @param {number} shown
 */
function paintDots(place, groups, shown) {
  const all = groups.flatMap(({ values }) => values);
  place.replaceChildren();
  place.toggleAttribute("hidden", all.length < 2);
  if (all.length < 2) return;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const { row, radius, side, foot } = DOTS;
  const width = Math.max(100, place.clientWidth);
  const x = (/** @type {number} */ value) => side + ((value - low) / (high - low || 1)) * (width - 2 * side);
  const height = groups.length * row + foot;
  place.setAttribute("viewBox", `0 0 ${width} ${height}`);
  groups.forEach(({ values, members }, at) => {
    const middle = at * row + row / 2;
    if (values.length) place.append(svg("line", { class: `dot-mean ${NAMES[at]}`, x1: x(mean(values)), x2: x(mean(values)), y1: middle - row / 2 + 2, y2: middle + row / 2 - 2 }));
    values.forEach((value, index) => {
      const { number } = members[index];
      const shift = ((index % 5) - 2) * (radius / 1.6); // so that equal ones are seen
      place.append(svg("circle", { class: `dot ${NAMES[at]} ${number === shown ? "shown" : ""}`, cx: x(value), cy: middle + shift, r: radius, "data-number": number }, svg("title", {}, `${titleOf(members[index])}: ${share(value)}`)));
    });
  });
  place.append(svg("text", { class: "chart-label", x: 0, y: height - 4 }, share(low)), svg("text", { class: "chart-label end", x: width, y: height - 4 }, share(high)));
}

/**
 * Ask the newest network of every training what it says of the image on the pad: a few in each frame, so that drawing goes on.
 * @param {Store} store
 * @param {(counts: number[][] | null) => void} tell how many networks of each recipe say each digit; null where there is no image
 */
function createQuestion(store, tell) {
  /** @type {WeakMap<Network, number>} */
  let known = new WeakMap();
  /** @type {Uint8Array | null} */
  let image = null;
  let frame = 0;

  /** @param {Series} series */
  return function ask(series) {
    if (store.state.image !== image) known = new WeakMap();
    image = store.state.image;
    cancelAnimationFrame(frame);
    if (!image) return tell(null);
    const left = series.members.filter(({ snapshots }) => snapshots.length);
    const counts = series.recipes.map(() => Array(10).fill(0));
    const some = () => {
      const until = performance.now() + SLICE_MS;
      for (let member; image && performance.now() < until && (member = left.pop()); ) {
        const network = member.snapshots[member.snapshots.length - 1].network;
        if (!network) continue;
        const digit = known.get(network) ?? largest(logits(network, image));
        known.set(network, digit);
        counts[member.recipe][digit] += 1;
      }
      if (left.length) frame = requestAnimationFrame(some);
      else tell(counts);
    };
    frame = requestAnimationFrame(some);
  };
}

/** @param {Store} store @param {number[][] | null} counts */
function describeAnswers({ state }, counts) {
  if (!counts) return say("series_empty");
  const [parts, others] = counts.map(describeCounts);
  if (!parts) return "";
  const what = say(state.sample ? "series_sample" : "series_drawing");
  return say(others ? "series_answers" : "series_answer", { what, parts, others });
}

/** @param {number[]} counts how many networks say each digit */
function describeCounts(counts) {
  const total = counts.reduce((sum, number) => sum + number, 0);
  const digits = [...counts.keys()].filter((digit) => counts[digit]).sort((one, other) => counts[other] - counts[one]);
  const parts = digits.map((digit, at) => say(at ? (counts[digit] > 1 ? "series_say" : "series_says") : counts[digit] > 1 ? "series_say_of" : "series_says_of", { count: counts[digit], total, digit }));
  return parts.join(", ");
}
