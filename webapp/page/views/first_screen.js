// The page's frame: bench, answer, time and stage, with what the first answer needs.
import { h } from "../dom.js";
import { say } from "../text.js";
import { createVerdict } from "./answer.js";
import { createChooser } from "./chooser.js";
import { createAnswerColumns } from "./columns.js";
import { createPadView } from "./pad.js";
import { createStage } from "./stage.js";
import { createTime } from "./time.js";

/**
 * @typedef {import("../state.js").Store} Store
 *
 * @typedef {object} Places where the rest goes once it is loaded
 * @property {HTMLElement} main
 * @property {HTMLElement} bench whose first two children are the pad and its tools
 * @property {HTMLButtonElement} run the button that opens the choice of a run
 * @property {HTMLElement} top right of it
 * @property {HTMLButtonElement} train the button that trains
 * @property {HTMLElement} go beside that button
 * @property {HTMLElement} line below the strip of time
 * @property {() => void} play plays the training
 * @property {HTMLElement} pad the pad's frame
 * @property {HTMLElement[]} columns of the ten digits
 * @property {ReturnType<typeof createAnswerColumns>["raise"]} raise lets the columns rise
 * @property {HTMLElement} foot below the sample grid
 * @property {ReturnType<typeof createStage>["add"]} addView fills a view of the stage
 */

/**
 * @param {Store} store
 * @param {HTMLElement} main
 * @param {boolean} hasServer whether the page stands in a Gradio app
 * @returns {Places}
 */
export function createFirstScreen(store, main, hasServer) {
  const [top, foot] = [h("nav", { "aria-label": say("top_label") }), h("span", { class: "marks" })];
  const { element: bench, pad } = createPadView(store);
  const run = createChooser(store);
  const { element: time, go, line, play } = createTime(store);
  const { content, columns, raise } = createAnswerColumns(store);
  const stage = createStage(store, hasServer);
  top.append(stage.look);
  const train = /** @type {HTMLButtonElement} */ (h("button", { type: "button", class: "primary", "data-testid": "train", title: say("train_title"), disabled: true }, say("train"), h("span", { class: "roomy" }, say("train_more"))));
  go.append(train);
  main.append(
    h("header", {}, h("h1", {}, say("title")), run, top),
    bench,
    h("section", { class: "answer", "aria-label": say("answer_label") }, createVerdict(store), ...content),
    time,
    stage.element,
  );
  store.watch(["isRaised"], ({ isRaised }) => main.classList.toggle("raised", isRaised));
  return { main, run, top, train, go, line, play, pad, columns, raise, foot, bench, addView: stage.add };
}
