// When the network learned the digit on the pad: its ten probabilities over the run's snapshots.
const store = window.inkling;
const line = element.querySelector("[data-testid=learning-line]");
const place = element.querySelector("[data-testid=learning-chart]");
const list = element.querySelector("[data-testid=learning-answers]");
let moveCursor = null;

// The first snapshot from which the answer stays what it is in the end.
function settledAt(answers) {
  let index = answers.length - 1;
  while (index > 0 && answers[index - 1] === answers.at(-1)) index -= 1;
  return index;
}

function draw({ probabilities, run }) {
  list.replaceChildren();
  place.replaceChildren();
  moveCursor = null;
  line.textContent = store.say("learning_empty");
  if (!probabilities) return;
  const images = store.runs[run].images_seen;
  const answers = probabilities.map(store.topDigit);
  const mark = settledAt(answers);
  const digit = answers.at(-1);
  line.textContent = store.say("learning_settled", { digit, images: store.count(images[mark]) });
  const lines = [...Array(10).keys()]
    .sort((a, b) => (a === digit) - (b === digit)) // the answer's line is drawn last, on top
    .map((other) => ({
      values: probabilities.map((snapshot) => snapshot[other]),
      name: other === digit ? "chosen" : "other",
      label: other === digit ? String(other) : "",
    }));
  const format = (value) => `${value * 100} %`;
  moveCursor = store.chart(place, { images, lines, top: 1, format, label: line.textContent, mark });
  for (const answer of answers) {
    const item = document.createElement("li");
    item.textContent = answer;
    item.className = answer === digit ? "same" : "";
    list.append(item);
  }
}

function follow() {
  const { index } = store.shown();
  moveCursor?.(index);
  [...list.children].forEach((item, position) => item.classList.toggle("shown", position === index));
}

store.panel(element, (state, changed) => {
  if (changed.has("probabilities") || changed.has("run")) draw(state);
  follow();
});
