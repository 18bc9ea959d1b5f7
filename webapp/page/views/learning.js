// When the network learned the digit on the pad: its ten probabilities over the run's snapshots.
import { createChart, pickSnapshot } from "../chart.js";
import { h, write } from "../dom.js";
import { largest } from "../engine/network.js";
import { chosen, shown } from "../state.js";
import { settledAt } from "../story.js";
import { countImages, percent, say } from "../text.js";

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
    const mark = settledAt(whole);
    write(line, say(mark ? "learning_settled" : "learning_always", { digit, images: countImages(images[mark]) }));
    const lines = [...Array(10).keys()]
      .sort((a, b) => Number(a === digit) - Number(b === digit)) // the answer's line is drawn last, on top
      .map((other) => ({
        values: whole.map((values) => values[other]),
        name: other === digit ? "chosen" : "other",
        title: String(other),
        label: other === digit ? String(other) : "",
      }));
    const format = (/** @type {number} */ value) => `${value * 100} %`;
    chart.show({ images, snapshots: images, lines, top: 1, format, words: percent, label: line.textContent ?? "", mark });
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
