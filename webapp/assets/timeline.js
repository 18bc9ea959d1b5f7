// The timeline: a slider over the run's snapshots, and Play. Moving it asks nothing of the server.
const store = window.inkling;
const range = element.querySelector("[data-testid=timeline]");
const label = element.querySelector("[data-testid=timeline-label]");
const button = element.querySelector("[data-testid=timeline-play]");
const FRAME_MS = 400; // a snapshot's time on screen while playing
let playing = null;

function show(index) {
  store.set({ snapshot: index === Number(range.max) ? null : index });
}

function stop() {
  clearInterval(playing);
  playing = null;
  button.textContent = store.say("timeline_play");
}

range.addEventListener("input", () => {
  stop();
  show(Number(range.value));
});
button.addEventListener("click", () => {
  if (playing) return stop();
  button.textContent = store.say("timeline_stop");
  if (store.shown().isLast) show(0);
  playing = setInterval(() => {
    show(store.shown().index + 1);
    if (store.shown().isLast) stop();
  }, FRAME_MS);
});

// Copy a link that opens the page as it is now; it is in the address bar as well.
const link = element.querySelector("[data-testid=copy-link]");
link.addEventListener("click", async () => {
  history.replaceState(null, "", store.link.write(store.state));
  try {
    await navigator.clipboard.writeText(location.href);
    link.textContent = store.say("link_copied");
  } catch {
    link.textContent = store.say("link_in_bar"); // a page without https may not copy
  }
  setTimeout(() => (link.textContent = store.say("link_copy")), 2500);
});

store.subscribe(element, (state, changed) => {
  if (!changed.has("run") && !changed.has("snapshot")) return;
  const { index, step, images, accuracy } = store.shown();
  range.max = store.runs[state.run].steps.length - 1;
  range.value = index;
  const values = { step: store.count(step), images: store.count(images), accuracy: store.percent(accuracy) };
  store.write(label, store.say("timeline_label", values));
  range.setAttribute("aria-valuetext", label.textContent);
});
