// What follows from the visitor's choices: the image, and what every snapshot of the chosen run says of it.
import { isRefused } from "./engine/detector.js";
import { imageOfDrawing } from "./engine/image.js";
import { logits, softmax } from "./engine/network.js";

/** @typedef {import("./state.js").State} State */

/**
 * A function that makes from a changed state what depends on it.
 * @param {import("./runs.js").Library} library the networks that have arrived
 * @returns {import("./state.js").Derive}
 */
export function createAnswer(library) {
  return (state, changed, given) => {
    const timeline = library.timeline(state.run);
    /** @type {Partial<State>} */
    const made = { timeline, loaded: timeline?.loaded ?? 0, failure: library.failure(state.run) };
    if (changed.has("run")) Object.assign(made, { playing: false }, "snapshot" in given ? {} : { snapshot: null });
    const isMoved = ["run", "snapshot", "drawing", "sample"].some((key) => changed.has(key));
    if (isMoved && !("badLink" in given)) made.badLink = false; // what was said of it is over
    const image = changed.has("drawing") || changed.has("sample") ? imageOf(state) : state.image;
    Object.assign(made, { image, label: state.sample?.label ?? null });
    const isSame = image === state.image && made.timeline === state.timeline && made.loaded === state.loaded;
    const detector = state.sample ? null : library.detector(); // what has a label is a digit
    if (!isSame || changed.has("hasDetector") || changed.has("sample")) Object.assign(made, ask(image, timeline, detector));
    return made;
  };
}

/** @param {State} state @returns {Uint8Array | null} */
function imageOf({ drawing, sample }) {
  if (sample) return sample.image;
  return drawing.strokes.length ? imageOfDrawing(drawing.strokes) : null;
}

/**
 * @param {Uint8Array | null} image
 * @param {import("./state.js").Timeline | null} timeline
 * @param {import("./engine/detector.js").Detector | null} detector
 * @returns {Pick<State, "probabilities" | "isDigit">}
 */
function ask(image, timeline, detector) {
  if (!image || !timeline) return { probabilities: null, isDigit: true };
  const said = timeline.snapshots.map((network) => network && logits(network, image));
  return {
    probabilities: said.map((values) => values && softmax(values)),
    isDigit: !detector || !isRefused(detector, image),
  };
}
