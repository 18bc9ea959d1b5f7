// A running lesson: its question, the bet, what came and why; the rail of its steps; and its keys.
import { h, write } from "../dom.js";
import { betInWords, cameInWords, choose, countVote, outcomeOf, sightOf, stepOf, turnOf, verdictOf } from "../lesson_course.js";
import { PARTS } from "../lesson_file.js";
import { factsOf } from "../lessons.js";
import { chosen } from "../state.js";
import { countImages, say } from "../text.js";
import { createDarkRoom } from "./projector.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../lesson_course.js").Course} Course
 * @typedef {ReturnType<typeof import("../lessons.js").createGuide>} Guide
 */
const DIGITS = [...Array(10).keys()];
/** What the keys of its own use: in it they are not the lesson's. */
const OWN_KEYS = "input:not([type=range]), select, textarea, [role=slider], [role=tab], [role=tabpanel] .grid, .matrix, .units, dialog";

/** Whether there are keys, as far as can be told: a mouse comes with a keyboard, a finger does not. */
export const hasKeyboard = () => matchMedia("(hover: hover) and (pointer: fine)").matches;

/**
 * @param {Store} store
 * @param {HTMLElement} main
 * @param {Guide} guide
 * @param {() => void} openSheet
 */
export function createLessonView(store, main, guide, openSheet) {
  const ask = createAsk(store, guide);
  const rail = createRail(store, guide, openSheet);
  const spoken = h("p", { class: "hidden", role: "status", "data-testid": "lesson-announcer" });
  const [header] = main.children;
  header.after(ask.element, spoken);
  main.append(rail);
  let place = ""; // the step and phase shown

  store.watch(["course"], ({ course }) => {
    main.classList.toggle("lesson", Boolean(course));
    ask.element.hidden = rail.hidden = !course;
    if (course) show(main, course);
    else main.removeAttribute("data-columns");
    const now = course ? `${course.at} ${course.phase} ${course.problem}` : "";
    if (course && now !== place) {
      announce(spoken, course, store); // once, also where figures are measured anew later
      ask.element.scrollIntoView({ block: "nearest" }); // on a phone what is said may be scrolled away
    }
    place = now;
  });
  document.addEventListener("keydown", (event) => store.state.course && main.isConnected && onKey(event, store, guide, openSheet));
}

/** Only what the step is about is in sight; what comes later keeps its place. @param {HTMLElement} main @param {Course} course */
function show(main, course) {
  const { before, after } = stepOf(course);
  const sight = sightOf(course);
  const [laid, seen] = [[...before, ...after], sight].map((parts) => ["pad", "answer", "time", "stage"].filter((name) => parts.some((part) => part === name || (name === "stage" && PARTS[part]))));
  main.dataset.columns = laid.filter((name) => name !== "time").join(" ");
  main.dataset.laid = laid.join(" ");
  main.dataset.seen = seen.join(" ");
  main.dataset.part = [...before, ...after].find((part) => PARTS[part]) ?? "";
  main.dataset.phase = course.phase;
}

/** Question, bet and outcome, each told once when it is new. @param {HTMLElement} place @param {Course} course @param {Store} store */
function announce(place, course, store) {
  const { question } = stepOf(course);
  const { bet } = turnOf(course);
  const [position, total] = [course.at + 1, course.lesson.steps.length];
  if (course.phase === "asks") return write(place, course.problem || say("lesson_spoken_question", { position, total, question }));
  if (course.phase === "moves") return write(place, bet === null ? say("lesson_spoken_none") : say("lesson_spoken_bet", { bet: wordsOf(store, course, bet) }));
  const { outcome } = turnOf(course);
  write(place, course.problem || `${outcome?.came ? say("lesson_came", { came: outcome.came }) : ""} ${outcome?.sentence ?? ""}`.trim());
}

/** A bet in words. @param {Store} store @param {Course} course @param {number} value */
function wordsOf({ state }, course, value) {
  const { bet } = stepOf(course);
  return bet ? betInWords(bet, value, turnOf(course).outcome?.facts ?? state) : "";
}

/** @param {Store} store @param {Guide} guide */
function createAsk(store, guide) {
  const question = h("h1", { class: "lesson-question", "data-testid": "lesson-question" });
  const place = h("div", { class: "lesson-bet" });
  const hint = h("p", { class: "lesson-hint" });
  const result = h("p", { class: "lesson-result", "data-testid": "lesson-result" });
  const explain = h("p", { class: "lesson-explain", "data-testid": "lesson-explain" });
  const problem = h("p", { class: "problem", role: "alert" });
  const element = h("section", { class: "ask", "data-testid": "lesson-step", tabindex: -1, hidden: true }, question, place, hint, result, explain, problem);
  /** @type {import("../lesson_file.js").Step | null} */
  let laid = null;
  let bet = createBet(store, guide, undefined);

  store.watch(["course", "runs", "image"], ({ course }) => {
    if (!course) return;
    const step = stepOf(course);
    const isNew = laid !== step;
    if (isNew) {
      laid = step;
      bet = createBet(store, guide, step.bet);
      place.replaceChildren(...bet.content);
      write(question, step.question);
      element.dataset.step = String(course.at + 1);
      element.setAttribute("aria-label", say("lesson_step", { position: course.at + 1, total: course.lesson.steps.length }));
    }
    const turn = turnOf(course);
    bet.show(turn);
    element.dataset.phase = course.phase;
    place.hidden = course.phase !== "asks";
    hint.hidden = course.phase === "seen";
    write(hint, say(course.phase === "moves" ? "lesson_moves" : hintOf(step)));
    write(problem, course.problem);
    const outcome = turn.outcome && course.phase === "seen" ? nowOf(course, turn.outcome, store) : null;
    result.hidden = course.phase === "asks" || (turn.bet === null && !outcome?.came);
    result.replaceChildren(...describe(store, course, outcome));
    explain.hidden = !outcome || Boolean(course.problem);
    write(explain, outcome?.sentence ?? "");
  });
  return { element };
}

/** What is to be done, by its key. @param {import("../lesson_file.js").Step} step */
function hintOf({ bet }) {
  if (hasKeyboard()) return bet ? "lesson_hint" : "lesson_hint_none";
  return bet ? "lesson_hint_touch" : "lesson_hint_touch_none";
}

/** What came, for what lies on the pad by now, as long as the run that it came from is there. @param {Course} course @param {import("../lesson_course.js").Outcome} outcome @param {Store} store */
function nowOf(course, outcome, { state }) {
  const { facts } = outcome;
  const { image, strokes } = factsOf(state);
  if (!image || !state.runs[facts.run] || image === facts.image) return outcome;
  return outcomeOf(course, { ...facts, runs: state.runs, image, strokes });
}

/** The bet beside what came. @param {Store} store @param {Course} course @param {import("../lesson_course.js").Outcome | null} outcome */
function describe(store, course, outcome) {
  const { bet, votes } = turnOf(course);
  const isVoted = votes.some(Boolean);
  const parts = [];
  if (bet !== null) parts.push(h("span", { class: "bet" }, say(isVoted ? "lesson_voted" : "lesson_bet", { bet: wordsOf(store, course, bet), votes: votes[bet] ?? 0, all: votes.reduce((sum, each) => sum + each, 0) })));
  if (outcome?.came) {
    const verdict = verdictOf(stepOf(course), bet, outcome);
    parts.push(h("span", { class: `came ${verdict ?? ""}` }, say(verdict === "right" ? "lesson_came_right" : "lesson_came", { came: cameInWords(stepOf(course), bet, outcome) })));
  }
  return parts;
}

/**
 * The elements in which a bet is made.
 * @param {Store} store
 * @param {Guide} guide
 * @param {import("../lesson_file.js").Bet | undefined} bet
 * @returns {{content: HTMLElement[], show: (turn: import("../lesson_course.js").Turn) => void}}
 */
function createBet(store, guide, bet) {
  if (!bet) return { content: [], show() {} };
  if (bet.kind === "time") return createTimeBet(store, guide);
  const texts = bet.kind === "digit" ? DIGITS.map(String) : (bet.choices ?? []).map(({ text }) => text);
  const choices = texts.map((text, at) => {
    const button = h("button", { type: "button", class: "choice", "data-testid": "lesson-choice", "data-choice": at, "aria-pressed": "false", onclick: () => guide.bet(choose(turnOf(/** @type {Course} */ (store.state.course)), at)) }, text);
    return { button, text, ...(bet.kind === "choice" ? createVotes(store, guide, text, at) : { votes: null, number: null }) };
  });
  const content = choices.map(({ button, votes }) => (votes ? h("div", { class: "choice-row" }, button, votes) : button));
  return {
    content: [h("div", { class: `lesson-choices ${bet.kind}`, role: "group", "aria-label": say("lesson_choices") }, ...content)],
    show(turn) {
      choices.forEach(({ button, number }, at) => {
        button.setAttribute("aria-pressed", String(turn.bet === at));
        if (number) write(number, turn.votes[at]);
      });
    },
  };
}

/** What a button with a sign only is called, also on hover. @param {string} words */
const named = (words) => ({ "aria-label": words, title: words });

/** A class's votes for a choice. @param {Store} store @param {Guide} guide @param {string} text @param {number} at */
function createVotes(store, guide, text, at) {
  const count = (/** @type {number} */ by) => store.state.course && guide.bet(countVote(turnOf(store.state.course), at, by));
  const number = h("output", { class: "votes-number", "data-testid": "lesson-votes", "aria-label": say("lesson_votes", { choice: text }) }, "0");
  const [fewer, more] = [-1, 1].map((by) => h("button", { type: "button", "data-testid": by > 0 ? "lesson-more" : "lesson-fewer", ...named(say(by > 0 ? "lesson_more" : "lesson_fewer", { choice: text })), onclick: () => count(by) }, by > 0 ? "+" : "−"));
  return { votes: h("span", { class: "votes" }, fewer, number, more), number };
}

/** A point on the time, in images shown. @param {Store} store @param {Guide} guide */
function createTimeBet(store, guide) {
  const { images_seen: images } = chosen(store.state);
  const words = h("p", { class: "time-bet-words", "aria-hidden": "true" });
  const range = /** @type {HTMLInputElement} */ (h("input", { type: "range", "data-testid": "lesson-choice", min: 0, max: images.length - 1, step: 1, "aria-label": say("lesson_time") }));
  const marks = [0, Math.floor((images.length - 1) / 2), images.length - 1].map((at) => h("span", { "aria-hidden": "true" }, say("lesson_images", { images: countImages(images[at]) })));
  const put = () => guide.bet({ bet: Number(range.value) });
  range.addEventListener("input", put);
  range.addEventListener("click", put); // also where it stands
  return {
    content: [h("div", { class: "time-bet" }, words, range, h("div", { class: "time-bet-marks" }, ...marks))],
    /** @param {import("../lesson_course.js").Turn} turn */
    show({ bet }) {
      range.dataset.choice = String(bet ?? "");
      range.value = String(bet ?? Math.floor(images.length / 2));
      const said = bet === null ? say("lesson_time_none") : say("lesson_after", { images: countImages(images[bet]) });
      range.setAttribute("aria-valuetext", said);
      write(words, said);
    },
  };
}

/** The steps, and where one goes from here. @param {Store} store @param {Guide} guide @param {() => void} openSheet */
function createRail(store, guide, openSheet) {
  const button = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ action, /** @type {string} */ title) => /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": testid, title: say(title), onclick: action }, say(word)));
  const move = (/** @type {number} */ by) => () => goBy(store, guide, openSheet, by);
  const back = button("lesson-back", "lesson_back", move(-1), "lesson_back_title");
  const next = button("lesson-next", "lesson_next", move(1), "lesson_next_title");
  const lock = button("lesson-lock", "lesson_lock", () => void guide.lock(), "lesson_lock_title");
  const again = button("lesson-again", "lesson_again", () => guide.again(), "lesson_again_title");
  const sheet = button("lesson-sheet-open", "lesson_sheet", openSheet, "lesson_sheet_title");
  const leave = button("lesson-leave", "lesson_leave", () => guide.leave(), "lesson_leave_title");
  const steps = h("ol", { class: "rail-steps" });
  const where = h("p", { class: "rail-where" });
  let laid = "";

  store.watch(["course"], ({ course }) => {
    if (!course) return;
    const { lesson, at, phase } = course;
    if (laid !== JSON.stringify(lesson)) {
      laid = JSON.stringify(lesson);
      const labels = lesson.steps.map(({ question }, index) => say("lesson_spoken_question", { position: index + 1, total: lesson.steps.length, question }));
      steps.replaceChildren(...labels.map((label, index) => h("li", {}, h("button", { type: "button", "aria-label": label, title: label, onclick: () => guide.goTo(index) }))));
    }
    [...steps.querySelectorAll("button")].forEach((step, index) => {
      step.classList.toggle("done", index < at);
      if (index === at) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    });
    write(where, say("lesson_where", { position: at + 1, total: lesson.steps.length, title: lesson.title }));
    const isLast = at === lesson.steps.length - 1;
    lock.hidden = phase === "seen";
    lock.disabled = phase === "moves" && Boolean(stepOf(course).move?.train); // how it ends is not known before
    write(lock, say(phase === "moves" ? "lesson_skip" : "lesson_lock"));
    lock.classList.toggle("primary", phase !== "seen");
    next.classList.toggle("primary", phase === "seen");
    write(next, say(isLast ? "lesson_sheet" : "lesson_next"));
    next.title = say(isLast ? "lesson_sheet_title" : "lesson_next_title");
    sheet.hidden = isLast;
    back.disabled = at === 0;
  });
  return h("footer", { class: "rail", "aria-label": say("lesson_rail"), hidden: true }, steps, where, h("div", { class: "rail-tools" }, createDarkRoom(store), leave, sheet, again), h("div", { class: "rail-go" }, back, lock, next));
}

/** To another step, or from the last one to the sheet. @param {Store} store @param {Guide} guide @param {() => void} openSheet @param {number} by */
function goBy({ state: { course } }, guide, openSheet, by) {
  if (!course) return;
  if (course.at + by >= course.lesson.steps.length) openSheet();
  else guide.goTo(course.at + by);
}

/** @param {KeyboardEvent} event @param {Store} store @param {Guide} guide @param {() => void} openSheet */
function onKey(event, store, guide, openSheet) {
  const { course } = store.state;
  const target = /** @type {Element} */ (event.composedPath()[0]);
  const { key } = event;
  const isInSight = target.getClientRects?.().length; // what has just been closed keeps the focus for a moment
  if (!course || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || (isInSight && target.closest(OWN_KEYS))) return;
  const isRange = target.matches?.("input[type=range]");
  const isButton = target.matches?.("button, summary, a") && !target.closest(".votes, [aria-pressed='true']"); // one of these has been pressed
  const { bet } = stepOf(course);
  const turn = turnOf(course);
  const arrow = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (arrow && !isRange) goBy(store, guide, openSheet, arrow);
  else if (key === "Enter" && !isButton && course.phase === "seen") goBy(store, guide, openSheet, 1);
  else if (key === "Enter" && !isButton) void guide.lock();
  else if (key === "Escape") guide.leave();
  else if (key.toLowerCase() === "r") guide.again();
  else if (/^\d$/.test(key) && bet?.kind === "digit") guide.bet(choose(turn, Number(key)));
  else if (/^[1-4]$/.test(key) && bet?.choices?.[Number(key) - 1]) guide.bet(choose(turn, Number(key) - 1));
  else return;
  event.preventDefault();
}

