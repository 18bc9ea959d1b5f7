// The sample grid: thirty labelled images, each with what the network says before and after training.
const store = window.inkling;
const grid = element.querySelector("[data-testid=sample-grid]");
const source = element.querySelector("[data-testid=sample-source]");
const others = element.querySelector("[data-testid=sample-others]");
const counts = ["untrained", "trained"].map((name) => element.querySelector(`[data-testid=count-${name}]`));
const heading = element.querySelector(".count.trained dt");
const showTiles = store.tiles(grid);
const PENDING_MS = 2000; // between looks whether MNIST has arrived
let draw = 0; // which thirty; the same for every network until others are asked for
let samples = null; // the last reply
let asked = 0; // counts requests, so that only the newest is shown

const mark = (answer, label) => (answer === label ? "✓" : "✗");

function showTile(tile, label, untrained, prediction) {
  const values = { label, untrained, prediction };
  if (Object.keys(values).every((name) => tile.dataset[name] === String(values[name]))) return;
  Object.assign(tile.dataset, values);
  while (tile.children.length < 3) tile.append(document.createElement("span"));
  const answers = tile.querySelectorAll("span");
  [untrained, prediction].forEach((answer, index) => {
    store.write(answers[index], `${answer}${mark(answer, label)}`);
    answers[index].className = answer === label ? "right" : "wrong";
  });
  const word = (answer) => store.say(answer === label ? "right" : "wrong");
  tile.setAttribute(
    "aria-label",
    store.say("tile_label", { ...values, untrainedRight: word(untrained), predictionRight: word(prediction) }),
  );
}

function showCount(place, predictions, loss) {
  const correct = predictions.filter((answer, index) => answer === samples.labels[index]).length;
  const count = store.say("samples_count", { correct, total: samples.labels.length });
  store.write(place.firstChild, count);
  store.write(place.lastChild, store.say("samples_loss", { loss: loss.toFixed(2) }));
}

function show() {
  showTiles(store.decodeBytes(samples.images), samples.labels);
  showAnswers();
  source.textContent = store.say(`samples_${samples.source}`);
}

function showAnswers() {
  const { labels, predictions, losses, run } = samples;
  if (run !== store.state.run) return; // the chosen network's own answers are on their way
  const { index } = store.shown();
  store.write(heading, store.moment());
  [...grid.children].forEach((tile, position) =>
    showTile(tile, labels[position], predictions[0][position], predictions[index][position]),
  );
  showCount(counts[0], predictions[0], losses[0]);
  showCount(counts[1], predictions[index], losses[index]);
}

async function ask() {
  const mine = (asked += 1);
  const { run } = store.state;
  const isWanted = () => mine === asked;
  const onSilence = () => (source.textContent = store.say("view_waits"));
  const reply = await store.askUntilAnswered("sample_grid", { run, draw }, isWanted, onSilence);
  if (!reply || !isWanted()) return;
  if (reply.error) {
    source.textContent = reply.error;
    return;
  }
  samples = { ...reply, run };
  show();
  if (reply.source === "pending") setTimeout(() => isWanted() && ask(), PENDING_MS);
}

others.addEventListener("click", () => {
  draw += 1;
  ask();
});
store.subscribe(element, (state, changed) => {
  if (changed.has("run")) ask();
  else if (changed.has("snapshot") && samples) showAnswers();
});
