// Time: one strip of the test accuracy over the run's snapshots, with what each says of the drawing; and Play.
import { h, svg, write } from "../dom.js";
import { largest } from "../engine/network.js";
import { chosen, shown } from "../state.js";
import { placeOf, playTimes } from "../snapshots.js";
import { count, countImages, percent, say, sayOf } from "../text.js";

/** @typedef {import("../state.js").Store} Store */
const ALL = 10_000; // MNIST's test images
const LEAST_PX = 12; // from one chip to the next, at least; with larger letters more
const CURVE = { width: 1000, height: 100 };

/**
 * @param {Store} store
 * @returns {{element: HTMLElement, go: HTMLElement, line: HTMLElement, play: () => void}} `go` and `line`: the places right
 *   of the strip and below it, for what trains
 */
export function createTime(store) {
  const range = /** @type {HTMLInputElement} */ (
    h("input", { type: "range", "data-testid": "timeline", min: 0, step: 1, "aria-label": say("timeline_label") })
  );
  const button = /** @type {HTMLButtonElement} */ (h("button", { type: "button", class: "play", "data-testid": "play", onclick: toggle }));
  const label = h("p", { class: "moment", "data-testid": "timeline-moment" });
  const track = createTrack(store);
  const last = () => chosen(store.state).steps.length - 1;
  const here = () => store.state.timeline?.snapshots.map(Boolean) ?? [];
  const isUsable = () => here().filter(Boolean).length > 2 || here().every(Boolean);

  /** Show a snapshot, or the last before it that is here. @param {number} index @param {boolean} playing */
  const show = (index, playing) => store.set({ snapshot: index >= last() ? null : here().lastIndexOf(true, index), playing });

  function play() {
    if (!isUsable() || !last()) return; // a training that failed at once has one snapshot
    if (shown(store.state).index === last()) show(0, true);
    else store.set({ playing: true });
    const { run } = store.state;
    let times = timesOf(store);
    let asked = store.state.probabilities;
    let until = performance.now() + times[shown(store.state).index];
    /** @param {number} now */
    const frame = (now) => {
      const { playing, probabilities } = store.state;
      if (!playing || store.state.run !== run || mine !== plays) return;
      if (probabilities !== asked) [times, asked] = [timesOf(store), probabilities]; // drawn on meanwhile
      let { index } = shown(store.state);
      while (now >= until && index < last()) {
        index += 1;
        until += here()[index] ? times[index] ?? 0 : 0;
      }
      if (index !== shown(store.state).index) show(index, index < last());
      requestAnimationFrame(frame);
    };
    const mine = (plays += 1);
    requestAnimationFrame(frame);
  }
  let plays = 0; // counts them, so that a new one ends the last

  function toggle() {
    if (store.state.playing) store.set({ playing: false });
    else play();
  }
  let x = NaN; // of the pointer that is down; by itself a range takes a snapshot near it, in some browsers none
  const move = () => {
    show(isNaN(x) ? Number(range.value) : track.nearest(x), false);
    range.value = String(shown(store.state).index);
  };
  range.addEventListener("input", move);
  range.addEventListener("pointerdown", (event) => {
    if (event.button || range.disabled) return;
    range.setPointerCapture(event.pointerId);
    x = event.clientX;
    move();
  });
  range.addEventListener("pointermove", (event) => {
    if (isNaN(x)) return;
    x = event.buttons & 1 ? event.clientX : NaN;
    move();
  });
  range.addEventListener("lostpointercapture", () => (x = NaN));

  store.watch(["run", "snapshot", "timeline"], () => {
    const { index } = shown(store.state);
    range.max = String(last());
    range.value = String(index);
    range.disabled = button.disabled = !store.state.timeline || !isUsable();
    write(label, store.state.timeline ? describe(store, here().every(Boolean) || (isUsable() && index < last())) : "");
    range.setAttribute("aria-valuetext", label.textContent ?? "");
  });
  store.watch(["playing"], ({ playing }) => {
    write(button, say(playing ? "stop" : "play"));
    button.title = say(playing ? "stop_label" : "play_label");
    button.setAttribute("aria-label", button.title);
  });
  const [go, line] = [h("div", { class: "go" }), h("div", { class: "time-line" }, label)];
  track.element.append(range);
  return { element: h("section", { class: "time", "aria-label": say("time_label") }, button, track.element, go, line), go, line, play };
}

/** The shown snapshot in words: the images shown, and the test digits read right. @param {Store} store @param {boolean} isWhole */
function describe({ state }, isWhole) {
  const { index, images, isFineTuned } = shown(state);
  const { snapshots = [], card } = state.timeline ?? {};
  const { scores = [], images_seen: seen = [] } = card ?? {};
  const at = scores.slice(0, index + 1).map(Boolean).lastIndexOf(true); // the last that was measured by then
  const score = scores[at];
  const words = !score ? "timeline_unmeasured" : at < index ? "timeline_growing" : index ? "timeline_snapshot" : "timeline_start";
  const digits = say(score?.n === ALL ? "timeline_all" : "timeline_some", { n: count(score?.n ?? 0) });
  const accuracy = score && percent(score.correct / score.n);
  const values = { images: countImages(images), measured: countImages(seen[at] ?? 0), digits, accuracy, arrived: snapshots.filter(Boolean).length, all: snapshots.length };
  return sayOf(isFineTuned, isWhole ? words : "timeline_waits", values);
}

/**
 * The curve and the chips below it, each in its snapshot's place.
 * @param {Store} store
 * @returns {{element: HTMLElement, nearest: (x: number) => number}} `nearest`: the snapshot nearest to a place in the window
 */
function createTrack(store) {
  const [whole, past] = ["whole", "past"].map((name) => svg("polygon", { class: name }));
  const curve = svg("svg", { viewBox: `0 0 ${CURVE.width} ${CURVE.height}`, preserveAspectRatio: "none", class: "time-curve", "aria-hidden": "true" }, whole, past);
  const cursor = h("i", { class: "cursor" });
  const list = h("ol", { class: "chips", "aria-hidden": "true", "data-testid": "chips" });
  const inner = h("div", { class: "track-inner" }, curve, list, cursor);
  const element = h("div", { class: "scrub" }, inner);
  /** @type {number[]} */
  let places = []; // of the snapshots, in shares of the strip's width
  /** @type {HTMLElement[]} */
  let chips = [];
  /** @type {string[]} */
  let points = []; // of the curve
  const area = (/** @type {number} */ end) => `0,${CURVE.height} ${points.slice(0, end + 1).join(" ")} ${(places[end] ?? 0) * CURVE.width},${CURVE.height}`;

  /** Lay out the curve and the chips, which stay while only the time moves. */
  function place() {
    places = placesOf(store);
    const values = accuraciesOf(store);
    points = places.map((share, at) => `${(share * CURVE.width).toFixed(1)},${((1 - values[at]) * CURVE.height).toFixed(1)}`);
    whole.setAttribute("points", area(places.length - 1));
    element.style.setProperty("--grown", String(places[places.length - 1] ?? 1));
    while (chips.length < places.length) chips.push(h("li"));
    chips.length = places.length;
    if (list.children.length !== chips.length) list.replaceChildren(...chips);
    chips.forEach((chip, at) => (chip.style.left = `${100 * places[at]}%`));
    thin();
  }
  function move() {
    const { index } = shown(store.state);
    past.setAttribute("points", area(index));
    cursor.style.left = `${100 * (places[index] ?? 0)}%`;
    chips.forEach((chip, at) => chip.classList.toggle("shown", at === index));
  }
  /** Leave out chips that would be less than a finger's width apart. */
  function thin() {
    const least = Math.max(LEAST_PX, parseFloat(getComputedStyle(list).fontSize) * 0.8);
    let free = -Infinity; // where the next one may stand
    chips.forEach((chip, at) => {
      const x = places[at] * inner.clientWidth;
      const isLast = at === chips.length - 1;
      chip.classList.toggle("thinned", x < free && !isLast);
      if (x >= free) free = x + least;
    });
  }
  function answer() {
    const { probabilities } = store.state;
    const said = probabilities?.map((values) => values && largest(values));
    const final = said?.[said.length - 1];
    chips.forEach((chip, at) => {
      const digit = said?.[at] ?? null;
      write(chip, digit === null ? "" : String(digit));
      chip.classList.toggle("same", digit !== null && digit === final);
    });
  }
  store.watch(["run", "timeline", "training"], place);
  store.watch(["timeline", "marked"], ({ marked }) => chips.forEach((chip, at) => chip.classList.toggle("bet", at === marked)));
  store.watch(["run", "snapshot", "timeline", "training"], move);
  store.watch(["probabilities", "timeline"], answer);
  new ResizeObserver(thin).observe(inner);

  /** @param {number} x in CSS pixels */
  function nearest(x) {
    const { left, width } = inner.getBoundingClientRect();
    const share = width ? (x - left) / width : 0;
    return places.reduce((best, at, index) => (Math.abs(at - share) < Math.abs(places[best] - share) ? index : best), 0);
  }
  return { element, nearest };
}

/** Where the snapshots stand; those of a training that goes on, among the ones to come. @param {Store} store @returns {number[]} 0..1 */
function placesOf({ state }) {
  const { images_seen: seen, id, growing } = chosen(state);
  const axis = growing && state.training?.run === id && state.training.axis.length > 1 ? state.training.axis : null;
  const most = (axis ?? seen).length - 1 || 1;
  return seen.map((images, at) => (axis ? placeOf(images, axis) : at) / most);
}

/** The share of test digits that each snapshot reads; where it was not measured, that of the one before. @param {Store} store @returns {number[]} */
function accuraciesOf({ state }) {
  const { scores = [] } = state.timeline?.card ?? {};
  let known = 0;
  return chosen(state).steps.map((_, at) => {
    const score = scores[at];
    if (score) known = score.correct / score.n;
    return known;
  });
}

/**
 * How long Play stays at each snapshot: by what changes in the answers to what lies on the pad and in the test images
 * read right; where neither is known, by the images shown.
 * @param {Store} store
 */
function timesOf({ state }) {
  const { probabilities, timeline } = state;
  const { scores = [], images_seen: images = [] } = timeline?.card ?? {};
  const answers = probabilities?.every(Boolean) ? /** @type {Float64Array[]} */ (probabilities) : null;
  const isMeasured = scores.length > 0 && scores.every(Boolean);
  if (!answers && !isMeasured) return playTimes(images.map((shownBy) => [Math.log1p(shownBy)]));
  return playTimes(images.map((_, at) => [...(answers?.[at] ?? []), ...(isMeasured ? [2 * (scores[at].correct / scores[at].n)] : [])]));
}
