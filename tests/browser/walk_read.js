// Put into the page before its own scripts. Time stands still but for what the walk lets pass, so that a walk goes
// the same way whenever it is repeated; and all that the page shows is read in one go.
(() => {
  const realFrame = window.requestAnimationFrame.bind(window);
  let now = 0;
  let frames = [];
  performance.now = () => now;
  window.requestAnimationFrame = (callback) => frames.push(callback);

  /** Nothing is copied: the button that says so would go back to its word in real time, and move the pad on a phone. */
  let copied = "";
  Clipboard.prototype.writeText = (words) => new Promise(() => (copied = words));

  const root = () => document.querySelector("inkling-page").shadowRoot;
  const all = (selector, place = root()) => [...place.querySelectorAll(selector)];
  const find = (name) => root().querySelector(`[data-testid="${name}"]`);
  const text = (name) => find(name).textContent;
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  const letters = (bytes) => btoa(String.fromCharCode(...bytes));

  /** The levels of ink on a canvas, in base64, and whether they are painted in the colour of its text. */
  function ink(canvas, side = canvas.width) {
    const scaled = canvas.width === side ? canvas : Object.assign(document.createElement("canvas"), { width: side, height: side });
    if (scaled !== canvas) scaled.getContext("2d").drawImage(canvas, 0, 0, side, side);
    const { data } = scaled.getContext("2d").getImageData(0, 0, side, side);
    const levels = data.filter((_, index) => index % 4 === 3);
    const full = levels.indexOf(255);
    const wanted = getComputedStyle(canvas).color.match(/\d+/g).map(Number);
    const inColour = full < 0 || wanted.every((value, at) => Math.abs(value - data[4 * full + at]) <= 2); // scaling rounds
    return { levels: letters(levels), inColour };
  }

  const tiles = (name) =>
    all(".tile", find(name)).map((tile) => ({
      ...tile.dataset,
      ...ink(tile.querySelector("canvas")),
      reading: tile.querySelector(".reading")?.textContent,
      words: tile.getAttribute("aria-label"),
      isRight: tile.classList.contains("right"),
      isWrong: tile.classList.contains("wrong"),
      isPressed: tile.getAttribute("aria-pressed") === "true",
    }));

  /** What a column tells exactly, which it is asked for by the pointer. */
  const titleOf = (column) => column.dispatchEvent(new Event("pointermove")) && column.title;
  const bars = (name, series) =>
    series.map((key, at) =>
      all("[data-digit]", find(name)).map((row) => ({
        value: row.dataset[key],
        height: parseFloat(row.querySelector(`.bar.${key}`).style.height || 0) / 100,
        words: titleOf(row).match(/[>\d.]+ %/g)?.reverse()[at] ?? "",
        number: row.querySelector(".value:not([hidden])")?.textContent ?? "",
        isTop: row.classList.contains(`top-${key}`),
      })),
    );

  function chart(name) {
    const svg = find(name).querySelector("svg");
    if (!svg) return null;
    const [zero, , top] = all(".chart-grid", svg).map((line) => Number(line.getAttribute("y1")));
    const points = (line) => line.getAttribute("points").split(" ").map((point) => point.split(",").map(Number));
    const own = all("polyline:not(.earlier)", svg);
    const lines = own.map((line) => points(line).map(([, y]) => (zero - y) / (zero - top)));
    const places = own.length ? points(own[0]).map(([x]) => x) : [];
    const at = (line) => places.findIndex((x) => line && Math.abs(x - Number(line.getAttribute("x1"))) < 0.01);
    const earlier = all("polyline.earlier", svg).length;
    return { lines, earlier, cursor: at(svg.querySelector(".chart-cursor")), mark: at(svg.querySelector(".chart-mark")) };
  }

  const matrix = (name) => all("tbody tr", find(name)).map((row) => all("button", row).map((cell) => cell.textContent));
  const pressed = (name) =>
    all("tbody tr", find(name)).flatMap((row, label) =>
      all("button", row).flatMap((cell, prediction) => (cell.getAttribute("aria-pressed") === "true" ? [[label, prediction]] : [])),
    );

  const views = {
    digits: () => ({ counts: [text("count-untrained"), text("count-trained")] }),
    input: () => ({
      line: text("given-line"),
      isHidden: find("given-body").hidden,
      shrunk: { ...ink(find("given-shrunk")), bars: bars("bars-shrunk", ["trained"])[0] },
      made: { ...ink(find("given-made")), bars: bars("bars-made", ["trained"])[0] },
      stages: all("canvas", find("given-stages")).map((canvas) => ink(canvas)),
      paths: all(".image-stage.drawing polyline", find("given-stages")).length,
      steps: all("li:not(.later)", find("given-stages")).length,
    }),
    training: () => ({
      digits: { line: text("learning-line"), chart: chart("learning-chart") },
      line: text("history-line"),
      accuracy: chart("history-accuracy"),
      loss: chart("history-loss"),
      passes: all("tbody tr", find("history-passes")).map((row) => Number(row.firstChild.textContent)),
    }),
    confusion: () => ({
      headings: all("figcaption", find("confusion")).map((caption) => caption.textContent),
      matrices: ["confusion-untrained", "confusion-trained"].map(matrix),
      pressed: ["confusion-untrained", "confusion-trained"].flatMap((name, side) => pressed(name).map((cell) => [side, ...cell])),
      hardest: text("confusion-hardest"),
      line: text("cell-line"),
      images: tiles("cell-images"),
    }),
    network: () => all("tbody tr", find("layers-summary")).map((row) => [...row.children].map((cell) => cell.textContent)),
  };

  /** The link that "Share" puts into the address bar, without changing the address. */
  async function link() {
    const copied = new Promise((resolve) => (history.replaceState = (_state, _title, address) => resolve(address)));
    find("share").click();
    const hash = await copied;
    delete history.replaceState;
    return hash;
  }

  /** What lies on the pad, by what the page keeps of it when it goes. */
  function drawing() {
    dispatchEvent(new Event("pagehide"));
    const { strokes, asked = null } = JSON.parse(sessionStorage.getItem("inkling-drawing")).drawing;
    return { strokes, asked };
  }

  const read = async () => ({
    link: await link(),
    drawing: drawing(),
    wouldAsk: !dispatchEvent(new Event("beforeunload", { cancelable: true })),
    pad: { ...ink(find("pad"), 28), isHintHidden: root().querySelector(".pad-hint").hidden, hasSize: find("pad").width === find("pad").height },
    sampleHint: find("pad-sample").hidden ? null : text("pad-sample"),
    canUndo: !find("pad-undo").disabled,
    canClear: !find("pad-clear").disabled,
    run: { id: find("run").dataset.run, words: text("run"), canChange: !find("run").disabled },
    chosen: all('.option[aria-pressed="true"]').map(({ dataset }) => dataset.model ?? dataset.recipe),
    details: text("run-details"),
    slider: { value: Number(find("timeline").value), max: Number(find("timeline").max), words: find("timeline").getAttribute("aria-valuetext") },
    label: text("timeline-moment"),
    isLoading: find("play").disabled,
    play: text("play"),
    chips: all("li", find("chips")).map((chip) => chip.textContent),
    chip: all("li", find("chips")).findIndex((chip) => chip.classList.contains("shown")),
    prediction: find("verdict").dataset.prediction,
    digits: find("verdict").firstElementChild.hidden ? null : all(".digit", find("verdict")).map((digit) => digit.textContent),
    verdict: all(".verdict-line, .verdict-detail", find("verdict")).map((line) => line.textContent),
    announced: text("announcer"),
    input: ink(find("model-input")),
    bars: bars("bars", ["untrained", "trained"]),
    isFaded: find("bars").classList.contains("not-a-digit"),
    barsLabel: find("bars").getAttribute("aria-label"),
    moment: text("moment"),
    luck: text("luck"),
    luckButton: text("luck-button"),
    marks: all(".mark").filter((mark) => !mark.hidden).map(({ style }) => [style.bottom, style.height].map(parseFloat)),
    tiles: tiles("sample-grid"),
    views: Object.fromEntries(all("[role=tabpanel]:not([hidden])").map(({ dataset }) => [dataset.testid, views[dataset.testid]()])),
    ...Object.fromEntries(Object.entries(walk.more).map(([name, look]) => [name, look()])),
  });

  window.walk = {
    tools: { root, all, find, text, letters, ink, settle, views },
    more: {}, // what is read besides, by name
    /** All that the page shows, as JSON. */
    read: async () => JSON.stringify(await read()),
    /** Let time pass, and give the page one frame at its end. */
    passTime(milliseconds) {
      now += milliseconds;
      const due = frames;
      frames = [];
      for (const frame of due) frame(now);
    },
    /** Wait until the browser has painted twice: it tells of a changed device before that. */
    frames: () => new Promise((resolve) => realFrame(() => realFrame(resolve))),
    /** Press whatever of these there is, and let what follows from it happen. */
    async press(...selectors) {
      for (const selector of selectors) root().querySelector(selector)?.click();
      await settle();
    },
    /** When the page keeps its drawing as it goes, which comes last of all that it loads, and has been painted. */
    async awake() {
      sessionStorage.removeItem("inkling-drawing");
      while (dispatchEvent(new Event("pagehide")) && !sessionStorage.getItem("inkling-drawing")) await new Promise((resolve) => setTimeout(resolve, 5));
      await walk.frames(); // the pad has its size from then on
    },
    openView: (name) => walk.press(`[data-testid=stage-tab][data-view=${name}]`),
    moveSlider(value) {
      const range = find("timeline");
      if (range.disabled) return;
      range.value = value;
      range.dispatchEvent(new Event("input", { bubbles: true }));
    },
    /** Where a snapshot stands in the window, on the strip of time. */
    chipPlace(index) {
      find("timeline").scrollIntoView({ block: "center" });
      const { left, width } = find("chips").getBoundingClientRect();
      const { top, height } = find("timeline").getBoundingClientRect();
      const share = parseFloat(all("li", find("chips"))[index].style.left) / 100;
      return [left + share * width, top + height / 2];
    },
    focusTime: () => find("timeline").focus({ preventScroll: true }),
    pressUnit: (unit) => walk.press(`[data-testid=units] [data-unit="${unit}"]`),
    async openLink(hash) {
      if (location.hash === hash) return false;
      const told = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
      location.hash = hash;
      await told;
      await settle();
      return true;
    },
    /** Choose a network and its training as a person does. The runs that were chosen on the way. */
    chooseRun(architecture, recipe) {
      find("run").click();
      const runs = [`[data-model="${architecture}"]`, `[data-recipe="${recipe}"]`].map((option) => {
        if (find("run-choice").open) root().querySelector(option).click();
        return find("run").dataset.run;
      });
      find("run-close").click();
      return runs;
    },
    /** When all of the chosen run has arrived. */
    async loaded() {
      while (find("play").disabled) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    copied: () => copied,
    /** Bring the pad into sight, also from below the stage that is drawn up over it. */
    showPad() {
      if (!find("pad").checkVisibility()) find("stage-lower").click();
      find("pad").scrollIntoView({ block: "nearest" });
    },
    padPlace() {
      const { left, top, width } = find("pad").getBoundingClientRect();
      return [left, top, width];
    },
  };
})();
