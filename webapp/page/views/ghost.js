// Until the first touch: one of the project's handwritings is drawn on the pad, faint, and the columns answer it. It is
// no drawing: nothing is predicted, and nothing is left of it.
import { loadHandwritings } from "../data.js";
import { h } from "../dom.js";
import { imageOfDrawing } from "../engine/image.js";
import { logits, softmax } from "../engine/network.js";
import { shown } from "../state.js";
import { drawSlowly, picture } from "./pad.js";

const DIGIT = 5;
const WAIT_MS = 1200; // in which a visitor who knows what to do has begun
const DRAWING_MS = 2000;

/**
 * @param {import("../state.js").Store} store
 * @param {import("./first_screen.js").Places} places
 */
export async function drawGhost(store, { main, pad, raise }) {
  const touch = new AbortController();
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, () => touch.abort(), { capture: true, signal: touch.signal });
  store.watch(["drawing", "sample", "view"], ({ drawing, sample, view }) => (drawing.strokes.length || sample || view === "hand") && touch.abort());
  const drawings = await loadHandwritings().catch(() => []); // then there is none
  await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  const strokes = drawings.find(({ label }) => label === DIGIT)?.strokes;
  if (!strokes || touch.signal.aborted) return;

  const ghost = h("div", { class: "ghost" });
  pad.append(ghost);
  main.classList.add("haunted");
  touch.signal.addEventListener("abort", () => {
    ghost.remove();
    main.classList.remove("haunted");
    if (!store.state.probabilities) raise([null, null]);
  });
  drawSlowly(strokes, DRAWING_MS, () => touch.signal.aborted, (drawn) => {
    ghost.replaceChildren(picture(drawn));
    const image = imageOfDrawing(drawn);
    const { snapshots = [] } = store.state.timeline ?? {};
    raise([snapshots[0], snapshots[shown(store.state).index]].map((network) => network && softmax(logits(network, image))));
  });
}
