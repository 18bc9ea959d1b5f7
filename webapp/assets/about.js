// What a control shows, in one sentence under the menus, for as long as one is chosen.
const store = window.inkling;
const line = element.querySelector("[data-testid=about]");

store.subscribe(element, ({ run }, changed) => {
  if (!changed.has("run")) return;
  const sentence = `about_${run.split("/")[1]}`;
  line.hidden = !(sentence in store.text);
  if (line.hidden) return;
  const { accuracies, training } = store.runs[run];
  const [learned, test] = [training.accuracies, accuracies].map((shares) => store.share(shares.at(-1)));
  line.textContent = store.say(sentence, { n: store.count(training.n), learned, test });
});
