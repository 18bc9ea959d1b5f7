// The drawing pad: pointer events become strokes in the store; the store's drawing is what is shown.
const store = window.inkling;
const heading = element.querySelector("h2");
const canvas = element.querySelector("canvas");
const undo = element.querySelector("[data-testid=pad-undo]");
const clear = element.querySelector("[data-testid=pad-clear]");
const hint = element.querySelector(".pad-hint");
const sampleHint = element.querySelector("[data-testid=pad-sample]");
const PEN = 2.3 / 28; // of the pad's width; drawn 20 of 28 pixels high, a stroke is as wide as MNIST's
const NEAR = 0.002; // of the pad's width; a point nearer to the last one adds nothing
const REPLAY_MS = 700;
let stroke = null; // the stroke being drawn
let finished = []; // the strokes before it
let covered = []; // strokes that lay under a sample when a new drawing began; Undo brings them back
let pad = null; // where the pad lies on the page while it is drawn
let replay = 0; // counts replays, so that a new one, or a hand, ends the last

// A drawing takes a sample off the pad.
const setStrokes = (strokes) => store.set({ drawing: { strokes }, sample: null, problem: null });

// Before a new drawing begins: what a sample covers is kept.
function keepCovered() {
  const { sample, drawing } = store.state;
  if (!sample) covered = [];
  else if (drawing.strokes.length) covered = drawing.strokes;
}

function paint({ drawing, sample }) {
  const context = canvas.getContext("2d");
  const width = canvas.width;
  context.clearRect(0, 0, width, width);
  context.strokeStyle = context.fillStyle = getComputedStyle(canvas).color;
  if (sample) paintInk(context, store.decodeBytes(sample.ink));
  else paintStrokes(context, drawing.strokes);
}

// Every pixel of ink is a square with sharp edges.
function paintInk(context, ink) {
  const edge = (pixels) => Math.round((pixels * canvas.width) / 28);
  ink.forEach((value, index) => {
    const [column, row] = [index % 28, Math.floor(index / 28)];
    const [left, top] = [edge(column), edge(row)];
    context.globalAlpha = value / 255;
    context.fillRect(left, top, edge(column + 1) - left, edge(row + 1) - top);
  });
  context.globalAlpha = 1;
}

function paintStrokes(context, strokes) {
  const { width } = canvas;
  context.lineWidth = PEN * width;
  context.lineCap = context.lineJoin = "round";
  for (const points of strokes) {
    context.beginPath();
    const [first, ...rest] = points.map(([x, y]) => [x * width, y * width]);
    context.moveTo(...first);
    let last = first;
    for (const point of rest) {
      // Through the middle of every two points, bent towards the point between: smooth, and no lag.
      context.quadraticCurveTo(...last, (last[0] + point[0]) / 2, (last[1] + point[1]) / 2);
      last = point;
    }
    context.lineTo(...last);
    context.stroke();
  }
}

function addPoints(events) {
  const known = stroke.length;
  for (const event of events) {
    const point = [event.clientX - pad.left, event.clientY - pad.top].map(
      (offset) => Math.round(Math.min(1, Math.max(0, offset / pad.width)) * 1e4) / 1e4,
    );
    const last = stroke.at(-1);
    if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) >= NEAR) stroke.push(point);
  }
  if (stroke.length > known) setStrokes([...finished, [...stroke]]);
}

canvas.addEventListener("pointerdown", (event) => {
  const { drawing, sample } = store.state;
  const before = sample ? [] : drawing.strokes;
  if (!event.isPrimary || event.button !== 0 || stroke || before.flat().length >= store.limits.points) return;
  canvas.setPointerCapture(event.pointerId);
  replay += 1;
  store.set({ penDown: true });
  pad = canvas.getBoundingClientRect();
  stroke = [];
  finished = before;
  if (sample) keepCovered();
  addPoints([event]);
});
canvas.addEventListener("pointermove", (event) => {
  if (!stroke || !event.isPrimary) return;
  const events = event.getCoalescedEvents?.() ?? [];
  addPoints(events.length ? events : [event]);
});
const lift = (event) => {
  if (!stroke || !event.isPrimary) return;
  if (event.type === "pointerup") addPoints([event]);
  stroke = null;
  store.set({ penDown: false });
};
canvas.addEventListener("pointerup", lift);
canvas.addEventListener("pointercancel", lift);

const prefersStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const endReplay = () => {
  replay += 1;
  store.set({ penDown: false });
};
const takeBack = () => {
  if (stroke) return;
  endReplay();
  const { sample, drawing } = store.state;
  if (sample) return setStrokes(drawing.strokes);
  if (drawing.strokes.length > 1 || !covered.length) return setStrokes(drawing.strokes.slice(0, -1));
  const strokes = covered;
  covered = [];
  setStrokes(strokes);
};
const empty = () => {
  if (stroke) return;
  endReplay();
  keepCovered();
  setStrokes([]);
};
undo.addEventListener("click", takeBack);
clear.addEventListener("click", empty);
document.addEventListener("keydown", (event) => {
  if (!element.isConnected || event.target.matches("input, textarea, select")) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
    event.preventDefault();
    takeBack();
  } else if (event.target === canvas && ["Delete", "Backspace", "Escape"].includes(event.key)) {
    event.preventDefault();
    empty();
  }
});

// Draw an example as a hand would, answered while it grows.
function play(strokes) {
  const mine = (replay += 1);
  const total = strokes.flat().length;
  const still = prefersStill();
  keepCovered();
  const started = performance.now();
  const frame = (now) => {
    if (mine !== replay) return;
    let left = still ? total : Math.ceil((total * (now - started)) / REPLAY_MS);
    const shown = [];
    for (const points of strokes) {
      if (left > 0) shown.push(points.slice(0, left));
      left -= points.length;
    }
    store.set({ penDown: left < 0 });
    setStrokes(shown);
    if (left < 0) requestAnimationFrame(frame);
  };
  frame(started + 1);
}
const examples = element.querySelector(".examples");
for (let digit = 0; digit < 10; digit += 1) {
  const button = document.createElement("button");
  let number = 0;
  button.type = "button";
  button.textContent = digit;
  button.dataset.example = digit;
  button.setAttribute("aria-label", store.say("example_label", { digit }));
  button.addEventListener("click", async () => {
    try {
      play((await store.ask("example", { digit, number: number++ })).strokes);
    } catch {
      store.set({ problem: store.say("no_answer") });
    }
  });
  examples.append(button);
}

const repaint = () => paint(store.state);
store.subscribe(element, (state, changed) => {
  if (!changed.has("drawing") && !changed.has("sample")) return;
  const { drawing, sample } = state;
  const isEmpty = !sample && !drawing.strokes.length;
  hint.hidden = !isEmpty;
  sampleHint.hidden = !sample;
  heading.textContent = store.say(sample ? "sample_heading" : "pad_heading", sample ?? {});
  clear.disabled = isEmpty;
  undo.disabled = isEmpty && !covered.length;
  paint(state);
  if (changed.has("sample") && sample) {
    endReplay();
    heading.scrollIntoView({ block: "nearest", behavior: prefersStill() ? "auto" : "smooth" });
  }
});
new ResizeObserver(() => {
  canvas.width = canvas.height = Math.round(canvas.clientWidth * devicePixelRatio);
  repaint();
}).observe(canvas);
store.onScheme(repaint);
