// The end card: a drawing, what was guessed of it, when the network was sure, and the curve, as a picture made on the
// page. It comes by itself once Play has shown how the answer came about, over the stage, and shares itself with a link.
import { h, write } from "../dom.js";
import { largest } from "../engine/network.js";
import { chosen } from "../state.js";
import { tell } from "../story.js";
import { capital, percent, say } from "../text.js";
import { nameRun } from "./chooser.js";
import { download } from "./download.js";
import { addressOf, canShare } from "./share.js";

/** @typedef {import("../state.js").State} State */
const [WIDTH, HEIGHT, MARGIN] = [1200, 630, 60]; // in pixels, as previews of links have them
const PAD = 400; // side of the drawing
const [PAPER, SHEET, INK, QUIET, BEFORE, AFTER, EDGE] = ["#f6f2e9", "#fffdf8", "#1b2140", "#5b5c6b", "#80642f", "#2b4acb", "#ddd5c4"];
const FILE = "inkling.png";

/** @param {import("../state.js").Store} store @returns {HTMLElement} */
export function createCard(store) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { width: WIDTH, height: HEIGHT, class: "card-picture", role: "img" }));
  const said = h("p", { class: "note", role: "status", "data-testid": "card-line" });
  const button = (/** @type {string} */ testid, /** @type {string} */ word, /** @type {() => void} */ action, isPrimary = false) => h("button", { type: "button", class: isPrimary ? "primary" : "", "data-testid": testid, onclick: action }, say(word));
  const close = () => store.set({ showsCard: false });
  const foot = h("div", { class: "card-foot" }, button("card-share", "card_share", () => void share(), true), said, button("card-close", "card_close", close));
  const element = h("section", { class: "card", "data-testid": "card", "aria-label": say("card_heading"), hidden: true }, canvas, foot);
  element.addEventListener("keydown", ({ key }) => key === "Escape" && close());

  async function share() {
    const picture = await fileOf(canvas);
    const url = addressOf(store.state);
    if (canShare({ files: [picture], url })) return navigator.share({ files: [picture], url, title: say("title") }).catch(() => {}); // it was closed
    download(picture, FILE, picture.type);
    await navigator.clipboard.writeText(url).then(() => write(said, say("card_shared")), () => write(said, say("card_saved", { url })));
  }
  let wasPlaying = false;
  store.watch(["playing"], (state) => {
    const isAtEnd = wasPlaying && !state.playing && state.snapshot === null;
    wasPlaying = state.playing;
    if (state.playing) close();
    else if (isAtEnd && hasStory(state) && !wouldHideAnswer(state)) store.set({ showsCard: true });
  });
  store.watch(["image", "run", "view", "course"], close); // it tells of another one
  store.watch(["showsCard"], ({ showsCard }) => {
    element.hidden = !showsCard;
    if (!showsCard) return;
    canvas.setAttribute("aria-label", say("card_label", { story: paintCard(canvas, store.state) }));
    write(said, "");
  });
  return element;
}

/** Whether it would cover the answer: on a phone on its side, unless the stage stands there. @param {State} state */
const wouldHideAnswer = ({ isRaised }) => !isRaised && matchMedia("(height < 35em)").matches;

/** Whether a drawing's answer can be told from its begin to its end, and no lesson does so. @param {State} state */
const hasStory = ({ drawing, sample, isDigit, course, lesson, probabilities }) => drawing.strokes.length > 0 && !sample && isDigit && !course && !lesson && (probabilities?.every(Boolean) ?? false);

/** @param {HTMLCanvasElement} canvas @returns {Promise<File>} */
async function fileOf(canvas) {
  const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, "image/png"));
  return new File(blob ? [blob] : [], FILE, { type: "image/png" });
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
