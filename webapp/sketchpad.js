// The part of `Sketchpad` that knows Gradio. It follows page/pad.js in the body of one function, to which Gradio
// gives the component's `element`, its `props`, `trigger` and `watch`.

const canvas = element.querySelector("canvas");
const [undo, clear] = element.querySelectorAll("button");
const earlier = []; // the strokes before each change
let strokes = props.value?.strokes ?? [];
let frame = 0;

/** Give Gradio the drawing: `change` follows from it. */
function publish() {
  cancelAnimationFrame(frame);
  frame = 0;
  undo.disabled = earlier.length === 0;
  clear.disabled = strokes.length === 0;
  props.value = { strokes };
  trigger("input");
}

const pad = createPad(canvas, {
  onBegin() {
    earlier.push(strokes);
    return strokes;
  },
  onChange(drawn, isPenDown) {
    strokes = drawn;
    pad.show({ strokes });
    if (isPenDown) frame ||= requestAnimationFrame(publish); // one value a frame is enough
    else publish();
  },
  onCancel: () => show(earlier.pop()),
});

function show(next) {
  strokes = next;
  pad.show({ strokes });
  publish();
}

function takeBack() {
  if (earlier.length && !pad.isPenDown()) show(earlier.pop());
}

undo.addEventListener("click", takeBack);
clear.addEventListener("click", () => {
  if (strokes.length === 0) return;
  earlier.push(strokes);
  show([]);
});
canvas.addEventListener("keydown", (event) => {
  if (!isUndo(event)) return;
  event.preventDefault();
  takeBack();
});
watch("value", () => { // set by Python; during a stroke the pen wins
  if (pad.isPenDown()) return;
  earlier.push(strokes);
  strokes = props.value?.strokes ?? [];
  undo.disabled = false;
  clear.disabled = strokes.length === 0;
  pad.show({ strokes });
});
undo.disabled = true;
clear.disabled = strokes.length === 0;
pad.show({ strokes });
