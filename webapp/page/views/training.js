// How the training went: when the network learned the digit on the pad, by its ten probabilities over the run's
// snapshots; and from the checkpoint's card accuracy and loss of every snapshot.
import { createChart, pickSnapshot } from "../chart.js";
import { h, write } from "../dom.js";
import { largest } from "../engine/network.js";
import { otherTrainings } from "../own_runs.js";
import { chosen, isOwn, ownNumber, recipeId, shown } from "../state.js";
import { SURE } from "../snapshots.js";
import { settledAt, tell } from "../story.js";
import { count, percent, say, share } from "../text.js";
import { comparedRuns, createCompared, nameCompared } from "./compared.js";
import { createSeries } from "./series.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../engine/checkpoint.js").Timeline} Timeline
 * @typedef {import("../chart.js").Chart} Chart
 * @typedef {{name: string, title: string, short: string, label?: string, accuracies: (number | null)[], losses: (number | null)[], images?: number[]}} Curve null: not
 *   measured; `label`: what the legend tells it by, where there are several
 */
/** By recipe, what is said of the dashed line where that differs. @type {Record<string, string>} */
const DASHED = { robust: "history_note_robust", "shuffled-labels": "history_note_shuffled-labels" };
/** By class, what a line is of where trainings are compared. @type {Record<string, string>} */
const LINES = { solid: "compare_solid", training: "compare_dashed" };
const LETTERS = "ABC"; // of the trainings that are compared, the chosen one's last
const PASSES = 20; // rows of the table, at most
const HEIGHTS = { digits: 160, measured: 145 }; // of the charts, so that all three fit in one place
/** @param {number} loss */
function nats(loss) {
  if (loss < 1000) return loss.toFixed(2);
  return loss < 1e6 ? count(Math.round(loss)) : loss.toExponential(1); // as of a training that diverged
}
const percents = (/** @type {number} */ value) => `${value * 100} %`;

/**
 * Of the chosen run, or of a series of trainings.
 * @param {Store} store
 * @param {import("../series.js").SeriesTrainer} trainer
 * @param {(run: string) => Promise<void>} fetchRun
 * @returns {import("./stage.js").View}
 */
export function createTrainingCurves(store, trainer, fetchRun) {
  const parts = [createDigitCurves(store), createMeasuredCurves(store, fetchRun)];
  const one = h("div", { class: "one-run" }, ...parts.flatMap(({ content }) => content));
  const series = createSeries(store, trainer);
  const switches = [false, true].map((showsSeries) => h("button", { type: "button", "data-shows": showsSeries ? "series" : "run", onclick: () => store.set({ showsSeries }) }));
  const head = h("div", { class: "switch", role: "group", "aria-label": say("training_shows") }, ...switches, series.heading);
  function show() {
    const { series: many, showsSeries } = store.state;
    const isMany = Boolean(many) && showsSeries;
    head.hidden = !many;
    one.hidden = isMany;
    series.element.hidden = series.heading.hidden = !isMany;
    switches.forEach((button, at) => button.setAttribute("aria-pressed", String(isMany === Boolean(at))));
    write(switches[0], say("training_shows_run"));
    write(switches[1], say("training_shows_series", { count: many?.members.length ?? 0 }));
    if (isMany) series.show();
    else parts.forEach((part) => part.show());
  }
  return { content: [head, one, series.element], keys: ["run", "runs", "timeline", "snapshot", "training", "image", "probabilities", "series", "showsSeries", "compared", "marked", "course"], show };
}

/** Of the drawing: how sure every snapshot is of each digit. @param {Store} store */
function createDigitCurves(store) {
  const line = h("p", { class: "panel-line", "data-testid": "learning-line" });
  const chart = createChart({ "data-testid": "learning-chart" }, { height: HEIGHTS.digits, onPick: (index) => pickSnapshot(store, index) });
  /** @type {unknown} */
  let drawn = null; // the probabilities that the chart shows
  /** @type {number | null} */
  let bet = null; // that it marks
  let until = Infinity; // the snapshot up to which it is drawn

  /** While a lesson plays, its outcome is not given away. */
  const lastInSight = () => (store.state.course?.phase === "moves" ? shown(store.state).index : Infinity);

  function draw() {
    const { probabilities } = store.state;
    const whole = probabilities?.every(Boolean) ? /** @type {Float64Array[]} */ (probabilities) : null;
    drawn = probabilities;
    note.hidden = card.hidden = !whole;
    bet = store.state.marked;
    until = lastInSight();
    if (whole) write(line, tell(whole, chosen(store.state).images_seen));
    else write(line, say(store.state.image ? "view_waits" : "learning_empty"));
    chart.show(whole && digitsChart(whole, chosen(store.state).images_seen, { label: until === Infinity ? (line.textContent ?? "") : say("learning_note"), bet }, until));
  }

  function show() {
    if (drawn !== store.state.probabilities || bet !== store.state.marked || until !== lastInSight() || !line.textContent || !drawn) draw();
    chart.move(shown(store.state).index);
  }
  const note = h("p", { class: "note" }, say("learning_note"));
  const card = h("button", { type: "button", "data-testid": "card-open", onclick: () => store.set({ showsCard: true }), hidden: true }, say("card_open"));
  return { content: [line, note, chart.element, h("div", { class: "chart-foot" }, card, chart.table)], show };
}

/**
 * One line for each digit; the digits that ever led stand at theirs.
 * @param {Float64Array[]} probabilities (snapshots, 10)
 * @param {number[]} images shown by each snapshot
 * @param {Pick<Chart, "label" | "bet">} told
 * @param {number} until the snapshot up to which they are drawn; Infinity: all, and when the answer settled
 * @returns {Chart}
 */
function digitsChart(probabilities, images, told, until) {
  const said = probabilities.map((values) => largest(values));
  const answer = said[said.length - 1];
  const lines = [...Array(10).keys()]
    .sort((a, b) => Number(a === answer) - Number(b === answer)) // the answer's line is drawn last, on top
    .map((digit) => ({
      values: probabilities.slice(0, until + 1).map((values) => values[digit]),
      name: digit === answer ? "chosen" : said.includes(digit) ? "led" : "other",
      title: String(digit),
      label: said.includes(digit) ? String(digit) : "",
      labelAt: digit === answer ? undefined : leadOf(digit, probabilities),
    }));
  return { images, snapshots: images, lines, top: 1, format: percents, words: percent, ...told, name: say("chart_table_digits"), mark: until === Infinity ? since(probabilities) : null };
}

/** The snapshot since which the story is sure, or leans to its answer; null if it names none. @param {Float64Array[]} probabilities */
function since(probabilities) {
  const sure = settledAt(probabilities, SURE);
  return sure < probabilities.length ? sure : settledAt(probabilities) || null;
}

/** The snapshot at which a digit was most probable of those at which it was the answer. @param {number} digit @param {Float64Array[]} probabilities */
function leadOf(digit, probabilities) {
  const led = probabilities.map((values) => (largest(values) === digit ? values[digit] : 0));
  return led.indexOf(Math.max(...led));
}

/** Of the run: its accuracy and loss, beside those of others. @param {Store} store @param {(run: string) => Promise<void>} fetchRun */
function createMeasuredCurves(store, fetchRun) {
  const line = h("p", { class: "note", "data-testid": "history-line" });
  const legend = h("p", { class: "curves", "data-testid": "history-legend" });
  const onPick = (/** @type {number} */ index) => pickSnapshot(store, index);
  const [accuracy, loss] = ["accuracy", "loss"].map((name) => createChart({ "data-testid": `history-${name}` }, { height: HEIGHTS.measured, onPick }));
  const figure = (/** @type {string} */ key, /** @type {HTMLElement} */ place) => h("figure", {}, h("figcaption", {}, say(key)), place);
  const charts = h("div", { class: "curve-pair" }, figure("history_accuracy", accuracy.element), figure("history_loss", loss.element));
  const passes = createPasses();
  const compare = createCompared(store, fetchRun);
  /** @type {unknown} */
  let drawn = null; // the card that the charts show: while a run is trained, it often stays the same

  /** @param {Timeline} timeline */
  function draw(timeline) {
    const { id, images_seen: seen } = chosen(store.state);
    const compared = comparedOf(store);
    const others = comparedRuns(store.state);
    const letter = LETTERS[others.length];
    const own = compared.length ? curvesOf(timeline).map((curve) => ({ ...named(curve, chosen(store.state), store.state), label: letter, name: curve.name === "training" ? "chosen training" : curve.name })) : curvesOf(timeline);
    const curves = [...(compared.length ? compared : earlierOf(store, timeline)), ...own];
    const images = [axisOf(store, timeline), ...compared.flatMap((curve) => [curve.images ?? []])].reduce((most, each) => ((each.at(-1) ?? 0) > (most.at(-1) ?? 0) ? each : most));
    const dashed = isOwn(id) ? "history_note" : (DASHED[recipeId(id)] ?? "history_note");
    write(line, !curves.length ? say("history_empty") : curves.some(({ name }) => name === "training") ? say(dashed) : "");
    if (compared.length) legend.replaceChildren(...[...others, chosen(store.state)].map((run, at) => h("span", { class: run === others[at] ? `compared-${at + 1}` : "chosen" }, h("b", {}, LETTERS[at]), ` ${endOf(run, store)}`)), ...["solid", "training"].map((name) => h("span", { class: name }, say(LINES[name]))));
    else legend.replaceChildren(...curves.map((curve) => h("span", { class: curve.name }, inWords(curve.title, curve.accuracies, share))));
    charts.hidden = !curves.length;
    const top = Math.max(0.1, ...curves.flatMap((curve) => curve.losses.map((value) => value ?? 0)));
    const axis = { images, snapshots: seen };
    accuracy.show(chartOf(curves, "accuracies", { ...axis, top: 1, format: percents, words: share, label: "history_accuracy_label", name: say("chart_table_accuracy") }));
    loss.show(chartOf(curves, "losses", { ...axis, top, format: nats, words: nats, label: "history_loss_label", name: say("chart_table_loss") }));
    passes.show(timeline);
  }

  function show() {
    const { timeline } = store.state;
    if (!timeline) {
      drawn = null;
      write(line, say("view_waits"));
      for (const chart of [accuracy, loss]) chart.show(null);
      passes.element.hidden = true;
      return legend.replaceChildren();
    }
    compare.show();
    const beside = [...earlierOf(store, timeline), ...comparedOf(store)].map(({ title, losses }) => [title, losses]);
    const measured = JSON.stringify([timeline.card.run, measuredOf(timeline), store.state.training?.axis.length, beside]);
    if (drawn !== measured) draw(timeline);
    drawn = measured;
    for (const chart of [accuracy, loss]) chart.move(shown(store.state).index);
  }
  const foot = h("div", { class: "chart-foot" }, compare.element, accuracy.table, loss.table, passes.element);
  return { content: [charts, legend, line, foot], show };
}

/** The same in numbers, pass by pass; a few of many, further and further apart. */
function createPasses() {
  const columns = ["history_pass", "history_training_loss", "history_training_accuracy", "history_test_loss", "history_test_accuracy"];
  const body = h("tbody", {});
  const head = h("thead", {}, h("tr", {}, ...columns.map((key) => h("th", { scope: "col" }, say(key)))));
  const table = h("table", { "data-testid": "history-passes" }, head, body);
  const element = h("details", { class: "passes" }, h("summary", {}, say("history_passes")), table);

  /** @param {Timeline} timeline */
  function show({ card: { epochs } }) {
    const kept = new Set(Array.from({ length: PASSES }, (_, at) => Math.round(epochs.length ** (at / (PASSES - 1)))));
    const rows = epochs.map(({ epoch, training_loss, training_accuracy, test_loss, test_accuracy }) =>
      [String(epoch), training_loss.toFixed(4), share(training_accuracy), test_loss.toFixed(4), share(test_accuracy)]);
    body.replaceChildren(...rows.filter((_, index) => kept.has(index + 1)).map((row) => h("tr", {}, ...row.map((text) => h("td", {}, text)))));
    element.hidden = !rows.length;
  }
  return { element, show };
}

/** A curve's name, and the first and the last value that was measured. @param {string} title @param {(number | null)[]} values @param {(value: number) => string} words */
function inWords(title, values, words) {
  const known = values.filter((value) => value !== null);
  return say("history_curve", { images: title, first: words(known[0] ?? 0), last: words(known.at(-1) ?? 0) });
}

/** What was measured of each snapshot: a run's id may stand for another one by now. @param {Timeline} timeline */
const measuredOf = ({ card }) => [card.scores, card.training_scores].map((scores) => scores.map((score) => score && [score.n, score.loss]));

/** The images along the axis; of a run that is being trained, also those to come. @param {Store} store @param {Timeline} timeline */
function axisOf({ state: { training } }, { card }) {
  return training?.run === card.run && training.axis.length > 1 && training.phase !== "done" ? training.axis : card.images_seen;
}

/**
 * The visitor's other trainings, for comparison.
 * @param {Store} store
 * @param {Timeline} timeline
 * @returns {Curve[]}
 */
function earlierOf(store, { card: { run } }) {
  if (!isOwn(run)) return [];
  return otherTrainings(store.state, run).flatMap((other) => {
    const [test] = curvesOf(other);
    const values = { number: ownNumber(other.card.run), images: count(other.card.recipe.training_images) };
    return test ? [{ ...test, name: "earlier", label: String(values.number), title: say("history_earlier", values), short: say("history_read_earlier", values), images: other.card.images_seen }] : [];
  });
}

/** A curve that says which training it is of. @param {Curve} curve @param {import("../state.js").Run} run @param {import("../state.js").State} state @returns {Curve} */
function named(curve, run, state) {
  const [title, short] = [curve.title, curve.short].map((images) => say("compare_curve", { run: nameCompared(run, state), images }));
  return { ...curve, title, short };
}

/** What a training came to, for the legend of several. @param {import("../state.js").Run} run @param {Store} store */
function endOf(run, { state }) {
  const ends = curvesOf(/** @type {Timeline} */ (run.timeline)).map(({ accuracies }) => accuracies.filter((value) => value !== null).at(-1));
  const [test = null, training = null] = ends.map((value) => (value === undefined ? null : share(value)));
  return say(training === null ? "compare_end" : "compare_ends", { run: nameCompared(run, state), test: test ?? "–", training });
}

/** The curves of the trainings that are compared with the chosen one. @param {Store} store @returns {Curve[]} */
function comparedOf({ state }) {
  return comparedRuns(state).flatMap((run, at) => {
    const timeline = /** @type {Timeline} */ (run.timeline);
    return curvesOf(timeline).map((curve) => ({ ...named(curve, run, state), label: LETTERS[at], name: `compared-${at + 1}${curve.name === "training" ? " training" : ""}` }));
  });
}

/** @param {Timeline} timeline @returns {Curve[]} */
function curvesOf({ card }) {
  const curve = (/** @type {string} */ name, /** @type {string} */ title, /** @type {string} */ short, /** @type {(import("../engine/card.js").Scored | null)[]} */ scores) => ({
    name,
    title,
    short,
    accuracies: scores.map((score) => score && score.correct / score.n),
    losses: scores.map((score) => score && score.loss),
    images: card.images_seen,
  });
  const counts = card.scores.flatMap((score) => score?.n ?? []);
  const [few, all] = [Math.min(...counts), Math.max(...counts)].map(count); // a run that is new is measured on all of them later
  const words = few === all ? say("history_test", { n: all }) : say("history_test_mixed", { few, all });
  const curves = counts.length ? [curve("chosen", words, say("history_read_test"), card.scores)] : [];
  const first = card.training_scores.find(Boolean);
  if (first) curves.push(curve("training", say("history_training", { n: count(first.n) }), say("history_read_training"), card.training_scores));
  return curves;
}

/**
 * @param {Curve[]} curves
 * @param {"accuracies" | "losses"} key
 * @param {Omit<Chart, "lines">} chart `label`: the key of its sentence
 * @returns {Chart}
 */
function chartOf(curves, key, { label, ...chart }) {
  const lines = curves.map(({ [key]: values, name, short: title, images, label: letter }) => {
    const measured = values.filter((value) => value !== null).length;
    const at = LETTERS.indexOf(letter ?? "");
    const labelAt = name.endsWith("training") ? Math.floor(measured * (0.5 + 0.17 * at)) : measured - 1; // so that few meet
    return { values, name, title, images, label: letter, labelAt };
  });
  const parts = curves.map(({ title, [key]: values }) => inWords(title, values, chart.words));
  return { ...chart, lines, label: say(label, { lines: parts.join("; ") }) };
}
