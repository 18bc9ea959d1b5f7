// Many buttons as one tab stop, and tiles: labelled images that a press lays on the pad.

// Arrow keys, Home and End move among the container's buttons; Tab enters and leaves them all at once.
inkling.rove = (container) => {
  const buttons = () => [...container.querySelectorAll("button")];
  const keep = (stop) => buttons().forEach((button) => (button.tabIndex = button === stop ? 0 : -1));
  const height = (button) => button.getBoundingClientRect().top;
  container.addEventListener("focusin", (event) => keep(event.target));
  container.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return; // Alt+← is the browser's
    const all = buttons();
    const at = all.indexOf(event.target);
    const columns = all.filter((button) => height(button) === height(all[0])).length;
    const to = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[to]?.focus();
  });
  const settle = () => {
    const stops = buttons().filter((button) => !button.tabIndex);
    if (stops.length !== 1) keep(buttons()[0]);
  };
  settle();
  return settle; // to be called when buttons have come or gone
};

// Fill the container with tiles. Returns a function that shows images, 784 bytes of ink each, one after the
// other, with their labels, and returns the tiles: buttons, for the caller to name and to write in.
inkling.tiles = (container) => {
  const tiles = container.children;
  const settle = inkling.rove(container);
  let samples = []; // of every tile what it lays on the pad
  let bytes = new Uint8Array();

  const paint = () =>
    [...tiles].forEach((tile, index) => {
      inkling.paint(tile.firstChild, bytes.subarray(index * 784, (index + 1) * 784));
    });
  const press = () =>
    [...tiles].forEach((tile, index) => {
      tile.setAttribute("aria-pressed", samples[index].ink === inkling.state.sample?.ink);
    });

  container.addEventListener("click", (event) => {
    const index = [...tiles].indexOf(event.target.closest("button"));
    if (index < 0) return;
    const isPressed = samples[index].ink === inkling.state.sample?.ink;
    inkling.set({ sample: isPressed ? null : samples[index], problem: null });
  });
  inkling.subscribe(container, (_, changed) => changed.has("sample") && press());
  inkling.onScheme(paint);

  return (ink, labels) => {
    bytes = ink;
    samples = labels.map((label, index) => {
      return { ink: inkling.encodeBytes(bytes.subarray(index * 784, (index + 1) * 784)), label };
    });
    while (tiles.length > labels.length) tiles[tiles.length - 1].remove();
    while (tiles.length < labels.length) {
      const tile = document.createElement("button");
      tile.type = "button";
      tile.className = "tile";
      tile.innerHTML = '<canvas width="28" height="28"></canvas>';
      container.append(tile);
    }
    settle();
    paint();
    press();
    return [...tiles];
  };
};
