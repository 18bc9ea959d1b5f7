// The hand's own pad: it asks for one digit after the other.
import { h, write } from "../dom.js";
import { allDrawings, askedNow, drawingsFor, emptyHand, goBack, goOn } from "../writer.js";
import { createPad } from "../pad.js";
import { say } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../writer.js").Hand} Hand
 */

/** @param {number} number */
export const countDrawings = (number) => (number === 1 ? say("hand_count_one") : say("hand_count", { count: number }));

/**
 * @param {Store} store whose `hand` is not null once this is shown
 * @returns {{element: HTMLElement, show: () => void}}
 */
export function createHandPad(store) {
  const hand = () => /** @type {Hand} */ (store.state.hand);
  const canvas = /** @type {HTMLCanvasElement} */ (
    h("canvas", { "data-testid": "hand-pad", tabindex: 0, role: "img", "aria-label": say("hand_pad") })
  );
  const prompt = h("p", { class: "hand-prompt", "data-testid": "hand-prompt", role: "status" });
  const purpose = h("p", { class: "hand-purpose", "data-testid": "hand-purpose" });
  const kept = h("p", { class: "note", "data-testid": "hand-kept" });
  const change = (/** @type {Hand} */ next) => store.set({ hand: next });
  const tool = (/** @type {string} */ name, /** @type {() => void} */ action) => {
    const onclick = () => pad.isPenDown() || action();
    const label = ["undo", "back"].includes(name) ? say(`hand_${name}_label`) : null;
    const attributes = { type: "button", "data-testid": `hand-${name}`, "aria-label": label, onclick };
    return /** @type {HTMLButtonElement} */ (h("button", attributes, say(`hand_${name}`)));
  };
  const undoStroke = () => change({ ...hand(), strokes: hand().strokes.slice(0, -1) });
  const [undo, back] = [tool("undo", undoStroke), tool("back", () => change(goBack(hand())))];
  const skip = tool("skip", () => change(goOn({ ...hand(), strokes: [] })));
  const next = tool("next", () => change(goOn(hand())));
  next.classList.add("primary");
  const question = createQuestion();
  const restart = tool("restart", () => {
    const count = countDrawings(allDrawings(hand()).length);
    question.ask(say("hand_restart_ask", { count }), say("hand_restart_yes"), () => change(emptyHand(Math.random)));
  });

  const pad = createPad(canvas, {
    onBegin: () => hand().strokes,
    onChange: (strokes) => askedNow(hand()) && change({ ...hand(), strokes }),
  });
  const tools = h("div", { class: "hand-tools" }, undo, skip, next);
  const foot = h("div", { class: "hand-foot" }, back, restart, kept);
  const place = h("div", { class: "hand-draw", "data-testid": "hand-draw" }, prompt, purpose, canvas, tools, foot);
  place.addEventListener("keydown", (event) => {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    if (!isUndo) return;
    event.preventDefault();
    event.stopPropagation(); // it is not meant for the page's other pad
    undo.click();
  });

  function show() {
    const { order, given, strokes } = hand();
    const asked = askedNow(hand());
    const [learn, test] = [false, true].map((isTest) => drawingsFor(hand(), isTest).length);
    const values = { number: given.length + 1, total: order.length, digit: asked?.label, drawn: learn + test };
    write(prompt, say(asked ? "hand_asked" : "hand_done", values));
    write(purpose, asked ? say(asked.isTest ? "hand_test" : "hand_learn") : "");
    purpose.classList.toggle("test", Boolean(asked?.isTest));
    write(kept, say("hand_kept", { learn, test }));
    undo.disabled = !strokes.length;
    next.disabled = !asked || !strokes.length;
    skip.disabled = !asked;
    back.disabled = !given.length;
    restart.disabled = !given.length && !strokes.length;
    if (restart.disabled) question.close();
    canvas.hidden = tools.hidden = !asked;
    pad.show({ strokes });
  }
  return { element: h("div", {}, place, question.element), show };
}

/** A question with two answers, one of which does something. */
export function createQuestion() {
  const text = h("p");
  let act = () => {};
  const yes = h("button", { type: "button", class: "primary", "data-testid": "hand-yes" });
  const no = h("button", { type: "button", "data-testid": "hand-no" }, say("hand_no"));
  const element = h("div", { class: "hand-question", role: "alert", hidden: true }, text, yes, no);
  /** @type {Element | null} */
  let asker = null; // had the focus when it was asked
  const close = () => {
    if (element.hidden) return;
    element.hidden = true;
    if (asker instanceof HTMLElement) asker.focus();
  };
  no.addEventListener("click", close);
  yes.addEventListener("click", () => {
    close();
    act();
  });

  /** @param {string} sentence @param {string} answer @param {() => void} action */
  function ask(sentence, answer, action) {
    act = action;
    asker = /** @type {ShadowRoot} */ (element.getRootNode()).activeElement;
    write(text, sentence);
    write(yes, answer);
    element.hidden = false;
    no.focus();
  }
  return { element, ask, close };
}
