// Lessons on the page: read from their files, opened by a link or from the choice; and what moves when a bet is locked.
import { layExample } from "./data.js";
import { InklingError } from "./engine/errors.js";
import { beginCourse, changeTurn, outcomeOf, showStep, stageOf, stepOf, turnOf } from "./lesson_course.js";
import { figuresIn } from "./lesson_figures.js";
import { layOver, readLesson } from "./lesson_file.js";
import { unpackLesson } from "./lesson_making.js";
import { PROJECTOR, readLink } from "./link.js";
import { isBusy, isTraining } from "./own_runs.js";
import { fetchFile } from "./runs.js";
import { chosen, shown } from "./state.js";
import { say } from "./text.js";
import { readTraining } from "./training_link.js";

/**
 * @typedef {import("./state.js").Store} Store
 * @typedef {import("./lesson_course.js").Course} Course
 * @typedef {import("./lesson_file.js").Lesson} Lesson
 *
 * @typedef {object} Tools of the page
 * @property {import("./runs.js").Library} library
 * @property {import("./trainer.js").Trainer} trainer
 * @property {() => void} play plays the training shown to its end
 */

export const OWN = "own"; // the name of a lesson that is in no file of the page
/** What a link to a step cannot change of it. */
const OF_LESSON = ["lesson", "projector", "file"];

/** The names of the files in the folder lessons, in the order in which they are offered. @returns {Promise<string[]>} */
export const listLessons = async () => (await fetchFile("lessons.json")).json();

/**
 * @param {string} name of a file in the folder lessons
 * @param {Store} store
 * @returns {Promise<Lesson>}
 */
export async function loadLesson(name, { state }) {
  const response = await fetchFile(`lessons/${name}.json`);
  return readLesson(await response.text(), state.runs);
}

/** What a lesson changes of the page. @param {import("./state.js").State} state */
const shownNow = ({ run, snapshot, drawing, sample, view, isRaised, marks, compared }) => ({ run, snapshot, drawing, sample, view, isRaised, marks, compared });

/** What figures are computed from, as the page is now. @param {import("./state.js").State} state @returns {import("./lesson_figures.js").Facts} */
export function factsOf(state) {
  const { runs, run, image, sample, drawing } = state;
  return { runs, run, index: shown(state).index, image, strokes: sample ? [] : drawing.strokes };
}

/**
 * What leads through a lesson.
 * @param {Store} store
 * @param {Tools} tools
 */
export function createGuide(store, { library, trainer, play }) {
  /** @type {AbortController | null} ends the move that goes on: what the page does since a bet was locked */
  let move = null;
  let onChange = () => {}; // tells whoever waits for the end of that move
  /** @type {ReturnType<typeof shownNow> | null} */
  let before = null; // what was shown when a lesson was chosen: leaving it brings that back
  /** @type {Course | null} */
  let left = null; // chosen again, it goes on with its bets
  const course = () => store.state.course;
  const change = (/** @type {Partial<Course>} */ changes) => {
    const { course: current } = store.state;
    if (current) store.set({ course: { ...current, ...changes } });
  };

  /** Lay out a step's own state, with more keys of a link over it. @param {Course} current @param {string} [over] */
  function layOut(current, over = "") {
    const asked = readLink(layOver(stepOf(current).page, over), store.state.runs);
    if (!asked?.run) throw new InklingError("lesson_link");
    void library.fetch(asked.run);
    const { compare: compared = [] } = stepOf(current);
    for (const run of compared) void library.fetch(run);
    const { projector } = store.state;
    const view = stageOf(current) || asked.view;
    store.set({ ...asked, view, isRaised: false, showsSeries: false, compared, projector, course: current, badLink: false, playing: false, penDown: false });
    void layExample(store);
  }

  /** @param {() => boolean} isTrue of playing and training @returns {Promise<void>} when it has become so */
  const until = (isTrue) =>
    new Promise((resolve) => {
      onChange = () => isTrue() && resolve();
      onChange();
    });

  /** Do what the step does once its bet is locked. @param {Course} current @param {AbortSignal} signal @returns {Promise<void>} when that is over */
  async function begin(current, signal) {
    const { page, explain, move: wanted = {} } = stepOf(current);
    const others = figuresIn(explain).flatMap(({ run }) => run || []);
    await Promise.all([store.state.run, ...others].map(library.fetch)); // time can be moved once all of it is there
    signal.throwIfAborted();
    if (wanted.page) {
      const { run, snapshot, marks } = readLink(layOver(page, wanted.page), store.state.runs) ?? {};
      if (run) await library.fetch(run);
      signal.throwIfAborted();
      store.set({ run, snapshot, marks });
    }
    if (wanted.train) return train(current, wanted.train, signal);
    if (wanted.play) play();
    return until(() => !store.state.playing);
  }

  /** @param {Course} current @param {Record<string, unknown>} changes as a link names them @param {AbortSignal} signal */
  async function train(current, changes, signal) {
    const { training: before, runs } = store.state;
    if (isBusy(store.state)) throw new InklingError("own_busy");
    signal.addEventListener("abort", () => {
      const { training, runs: known } = store.state;
      if (!training || training === before || !isTraining(store.state)) return;
      if (known[training.run]) trainer.own.remove(training.run);
      else store.set({ training: null }); // it has no snapshot yet, and is to have none
    });
    await trainer.start(chosen(store.state).architecture.id, readTraining(JSON.stringify(changes)), runs[current.made] ? current.made : "");
    signal.throwIfAborted();
    const { training } = store.state;
    if (!training || training === before) throw new InklingError("own_full");
    change({ made: training.run });
    return until(() => !isTraining(store.state));
  }

  function reveal() {
    const { course: current, training } = store.state;
    if (!current) return;
    const problem = stepOf(current).move?.train && training?.phase === "failed" ? (training.problem ?? "") : "";
    const outcome = problem ? null : outcomeOf(current, factsOf(store.state));
    store.set({ course: { ...changeTurn(current, { outcome }), phase: "seen", problem } });
  }

  async function lock() {
    const current = course();
    if (!current || current.phase === "seen") return;
    if (current.phase === "moves") return store.state.playing && store.set({ playing: false, snapshot: null }); // no need to wait
    const { signal } = (move = new AbortController());
    change({ phase: "moves", problem: "" });
    try {
      await begin(current, signal);
      if (!signal.aborted) reveal();
    } catch (error) {
      if (signal.aborted) return; // the step was left
      if (!(error instanceof InklingError)) console.error(error);
      change({ phase: "asks", problem: error instanceof InklingError ? say(error.key, error.values) : say("failed") });
    }
  }

  store.watch(["playing", "training"], () => onChange());
  store.watch(["course"], ({ course: current }) => {
    store.set({ marked: current && stepOf(current).bet?.kind === "time" ? turnOf(current).bet : null });
    if (current?.phase === "moves" && !move) return layOut(showStep(current, current.at)); // Back leads to a move that was left
    if (current?.phase === "moves") return;
    move?.abort();
    move = null;
    onChange = () => {};
  });
  // The address names the step, so that the page can be loaded again.
  store.watch(["course", "projector"], ({ course: current, projector }) => {
    if (!current) return;
    if (current.name === OWN && !current.file) return history.replaceState(history.state, "", location.pathname + location.search); // too long for one
    const more = [current.file ? `&file=${current.file}` : "", projector === null ? "" : `&projector=${projector || "off"}`];
    history.replaceState(history.state, "", `#lesson=${current.name}.${current.at + 1}${more.join("")}`);
  });
  // What came is told anew when more has been measured of the run that it came from.
  store.watch(["runs"], ({ course: current, runs }) => {
    const { outcome } = current ? turnOf(current) : { outcome: null };
    if (!current || !outcome || current.phase !== "seen" || !runs[outcome.facts.run]) return;
    if (runs[outcome.facts.run].timeline === outcome.facts.runs[outcome.facts.run].timeline) return;
    store.set({ course: changeTurn(current, { outcome: outcomeOf(current, { ...outcome.facts, runs }) }) });
  });

  return {
    /**
     * Open a lesson.
     * @param {string} name @param {Lesson} lesson @param {number} at the step, from 0
     * @param {{over?: string, file?: string, isChosen?: boolean}} [more] keys of a link, laid over the step's; the lesson as
     *   letters of a link; whether it was chosen on the page, and not by a link
     */
    open(name, lesson, at, { over = "", file, isChosen = false } = {}) {
      if (at < 0 || at >= lesson.steps.length) throw new InklingError("lesson_link");
      const known = store.state.course ?? (isChosen ? left : null);
      if (!store.state.course) before = isChosen ? shownNow(store.state) : null;
      const isSame = known?.name === name && JSON.stringify(known.lesson) === JSON.stringify(lesson);
      layOut(showStep(isSame ? known : beginCourse(name, lesson, file), at), over);
    },

    /** Open the step that a link names. @param {string} link */
    async openLink(link) {
      const given = new URLSearchParams(link.replace(/^#/, ""));
      const [name, number = "1"] = (given.get("lesson") ?? "").split(".");
      const file = given.get("file") ?? undefined;
      const lesson = file === undefined ? await loadLesson(name, store) : readLesson(await unpackLesson(file), store.state.runs);
      if (store.state.lessonLink !== link) return; // another one was followed meanwhile
      store.set({ projector: PROJECTOR[given.get("projector") ?? ""] ?? null });
      for (const key of OF_LESSON) given.delete(key);
      this.open(name, lesson, Number(number) - 1, { over: given.toString(), file });
    },

    /** Show another step, or, past the last, the sheet. @param {number} at */
    goTo(at) {
      const current = course();
      if (current && at >= 0 && at < current.lesson.steps.length) layOut(showStep(current, at));
    },

    /** Bring back the step's own state. */
    again() {
      const current = course();
      if (current) layOut(showStep(changeTurn(current, { outcome: null }), current.at));
    },

    leave() {
      left = store.state.course;
      if (before && !store.state.runs[before.run]) before = null; // it was removed meanwhile
      if (before) void library.fetch(before.run);
      store.set({ course: null, playing: false, penDown: false, ...before });
      before = null;
      history.replaceState(history.state, "", location.pathname + location.search);
    },

    lock,

    /** @param {Partial<import("./lesson_course.js").Turn>} changes of the step shown, before its bet is locked */
    bet(changes) {
      const current = course();
      if (current?.phase === "asks") store.set({ course: changeTurn(current, changes) });
    },
  };
}
