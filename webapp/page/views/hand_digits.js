// Which digit of the hand is asked for, on the bench and on the stage; all of them as small tiles, and the ways back.
import { h, write } from "../dom.js";
import { asked } from "../state.js";
import { say } from "../text.js";
import { allDrawings, askedNow, askFor, drawingsFor, emptyWriter, goOn } from "../writer.js";
import { picture, tool } from "./pad.js";
import { rove } from "./rove.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../writer.js").Writer} Writer
 */

/** @param {number} number */
export const countDrawings = (number) => (number === 1 ? say("hand_count_one") : say("hand_count", { count: number }));

/**
 * The digits on the stage.
 * @param {Store} store whose `writer` is not null once this is shown
 * @param {ReturnType<typeof import("./hand_file.js").createQuestion>} question
 */
export function createHandDigits(store, question) {
  const writer = () => /** @type {Writer} */ (store.state.writer);
  const prompt = h("p", { class: "hand-prompt", "data-testid": "hand-prompt", role: "status" });
  const purpose = h("p", { class: "hand-purpose", "data-testid": "hand-purpose" });
  const kept = h("p", { class: "note", "data-testid": "hand-kept" });
  const tiles = h("div", { class: "hand-digits", role: "group", "aria-label": say("hand_digits") });
  const settle = rove(tiles);
  const back = tool("hand-back", "hand_back", () => askAgain(writer().drawn.length - 1), "hand_back_label");
  const restart = tool("hand-restart", "hand_restart", () => {
    const count = countDrawings(allDrawings(writer()).length);
    question.ask(restart, say("hand_restart_ask", { count }), "hand_restart", startOver);
  });

  /** Ask for a digit, and lay what was drawn of it on the pad. @param {number} at its position in the order */
  function askAgain(at) {
    const { order, drawn } = writer();
    if (store.state.penDown || at === drawn.length) return;
    store.set({ writer: askFor(writer(), at), drawing: { strokes: drawn[at] ?? [], asked: order[at] }, sample: null });
  }
  function startOver() {
    const { drawing, penDown } = store.state;
    if (!penDown) store.set({ writer: emptyWriter(Math.random), drawing: drawing.asked ? { strokes: [] } : drawing });
  }

  /** @type {Writer | null} */
  let known = null;
  function showTiles() {
    if (known === writer()) return;
    known = writer();
    const hadFocus = tiles.matches(":focus-within");
    const places = known.order.map((digit, at) => ({ ...digit, at }));
    places.sort((one, other) => Number(one.isTest) - Number(other.isTest) || one.label - other.label);
    const [learn, test] = [false, true].map((isTest) => places.filter((place) => place.isTest === isTest).map(tileOf));
    const heading = (/** @type {string} */ key) => h("p", { class: "note", "aria-hidden": "true" }, say(key)); // each tile says it itself
    tiles.replaceChildren(heading("hand_tiles_learn"), ...learn, heading("hand_tiles_test"), ...test);
    const current = tiles.querySelector("[aria-current]");
    settle(current ?? undefined);
    if (hadFocus && current instanceof HTMLElement) current.focus();
  }
  /** @param {{label: number, isTest: boolean, at: number}} place */
  function tileOf({ label, isTest, at }) {
    const { drawn } = writer();
    const [strokes, isNow] = [drawn[at], at === drawn.length];
    const how = say(strokes ? "hand_tile_drawn" : "hand_tile_empty");
    const words = say(isTest ? "hand_tile_test" : "hand_tile_learn", { label, how });
    const attributes = { "data-at": at, "data-label": label, "data-drawn": Boolean(strokes), "aria-label": words, title: words, "aria-current": isNow ? "true" : null };
    return h("button", { type: "button", class: isTest ? "test" : "", ...attributes, onclick: () => askAgain(at) }, strokes ? picture(strokes) : String(label));
  }

  function show() {
    const { order, drawn } = writer();
    const digit = askedNow(writer());
    const [learn, test] = [false, true].map((isTest) => drawingsFor(writer(), isTest).length);
    const values = { number: drawn.length + 1, total: order.length, digit: digit?.label, drawn: learn + test };
    write(prompt, say(digit ? "hand_asked" : "hand_done", values));
    write(purpose, digit ? say(digit.isTest ? "hand_test" : "hand_learn") : "");
    purpose.classList.toggle("test", Boolean(digit?.isTest));
    write(kept, say("hand_kept", { learn, test }));
    back.disabled = restart.disabled = !drawn.length;
    if (restart.disabled) question.close();
    showTiles();
  }
  return { prompts: [prompt, purpose], tiles, tools: [back, restart], kept, show };
}

/**
 * What the bench has while a digit is asked for: which one, on the pad, and Next and Skip in the place of the examples,
 * which are in nobody's own hand.
 * @param {Store} store
 * @param {HTMLElement} bench whose first two children are the pad and its tools
 */
export function addHandBench(store, bench) {
  const prompt = h("p", { class: "pad-asks", "data-testid": "pad-asks" });
  const aside = h("p", { class: "pad-sample" }, say("hand_aside"));
  const skip = tool("hand-skip", "hand_skip", () => leave(null));
  const next = tool("hand-next", "hand_next", () => leave(store.state.drawing.strokes));
  next.classList.add("primary");
  bench.children[0].append(prompt, aside);
  bench.children[1].append(skip, next);

  /** Ask for the next digit, of an empty pad; what was drawn for something else stays there. @param {import("../pad.js").Stroke[] | null} strokes */
  function leave(strokes) {
    const { writer, drawing, penDown } = store.state;
    if (!writer || penDown) return;
    const isDrawn = drawing.asked === asked(store.state);
    const left = goOn(writer, strokes);
    store.set({ writer: left, drawing: isDrawn ? { strokes: [] } : drawing, ...(askedNow(left) ? {} : { isRaised: true }) }); // then what it came to is looked at
  }

  // What comes back to the pad, by Undo or as the page is loaded again, asks for the digit that it was drawn for.
  store.watch(["view", "writer", "drawing"], ({ view, writer, drawing }) => {
    if (view !== "hand" || !writer || !drawing.asked || drawing.asked === asked(store.state) || !drawing.strokes.length) return;
    const { asked: digit } = drawing;
    const isLike = (/** @type {typeof digit} */ { label, isTest }) => label === digit.label && isTest === digit.isTest;
    const here = writer.order.indexOf(digit); // an order made since has only its like, to come
    const at = here >= 0 ? here : writer.order.findIndex((each, index) => index >= writer.drawn.length && isLike(each));
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
    const isIts = isDrawn && drawing.asked === digit;
    bench.classList.toggle("asks", Boolean(digit));
    skip.hidden = next.hidden = !digit;
    prompt.hidden = !digit || isIts; // it would lie over the drawing
    aside.hidden = !digit || !isDrawn || isIts;
    bench.classList.toggle("aside", !aside.hidden);
    next.disabled = !isIts;
    if (digit) write(prompt, say("hand_please", { digit: digit.label }));
  });
}
