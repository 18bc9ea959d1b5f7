// The answer to the drawing: asked of the server while the pen moves, shown as image, verdict and bars.
const store = window.inkling;
const input = element.querySelector("[data-testid=model-input]");
const verdict = element.querySelector("[data-testid=verdict]");
const [line, detail] = verdict.children;
const heading = element.querySelector("[data-testid=trained-heading]");
const RETRY_MS = 1000;
const SURE = 0.5; // below it, other digits together are more probable

const charts = ["untrained", "trained"].map((name) => {
  const chart = element.querySelector(`[data-testid=bars-${name}]`);
  for (let digit = 0; digit < 10; digit += 1) {
    const row = document.createElement("li");
    row.dataset.digit = digit;
    row.dataset.probability = "";
    row.innerHTML = `<b>${digit}</b><span class="track"><span class="bar"></span></span><span></span>`;
    chart.append(row);
  }
  return chart;
});

function showBars(chart, probabilities) {
  const top = probabilities && store.topDigit(probabilities);
  for (const row of chart.children) {
    const probability = probabilities?.[row.dataset.digit];
    row.dataset.probability = probability ?? "";
    row.classList.toggle("top", Number(row.dataset.digit) === top);
    row.querySelector(".bar").style.transform = `scaleX(${probability ?? 0})`;
    row.lastElementChild.textContent = probabilities ? store.percent(probability) : "";
  }
}

function showVerdict({ probabilities, problem, drawing, badLink, isDigit, penDown }) {
  const { index, isLast, images } = store.shown();
  const first = probabilities?.at(0);
  const now = probabilities?.at(index);
  const digit = probabilities ? store.topDigit(now) : "";
  const isRefused = Boolean(probabilities) && !isDigit && !penDown;
  verdict.dataset.prediction = isRefused ? "" : digit;
  element.firstElementChild.classList.toggle("refused", isRefused);
  verdict.classList.toggle("problem", Boolean(problem));
  if (problem) line.textContent = problem;
  else if (isRefused) line.textContent = store.say("verdict_refused");
  else if (probabilities) line.textContent = store.say(now[digit] < SURE ? "verdict_unsure" : "verdict", { digit });
  else if (!drawing.strokes.length) line.textContent = store.say(badLink ? "link_bad" : "verdict_empty");
  detail.textContent = probabilities
    ? store.say(isRefused ? "verdict_if" : isLast ? "verdict_detail" : "verdict_between", {
        digit,
        images: store.count(images),
        trained: store.percent(now[digit]),
        before: store.topDigit(first),
        untrained: store.percent(Math.max(...first)),
      })
    : "";
}

// One request is under way at a time, and the newest drawing waits for it.
let waiting = false;
let busy = false;
async function ask() {
  waiting = true;
  if (busy) return;
  busy = true;
  while (waiting) {
    waiting = false;
    const { run, drawing } = store.state;
    if (!drawing.strokes.length) {
      store.set({ image: null, probabilities: null });
      continue;
    }
    try {
      const reply = await server.answer({ run, drawing });
      const stale = store.state.run !== run || !store.state.drawing.strokes.length;
      if (reply.error) store.set({ problem: reply.error });
      else if (!stale)
        store.set({
          image: store.decodeBytes(reply.image),
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
}

store.subscribe(element, (state, changed) => {
  if (changed.has("drawing") || changed.has("run")) ask();
  if (changed.has("image")) store.paint(input, state.image);
  if (changed.has("probabilities")) showBars(charts[0], state.probabilities?.at(0));
  if (changed.has("probabilities") || changed.has("snapshot")) {
    showBars(charts[1], state.probabilities?.at(store.shown().index));
  }
  if (changed.has("run") || changed.has("snapshot")) heading.textContent = store.moment();
  showVerdict(state);
});
new MutationObserver(() => store.paint(input, store.state.image)).observe(document.body, {
  attributeFilter: ["class"], // light or dark
});
