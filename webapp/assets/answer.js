// The answer to the drawing: asked of the server while the pen moves, shown as image, verdict and bars.
const store = window.inkling;
const input = element.querySelector("[data-testid=model-input]");
const verdict = element.querySelector("[data-testid=verdict]");
const [line, detail] = verdict.children;
const caption = element.querySelector("[data-testid=input-caption]");
const heading = element.querySelector("[data-testid=trained-heading]");
const RETRY_MS = 1000;
const SURE = 0.5; // below it, other digits together are more probable

const [untrained, trained] = ["untrained", "trained"].map((name) =>
  element.querySelector(`[data-testid=bars-${name}]`),
);
const showUntrained = store.bars(untrained);
const showTrained = store.bars(trained);
const luckLine = element.querySelector("[data-testid=luck]");
const bands = [...untrained.children].map((row) => {
  const band = document.createElement("span");
  band.className = "band";
  band.setAttribute("role", "img");
  row.lastElementChild.before(band);
  return band;
});

// On every untrained bar a band, from the least to the most that other untrained networks say of the digit.
function showLuck(luck) {
  bands.forEach((band, digit) => {
    band.hidden = !luck;
    if (!luck) return;
    const said = luck.map((network) => network[digit]);
    const [low, high] = [Math.min(...said), Math.max(...said)];
    band.style.marginLeft = `${low * 100}%`;
    band.style.width = `${(high - low) * 100}%`;
    const words = store.say("luck_band", { low: store.percent(low), high: store.percent(high) });
    band.title = words;
    band.setAttribute("aria-label", words);
  });
  const all = luck?.flat() ?? [];
  luckLine.textContent = luck
    ? store.say("luck_note", { low: store.percent(Math.min(...all)), high: store.percent(Math.max(...all)) })
    : "";
}

function showVerdict({ probabilities, problem, drawing, sample, label, badLink, isDigit, penDown }) {
  const { index, isLast, images } = store.shown();
  const first = probabilities?.at(0);
  const now = probabilities?.at(index);
  const digit = probabilities ? store.topDigit(now) : "";
  const isRefused = Boolean(probabilities) && !isDigit && !penDown;
  verdict.dataset.prediction = isRefused ? "" : digit;
  element.firstElementChild.classList.toggle("refused", isRefused);
  verdict.classList.toggle("problem", Boolean(problem));
  if (problem) store.write(line, problem);
  else if (probabilities) {
    const said = isRefused ? "verdict_refused" : now[digit] < SURE ? "verdict_unsure" : "verdict";
    const judged = store.say(digit === label ? "verdict_right" : "verdict_wrong");
    store.write(line, store.say(said, { digit }) + (label === null || isRefused ? "" : ` ${judged}`));
  } else if (!sample && !drawing.strokes.length) store.write(line, store.say(badLink ? "link_bad" : "verdict_empty"));
  const moment = isLast ? "verdict_detail" : index ? "verdict_between" : "verdict_before";
  if (!probabilities) return store.write(detail, "");
  const values = {
    digit,
    images: store.count(images),
    trained: store.percent(now[digit]),
    before: store.topDigit(first),
    untrained: store.percent(Math.max(...first)),
  };
  store.write(detail, store.say(isRefused ? "verdict_if" : moment, values));
}

// One request is under way at a time, and the newest drawing or sample waits for it.
let waiting = false;
let busy = false;
async function ask() {
  waiting = true;
  if (busy) return;
  busy = true;
  while (waiting) {
    waiting = false;
    const { run, drawing, sample } = store.state;
    if (!sample && !drawing.strokes.length) {
      store.set({ image: null, label: null, probabilities: null, problem: null });
      continue;
    }
    try {
      const reply = await store.ask("answer", sample ? { run, image: sample.ink } : { run, drawing });
      const { state } = store;
      const stale = state.run !== run || state.sample !== sample || !(sample || state.drawing.strokes.length);
      if (reply.error) store.set({ problem: reply.error });
      else if (!stale)
        store.set({
          image: store.decodeBytes(reply.image),
          label: sample?.label ?? null,
          probabilities: reply.probabilities,
          isDigit: reply.is_digit,
          problem: null,
        });
    } catch {
      store.set({ problem: store.say("no_answer") });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      waiting = true;
    }
  }
  busy = false;
  askLuck();
}

// What other untrained networks say is asked when the pen is up and the drawing has its answer.
async function askLuck() {
  const { run, drawing, sample, penDown, luck } = store.state;
  if (busy || sample || penDown || luck || !drawing.strokes.length) return;
  const reply = await store.ask("luck", { run, drawing }).catch(() => null); // without it the bars have no bands
  const stale = store.state.run !== run || store.state.drawing !== drawing || store.state.sample;
  if (reply && !reply.error && !stale) store.set({ luck: reply });
}

store.subscribe(element, (state, changed) => {
  if (changed.has("drawing") || changed.has("sample") || changed.has("run")) {
    store.set({ luck: null });
    ask();
  }
  if (changed.has("label")) caption.textContent = store.say(state.label === null ? "input_caption" : "input_sample");
  if (changed.has("penDown")) askLuck();
  if (changed.has("image")) store.paint(input, state.image);
  if (changed.has("probabilities")) showUntrained(state.probabilities?.at(0));
  if (changed.has("probabilities") || changed.has("snapshot")) {
    showTrained(state.probabilities?.at(store.shown().index));
  }
  if (changed.has("luck")) showLuck(state.luck);
  if (changed.has("run") || changed.has("snapshot")) store.write(heading, store.moment());
  showVerdict(state);
});
store.onScheme(() => store.paint(input, store.state.image));
