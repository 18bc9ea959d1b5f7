// Other untrained networks: beside every column's untrained bar a mark, from the least to the most that twenty others say.
import { h, write } from "../dom.js";
import { logits, softmax, untrainedNetwork } from "../engine/network.js";
import { chosen } from "../state.js";
import { percent, say } from "../text.js";

/**
 * @typedef {import("../state.js").Store} Store
 * @typedef {import("../engine/network.js").Network} Network
 */
const SEEDS = Array.from({ length: 20 }, (_, index) => 1000 + index);

/**
 * The button that asks for the marks, and their sentence. The marks are drawn into the columns.
 * @param {Store} store
 * @param {HTMLElement[]} columns of the ten digits
 * @returns {HTMLElement[]}
 */
export function createOtherUntrained(store, columns) {
  const button = h("button", { type: "button", "data-testid": "luck-button" });
  const note = h("p", { class: "note", "data-testid": "luck" });
  const marks = columns.map((column) => {
    const mark = h("i", { class: "mark", hidden: true });
    column.firstElementChild?.append(mark); // its track
    return mark;
  });
  /** @type {Map<string, Network[]>} */
  const made = new Map(); // by architecture and input range

  function others() {
    const { architecture, input_range: range } = chosen(store.state);
    const key = JSON.stringify([architecture, range]);
    const networks = made.get(key) ?? SEEDS.map((seed) => untrainedNetwork(architecture, range, seed));
    made.set(key, networks);
    return networks;
  }

  button.addEventListener("click", () => store.set({ marks: !store.state.marks }));
  store.watch(["marks", "run", "image", "penDown"], ({ marks: isAsked, image, penDown }) => {
    const isOpen = isAsked && chosen(store.state).from === undefined;
    const said = isOpen && image && !penDown ? others().map((network) => softmax(logits(network, image))) : null;
    button.hidden = chosen(store.state).from !== undefined; // its first snapshot was trained already
    write(button, say(isOpen ? "luck_hide" : "luck"));
    button.setAttribute("aria-pressed", String(isOpen));
    const all = said?.flatMap((values) => [...values]) ?? [];
    const [low, high] = [Math.min(...all), Math.max(...all)].map(percent);
    write(note, !isOpen ? "" : said ? say("luck_note", { low, high }) : say("luck_empty"));
    marks.forEach((mark, digit) => {
      mark.hidden = !said;
      if (!said) return;
      const values = said.map((probabilities) => probabilities[digit]);
      mark.style.bottom = `${Math.min(...values) * 100}%`;
      mark.style.height = `${(Math.max(...values) - Math.min(...values)) * 100}%`;
    });
  });
  return [button, note];
}
