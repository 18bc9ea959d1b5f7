// Other untrained networks: beside every column's untrained bar a mark, from the least to the most that twenty others say.
import { h, write } from "../dom.js";
import { logits, softmax } from "../engine/network.js";
import { untrainedNetwork } from "../engine/untrained.js";
import { chosen } from "../state.js";
import { percent, say } from "../text.js";

const SEEDS = Array.from({ length: 20 }, (_, index) => 1000 + index);

/**
 * The button that asks for the marks, and their sentence. The marks are drawn into the columns.
 * @param {import("../state.js").Store} store
 * @param {HTMLElement[]} columns of the ten digits
 * @returns {HTMLElement[]}
 */
export function createOtherUntrained(store, columns) {
  const toggle = () => store.set({ marks: !store.state.marks });
  const button = h("button", { type: "button", "data-testid": "luck-button", onclick: toggle });
  const note = h("p", { class: "note", "data-testid": "luck" });
  const marks = columns.map(() => h("i", { class: "mark", hidden: true }));
  columns.forEach((column, digit) => column.firstElementChild?.append(marks[digit])); // in its track
  /** @type {{run: string, networks: import("../engine/network.js").Network[]}} */
  let made = { run: "", networks: [] };

  function others() {
    const { id, architecture, input_range: range } = chosen(store.state);
    if (made.run !== id) made = { run: id, networks: SEEDS.map((seed) => untrainedNetwork(architecture, range, seed)) };
    return made.networks;
  }

  store.watch(["marks", "run", "image", "penDown"], ({ marks: isAsked, image, penDown }) => {
    button.hidden = chosen(store.state).from !== undefined; // its first snapshot was trained already
    const isOpen = isAsked && !button.hidden;
    const said = isOpen && image && !penDown ? others().map((network) => softmax(logits(network, image))) : [];
    write(button, say(isOpen ? "luck_hide" : "luck"));
    button.setAttribute("aria-pressed", String(isOpen));
    const ranges = marks.map((_, digit) => rangeOf(said.map((probabilities) => probabilities[digit])));
    const [low, high] = rangeOf(ranges.flat()).map(percent);
    write(note, !isOpen ? "" : said.length ? say("luck_note", { low, high }) : say("luck_empty"));
    marks.forEach((mark, digit) => {
      const [least, most] = ranges[digit];
      mark.hidden = !said.length;
      Object.assign(mark.style, { bottom: `${least * 100}%`, height: `${(most - least) * 100}%` });
    });
  });
  return [button, note];
}

/** @param {number[]} values @returns {[number, number]} the least and the most of them */
const rangeOf = (values) => [Math.min(...values), Math.max(...values)];
