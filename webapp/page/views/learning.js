// When the network learned the digit on the pad: its ten probabilities over the run's snapshots.
import { createChart, pickSnapshot } from "../chart.js";
import { h, write } from "../dom.js";
import { largest } from "../engine/network.js";
import { chosen, shown } from "../state.js";
import { settledAt, SURE, tell } from "../story.js";
import { percent, say } from "../text.js";

/** @param {import("../state.js").Store} store @returns {import("./panels.js").View} */
export function createLearning(store) {
  const line = h("p", { class: "panel-line", "data-testid": "learning-line" });
  const chart = createChart({ "data-testid": "learning-chart" }, { onPick: (index) => pickSnapshot(store, index) });
  const list = h("ol", { class: "answers", "data-testid": "learning-answers", "aria-label": say("learning_answers") });
  /** @type {unknown} */
  let drawn = null; // the probabilities that the chart shows

  function draw() {
    const { probabilities } = store.state;
    const whole = probabilities?.every(Boolean) ? /** @type {Float64Array[]} */ (probabilities) : null;
    drawn = probabilities;
    list.replaceChildren();
    chart.show(null);
    if (!whole) return write(line, say(store.state.image ? "view_waits" : "learning_empty"));
    const images = chosen(store.state).images_seen;
    const said = whole.map((values) => largest(values));
    const digit = said[said.length - 1];
    write(line, tell(whole, images));
    const lines = [...Array(10).keys()]
      .sort((a, b) => Number(a === digit) - Number(b === digit)) // the answer's line is drawn last, on top
      .map((other) => ({
        values: whole.map((values) => values[other]),
        name: other === digit ? "chosen" : said.includes(other) ? "led" : "other",
        title: String(other),
        label: said.includes(other) ? String(other) : "",
        labelAt: other === digit ? undefined : lead(whole, other),
      }));
    const format = (/** @type {number} */ value) => `${value * 100} %`;
    chart.show({ images, snapshots: images, lines, top: 1, format, words: percent, label: line.textContent ?? "", mark: since(whole) });
    list.append(...said.map((answer) => h("li", { class: answer === digit ? "same" : "" }, String(answer))));
  }

  function show() {
    if (drawn !== store.state.probabilities || !line.textContent || !drawn) draw();
    const { index } = shown(store.state);
    chart.move(index);
    [...list.children].forEach((item, position) => item.classList.toggle("shown", position === index));
  }
  const note = h("p", { class: "note" }, say("learning_note"));
  return { content: [note, line, chart.element, list], keys: ["run", "image", "probabilities", "snapshot"], show };
}

/** The snapshot since which the story is sure, or leans to its answer; null if it names none. @param {Float64Array[]} probabilities */
function since(probabilities) {
  const sure = settledAt(probabilities, SURE);
  return sure < probabilities.length ? sure : settledAt(probabilities) || null;
}

/**
 * The snapshot at which a digit was most probable of those at which it was the answer.
 * @param {Float64Array[]} probabilities (snapshots, 10)
 * @param {number} digit
 */
function lead(probabilities, digit) {
  const led = probabilities.map((values) => (largest(values) === digit ? values[digit] : 0));
  return led.indexOf(Math.max(...led));
}
