// The run's own history, from its checkpoint's card: accuracy and loss of every snapshot, and epochs.
import { drawChart, placeOf } from "../chart.js";
import { h, write } from "../dom.js";
import { otherTrainings } from "../own_runs.js";
import { chosen, isOwn, recipeId, shown } from "../state.js";
import { count, countImages, say, share } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../engine/checkpoint.js").Timeline} Timeline
 * @typedef {{name: string, title: string, accuracies: (number | null)[], losses: (number | null)[], images?: number[]}} Curve null: not measured
 */
/** By recipe, what is said of its end where that differs. @type {Record<string, string>} */
const ENDS = { robust: "history_shown_robust", "shuffled-labels": "history_shown_shuffled-labels" };
const EPOCHS = 20; // rows of the table, at most
/** @param {number} loss */
function nats(loss) {
  if (loss < 1000) return loss.toFixed(2);
  return loss < 1e6 ? count(Math.round(loss)) : loss.toExponential(1); // as of a training that diverged
}
const percents = (/** @type {number} */ value) => `${value * 100} %`;

/** @param {Store} store @returns {import("./panels.js").View} */
export function createHistory(store) {
  const line = h("p", { class: "panel-line", "data-testid": "history-line" });
  const legend = h("p", { class: "curves", "data-testid": "history-legend" });
  const [accuracy, loss] = ["accuracy", "loss"].map((name) => h("div", { class: "chart", "data-testid": `history-${name}` }));
  const body = h("tbody");
  const columns = ["history_epoch", "history_training_loss", "history_training_accuracy", "history_test_loss", "history_test_accuracy"];
  const head = h("tr", {}, ...columns.map((key) => h("th", { scope: "col" }, say(key))));
  const caption = h("caption", {}, say("history_epochs"));
  const table = h("table", { class: "epochs", "data-testid": "history-epochs" }, caption, h("thead", {}, head), body);
  /** @type {unknown} */
  let drawn = null; // the card that the charts show: while a run is trained, it often stays the same
  /** @type {((index: number) => void)[]} */
  let moveCursors = [];

  /** @param {Timeline} timeline */
  function draw(timeline) {
    const { id, images_seen: seen } = chosen(store.state);
    const curves = [...earlierOf(store, timeline), ...curvesOf(timeline)];
    const images = axisOf(store, timeline);
    const sentence = isOwn(id) ? "history_shown_own" : (ENDS[recipeId(id)] ?? "history_shown");
    write(line, say(sentence, { shown: countImages(seen[seen.length - 1]), passes: timeline.card.epochs.length }));
    legend.replaceChildren(...curves.map((curve) => h("span", { class: curve.name }, inWords(curve))));
    table.hidden = !timeline.card.epochs.length;
    charts.hidden = !curves.length;
    if (!curves.length) write(line, say("history_empty"));
    const top = Math.max(0.1, ...curves.flatMap((curve) => curve.losses.map((value) => value ?? 0)));
    moveCursors = [
      drawCurves(accuracy, curves, "accuracies", { images, top: 1, format: percents, words: share, label: "history_accuracy_label" }),
      drawCurves(loss, curves, "losses", { images, top, format: nats, words: nats, label: "history_loss_label" }),
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
    const others = earlierOf(store, timeline).map(({ losses }) => losses);
    const measured = JSON.stringify([timeline.card.run, measuredOf(timeline), store.state.training?.axis.length, others]);
    if (drawn !== measured) draw(timeline);
    drawn = measured;
    const place = placeOf(shown(store.state).images, axisOf(store, timeline));
    for (const move of moveCursors) move(place);
  }
  const figure = (/** @type {string} */ key, /** @type {HTMLElement} */ place) => h("figure", {}, h("figcaption", {}, say(key)), place);
  const charts = h("div", { class: "chart-pair" }, figure("history_accuracy", accuracy), figure("history_loss", loss));
  const note = h("p", { class: "note" }, say("history_note"));
  return { content: [note, line, legend, charts, table], keys: ["run", "runs", "timeline", "snapshot", "training"], show };
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
    return test ? [{ ...test, name: "earlier", title: say("history_earlier"), images: other.card.images_seen }] : [];
  });
}

/** @param {Timeline} timeline @returns {Curve[]} */
function curvesOf({ card }) {
  const curve = (/** @type {string} */ name, /** @type {string} */ title, /** @type {(import("../engine/card.js").Scored | null)[]} */ scores) => ({
    name,
    title,
    accuracies: scores.map((score) => score && score.correct / score.n),
    losses: scores.map((score) => score && score.loss),
    images: card.images_seen,
  });
  const counts = card.scores.flatMap((score) => score?.n ?? []);
  const [few, all] = [Math.min(...counts), Math.max(...counts)].map(count); // a run that is new is measured on all of them later
  const curves = counts.length ? [curve("chosen", few === all ? say("history_test", { n: all }) : say("history_test_mixed", { few, all }), card.scores)] : [];
  const first = card.training_scores.find(Boolean);
  if (first) curves.push(curve("training", say("history_training", { n: count(first.n) }), card.training_scores));
  return curves;
}

/**
 * @param {HTMLElement} place
 * @param {Curve[]} curves
 * @param {"accuracies" | "losses"} key
 * @param {{images: number[], top: number, format: (value: number) => string, words: (value: number) => string, label: string}} chart `label`: the key of its sentence
 */
function drawCurves(place, curves, key, { words, label, ...chart }) {
  const lines = curves.map((curve) => ({ values: curve[key], name: curve.name, images: curve.images }));
  const parts = curves.map(({ title, [key]: values }) => {
    const [first, last] = endsOf(values).map(words);
    return say("history_line", { first, last, images: title });
  });
  return drawChart(place, { ...chart, lines, label: say(label, { lines: parts.join("; ") }) });
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
