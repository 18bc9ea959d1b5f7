// The writer's own pad: it asks for one digit after the other.
import { h, write } from "../dom.js";
import { allDrawings, askedNow, drawingsFor, emptyWriter, goBack, goOn } from "../writer.js";
import { createPad, isUndo } from "../pad.js";
import { say } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../writer.js").Writer} Writer
 */

/** @param {number} number */
export const countDrawings = (number) => (number === 1 ? say("hand_count_one") : say("hand_count", { count: number }));

/**
 * @param {Store} store whose `writer` is not null once this is shown
 * @returns {{element: HTMLElement, show: () => void}}
 */
export function createHandPad(store) {
  const writer = () => /** @type {Writer} */ (store.state.writer);
  const canvas = /** @type {HTMLCanvasElement} */ (
    h("canvas", { "data-testid": "hand-pad", tabindex: 0, role: "img", "aria-label": say("hand_pad") })
  );
  const prompt = h("p", { class: "hand-prompt", "data-testid": "hand-prompt", role: "status" });
  const purpose = h("p", { class: "hand-purpose", "data-testid": "hand-purpose" });
  const kept = h("p", { class: "note", "data-testid": "hand-kept" });
  const change = (/** @type {Writer} */ next) => store.set({ writer: next });
  const tool = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ action, /** @type {string | null} */ label = null) => {
    const onclick = () => pad.isPenDown() || action();
    return /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": testid, "aria-label": label, onclick }, say(word)));
  };
  const setStrokes = (/** @type {Writer["strokes"]} */ strokes) => askedNow(writer()) && change({ ...writer(), strokes });
  const undoStroke = () => setStrokes(writer().strokes.slice(0, -1));
  const undo = tool("hand-undo", "hand_undo", undoStroke, say("hand_undo_label"));
  const back = tool("hand-back", "hand_back", () => change(goBack(writer())), say("hand_back_label"));
  const skip = tool("hand-skip", "hand_skip", () => change(goOn({ ...writer(), strokes: [] })));
  const next = tool("hand-next", "hand_next", () => change(goOn(writer())));
  next.classList.add("primary");
  const question = createQuestion();
  const restart = tool("hand-restart", "hand_restart", () => {
    const count = countDrawings(allDrawings(writer()).length);
    question.ask(say("hand_restart_ask", { count }), say("hand_restart_yes"), () => change(emptyWriter(Math.random)));
  });

  const pad = createPad(canvas, {
    onBegin: () => writer().strokes,
    onChange: setStrokes,
    onCancel: setStrokes,
  });
  const tools = h("div", { class: "hand-tools" }, undo, skip, next);
  const foot = h("div", { class: "hand-foot" }, back, restart, kept);
  const place = h("div", { class: "hand-draw", "data-testid": "hand-draw" }, prompt, purpose, canvas, tools, foot);
  place.addEventListener("keydown", (event) => {
    if (!isUndo(event)) return;
    event.preventDefault();
    event.stopPropagation(); // it is not meant for the page's other pad
    undo.click();
  });

  function show() {
    const { order, drawn, strokes } = writer();
    const asked = askedNow(writer());
    const [learn, test] = [false, true].map((isTest) => drawingsFor(writer(), isTest).length);
    const values = { number: drawn.length + 1, total: order.length, digit: asked?.label, drawn: learn + test };
    write(prompt, say(asked ? "hand_asked" : "hand_done", values));
    write(purpose, asked ? say(asked.isTest ? "hand_test" : "hand_learn") : "");
    purpose.classList.toggle("test", Boolean(asked?.isTest));
    write(kept, say("hand_kept", { learn, test }));
    undo.disabled = !strokes.length;
    next.disabled = !asked || !strokes.length;
    skip.disabled = !asked;
    back.disabled = !drawn.length;
    restart.disabled = !drawn.length && !strokes.length;
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
