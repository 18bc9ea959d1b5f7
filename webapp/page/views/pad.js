// The drawing pad, its tools and the examples. Whatever changes the pad can be taken back.
import { loadExample } from "../data.js";
import { h, prefersStill, svg, write } from "../dom.js";
import { createPad, isUndo } from "../pad.js";
import { asked } from "../state.js";
import { say, sentenceOf } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../state.js").State} State
 * @typedef {import("../state.js").Stroke} Stroke
 */
const REPLAY_MS = 700; // in which an example is drawn

/** @param {Store} store @returns {{element: HTMLElement, pad: HTMLElement}} the pad with its tools and examples; `pad`: its frame */
export function createPadView(store) {
  const canvas = /** @type {HTMLCanvasElement} */ (
    h("canvas", { "data-testid": "pad", tabindex: 0, role: "img", "aria-label": say("pad_label") })
  );
  const hint = h("p", { class: "pad-hint", "aria-hidden": "true" }, say("pad_hint"));
  const sampleHint = h("p", { class: "pad-sample", "data-testid": "pad-sample" });
  const undo = tool("pad-undo", "undo", takeBack, "undo_label");
  const clear = tool("pad-clear", "clear", empty, "clear_label");
  /** @type {Pick<State, "drawing" | "sample">[]} */
  const past = []; // what lay on the pad before each change
  let replay = 0; // counts replays, so that a new one, or the pen, ends the last
  /** @type {Pick<State, "drawing" | "sample">} */
  let known = { drawing: store.state.drawing, sample: store.state.sample }; // what lies on the pad

  /** The last that lay there can be brought back from now on. @param {Pick<State, "drawing" | "sample">} next */
  function keep(next) {
    replay += 1;
    past.push(known);
    known = next;
  }
  /** @param {Stroke[]} strokes @param {boolean} penDown @param {Partial<State["drawing"]>} [what] */
  function show(strokes, penDown, what) {
    known = { drawing: { strokes, ...what }, sample: null };
    store.set({ ...known, penDown, badLink: false });
  }
  const isEmpty = () => !store.state.sample && !store.state.drawing.strokes.length;

  const pad = createPad(canvas, {
    onBegin() {
      keep(known);
      const isAside = asked(store.state) && asked(store.state) !== known.drawing.asked; // it was drawn for something else
      return known.sample || isAside ? [] : known.drawing.strokes;
    },
    onChange: (strokes, penDown) => show(strokes, penDown, { asked: asked(store.state) }),
    onCancel: takeBack,
  });

  function takeBack() {
    if (pad.isPenDown() || !past.length) return;
    replay += 1;
    known = past.pop() ?? known;
    store.set({ ...known, penDown: false });
    settle(); // also where the pad looks as before
  }
  function empty() {
    if (pad.isPenDown() || isEmpty()) return;
    keep(known);
    show([], false);
  }
  function settle() {
    undo.disabled = !past.length;
    clear.disabled = isEmpty();
  }

  /** Draw strokes as a pen would, answered while they grow. @param {Promise<Stroke[]>} loading */
  async function play(loading) {
    const turn = (replay += 1);
    const strokes = await loading;
    if (turn !== replay || pad.isPenDown()) return; // the visitor comes first
    keep(known);
    const mine = replay;
    drawSlowly(strokes, REPLAY_MS, () => mine !== replay, (drawn, isDone) => show(drawn, !isDone));
  }

  store.watch(["drawing", "sample"], ({ drawing, sample }) => {
    if (drawing !== known.drawing || sample !== known.sample) {
      const wasEmpty = !known.sample && !known.drawing.strokes.length;
      if (wasEmpty && isEmpty()) known = { drawing, sample };
      else keep({ drawing, sample }); // by a tile, or by a link
    }
    hint.hidden = !isEmpty();
    sampleHint.hidden = !sample;
    if (sample) write(sampleHint, say("sample_hint", { label: sample.label }));
    settle();
    pad.show(sample ? { image: sample.image } : { strokes: drawing.strokes });
  });
  canvas.addEventListener("keydown", (event) => {
    if (!["Delete", "Backspace", "Escape"].includes(event.key)) return;
    event.preventDefault();
    empty();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = /** @type {Element} */ (event.composedPath()[0]).matches("textarea, input:not([type=range])");
    if (!isUndo(event) || isTyping || !canvas.isConnected) return;
    event.preventDefault();
    takeBack();
  });
  store.watch(["dark"], () => pad.repaint());

  const frame = h("div", { class: "pad-frame" }, canvas, hint, sampleHint);
  const { group, open } = createExamples(store, play);
  return { element: h("section", { class: "bench", "aria-label": say("bench_label") }, frame, h("div", { class: "tools" }, undo, clear, open), group), pad: frame };
}

/**
 * The ten digits as little handwritings, each drawn on the pad by a press.
 * @param {Store} store
 * @param {(loading: Promise<Stroke[]>) => Promise<void>} play
 * @returns {{group: HTMLElement, open: HTMLElement}} `open`: a button that shows them, where there is no room for all
 */
function createExamples(store, play) {
  const problem = h("p", { class: "note", role: "alert" });
  const buttons = Array.from({ length: 10 }, (_, digit) => {
    let number = 0;
    const onclick = async () => {
      group.classList.remove("shown");
      try {
        await play(loadExample(digit, number));
        number += 1;
        write(problem, "");
      } catch (error) {
        write(problem, sentenceOf(error));
      }
    };
    return h("button", { type: "button", "data-example": digit, "aria-label": say("example_label", { digit }), onclick });
  });
  const group = h("div", { class: "examples", role: "group", "aria-label": say("examples_label") }, ...buttons, problem);
  const open = h("button", { type: "button", class: "examples-open", onclick: () => group.classList.toggle("shown") }, say("examples"));
  for (const part of [group, open]) {
    part.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || !group.classList.contains("shown")) return;
      group.classList.remove("shown");
      open.focus();
    });
  }
  store.watch(["penDown", "view", "course", "training"], () => group.classList.remove("shown")); // they lie over the pad
  store.watch(["grid"], ({ grid }) => {
    if (grid && !buttons[0].firstChild) buttons.forEach((button, digit) => void loadExample(digit, 0).then((strokes) => button.replaceChildren(picture(strokes)), () => {})); // they came with the grid
  });
  return { group, open };
}

/**
 * A button.
 * @param {string} testid
 * @param {string} word its key
 * @param {() => void} onclick
 * @param {string} [label] the key of what it is called, where that says more
 */
export const tool = (testid, word, onclick, label) =>
  /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": testid, "aria-label": label && say(label), onclick }, say(word)));

/**
 * Show strokes growing, as a pen would draw them; at once where no motion is wanted.
 * @param {Stroke[]} strokes
 * @param {number} duration in ms
 * @param {() => boolean} isOver whether they are shown no more
 * @param {(drawn: Stroke[], isDone: boolean) => void} show
 */
export function drawSlowly(strokes, duration, isOver, show) {
  const total = strokes.flat().length;
  const started = performance.now();
  const frame = (/** @type {number} */ now) => {
    if (isOver()) return;
    const left = prefersStill() ? total : Math.ceil((total * Math.max(1, now - started)) / duration);
    show(first(strokes, left), left >= total);
    if (left < total) requestAnimationFrame(frame);
  };
  frame(started);
}

/** The first so many points of strokes. @param {Stroke[]} strokes @param {number} left @returns {Stroke[]} */
function first([stroke, ...rest], left) {
  return stroke && left > 0 ? [stroke.slice(0, left), ...first(rest, left - stroke.length)] : [];
}

/** @param {Stroke[]} strokes */
export function picture(strokes) {
  const lines = strokes.map((stroke) => svg("polyline", { points: [stroke[0], ...stroke].map((point) => point.join()).join(" ") })); // a dot is a line too
  return svg("svg", { class: "strokes", viewBox: "0 0 1 1", "aria-hidden": "true" }, ...lines);
}
