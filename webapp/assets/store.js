// The page store: one plain value that every view reads, and a few things that views share.
window.inkling = (() => {
  const state = {
    run: null, // id of the chosen network and recipe
    snapshot: null, // position on the run's timeline; null is its end, the trained network
    drawing: { strokes: [] }, // as it travels: x and y in 0..1, y downwards
    image: null, // what the network sees: 784 bytes of ink, or null
    probabilities: null, // (snapshots, 10), from untrained to trained, or null
    open: [], // names of the views that are open
    lesson: false, // whether a link asked for the page without its menus
    badLink: false, // whether the page was opened by a link that could not be read
    penDown: false, // whether a stroke is being drawn: half a digit is not refused yet
    isDigit: true, // whether the drawing looks like a digit at all
    problem: null, // a sentence, while something is wrong
  };
  const subscribers = new Set();

  return {
    state,
    text: {},
    runs: {}, // per run: steps, images_seen, accuracies and losses of its snapshots, and its epochs
    panels: [], // names of all views that open on request
    limits: {}, // of a drawing: strokes, points

    // The snapshot that is shown: its position, its step, the images seen by then, whether it is the last.
    shown() {
      const { steps, images_seen, accuracies } = inkling.runs[state.run];
      const index = state.snapshot ?? steps.length - 1;
      const isLast = index === steps.length - 1;
      return { index, isLast, step: steps[index], images: images_seen[index], accuracy: accuracies[index] };
    },

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

    // A view that opens on request: whether it is open is part of the state.
    panel(element, callback) {
      const details = element.querySelector("details");
      const name = details.dataset.testid;
      details.addEventListener("toggle", () => {
        const others = state.open.filter((other) => other !== name);
        if (details.open !== state.open.includes(name)) {
          inkling.set({ open: details.open ? [...others, name] : others });
        }
      });
      let wasOpen = false;
      inkling.subscribe(element, (_, changed) => {
        const isOpen = state.open.includes(name);
        if (isOpen !== wasOpen) details.open = isOpen;
        if (isOpen) callback(state, wasOpen ? changed : new Set(Object.keys(state)));
        wasOpen = isOpen;
      });
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

    // What the shown snapshot is called.
    moment() {
      const { index, isLast, images } = inkling.shown();
      if (isLast) return inkling.say("trained_heading");
      if (!index) return inkling.say("untrained_heading");
      return inkling.say("between_heading", { images: inkling.count(images) });
    },

    count(number) {
      return number.toLocaleString("en");
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
