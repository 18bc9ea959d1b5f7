// The run's own history, from its checkpoint's card: accuracy and loss of every snapshot, and epochs.
import { drawChart } from "../chart.js";
import { h, write } from "../dom.js";
import { chosen, shown } from "../state.js";
import { count, say, share } from "../text.js";

/**
 * @typedef {import("../engine/checkpoint.js").Timeline} Timeline
 * @typedef {{name: string, title: string, accuracies: number[], losses: number[]}} Curve
 */
const TOLD_APART = ["robust", "shuffled-labels"]; // recipes with a sentence of their own
const EPOCHS = 20; // rows of the table, at most
const nats = (/** @type {number} */ loss) => loss.toFixed(2);
const percents = (/** @type {number} */ value) => `${value * 100} %`;

/** @param {import("../state.js").Store} store @returns {import("./panels.js").View} */
export function createHistory(store) {
  const line = h("p", { class: "panel-line", "data-testid": "history-line" });
  const legend = h("p", { class: "curves", "data-testid": "history-legend" });
  const [accuracy, loss] = ["accuracy", "loss"].map((name) => h("div", { class: "chart", "data-testid": `history-${name}` }));
  const body = h("tbody");
  const columns = ["epoch", "training_loss", "training_accuracy", "test_loss", "test_accuracy"];
  const head = h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, say(`history_${name}`))));
  const caption = h("caption", {}, say("history_epochs"));
  const table = h("table", { class: "epochs", "data-testid": "history-epochs" }, caption, h("thead", {}, head), body);
  /** @type {Timeline | null} */
  let drawn = null;
  /** @type {((index: number) => void)[]} */
  let moveCursors = [];

  /** @param {Timeline} timeline */
  function draw(timeline) {
    drawn = timeline;
    const { recipe, images_seen: images } = chosen(store);
    const curves = curvesOf(timeline);
    const sentence = TOLD_APART.includes(recipe) ? `history_shown_${recipe}` : "history_shown";
    write(line, say(sentence, { shown: count(images[images.length - 1]), passes: timeline.card.epochs.length }));
    legend.replaceChildren(...curves.map((curve) => h("span", { class: curve.name }, inWords(curve))));
    const top = Math.max(...curves.flatMap((curve) => curve.losses));
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
    if (drawn?.run !== timeline.run) draw(timeline);
    for (const move of moveCursors) move(shown(store).index);
  }
  const figure = (/** @type {string} */ name, /** @type {HTMLElement} */ place) =>
    h("figure", {}, h("figcaption", {}, say(`history_${name}`)), place);
  const charts = h("div", { class: "chart-pair" }, figure("accuracy", accuracy), figure("loss", loss));
  const note = h("p", { class: "note" }, say("history_note"));
  return { content: [note, line, legend, charts, table], keys: ["run", "timeline", "snapshot"], show };
}

/** A curve's name, and its accuracy at both ends. @param {Curve} curve */
function inWords({ title, accuracies }) {
  const [first, last] = [accuracies[0], accuracies[accuracies.length - 1]].map(share);
  return say("history_curve", { images: title, first, last });
}

/** @param {Timeline} timeline @returns {Curve[]} */
function curvesOf({ card }) {
  const curve = (/** @type {string} */ name, /** @type {string} */ title, /** @type {{n: number, correct: number, loss: number}[]} */ scores) => ({
    name,
    title,
    accuracies: scores.map(({ correct, n }) => correct / n),
    losses: scores.map((score) => score.loss),
  });
  const curves = [curve("chosen", say("history_test"), card.scores)];
  const [first] = card.training_scores;
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
  const lines = curves.map((curve) => ({ values: curve[key], name: curve.name }));
  const parts = curves.map(({ title, [key]: values }) =>
    say("history_line", { first: words(values[0]), last: words(values[values.length - 1]), images: title }),
  );
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
