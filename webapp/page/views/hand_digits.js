// The digits of the hand on the stage: which is asked for, all of them as small tiles, and the ways back.
import { h, write } from "../dom.js";
import { allDrawings, askFor, askedNow, drawingsFor, emptyWriter } from "../writer.js";
import { say } from "../text.js";
import { picture } from "./pad.js";
import { rove } from "./tiles.js";

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
export function createHandDigits(store) {
  const writer = () => /** @type {Writer} */ (store.state.writer);
  const prompt = h("p", { class: "hand-prompt", "data-testid": "hand-prompt", role: "status" });
  const purpose = h("p", { class: "hand-purpose", "data-testid": "hand-purpose" });
  const kept = h("p", { class: "note", "data-testid": "hand-kept" });
  const tiles = h("div", { class: "hand-digits", role: "group", "aria-label": say("hand_digits") });
  const settle = rove(tiles);
  const tool = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ action, /** @type {string | null} */ label = null) => {
    const onclick = () => store.state.penDown || action();
    return /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": testid, "aria-label": label, onclick }, say(word)));
  };
  const back = tool("hand-back", "hand_back", () => askAgain(writer().drawn.length - 1), say("hand_back_label"));
  const question = createQuestion();
  const restart = tool("hand-restart", "hand_restart", () => {
    const count = countDrawings(allDrawings(writer()).length);
    question.ask(say("hand_restart_ask", { count }), say("hand_restart_yes"), startOver);
  });

  /** Ask for a digit, and lay what was drawn of it on the pad. @param {number} at its position in the order */
  function askAgain(at) {
    const { order, drawn } = writer();
    store.set({ writer: askFor(writer(), at), drawing: { strokes: drawn[at] ?? [], asked: order[at] }, sample: null });
  }
  function startOver() {
    const { drawing } = store.state;
    store.set({ writer: emptyWriter(Math.random), drawing: drawing.asked ? { strokes: [] } : drawing });
  }

  /** @type {Writer | null} */
  let known = null;
  function showTiles() {
    if (known === writer()) return;
    known = writer();
    const focused = /** @type {ShadowRoot} */ (tiles.getRootNode()).activeElement?.getAttribute("data-at");
    const { order, drawn } = known;
    const places = order.map((digit, at) => ({ ...digit, at })).sort((one, other) => Number(one.isTest) - Number(other.isTest) || one.label - other.label);
    tiles.replaceChildren(
      ...places.map(({ label, isTest, at }) => {
        const [strokes, isNow] = [drawn[at], at === drawn.length];
        const words = say(isTest ? "hand_tile_test" : "hand_tile_learn", { label, how: say(isNow ? "hand_tile_now" : strokes ? "hand_tile_drawn" : "hand_tile_empty") });
        const onclick = () => store.state.penDown || at === writer().drawn.length || askAgain(at);
        const attributes = { "data-at": at, "data-label": label, "data-drawn": Boolean(strokes), "aria-label": words, title: words, "aria-current": isNow ? "true" : null, onclick };
        return h("button", { type: "button", class: isTest ? "test" : "", ...attributes }, strokes ? picture(strokes) : String(label));
      }),
    );
    const again = focused ? tiles.querySelector(`[aria-current], [data-at="${focused}"]`) : null; // the tile pressed is another one now
    settle(tiles.querySelector("[aria-current]") ?? undefined);
    if (again instanceof HTMLElement) again.focus();
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
  const foot = h("div", { class: "hand-foot" }, back, restart, kept);
  return { element: h("section", { class: "hand-asks" }, prompt, purpose, tiles, foot, question.element), show };
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

/** A sentence that is read on request. @param {string} sentence */
export const more = (sentence) => h("details", { class: "hand-more" }, h("summary", { "aria-label": say("hand_more") }, "?"), h("p", { class: "note" }, sentence));
