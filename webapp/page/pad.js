// A drawing pad on a canvas: pointer events become strokes. It imports nothing, so that any page can use it.

/**
 * @typedef {[number, number]} Point x and y in widths of the pad, 0..1, y downwards
 * @typedef {Point[]} Stroke
 */
const PEN = 2.4 / 28; // of the pad's width; a digit 20 of 28 pixels high then has strokes as wide as MNIST's
const NEAR = 0.002; // of the pad's width; a point nearer to the last one adds nothing
export const MAX_STROKES = 200;
export const MAX_POINTS = 10_000; // a minute of drawing with a fast pen
const SIDE = 28; // pixels on each side of an image

/**
 * The part of the line from a to b that lies on the pad, or null. (Liang & Barsky 1984)
 * @param {Point} a
 * @param {Point} b
 * @returns {[Point, Point] | null}
 */
function clip(a, b) {
  let [start, end] = [0, 1];
  for (const axis of [0, 1]) {
    const length = b[axis] - a[axis];
    for (const [edge, sign] of [[0, -1], [1, 1]]) { // what lies beyond `edge` in the direction `sign` is off
      const distance = sign * (edge - a[axis]);
      const speed = sign * length;
      if (speed === 0 && distance < 0) return null;
      if (speed > 0) end = Math.min(end, distance / speed);
      if (speed < 0) start = Math.max(start, distance / speed);
    }
  }
  /** @param {number} share @returns {Point} */
  const at = (share) => [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
  return start > end ? null : [at(start), at(end)];
}

/** @param {Point} point @returns {Point} on the pad, to a ten-thousandth of its width */
function rounded([x, y]) {
  /** @param {number} value */
  const round = (value) => Math.round(Math.min(1, Math.max(0, value)) * 1e4) / 1e4;
  return [round(x), round(y)];
}

/**
 * Add a movement of the pen to strokes: where it leaves the pad a stroke ends, where it comes back one begins.
 * @param {Stroke[]} strokes changed in place
 * @param {Point} from where the pen was, on the pad or beside it
 * @param {Point} to
 * @returns {number} how many points were added
 */
export function extend(strokes, from, to) {
  const part = clip(from, to);
  if (!part) return 0;
  const [start, end] = part.map(rounded);
  const moved = Math.hypot(end[0] - start[0], end[1] - start[1]) >= NEAR;
  const stroke = strokes.at(-1);
  const last = stroke?.at(-1);
  if (!stroke || !last || Math.hypot(start[0] - last[0], start[1] - last[1]) > NEAR) {
    strokes.push(moved ? [start, end] : [start]);
    return moved ? 2 : 1;
  }
  if (Math.hypot(end[0] - last[0], end[1] - last[1]) < NEAR) return 0;
  stroke.push(end);
  return 1;
}

/** @param {CanvasRenderingContext2D} context @param {Stroke[]} strokes */
function paintStrokes(context, strokes) {
  const { width } = context.canvas;
  context.lineWidth = PEN * width;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) {
    const points = stroke.map(([x, y]) => [x * width, y * width]);
    let last = points[0];
    context.beginPath();
    context.moveTo(last[0] - 0.01, last[1]); // a path of no length is not painted, and a dot is one
    for (const point of points) {
      // Through the middle of every two points, bent towards the point between: smooth, and without lag.
      context.quadraticCurveTo(last[0], last[1], (last[0] + point[0]) / 2, (last[1] + point[1]) / 2);
      last = point;
    }
    context.lineTo(last[0], last[1]);
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Uint8Array} levels (784,), 0 paper to 255 full ink */
function paintImage(context, levels) {
  /** @param {number} pixels */
  const edge = (pixels) => Math.round((pixels * context.canvas.width) / SIDE);
  levels.forEach((level, index) => {
    const [column, row] = [index % SIDE, Math.floor(index / SIDE)];
    context.globalAlpha = level / 255;
    context.fillRect(edge(column), edge(row), edge(column + 1) - edge(column), edge(row + 1) - edge(row));
  });
  context.globalAlpha = 1;
}

/** Whether keys ask for Undo: Ctrl or ⌘ and Z, or Z's place where the letters are not Latin. @param {KeyboardEvent} event */
export const isUndo = ({ key, code, ctrlKey, metaKey, shiftKey, altKey }) =>
  (ctrlKey || metaKey) && !shiftKey && !altKey && (/[ -~\p{Script=Latin}]/u.test(key) ? key.toLowerCase() === "z" : code === "KeyZ");

/** @param {() => void} action called whenever the page comes to a screen of another density */
export function onDensity(action) {
  const follow = () => {
    action();
    onDensity(action);
  };
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", follow, { once: true });
}

/**
 * Bring a canvas to life as a drawing pad. It paints in the colour of the canvas's text.
 * @param {HTMLCanvasElement} canvas a square
 * @param {object} options
 * @param {() => Stroke[]} options.onBegin called when the pen comes down: the strokes to draw on
 * @param {(strokes: Stroke[], isPenDown: boolean) => void} options.onChange called with new arrays while the pen
 *   moves, and once when it is lifted; finished strokes stay the same arrays
 * @param {(strokes: Stroke[]) => void} options.onCancel called with what `onBegin` gave, if nothing was drawn after all
 */
export function createPad(canvas, { onBegin, onChange, onCancel }) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const layer = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  let isLayered = false; // whether the finished strokes are painted on the layer
  /** @type {Stroke[]} */
  let finished = [];
  /** @type {Stroke[]} */
  let drawn = []; // since the pen came down
  /** @type {PointerEvent | null} */
  let press = null; // of the finger, pen or mouse that draws; null while none does
  /** @type {Point | null} */
  let pen = null; // where it was last, also beside the pad
  /** @type {Set<number>} */
  const fingers = new Set(); // the ids of all on the pad
  /** @type {{strokes: Stroke[]} | {image: Uint8Array}} */
  let shown = { strokes: [] };
  /** @type {Stroke[] | null} */
  let given = null; // the strokes that `onChange` was last called with
  let room = 0; // points that may still be added

  function paint() {
    context.clearRect(0, 0, canvas.width, canvas.width);
    context.strokeStyle = context.fillStyle = getComputedStyle(canvas).color;
    if ("image" in shown) return paintImage(context, shown.image);
    if (isLayered) context.drawImage(layer.canvas, 0, 0);
    paintStrokes(context, isLayered ? shown.strokes.slice(finished.length) : shown.strokes);
  }
  function repaint() {
    isLayered = false;
    paint();
  }
  function fit() {
    const width = Math.round(canvas.clientWidth * devicePixelRatio);
    if (!width || width === canvas.width) return;
    canvas.width = canvas.height = width;
    repaint();
  }

  /** @param {Stroke[]} strokes @param {boolean} isPenDown */
  function give(strokes, isPenDown) {
    given = strokes;
    onChange(strokes, isPenDown);
  }

  /** @param {PointerEvent[]} events */
  function follow(events) {
    const place = canvas.getBoundingClientRect(); // the page may scroll while one draws
    if (!place.width) return;
    let added = 0;
    for (const event of events) {
      /** @type {Point} */
      const to = [(event.clientX - place.left) / place.width, (event.clientY - place.top) / place.height];
      if (added + 2 <= room) {
        const points = extend(drawn, pen ?? to, to);
        if (finished.length + drawn.length > MAX_STROKES) drawn.pop();
        else added += points;
      }
      pen = to;
    }
    room -= added;
    if (added) give([...finished, ...drawn.slice(0, -1), [...drawn[drawn.length - 1]]], true);
  }

  function cancel() {
    press = null;
    onCancel(finished);
  }
  function end() {
    if (!press) return;
    const { pointerId } = press;
    if (canvas.hasPointerCapture(pointerId)) canvas.releasePointerCapture(pointerId);
    if (!drawn.length) return cancel(); // there was no room
    press = null;
    give([...finished, ...drawn], false);
  }

  canvas.addEventListener("pointerdown", (event) => {
    const { pointerId, pointerType } = event;
    const isFinger = pointerType === "touch";
    if (isFinger && event.isPrimary) fingers.clear(); // the only one: the ends of others were lost
    if (isFinger) fingers.add(pointerId);
    const isSecond = isFinger && fingers.size > 1;
    if (event.button || (isFinger && press?.pointerType === "pen")) return; // a hand beside its pen
    if (press?.pointerType === "touch" && (isSecond || pointerType === "pen")) cancel();
    end(); // the stroke before, if its end was lost
    if (isSecond) return; // two fingers zoom or scroll
    press = event;
    canvas.setPointerCapture(pointerId);
    for (const type of ["wheel", "contextmenu"]) addEventListener(type, hold, { passive: false });
    addEventListener("blur", end, { once: true }); // the end may go to another window
    finished = onBegin();
    drawn = [];
    pen = null;
    room = MAX_POINTS - finished.flat().length;
    isLayered = "strokes" in shown && shown.strokes === finished;
    layer.canvas.width = layer.canvas.height = canvas.width; // which empties it
    layer.drawImage(canvas, 0, 0);
    follow([event]);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== press?.pointerId) return;
    if (!(event.buttons & 1)) return end(); // it was lifted elsewhere
    const events = event.getCoalescedEvents?.() ?? [];
    follow(events.length ? events : [event]);
  });
  /** @param {PointerEvent} event */
  function leave({ type, pointerId }) {
    fingers.delete(pointerId);
    if (pointerId !== press?.pointerId) return;
    if (type === "pointercancel") cancel(); // the system says that it was none
    else end();
  }
  canvas.addEventListener("pointerup", (event) => {
    if (event.pointerId === press?.pointerId) follow([event]);
    leave(event);
  });
  canvas.addEventListener("pointercancel", leave);
  canvas.addEventListener("lostpointercapture", leave);
  /** While a stroke is drawn, nothing scrolls and no menu opens. @param {Event} event */
  function hold(event) {
    if (press) event.preventDefault();
    else removeEventListener(event.type, hold);
  }
  // Else Chromium takes a press right after a finger's fast stroke for a part of it, and the press is lost.
  canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  new ResizeObserver(fit).observe(canvas);
  onDensity(fit);

  return {
    /** @returns {boolean} whether a stroke is being drawn */
    isPenDown: () => press !== null,
    /**
     * Show what lies on the pad. What the pad did not draw itself ends a stroke that is being drawn.
     * @param {{strokes: Stroke[]} | {image: Uint8Array}} content strokes, or an image of 784 levels
     */
    show(content) {
      shown = content;
      if ("strokes" in content && content.strokes === given) return paint();
      press = null;
      repaint();
    },
    repaint,
  };
}
