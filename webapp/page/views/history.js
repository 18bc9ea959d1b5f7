// The run's own history, from its checkpoint's card: accuracy and loss of every snapshot, and epochs.
import { drawChart, placeOf } from "../chart.js";
import { h, write } from "../dom.js";
import { otherTrainings } from "../own_runs.js";
import { chosen, isOwn, shown } from "../state.js";
import { count, say, share } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../runs.js").Library} Library
 * @typedef {import("../engine/checkpoint.js").Timeline} Timeline
 * @typedef {{name: string, title: string, accuracies: (number | null)[], losses: (number | null)[], images?: number[]}} Curve null: not measured
 */
const TOLD_APART = ["robust", "shuffled-labels", "own"]; // recipes with a sentence of their own
const EPOCHS = 20; // rows of the table, at most
/** @param {number} loss */
function nats(loss) {
  if (loss < 1000) return loss.toFixed(2);
  return loss < 1e6 ? count(Math.round(loss)) : loss.toExponential(1); // as of a training that diverged
}
const percents = (/** @type {number} */ value) => `${value * 100} %`;

/**
 * @param {Store} store
 * @param {Library} library
 * @returns {import("./panels.js").View}
 */
export function createHistory(store, library) {
  const line = h("p", { class: "panel-line", "data-testid": "history-line" });
  const legend = h("p", { class: "curves", "data-testid": "history-legend" });
  const [accuracy, loss] = ["accuracy", "loss"].map((name) => h("div", { class: "chart", "data-testid": `history-${name}` }));
  const body = h("tbody");
  const columns = ["epoch", "training_loss", "training_accuracy", "test_loss", "test_accuracy"];
  const head = h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, say(`history_${name}`))));
  const caption = h("caption", {}, say("history_epochs"));
  const table = h("table", { class: "epochs", "data-testid": "history-epochs" }, caption, h("thead", {}, head), body);
  /** @type {unknown} */
  let drawn = null; // the card that the charts show: while a run is trained, it often stays the same
  /** @type {((index: number) => void)[]} */
  let moveCursors = [];

  /** @param {Timeline} timeline */
  function draw(timeline) {
    const { recipe, images_seen: seen } = chosen(store);
    const curves = [...earlierOf(store, library, timeline), ...curvesOf(timeline)];
    const images = axisOf(store, timeline);
    const kind = isOwn(timeline.run) ? "own" : recipe;
    const sentence = TOLD_APART.includes(kind) ? `history_shown_${kind}` : "history_shown";
    write(line, say(sentence, { shown: count(seen[seen.length - 1]), passes: timeline.card.epochs.length }));
    legend.replaceChildren(...curves.map((curve) => h("span", { class: curve.name }, inWords(curve))));
    table.hidden = !timeline.card.epochs.length;
    charts.hidden = !curves.length;
    if (!curves.length) write(line, say("history_empty"));
    const top = Math.max(0.1, ...curves.flatMap((curve) => curve.losses.map((value) => value ?? 0)));
    moveCursors = [
      drawCurves(accuracy, curves, "accuracies", { images, top: 1, format: percents, words: share, name: "accuracy" }),
      drawCurves(loss, curves, "losses", { images, top, format: nats, words: nats, name: "loss" }),
    ];
    body.replaceChildren(...rowsOf(timeline));
  }

  function show() {
    const { timeline } = store.state;
    if (!timeline) {
      drawn = null;
      moveCursors = [];
      write(line, say("view_waits"));
      for (const place of [legend, accuracy, loss, body]) place.replaceChildren();
      return;
    }
    const others = earlierOf(store, library, timeline).map(({ losses }) => losses);
    const measured = JSON.stringify([timeline.run, measuredOf(timeline), store.state.training?.axis.length, others]);
    if (drawn !== measured) draw(timeline);
    drawn = measured;
    const place = placeOf(shown(store).images, axisOf(store, timeline));
    for (const move of moveCursors) move(place);
  }
  const figure = (/** @type {string} */ name, /** @type {HTMLElement} */ place) =>
    h("figure", {}, h("figcaption", {}, say(`history_${name}`)), place);
  const charts = h("div", { class: "chart-pair" }, figure("accuracy", accuracy), figure("loss", loss));
  const note = h("p", { class: "note" }, say("history_note"));
  return { content: [note, line, legend, charts, table], keys: ["run", "timeline", "snapshot", "training", "own"], show };
}

/** A curve's name, and its accuracy at both ends. @param {Curve} curve */
function inWords({ title, accuracies }) {
  const [first, last] = endsOf(accuracies).map(share);
  return say("history_curve", { images: title, first, last });
}

/** The first and the last that was measured. @param {(number | null)[]} values */
function endsOf(values) {
  const known = /** @type {number[]} */ (values.filter((value) => value !== null));
  return [known[0] ?? 0, known[known.length - 1] ?? 0];
}

/** What was measured of each snapshot: a run's id may stand for another one by now. @param {Timeline} timeline */
const measuredOf = ({ card }) => [card.scores, card.training_scores].map((scores) => scores.map((score) => score && [score.n, score.loss]));

/** The images along the axis; of a run that is being trained, also those to come. @param {Store} store @param {Timeline} timeline */
function axisOf({ state }, { run, imagesSeen }) {
  const { training } = state;
  return training?.run === run && training.axis.length > 1 && training.phase !== "done" ? training.axis : imagesSeen;
}

/**
 * The visitor's other trainings, for comparison.
 * @param {Store} store
 * @param {Library} library
 * @param {Timeline} timeline
 * @returns {Curve[]}
 */
function earlierOf(store, library, timeline) {
  if (!isOwn(timeline.run)) return [];
  return otherTrainings(store, library, timeline.run).flatMap((other) => {
    const [test] = curvesOf(other);
    return test ? [{ ...test, name: "earlier", title: say("history_earlier"), images: other.imagesSeen }] : [];
  });
}

/** @param {Timeline} timeline @returns {Curve[]} */
function curvesOf({ card, imagesSeen: images }) {
  const curve = (/** @type {string} */ name, /** @type {string} */ title, /** @type {(import("../engine/card.js").Scored | null)[]} */ scores) => ({
    name,
    title,
    accuracies: scores.map((score) => score && score.correct / score.n),
    losses: scores.map((score) => score && score.loss),
    images,
  });
  const test = card.scores.find(Boolean);
  const curves = test ? [curve("chosen", say("history_test", { n: count(test.n) }), card.scores)] : [];
  const first = card.training_scores.find(Boolean);
  if (first) curves.push(curve("training", say("history_training", { n: count(first.n) }), card.training_scores));
  return curves;
}

/**
 * @param {HTMLElement} place
 * @param {Curve[]} curves
 * @param {"accuracies" | "losses"} key
 * @param {{images: number[], top: number, format: (value: number) => string, words: (value: number) => string, name: string}} chart
 */
function drawCurves(place, curves, key, { words, name, ...chart }) {
  const lines = curves.map((curve) => ({ values: curve[key], name: curve.name, images: curve.images }));
  const parts = curves.map(({ title, [key]: values }) => {
    const [first, last] = endsOf(values).map(words);
    return say("history_line", { first, last, images: title });
  });
  return drawChart(place, { ...chart, lines, label: say(`history_${name}_label`, { lines: parts.join("; ") }) });
}

/** @param {Timeline} timeline @returns {HTMLElement[]} a few epochs of many, further and further apart */
function rowsOf({ card: { epochs } }) {
  const last = epochs.length;
  const kept = new Set(Array.from({ length: EPOCHS }, (_, at) => Math.round(last ** (at / (EPOCHS - 1)))));
  return epochs
    .filter((_, index) => kept.has(index + 1))
    .map((epoch) => {
      const texts = [epoch.training_loss.toFixed(4), share(epoch.training_accuracy), epoch.test_loss.toFixed(4), share(epoch.test_accuracy)];
      return h("tr", {}, ...[String(epoch.epoch), ...texts].map((text) => h("td", {}, text)));
    });
}
