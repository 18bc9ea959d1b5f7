// The chosen network's layers, output shapes and parameters, as the tutorials print them.
const store = window.inkling;
const summary = element.querySelector("pre");

store.panel(element, async (state, changed) => {
  if (!changed.has("run")) return;
  const { run } = state;
  const isWanted = () => run === store.state.run;
  const onSilence = () => (summary.textContent = store.say("view_waits"));
  const reply = await store.askUntilAnswered("layers", { run }, isWanted, onSilence);
  if (reply && isWanted()) summary.textContent = reply.error ?? reply.summary;
});
