// Until the first touch: one of the project's handwritings is drawn on the pad, faint, and the columns answer it. It is
// no drawing: nothing is predicted, and nothing is left of it.
import { loadHandwritings } from "../data.js";
import { h, prefersStill, svg } from "../dom.js";
import { imageOfDrawing } from "../engine/image.js";
import { logits, softmax } from "../engine/network.js";
import { shown } from "../state.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").Stroke} Stroke
 */
const DIGIT = 5;
const WAIT_MS = 1200; // in which a visitor who knows what to do has begun
const DRAWING_MS = 2000;

/**
 * @param {Store} store
 * @param {import("./first_screen.js").Places} places
 */
export async function drawGhost(store, { main, pad, raise }) {
  const touch = new AbortController();
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, () => touch.abort(), { capture: true, signal: touch.signal });
  store.watch(["drawing", "sample", "snapshot", "run", "view"], ({ drawing, sample, view }) => (drawing.strokes.length || sample || view === "hand") && touch.abort());
  const drawings = await loadHandwritings().catch(() => []); // then there is none
  await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  const strokes = drawings.find(({ label }) => label === DIGIT)?.strokes;
  if (!strokes || touch.signal.aborted) return;

  const lines = strokes.map(() => svg("polyline"));
  const picture = h("div", { class: "ghost", "aria-hidden": "true" }, svg("svg", { viewBox: "0 0 1 1" }, ...lines));
  pad.append(picture);
  main.classList.add("haunted");
  touch.signal.addEventListener("abort", () => {
    picture.remove();
    main.classList.remove("haunted");
    if (!store.state.probabilities) raise([null, null]);
  });
  const total = strokes.flat().length;
  const started = performance.now();
  const frame = (/** @type {number} */ now) => {
    if (touch.signal.aborted) return;
    const left = prefersStill() ? total : Math.ceil((total * (now - started)) / DRAWING_MS);
    show(first(strokes, Math.max(1, left)));
    if (left < total) requestAnimationFrame(frame);
  };
  /** @param {Stroke[]} drawn */
  function show(drawn) {
    drawn.forEach((points, at) => lines[at].setAttribute("points", points.map((point) => point.join()).join(" ")));
    const image = imageOfDrawing(drawn);
    const { snapshots = [] } = store.state.timeline ?? {};
    raise([snapshots[0], snapshots[shown(store.state).index]].map((network) => network && softmax(logits(network, image))));
  }
  requestAnimationFrame(frame);
}

/** The first so many points of strokes. @param {Stroke[]} strokes @param {number} left @returns {Stroke[]} */
function first(strokes, left) {
  const [stroke, ...rest] = strokes;
  if (!stroke || left <= 0) return [];
  return [stroke.slice(0, left), ...first(rest, left - stroke.length)];
}
