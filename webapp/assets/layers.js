// The chosen network's layers, output shapes and parameters, as the tutorials print them.
const store = window.inkling;
const summary = element.querySelector("pre");

store.panel(element, async (state, changed) => {
  if (!changed.has("run")) return;
  const { run } = state;
  const reply = await server.layers({ run }).catch(() => ({ error: store.say("no_answer") }));
  if (run === store.state.run) summary.textContent = reply.error ?? reply.summary;
});
