// What a visit does not lose: the state at each address that Back returns to, and the drawing when the page is loaded
// again. Before the page goes with what is nowhere else, the browser asks.
import { isBusy } from "./own_runs.js";
import { ownRuns } from "./state.js";

/**
 * @typedef {import("./state.js").Store} Store
 * @typedef {import("./state.js").State} State
 */
const DRAWING = "inkling-drawing"; // in the storage that goes with the tab

/**
 * @param {Store} store
 * @param {(run: string) => Promise<void>} fetchRun
 * @returns {() => boolean} to be called when the address has changed: shows what was there when it was left, and whether
 *   it was there before; a link that was just followed was not
 */
export function keepVisit(store, fetchRun) {
  recallDrawing(store);
  addEventListener("pagehide", () => keepDrawing(store.state));
  addEventListener("beforeunload", (event) => {
    if (!wouldLose(store.state)) return;
    event.preventDefault();
    event.returnValue = true; // what Safari goes by
  });

  /** @type {Map<string, Pick<State, "run" | "snapshot" | "drawing" | "sample" | "view" | "marks" | "lesson" | "course" | "projector">>} */
  const left = new Map(); // by entry of the history: the state when its address was left
  let entry = markEntry();
  return () => {
    const { run, snapshot, drawing, sample, view, marks, lesson, course, projector } = store.state;
    const before = left.get(history.state?.entry); // none at a link that was just followed, even while this was loaded
    left.set(entry, { run, snapshot, drawing, sample, view, marks, lesson, course, projector });
    entry = before ? history.state.entry : markEntry();
    if (!before) return false;
    if (!store.state.runs[before.run]) before.run = store.state.run; // it was removed meanwhile
    void fetchRun(before.run);
    store.set({ ...before, playing: false, penDown: false, badLink: false });
    return true;
  };
}

let entries = 0; // marked so far, in this document

/** Mark the address's entry in the history, so that it is known again. @returns {string} its mark */
function markEntry() {
  entries += 1;
  const entry = `${performance.timeOrigin} ${entries}`;
  history.replaceState({ ...history.state, entry }, "");
  return entry;
}

/** @param {State} state */
function keepDrawing({ drawing }) {
  try {
    sessionStorage.setItem(DRAWING, JSON.stringify({ address: location.href, drawing }));
  } catch {} // a private window may keep nothing
}

/** Lay the drawing on the pad again, if the page was loaded again at the same address. @param {Store} store */
function recallDrawing(store) {
  const [{ type }] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (type === "navigate") return; // to a link, which says itself what lies on the pad
  try {
    const { address, drawing } = JSON.parse(sessionStorage.getItem(DRAWING) ?? "{}");
    if (address === location.href && drawing.strokes.length && !store.state.drawing.strokes.length) store.set({ drawing });
  } catch {} // nothing is kept, or may be
}

/** Whether something would be gone with the page that is nowhere else. @param {State} state */
function wouldLose(state) {
  const { writer, course } = state;
  const hasBets = course?.turns.some(({ bet, votes }) => bet !== null || votes.some(Boolean)); // which the sheet is made of
  const hasUnsaved = writer && writer.saved !== writer.drawn && writer.drawn.some(Boolean);
  return isBusy(state) || Boolean(hasUnsaved) || Boolean(hasBets) || ownRuns(state).some(({ isSaved }) => !isSaved);
}
