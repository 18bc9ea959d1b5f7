// Gradio 6.31 has a timer that never stops: it asks for a frame, 60 times a second, for as long as the page is
// open. That is battery on a phone, and time that a step of the slider waits for.
{
  const ask = requestAnimationFrame.bind(window);
  const isTimer = (callback) => /performance\.now\(\).*\/1e3/.test(callback);
  window.requestAnimationFrame = (callback) => (isTimer(callback) ? 0 : ask(callback));
}
