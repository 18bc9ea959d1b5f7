// "Make a lesson": a press keeps the page as it is as a step; the steps are put in order and worded in a list, and saved
// as a file or as a link.
import { h, write } from "../dom.js";
import { FIGURES } from "../lesson_figures.js";
import { PARTS, readLesson } from "../lesson_file.js";
import { figuresFor, lettersOf, moved, newBet, newLesson, stepFrom, template, writeLesson } from "../lesson_making.js";
import { say, sentenceOf } from "../text.js";
import { download } from "./download.js";

/**
 * @typedef {import("../lesson_file.js").Lesson} Lesson
 * @typedef {import("../lesson_file.js").Step} Step
 * @typedef {import("../lesson_file.js").Part} Part
 */
const KINDS = { digit: "make_kind_digit", time: "make_kind_time", choice: "make_kind_choice", none: "make_kind_none" };
const MOVES = { none: "make_move_none", play: "make_move_play", train: "make_move_train" };
const TRAIN = { count: 10_000, epochs: 1 }; // a training of a few seconds

/**
 * @param {import("../state.js").Store} store
 * @param {(lesson: Lesson, at: number, file?: string) => void} open runs a lesson
 * @returns {{bar: HTMLElement, dialog: HTMLElement, begin: (lesson?: Lesson) => void}}
 */
export function createMaker(store, open) {
  let lesson = newLesson();
  const said = h("p", { class: "maker-said", role: "status" });
  const button = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ action, isPrimary = false) => h("button", { type: "button", class: isPrimary ? "primary" : "", "data-testid": testid, onclick: action }, say(word));
  const bar = h("section", { class: "maker", "aria-label": say("make_heading"), "data-testid": "maker", hidden: true },
    h("b", {}, say("make_heading")), said, button("make-keep", "make_keep", keep, true), button("make-steps", "make_steps", edit), button("make-end", "lessons_close", () => (bar.hidden = true)));
  const head = h("div", { class: "maker-head" });
  const list = h("ol", { class: "maker-steps" });
  const problem = h("p", { class: "problem", role: "alert", "data-testid": "make-problem" });
  const copied = h("p", { class: "maker-link", role: "status", "data-testid": "make-copied" });
  const tools = h("div", { class: "dialog-foot" }, button("make-save", "make_save", save, true), button("make-try", "make_try", () => run(0)), button("make-link", "make_link", () => void copyLink()), button("make-close", "make_back", () => dialog.close()));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "maker-dialog", "data-testid": "maker-dialog", "aria-label": say("make_heading") }, h("div", { class: "dialog" }, h("h2", {}, say("make_heading")), head, list, problem, tools, copied)));

  function keep() {
    lesson = { ...lesson, steps: [...lesson.steps, stepFrom(store.state)] };
    tell();
  }
  const tell = () => write(said, say(lesson.steps.length === 1 ? "make_kept_one" : "make_kept", { count: lesson.steps.length }));

  function edit() {
    lay();
    dialog.showModal();
  }
  /** Lay out the fields anew; `focus` names what was pressed. @param {string} [focus] */
  function lay(focus) {
    const set = (/** @type {Partial<Lesson>} */ changes) => (lesson = { ...lesson, ...changes });
    head.replaceChildren(
      textField("make_title", lesson.title, (title) => set({ title }), "make-title"),
      textField("make_for", lesson.for, (who) => set({ for: who }), "make-for"),
      numberField("make_minutes", lesson.minutes, (minutes) => set({ minutes: minutes ?? 0 }), "make-minutes"),
    );
    list.replaceChildren(...lesson.steps.map((step, at) => createStepFields(step, at, lesson.steps.length, { change, order, remove, run, now: (index) => lesson.steps[index] })));
    write(problem, "");
    if (focus) /** @type {HTMLElement | null} */ (list.querySelector(focus))?.focus();
    tell();
  }
  /** @param {number} at @param {Partial<Step>} changes @param {boolean} [isNew] whether other fields are needed now */
  function change(at, changes, isNew) {
    lesson = { ...lesson, steps: lesson.steps.map((step, index) => (index === at ? without({ ...step, ...changes }) : step)) };
    if (isNew) lay(`li:nth-child(${at + 1}) [data-testid=make-kind]`);
  }
  /** @param {number} from @param {number} to */
  function order(from, to) {
    lesson = { ...lesson, steps: moved(lesson.steps, from, to) };
    lay(`li:nth-child(${Math.min(Math.max(to, 0), lesson.steps.length - 1) + 1}) .maker-handle`);
  }
  /** @param {number} at */
  function remove(at) {
    lesson = { ...lesson, steps: lesson.steps.filter((_, index) => index !== at) };
    lay();
  }

  /** The lesson, if it can be read again; else it is said what is wrong. @returns {Lesson | null} */
  function checked() {
    try {
      const read = readLesson(writeLesson(lesson), store.state.runs);
      for (const line of [problem, copied]) write(line, "");
      return read;
    } catch (error) {
      write(problem, sentenceOf(error));
      return null;
    }
  }
  const fileName = () => `${lesson.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "") || "lesson"}.json`;
  function save() {
    if (checked()) download(writeLesson(lesson), fileName(), "application/json");
  }
  /** @param {number} at */
  async function run(at) {
    const read = checked();
    if (!read) return;
    const letters = await lettersOf(read);
    dialog.close();
    open(read, at, letters);
  }
  async function copyLink() {
    const read = checked();
    if (!read) return;
    const letters = await lettersOf(read);
    if (!letters) return write(problem, say("make_link_long"));
    const link = `${location.href.split("#")[0]}#lesson=own.1&file=${letters}`;
    await navigator.clipboard.writeText(link).then(() => write(copied, say("copied")), () => write(copied, link));
    copied.scrollIntoView({ block: "nearest" });
  }

  return {
    bar,
    dialog,
    begin(given) {
      if (given) lesson = given;
      bar.hidden = false;
      tell();
      if (given) edit();
    },
  };
}

/** A step without fields that are undefined. @param {Step} step @returns {Step} */
const without = (step) => /** @type {Step} */ (Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined)));

/** @param {string} word @param {HTMLElement} field */
const labelled = (word, field) => h("label", { class: "maker-field" }, h("span", {}, say(word)), field);

/** @param {string} word @param {string} value @param {(value: string) => void} onChange @param {string} testid */
function textField(word, value, onChange, testid) {
  const field = /** @type {HTMLInputElement} */ (h("input", { type: "text", value, "data-testid": testid }));
  field.addEventListener("input", () => onChange(field.value));
  return labelled(word, field);
}

/** @param {string} word @param {number | undefined} value @param {(value: number | undefined) => void} onChange @param {string} testid */
function numberField(word, value, onChange, testid) {
  const field = /** @type {HTMLInputElement} */ (h("input", { type: "number", step: "any", value: value ?? "", "data-testid": testid }));
  field.addEventListener("input", () => onChange(field.value === "" ? undefined : Number(field.value)));
  return labelled(word, field);
}

/** @param {string} word @param {Record<string, string>} options words by value @param {string} value @param {(value: string) => void} onChange @param {string} testid */
function choiceField(word, options, value, onChange, testid) {
  const field = /** @type {HTMLSelectElement} */ (h("select", { "data-testid": testid }, ...Object.entries(options).map(([name, text]) => h("option", { value: name, selected: name === value }, text))));
  field.addEventListener("change", () => onChange(field.value));
  return labelled(word, field);
}

/**
 * @typedef {object} Actions
 * @property {(at: number, changes: Partial<Step>, isNew?: boolean) => void} change
 * @property {(from: number, to: number) => void} order
 * @property {(at: number) => void} remove
 * @property {(at: number) => void} run
 * @property {(at: number) => Step} now a step as it is by now
 */

/** The fields of one step; its handle is dragged, or moved by keys. @param {Step} step @param {number} at @param {number} total @param {Actions} actions */
function createStepFields(step, at, total, { change, order, remove, run, now }) {
  const tool = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ action, isOff = false) => h("button", { type: "button", "data-testid": testid, "aria-label": say(`${word}`, { position: at + 1 }), title: say(word, { position: at + 1 }), disabled: isOff, onclick: action }, SIGNS[testid]);
  const handle = h("span", { role: "button", tabindex: 0, class: "maker-handle", "aria-label": say("make_handle", { position: at + 1 }), title: say("make_handle", { position: at + 1 }) }, "⠿");
  const head = h("div", { class: "maker-step-head" }, handle, h("b", {}, say("make_step", { position: at + 1 })), tool("make-up", "make_up", () => order(at, at - 1), at === 0), tool("make-down", "make_down", () => order(at, at + 1), at === total - 1), tool("make-run", "make_run", () => run(at)), tool("make-remove", "make_remove", () => remove(at)));
  const item = h("li", { class: "maker-step" }, head,
    textField("make_question", step.question, (question) => change(at, { question }), "make-question"),
    createSight(step, at, change),
    createBetFields(step, at, change, now),
    createMoveFields(step, at, change),
    createExplain(step, at, change));
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    order(at, at + by);
  });
  makeDraggable(handle, item, (to) => order(at, to));
  return item;
}
/**
 * Let an item of a list be dragged by its handle, with mouse, pen or finger.
 * @param {HTMLElement} handle
 * @param {HTMLElement} item
 * @param {(to: number) => void} onDrop called with the place where it is let go
 */
function makeDraggable(handle, item, onDrop) {
  const root = () => /** @type {ShadowRoot} */ (item.getRootNode());
  const below = (/** @type {PointerEvent} */ { clientX, clientY }) => /** @type {HTMLElement | null} */ (root().elementFromPoint(clientX, clientY))?.closest(".maker-step") ?? null;
  /** @type {Element | null} */
  let over = null;
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    item.classList.add("dragged");
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    over?.classList.remove("over");
    over = below(event);
    over?.classList.add("over");
  });
  handle.addEventListener("lostpointercapture", () => {
    item.classList.remove("dragged");
    over?.classList.remove("over");
    const to = over ? [...(item.parentElement?.children ?? [])].indexOf(over) : -1;
    over = null;
    if (to >= 0) onDrop(to);
  });
}
/** @type {Record<string, string>} */
const SIGNS = { "make-up": "↑", "make-down": "↓", "make-run": "▶", "make-remove": "×" };

/** What is in sight before the bet, and after it. @param {Step} step @param {number} at @param {Actions["change"]} change */
function createSight(step, at, change) {
  const names = /** @type {Part[]} */ (Object.keys(PARTS));
  const own = names.filter((part) => !PARTS[part]);
  const groups = /** @type {("before" | "after")[]} */ (["before", "after"]).map((when) => {
    const parts = () => own.filter((_, index) => boxes[index].checked);
    const boxes = own.map((part) => /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", checked: step[when].includes(part), "data-part": part })));
    const stage = step[when].find((part) => PARTS[part]) ?? "";
    const field = /** @type {HTMLSelectElement} */ (h("select", { "aria-label": say("make_stage"), "data-testid": `make-stage-${when}` }, h("option", { value: "" }, say("make_stage_none")), ...names.filter((part) => PARTS[part]).map((part) => h("option", { value: part, selected: part === stage }, part))));
    const tell = () => change(at, { [when]: [...parts(), ...(field.value ? [/** @type {Part} */ (field.value)] : [])] });
    for (const each of [...boxes, field]) each.addEventListener("change", tell);
    return h("fieldset", { "data-testid": `make-${when}` }, h("legend", {}, say(when === "before" ? "make_before" : "make_after")), ...own.map((part, index) => h("label", { class: "check" }, boxes[index], say(OWN_PARTS[part]))), field);
  });
  return h("div", { class: "maker-row" }, ...groups);
}
/** @type {Record<string, string>} */
const OWN_PARTS = { pad: "bench_label", answer: "answer_label", time: "time_label" };

/** @param {Step} step @param {number} at @param {Actions["change"]} change @param {Actions["now"]} now */
function createBetFields({ bet }, at, change, now) {
  const words = Object.fromEntries(Object.entries(KINDS).map(([name, key]) => [name, say(key)]));
  const kind = choiceField("make_kind", words, bet?.kind ?? "none", (value) => {
    const next = value === "none" ? undefined : newBet(/** @type {import("../lesson_file.js").Bet["kind"]} */ (value));
    const [ask, tell] = QUESTIONS[value] ?? [];
    const usual = Object.values(QUESTIONS);
    const { question, explain } = now(at);
    const isUsual = { question: usual.some(([key]) => question === say(key)), explain: usual.some(([, key]) => explain === template(key)) }; // what was written stays
    change(at, { bet: next, ...(ask && isUsual.question && { question: say(ask) }), ...(tell && isUsual.explain && { explain: template(tell) }) }, true);
  }, "make-kind");
  if (!bet) return h("div", { class: "maker-row" }, kind);
  const figures = Object.fromEntries(figuresFor(bet.kind).map((name) => [name, name]));
  const figure = choiceField("make_figure", figures, bet.figure ?? "", (value) => change(at, { bet: { ...bet, figure: value } }, true), "make-figure");
  const choices = (bet.choices ?? []).map((choice, index) => {
    const set = (/** @type {Partial<import("../lesson_file.js").Choice>} */ changes) => {
      Object.assign(choice, changes);
      for (const name of /** @type {const} */ (["from", "below"])) if (choice[name] === undefined) delete choice[name];
      change(at, { bet: { ...bet, choices: [...(bet.choices ?? [])] } });
    };
    return h("div", { class: "maker-row" }, textField("make_choice", choice.text, (text) => set({ text }), `make-choice-${index}`), numberField("make_from", choice.from, (from) => set({ from }), `make-from-${index}`), numberField("make_below", choice.below, (below) => set({ below }), `make-below-${index}`));
  });
  return h("div", { class: "maker-bet" }, h("div", { class: "maker-row" }, kind, figure), ...choices);
}
/** By kind of bet, the keys of a question and a sentence to begin with. @type {Record<string, [string, string]>} */
const QUESTIONS = { digit: ["make_question_digit", "make_explain_digit"], time: ["make_question_time", "make_explain_time"], choice: ["make_question_choice", "make_explain_choice"] };

/** @param {Step} step @param {number} at @param {Actions["change"]} change */
function createMoveFields({ move }, at, change) {
  const words = Object.fromEntries(Object.entries(MOVES).map(([name, key]) => [name, say(key)]));
  const value = move?.train ? "train" : move?.play ? "play" : "none";
  return h("div", { class: "maker-row" }, choiceField("make_move", words, value, (next) => change(at, { move: next === "none" ? undefined : next === "play" ? { play: true } : { train: { ...TRAIN } } }), "make-move"));
}

/** The sentence, and a list of figures to put into it. @param {Step} step @param {number} at @param {Actions["change"]} change */
function createExplain({ explain }, at, change) {
  const field = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: 2, "data-testid": "make-explain" }, explain));
  field.addEventListener("input", () => change(at, { explain: field.value }));
  const figures = /** @type {HTMLSelectElement} */ (h("select", { "aria-label": say("make_insert"), "data-testid": "make-insert" }, h("option", { value: "" }, say("make_insert")), ...Object.keys(FIGURES).map((name) => h("option", { value: name }, `{${name}}`))));
  figures.addEventListener("change", () => {
    field.setRangeText(`{${figures.value}}`, field.selectionStart, field.selectionEnd, "end");
    figures.value = "";
    change(at, { explain: field.value });
  });
  return h("div", { class: "maker-row" }, labelled("make_explain", field), figures);
}
