// The sample grid: thirty labelled images, each with what the network says before and after training.
const store = window.inkling;
const grid = element.querySelector("[data-testid=sample-grid]");
const source = element.querySelector("[data-testid=sample-source]");
const others = element.querySelector("[data-testid=sample-others]");
const counts = ["untrained", "trained"].map((name) => element.querySelector(`[data-testid=count-${name}]`));
const RETRY_MS = 2000;
let draw = 0; // which thirty; the same for every network until others are asked for
let samples = null; // the last reply
let asked = 0; // counts requests, so that only the newest is shown

const mark = (answer, label) => (answer === label ? "✓" : "✗");

function showTile(tile, label, untrained, prediction) {
  Object.assign(tile.dataset, { label, untrained, prediction });
  const answers = tile.querySelectorAll("span");
  [untrained, prediction].forEach((answer, index) => {
    answers[index].textContent = `${answer}${mark(answer, label)}`;
    answers[index].className = answer === label ? "right" : "wrong";
  });
  const word = (answer) => store.say(answer === label ? "right" : "wrong");
  const values = { label, untrained, prediction };
  tile.firstChild.setAttribute(
    "aria-label",
    store.say("tile_label", { ...values, untrainedRight: word(untrained), predictionRight: word(prediction) }),
  );
}

function showCount(place, predictions, loss) {
  const correct = predictions.filter((answer, index) => answer === samples.labels[index]).length;
  const count = store.say("samples_count", { correct, total: samples.labels.length });
  place.innerHTML = "<strong></strong><span></span>";
  place.firstChild.textContent = count;
  place.lastChild.textContent = store.say("samples_loss", { loss: loss.toFixed(2) });
}

function show() {
  const { labels, predictions, losses } = samples;
  const ink = store.decodeBytes(samples.images);
  while (grid.children.length < labels.length) {
    const tile = document.createElement("li");
    tile.innerHTML =
      '<canvas width="28" height="28" role="img"></canvas>' +
      '<span aria-hidden="true"></span><span aria-hidden="true"></span>';
    grid.append(tile);
  }
  [...grid.children].forEach((tile, index) => {
    store.paint(tile.firstChild, ink.subarray(index * 784, (index + 1) * 784));
    showTile(tile, labels[index], predictions.at(0)[index], predictions.at(-1)[index]);
  });
  showCount(counts[0], predictions.at(0), losses.at(0));
  showCount(counts[1], predictions.at(-1), losses.at(-1));
  source.textContent = store.say(`samples_${samples.source}`);
}

async function ask() {
  const mine = (asked += 1);
  const { run } = store.state;
  let reply = null;
  try {
    reply = await server.sample_grid({ run, draw });
  } catch {
    // The server does not answer: the grid stays as it is, and is asked for again below.
  }
  if (mine !== asked) return;
  if (reply?.error) source.textContent = reply.error;
  else if (reply) {
    samples = reply;
    show();
  }
  if (!reply || reply.source === "pending") setTimeout(() => mine === asked && ask(), RETRY_MS);
}

others.addEventListener("click", () => {
  draw += 1;
  ask();
});
store.subscribe(element, (state, changed) => changed.has("run") && state.run && ask());
new MutationObserver(() => samples && show()).observe(document.body, {
  attributeFilter: ["class"], // light or dark
});
