// The network's input: the drawing merely shrunk beside made like MNIST, what the shown snapshot says of both, and the
// stages between.
import { h, imageCanvas, paint, svg, write } from "../dom.js";
import { shrinkDrawing, SIDE, stagesOfDrawing } from "../engine/image.js";
import { largest, logits, softmax } from "../engine/network.js";
import { shown } from "../state.js";
import { capital, nameSnapshot, percent, say } from "../text.js";
import { createColumns } from "./columns.js";

/** @typedef {import("../pad.js").Stroke[]} Strokes */
const CENTRE = 14; // the pixel, down and right, in which the centres of mass of MNIST's images lie
const WAYS = { shrunk: "given_shrunk", made: "given_made" }; // by way of making the image, the key of its title
const STAGES = { drawing: "given_stage_drawing", box: "given_stage_box", fitted: "given_stage_fitted", centred: "given_stage_centred" };

/** @param {import("../state.js").Store} store @returns {import("./stage.js").View} */
export function createInput(store) {
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
  /** @type {{strokes: Strokes, dark: boolean | null, images: Uint8Array[]} | null} */
  let made = null;

  /** What is made of the drawing, which stays while only the time moves: merely shrunk, and like MNIST's. */
  function makeImages() {
    const { drawing: { strokes }, dark } = store.state;
    if (made?.strokes === strokes && made.dark === dark) return made.images;
    const steps = stagesOfDrawing(strokes);
    made = { strokes, dark, images: [shrinkDrawing(strokes), steps.image] };
    stages.show(strokes, steps);
    made.images.forEach((image, way) => paint(ways[way].canvas, image));
    return made.images;
  }

  function show() {
    const { drawing, sample, timeline } = store.state;
    const network = timeline?.snapshots[shown(store.state).index];
    const isEmpty = !drawing.strokes.length;
    body.hidden = Boolean(sample) || isEmpty || !network;
    if (sample) return write(line, say("given_sample"));
    if (isEmpty || !network) return write(line, say(isEmpty ? "given_empty" : "view_waits"));
    const [shrunk, like] = makeImages().map((image, way) => {
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
  const [fitted, centred] = [20, SIDE].map((side) => imageCanvas({ "aria-hidden": "true" }, side));
  const contents = [[pictures[0]], [pictures[1]], [fitted], [centred, pictures[3]]];
  const items = Object.entries(STAGES).map(([name, key], at) =>
    h("li", {}, h("div", { class: `image-stage ${name}` }, ...contents[at]), h("p", { class: "note" }, say(key))),
  );
  const next = h("button", { type: "button", "data-testid": "given-step", onclick: goOn }, say("given_one_by_one"));
  let visible = items.length;

  function goOn() {
    visible = (visible % items.length) + 1;
    items.forEach((item, index) => item.classList.toggle("later", index >= visible));
    write(next, say(visible === items.length ? "given_one_by_one" : "given_next"));
  }

  /** @param {Strokes} strokes @param {ReturnType<typeof stagesOfDrawing>} made */
  function show(strokes, { corner, extent, fitted: boxed, shift: [down, right], image }) {
    const path = () =>
      strokes.map((stroke) => {
        const points = [stroke[0], ...stroke].map(([x, y]) => `${x * SIDE},${y * SIDE}`); // a dot is a line too
        return svg("polyline", { points: points.join(" "), class: "stage-pen" });
      });
    const box = (/** @type {number[]} */ [x, y, width, height], name = "stage-box") => svg("rect", { x, y, width, height, class: name });
    pictures[0].replaceChildren(...path());
    pictures[1].replaceChildren(...path(), box([...corner, ...extent].map((value) => value * SIDE)));
    paint(fitted, boxed);
    paint(centred, image);
    pictures[3].replaceChildren(box([right, down, 20, 20]), box([CENTRE, CENTRE, 1, 1], "stage-centre"));
  }
  const list = h("ol", { class: "stages", "data-testid": "given-stages" }, ...items);
  return { content: [h("div", { class: "stages-head" }, h("h2", {}, say("given_stages")), next), list], show };
}
