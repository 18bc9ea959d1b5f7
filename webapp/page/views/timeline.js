// The timeline: a slider over the run's snapshots, and Play.
import { h, write } from "../dom.js";
import { chosen, shown } from "../state.js";
import { playTimes } from "../story.js";
import { count, countImages, percent, say, sayOf } from "../text.js";

/** @typedef {import("../state.js").Store} Store */
const ALL = 10_000; // MNIST's test images

/**
 * @param {Store} store
 * @returns {{element: HTMLElement, play: () => void}}
 */
export function createTimeline(store) {
  const range = /** @type {HTMLInputElement} */ (
    h("input", { type: "range", "data-testid": "timeline", min: 0, step: 1, "aria-label": say("timeline_label") })
  );
  const button = /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": "play", onclick: toggle }));
  const label = h("p", { class: "note", "data-testid": "timeline-moment" });
  const last = () => chosen(store.state).steps.length - 1;
  const isWhole = () => store.state.timeline?.snapshots.every(Boolean) ?? false;

  /** @param {number} index @param {boolean} playing */
  const show = (index, playing) => store.set({ snapshot: index >= last() ? null : index, playing });

  function play() {
    if (!isWhole() || !last()) return; // a training that failed at once has one snapshot
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
        until += times[index] ?? 0;
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
  range.addEventListener("input", () => show(Number(range.value), false));

  store.watch(["run", "snapshot", "timeline"], () => {
    const { index, images, isFineTuned } = shown(store.state);
    range.max = String(last());
    range.value = String(index);
    range.disabled = button.disabled = !isWhole();
    const { snapshots = [], card } = store.state.timeline ?? {};
    const isGrowing = !card?.scores[index] && chosen(store.state).growing; // what was measured last stands for it
    const scores = isGrowing ? card?.scores.filter(Boolean).at(-1) : card?.scores[index];
    const words = !scores ? "timeline_unmeasured" : isGrowing ? "timeline_growing" : index ? "timeline_snapshot" : "timeline_start";
    const digits = say(scores?.n === ALL ? "timeline_all" : "timeline_some", { n: count(scores?.n ?? 0) });
    const values = { images: countImages(images), arrived: snapshots.filter(Boolean).length, all: snapshots.length, digits, accuracy: scores && percent(scores.correct / scores.n) };
    write(label, store.state.timeline ? sayOf(isFineTuned, isWhole() ? words : "timeline_waits", values) : "");
    range.setAttribute("aria-valuetext", label.textContent ?? "");
  });
  store.watch(["playing"], ({ playing }) => {
    write(button, say(playing ? "stop" : "play"));
    button.setAttribute("aria-label", say(playing ? "stop_label" : "play_label"));
  });
  return { element: h("div", { class: "timeline" }, button, range, label), play };
}

/**
 * How long Play stays at each snapshot: by the answers to what lies on the pad, else by what the test images say,
 * or, where that was not measured, by the images shown.
 * @param {Store} store
 */
function timesOf({ state }) {
  if (state.probabilities?.every(Boolean)) return playTimes(/** @type {Float64Array[]} */ (state.probabilities));
  const { scores = [] } = state.timeline?.card ?? {};
  if (scores.length && scores.every(Boolean)) return playTimes(scores.map(({ correct, n }) => [correct / n]));
  return playTimes((state.timeline?.card.images_seen ?? []).map((images) => [Math.log1p(images)]));
}
