// What the view of the hand adds to the bench while it asks for a digit: which one, on the pad, and Next and Skip among
// the pad's tools, in the place of the examples, which are in nobody's own hand.
import { h, write } from "../dom.js";
import { asked } from "../state.js";
import { say } from "../text.js";
import { askedNow, askFor, goOn } from "../writer.js";

/** @typedef {import("../state.js").Store} Store */

/** @param {Store} store @param {HTMLElement} bench whose first two children are the pad and its tools */
export function addHandBench(store, bench) {
  const prompt = h("p", { class: "pad-asks", "data-testid": "pad-asks" });
  const aside = h("p", { class: "pad-sample" }, say("hand_aside"));
  const tool = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ onclick) =>
    /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": testid, onclick }, say(word)));
  const skip = tool("hand-skip", "hand_skip", () => leave(true));
  const next = tool("hand-next", "hand_next", () => leave(false));
  next.classList.add("primary");
  bench.children[0].append(prompt, aside);
  bench.children[1].append(skip, next);

  /** Ask for the next digit, of an empty pad; what was drawn for something else stays there. @param {boolean} isSkipped */
  function leave(isSkipped) {
    const { writer, drawing, penDown } = store.state;
    if (!writer || penDown) return;
    const isDrawn = drawing.asked === asked(store.state);
    const left = goOn(writer, isSkipped ? null : drawing.strokes);
    store.set({ writer: left, drawing: isDrawn ? { strokes: [] } : drawing, ...(askedNow(left) ? {} : { isRaised: true }) }); // then what it came to is looked at
  }

  // What comes back to the pad, by Undo or as the page is loaded again, asks for the digit that it was drawn for.
  store.watch(["view", "writer", "drawing"], ({ view, writer, drawing }) => {
    if (view !== "hand" || !writer || !drawing.asked || drawing.asked === asked(store.state) || !drawing.strokes.length) return;
    const [digit, at] = [drawing.asked, positionOf(writer, drawing.asked)];
    const order = writer.order.map((each, index) => (index === at ? digit : each));
    if (at >= 0) store.set({ writer: askFor({ ...writer, order }, at) });
  });
  /** @type {ReturnType<typeof asked>} */
  let known = null;
  store.watch(["view", "writer", "drawing", "sample"], ({ drawing, sample }) => {
    const digit = asked(store.state);
    if (digit && digit !== known) bench.scrollIntoView({ block: "nearest" }); // what asks may be a screen below
    known = digit;
    const isDrawn = drawing.strokes.length > 0 && !sample;
    bench.classList.toggle("asks", Boolean(digit));
    skip.hidden = next.hidden = !digit;
    prompt.hidden = !digit || (isDrawn && drawing.asked === digit); // it would lie over the drawing
    aside.hidden = !digit || !isDrawn || drawing.asked === digit;
    bench.classList.toggle("aside", !aside.hidden);
    next.disabled = !isDrawn || drawing.asked !== digit;
    if (digit) write(prompt, say("hand_please", { digit: digit.label }));
  });
}

/**
 * Where a digit stands in the order; of an order made since, one to come that is asked for to the same end. -1 if nowhere.
 * @param {import("../writer.js").Writer} writer
 * @param {import("../state_types.js").Asked} digit
 */
function positionOf({ order, drawn }, digit) {
  const at = order.indexOf(digit);
  return at >= 0 ? at : order.findIndex(({ label, isTest }, index) => index >= drawn.length && label === digit.label && isTest === digit.isTest);
}
