// The page store: one plain value that every view reads, and a few things that views share.
window.inkling = (() => {
  const RETRY_MS = 1000;
  const ANSWER_MS = 15_000; // a server that takes longer does not answer
  const state = {
    run: null, // id of the chosen network and recipe
    snapshot: null, // position on the run's timeline; null is its end, the trained network
    drawing: { strokes: [] }, // as it travels: x and y in 0..1, y downwards
    sample: null, // an image over the drawing: {ink: 784 bytes in base64, label: its digit}, or null
    image: null, // what the network sees: 784 bytes of ink, or null
    label: null, // the digit that this image is labelled, or null for a drawing
    probabilities: null, // (snapshots, 10), from untrained to trained, or null
    luck: null, // (20, 10), what other untrained networks say of the drawing; null while it is drawn
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
    // Per run: steps, images_seen, accuracies and losses (on test images) of its snapshots; `training`: n,
    // accuracies and losses on the images it learned from, or null; and some of its epochs.
    runs: {},
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

    // Choose the first of these runs that there is; returns its network and its recipe, for the menus.
    choose(candidates) {
      const run = candidates.find((id) => Object.hasOwn(inkling.runs, id));
      inkling.set({ run, snapshot: null });
      return run.split("/");
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

    // What the server replies to a request, or {error: sentence}; throws if it does not answer.
    async ask(name, request) {
      const response = await fetch(`ask/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(request),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      return response.json();
    },

    // As `ask`, again and again until the server answers; null as soon as `isWanted` says no.
    async askUntilAnswered(name, request, isWanted, onSilence) {
      while (isWanted()) {
        try {
          return await inkling.ask(name, request);
        } catch {
          if (isWanted()) onSilence();
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
      return null;
    },

    // Call back whenever the page turns light or dark.
    onScheme(callback) {
      new MutationObserver(callback).observe(document.body, { attributeFilter: ["class"] });
    },

    // A sentence of the page with its {names} filled in; of the digits, 8 alone is "an".
    say(key, values = {}) {
      const sentence = inkling.text[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
      return sentence.replace(/\b(a) 8\b(?![.,]\d)/gi, "$1n 8");
    },

    // Rounded to a tenth; a network is never quite certain, so 100.0 % is never shown.
    percent(probability) {
      if (probability >= 0.9995) return ">99.9 %";
      return `${(probability * 100).toFixed(1)} %`;
    },

    // A share of images read right: 100 % only if it is all of them.
    share(accuracy) {
      return accuracy === 1 ? "100 %" : inkling.percent(accuracy);
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

    // Give an element this text, unless it has it. Its node stays: a new one has the element styled again.
    write(element, text) {
      const node = element.firstChild;
      if (!node) element.textContent = text;
      else if (node.data !== String(text)) node.data = text;
    },

    topDigit(probabilities) {
      return probabilities.indexOf(Math.max(...probabilities));
    },

    decodeBytes(base64) {
      return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    },

    encodeBytes(bytes) {
      return btoa(String.fromCharCode(...bytes));
    },

    // Paint bytes of ink on a canvas of as many pixels, in the colour of its text; null clears it.
    paint(canvas, ink) {
      const context = canvas.getContext("2d");
      const pixels = context.createImageData(canvas.width, canvas.height);
      const [red, green, blue] = getComputedStyle(canvas).color.match(/\d+/g);
      ink?.forEach((value, index) => pixels.data.set([red, green, blue, value], index * 4));
      context.putImageData(pixels, 0, 0);
    },
  };
})();
