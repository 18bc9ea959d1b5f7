// The end card: a drawing, what was guessed of it, when the network was sure, and the curve, as a picture to save or
// share; made on the page, and loaded when it is first asked for.
import { h, write } from "../dom.js";
import { largest } from "../engine/network.js";
import { writeLink } from "../link_writing.js";
import { chosen } from "../state.js";
import { tell } from "../story.js";
import { capital, percent, say } from "../text.js";
import { nameRun } from "./chooser.js";
import { download } from "./download.js";

/** @typedef {import("../state.js").State} State */
const [WIDTH, HEIGHT, MARGIN] = [1200, 630, 60]; // in pixels, as previews of links have them
const PAD = 400; // side of the drawing
const [PAPER, SHEET, INK, QUIET, BEFORE, AFTER, EDGE] = ["#f6f2e9", "#fffdf8", "#1b2140", "#5b5c6b", "#80642f", "#2b4acb", "#ddd5c4"];
const FILE = "inkling.png";

/** @param {import("../state.js").Store} store @param {HTMLElement} main @returns {() => void} opens the card */
export function createCard(store, main) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { width: WIDTH, height: HEIGHT, class: "card-picture", role: "img" }));
  const said = h("p", { class: "note", role: "status" });
  const button = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ action, isPrimary = false) => h("button", { type: "button", class: isPrimary ? "primary" : "", "data-testid": testid, onclick: action }, say(word));
  const share = button("card-share", "card_share", () => void send(), true);
  const foot = h("div", { class: "dialog-foot" }, share, button("card-save", "card_save", () => void save()), button("card-link", "card_link", () => void copy()), button("card-close", "card_close", () => dialog.close()));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { "data-testid": "card", "aria-label": say("card_heading") }, h("div", { class: "dialog" }, canvas, said, foot)));
  main.append(dialog);
  const link = () => `${location.href.split("#")[0]}${writeLink(store.state)}`;
  const picture = async () => {
    const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, "image/png"));
    return new File(blob ? [blob] : [], FILE, { type: "image/png" });
  };
  async function save() {
    download(await picture(), FILE, "image/png");
  }
  async function send() {
    try {
      await navigator.share({ files: [await picture()], url: link(), title: say("title") });
    } catch {} // it was closed without sharing
  }
  async function copy() {
    await navigator.clipboard.writeText(link()).then(() => write(said, say("copied")), () => write(said, link()));
  }
  return () => {
    const story = paintCard(canvas, store.state);
    canvas.setAttribute("aria-label", say("card_label", { story }));
    write(said, "");
    share.hidden = !navigator.canShare?.({ files: [new File([], FILE, { type: "image/png" })], url: link() });
    dialog.showModal();
  };
}

/** @param {HTMLCanvasElement} canvas @param {State} state what lies on the pad has all its answers @returns {string} the story it tells */
function paintCard(canvas, state) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const run = chosen(state);
  const answers = /** @type {Float64Array[]} */ (state.probabilities);
  const [first, last] = [answers[0], answers[answers.length - 1]];
  const digit = largest(last);
  const story = tell(answers, run.images_seen);
  const left = MARGIN + PAD + 50;
  const text = (/** @type {string} */ words, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ size, colour = INK, weight = 400) => {
    context.fillStyle = colour;
    context.font = `${weight} ${size}px system-ui, sans-serif`;
    context.fillText(words, x, y);
    return context.measureText(words).width;
  };
  context.fillStyle = PAPER;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  paintDrawing(context, state);
  const before = text(`${largest(first)} →`, left, 170, 80, BEFORE, 650);
  const now = text(String(digit), left + before + 24, 190, 150, AFTER, 750);
  text(percent(last[digit]), left + before + now + 44, 188, 34, QUIET);
  wrapped(context, story, WIDTH - MARGIN - left, 30).forEach((line, at) => text(line, left, 248 + at * 38, 30));
  paintCurve(context, answers.map((values) => values[digit]), left);
  const { network, training } = nameRun(run);
  text(say("title"), MARGIN, HEIGHT - 46, 34, INK, 750);
  text(capital(say("run_line", { network, training })), MARGIN + 150, HEIGHT - 46, 24, QUIET);
  return story;
}

/** @param {CanvasRenderingContext2D} context @param {State} state */
function paintDrawing(context, { drawing, sample }) {
  context.fillStyle = SHEET;
  context.fillRect(MARGIN, MARGIN, PAD, PAD);
  context.fillStyle = context.strokeStyle = INK;
  if (sample) {
    sample.image.forEach((level, at) => {
      context.globalAlpha = level / 255;
      context.fillRect(MARGIN + ((at % 28) * PAD) / 28, MARGIN + (Math.floor(at / 28) * PAD) / 28, PAD / 28, PAD / 28);
    });
    context.globalAlpha = 1;
    return;
  }
  context.lineWidth = (2.4 / 28) * PAD;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of drawing.strokes) {
    context.beginPath();
    [stroke[0], ...stroke].forEach(([x, y], at) => context[at ? "lineTo" : "moveTo"](MARGIN + x * PAD, MARGIN + y * PAD));
    context.stroke();
  }
}

/** How sure it was of its answer at each snapshot. @param {CanvasRenderingContext2D} context @param {number[]} values @param {number} left */
function paintCurve(context, values, left) {
  const [top, height, width] = [390, 120, WIDTH - MARGIN - left];
  context.strokeStyle = EDGE;
  context.lineWidth = 2;
  context.strokeRect(left, top, width, height);
  context.strokeStyle = AFTER;
  context.lineWidth = 6;
  context.lineJoin = "round";
  context.beginPath();
  values.forEach((value, at) => context[at ? "lineTo" : "moveTo"](left + (at * width) / Math.max(1, values.length - 1), top + height * (1 - value)));
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {string} words @param {number} width @param {number} size @returns {string[]} lines */
function wrapped(context, words, width, size) {
  context.font = `400 ${size}px system-ui, sans-serif`;
  return words.split(" ").reduce((/** @type {string[]} */ lines, word) => {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
    return lines.length && context.measureText(longer).width <= width ? [...lines.slice(0, -1), longer] : [...lines, word];
  }, []);
}
