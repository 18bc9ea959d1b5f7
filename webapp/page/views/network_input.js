// The network's input: the drawing merely shrunk beside made like MNIST, what the shown snapshot says of both, and the
// stages between.
import { h, imageCanvas, paint, svg, write } from "../dom.js";
import { shrinkDrawing, SIDE, stagesOfDrawing } from "../engine/image.js";
import { largest, logits, softmax } from "../engine/network.js";
import { shown } from "../state.js";
import { capital, nameSnapshot, percent, say } from "../text.js";
import { createColumns } from "./columns.js";

/** @typedef {import("../state.js").Store} Store */
const CENTRE = 14; // the pixel, down and right, in which the centres of mass of MNIST's images lie
const WAYS = { shrunk: "given_shrunk", made: "given_made" }; // by way of making the image, the key of its title
const STAGES = { drawing: "given_stage_drawing", box: "given_stage_box", fitted: "given_stage_fitted", centred: "given_stage_centred" };

/** @param {Store} store @returns {import("./stage.js").View} */
export function createNetworkInput(store) {
  const line = h("p", { class: "panel-line", "data-testid": "given-line" });
  const ways = Object.entries(WAYS).map(([name, key]) => {
    const label = say(key);
    const canvas = imageCanvas({ "data-testid": `given-${name}`, role: "img", "aria-label": label });
    const bars = createColumns(["trained"], { "data-testid": `bars-${name}`, "aria-label": label });
    return { canvas, bars, figure: h("figure", {}, h("figcaption", {}, label), canvas, bars.element) };
  });
  const stages = createStages();
  const figures = h("div", { class: "chart-pair" }, ...ways.map(({ figure }) => figure));
  const body = h("div", { class: "network-input", "data-testid": "given-body" }, figures, ...stages.content);

  /** @type {unknown[]} */
  let drawn = []; // the strokes that are shown, and whether dark
  /** @type {Uint8Array[]} */
  let images = []; // made of them: merely shrunk, and like MNIST's

  /** Show what is made of a drawing, which stays while only the time moves. */
  function makeImages() {
    const { drawing, dark } = store.state;
    if (drawn[0] === drawing.strokes && drawn[1] === dark) return;
    drawn = [drawing.strokes, dark];
    const made = stagesOfDrawing(drawing.strokes);
    images = [shrinkDrawing(drawing.strokes), made.image];
    stages.show(drawing.strokes, made);
    images.forEach((image, way) => paint(ways[way].canvas, image));
  }

  function show() {
    const { drawing, sample, timeline } = store.state;
    const network = timeline?.snapshots[shown(store.state).index];
    const isEmpty = !drawing.strokes.length;
    body.hidden = Boolean(sample) || isEmpty || !network;
    if (sample) return write(line, say("given_sample"));
    if (isEmpty || !network) return write(line, say(isEmpty ? "given_empty" : "view_waits"));
    makeImages();
    const [shrunk, like] = images.map((image, way) => {
      const said = softmax(logits(network, image));
      ways[way].bars.show([said]);
      return { digit: largest(said), sure: percent(said[largest(said)]) };
    });
    const values = { shrunk: shrunk.digit, shrunkSure: shrunk.sure, made: like.digit, madeSure: like.sure };
    write(line, say("given_line", { Moment: capital(nameSnapshot(shown(store.state))), ...values }));
  }
  return { about: [say("given_note")], content: [line, body], keys: ["drawing", "sample", "timeline", "snapshot", "dark"], show };
}

/** The four stages, shown together or one after the other. */
function createStages() {
  const pictures = Object.keys(STAGES).map(() => svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" }));
  const fitted = imageCanvas({ "aria-hidden": "true" }, 20);
  const centred = imageCanvas({ "aria-hidden": "true" });
  /** @type {(Element | null)[]} */
  const canvases = [null, null, fitted, centred];
  const items = Object.entries(STAGES).map(([name, key], at) => {
    const picture = h("div", { class: `image-stage ${name}` }, canvases[at], name === "fitted" ? null : pictures[at]);
    return h("li", {}, picture, h("p", { class: "note" }, say(key)));
  });
  const list = h("ol", { class: "stages", "data-testid": "given-stages" }, ...items);
  const next = h("button", { type: "button", "data-testid": "given-step" }, say("given_one_by_one"));
  let visible = items.length;
  next.addEventListener("click", () => {
    visible = (visible % items.length) + 1;
    items.forEach((item, index) => item.classList.toggle("later", index >= visible));
    write(next, say(visible === items.length ? "given_one_by_one" : "given_next"));
  });

  /** @param {import("../pad.js").Stroke[]} strokes @param {ReturnType<typeof stagesOfDrawing>} made */
  function show(strokes, { corner, extent, fitted: boxed, shift: [down, right], image }) {
    const path = () =>
      strokes.map((stroke) => {
        const points = [stroke[0], ...stroke].map(([x, y]) => `${x * SIDE},${y * SIDE}`); // a dot is a line too
        return svg("polyline", { points: points.join(" "), class: "stage-pen" });
      });
    const box = (/** @type {number[]} */ [x, y, width, height], /** @type {string} */ name) =>
      svg("rect", { x, y, width, height, class: name });
    pictures[0].replaceChildren(...path());
    pictures[1].replaceChildren(...path(), box([...corner, ...extent].map((value) => value * SIDE), "stage-box"));
    paint(fitted, boxed);
    paint(centred, image);
    pictures[3].replaceChildren(box([right, down, 20, 20], "stage-box"), box([CENTRE, CENTRE, 1, 1], "stage-centre"));
  }
  return { content: [h("div", { class: "stages-head" }, h("h2", {}, say("given_stages")), next), list], show };
}
