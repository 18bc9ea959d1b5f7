// What a visitor meets: the pad, the answer and the sample grid.
import { h, write } from "../dom.js";
import { writeLink } from "../link.js";
import { say } from "../text.js";
import { createSaid, createVerdict } from "./answer.js";
import { createAnswerBars } from "./bars.js";
import { createChooser } from "./chooser.js";
import { createOtherUntrained } from "./other_untrained.js";
import { createPadView } from "./pad.js";
import { createSamples } from "./samples.js";
import { createTimeline } from "./timeline.js";

/** @typedef {import("../state.js").Store} Store */
const COPIED_MS = 2500; // for which the button says so
const SPACE = "https://huggingface.co"; // shows a Space's page in a frame

/**
 * @param {Store} store
 * @param {(run: string) => void} choose
 * @returns {{elements: HTMLElement[], train: HTMLButtonElement}} `train`: the button that trains, once what trains is loaded
 */
export function createFirstScreen(store, choose) {
  const title = h("div", { class: "title" }, h("h1", {}, say("title")), h("p", {}, say("tagline")));
  const header = h("header", {}, title, createChooser(store, choose));
  const timeline = createTimeline(store);
  const bars = createAnswerBars(store);
  const train = /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": "train", title: say("train_title"), disabled: true }, say("train")));
  const dock = h("div", { class: "dock" }, timeline.element);
  timeline.element.prepend(createSaid(store));
  const answer = h(
    "section",
    { class: "answer" },
    createVerdict(store, timeline.play),
    dock,
    bars.element,
    h("div", { class: "training-place" }),
    createOtherUntrained(store, bars.rows, [train, createCopy(store)]),
  );
  keepInSight(dock);
  return { elements: [header, ...createPadView(store), answer, createSamples(store)], train };
}

/** Where the timeline has left the screen, it stays at its lower edge. @param {HTMLElement} dock */
function keepInSight(dock) {
  const timeline = /** @type {HTMLElement} */ (dock.firstElementChild);
  new IntersectionObserver(([{ isIntersecting, boundingClientRect: { height } }]) => {
    if (!isIntersecting) dock.style.minHeight = `${height}px`; // so that nothing moves up
    timeline.classList.toggle("away", !isIntersecting);
    if (isIntersecting) dock.style.minHeight = "";
  }).observe(dock);
}

/** A link that opens the page as it is now; it is in the address bar as well. @param {Store} store */
function createCopy(store) {
  const button = h("button", { type: "button", class: "plain", "data-testid": "copy-link", title: say("copy_title") }, say("copy"));
  button.addEventListener("click", async () => {
    const hash = await writeLink(store.state);
    history.replaceState(history.state, "", hash);
    if (parent !== window) parent.postMessage({ queryString: "", hash }, SPACE);
    try {
      await navigator.clipboard.writeText(location.href);
      write(button, say("copied"));
    } catch {
      write(button, say("copy_in_bar")); // a page without https may not copy
    }
    setTimeout(() => write(button, say("copy")), COPIED_MS);
  });
  return button;
}
