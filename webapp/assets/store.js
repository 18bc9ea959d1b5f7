// The page store: one plain value that every view reads, and a few things that views share.
window.inkling = (() => {
  const state = {
    run: null, // id of the chosen network and recipe
    drawing: { strokes: [] }, // as it travels: x and y in 0..1, y downwards
    image: null, // what the network sees: 784 bytes of ink, or null
    probabilities: null, // (snapshots, 10), from untrained to trained, or null
    problem: null, // a sentence, while something is wrong
  };
  const subscribers = new Set();

  return {
    state,
    text: {},

    // Change some of the state and tell every subscriber which keys changed.
    set(changes) {
      const changed = new Set(Object.keys(changes).filter((key) => changes[key] !== state[key]));
      if (!changed.size) return;
      Object.assign(state, changes);
      for (const subscriber of subscribers) subscriber(state, changed);
    },

    // Call back at once and after every change, for as long as the element is on the page.
    subscribe(element, callback) {
      const subscriber = (...change) =>
        element.isConnected ? callback(...change) : subscribers.delete(subscriber);
      subscribers.add(subscriber);
      callback(state, new Set(Object.keys(state)));
    },

    // A sentence of the page with its {names} filled in.
    say(key, values = {}) {
      return inkling.text[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
    },

    // Rounded to a tenth; a network is never quite certain, so 100.0 % is never shown.
    percent(probability) {
      if (probability >= 0.9995) return ">99.9 %";
      return `${(probability * 100).toFixed(1)} %`;
    },

    topDigit(probabilities) {
      return probabilities.indexOf(Math.max(...probabilities));
    },

    decodeBytes(base64) {
      return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    },

    // Paint 28×28 bytes of ink on a canvas of that size, in the colour of its text; null clears it.
    paint(canvas, ink) {
      const context = canvas.getContext("2d");
      const pixels = context.createImageData(28, 28);
      const [red, green, blue] = getComputedStyle(canvas).color.match(/\d+/g);
      ink?.forEach((value, index) => pixels.data.set([red, green, blue, value], index * 4));
      context.putImageData(pixels, 0, 0);
    },
  };
})();
