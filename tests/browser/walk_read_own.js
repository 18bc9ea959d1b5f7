// Put into the page after walk_read.js: what the walk does with trainings, runs of one's own and the own hand, and
// what it reads of them. Trainings go on in their worker, in real time: the walk waits until they rest.
(() => {
  const { root, all, find, text, letters, ink, settle, views } = walk.tools;
  const LOOK_MS = 10; // between two looks
  const MOST_LOOKS = 3000; // half a minute

  /** What the worker has reported of the last training: its snapshots, and the network as it is now. */
  let job = null;
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => job && data.id === job.id && note(data)); // before the page hears it
    }
    postMessage(message, ...rest) {
      if (message.type === "start") job = { id: message.order.id, total: 0, images: 0, kept: [], current: null, rates: message.order.plan.recipe.rates ?? [] };
      super.postMessage(message, ...rest);
    }
  };
  function note({ type, axis = [], snapshot, rates, step, test, training }) {
    if (axis.length) job.total = axis.at(-1);
    if (snapshot) job.images = snapshot.images;
    if (type === "snapshot") Object.assign(job, { kept: [...job.kept, { ...snapshot, test: null, training: null }], current: null });
    if (type === "moved") Object.assign(job, { current: snapshot.step > job.kept.at(-1).step ? snapshot : null, ...(rates && { rates }) });
    if (type !== "scored") return;
    const kept = job.kept.find((each) => each.step === step);
    Object.assign(kept, { test }, training && { training });
  }

  /** The files that the page gives to the visitor, the last one first; nothing is written to the disk. */
  const files = [];
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => files.unshift(blob) && createObjectURL(blob);
  const { click } = HTMLElement.prototype;
  HTMLElement.prototype.click = function () {
    if (!this.download) click.call(this);
  };
  /** Nothing scrolls smoothly: no time passes. */
  const { scrollIntoView } = Element.prototype;
  Element.prototype.scrollIntoView = function (how) {
    scrollIntoView.call(this, { ...how, behavior: "instant" });
  };

  const bytesOf = (numbers) => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  function lettersOf(numbers) {
    const bytes = bytesOf(numbers);
    const parts = [];
    for (let at = 0; at < bytes.length; at += 30_000) parts.push(letters(bytes.subarray(at, at + 30_000))); // whole threes
    return parts.join("");
  }
  const momentOf = ({ step, images, network, test = null, training = null }) => {
    const layers = network.layers.map(({ weights, bias }) => [weights, bias].map(lettersOf));
    return { step, images, layers, test, training };
  };

  const phase = () => find("train-state").dataset.state;
  const isShown = (element) => Boolean(element) && !element.closest("[hidden]");
  async function until(isSo) {
    for (let look = 0; !isSo(); look += 1) {
      if (look > MOST_LOOKS) throw new Error(`the page shows ${phase()} still, expected was ${isSo}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    await settle();
  }
  const rests = () => ["done", "failed"].includes(phase()) && !find("train-state").hasAttribute("data-measuring");

  Object.assign(views, {
    settings: () => ({
      fields: Object.fromEntries(
        all("[data-testid^=set-]", find("settings")).map(({ dataset, value, type, checked }) => [dataset.testid.slice(4), type === "checkbox" ? checked : value]),
      ),
      leftOut: all("[data-leave-out][aria-pressed=true]", find("settings")).map(({ dataset }) => Number(dataset.leaveOut)),
      problem: text("training-problem"),
      canBegin: !find("training-begin").disabled,
    }),
    hand: () => ({
      prompt: text("hand-prompt"),
      purpose: text("hand-purpose"),
      tiles: all("[data-at]", find("hand")).sort((one, other) => one.dataset.at - other.dataset.at).map(digitOf),
      can: ["hand-back", "hand-restart"].map((name) => !find(name).disabled),
      canSave: !find("hand-save").disabled,
      isKept: find("hand-keep").checked,
      stored: localStorage.getItem("inkling-hand-1"),
      kept: text("hand-kept"),
      canTeach: !find("teach").disabled,
      rows: all("li", find("hand-table")).map((row) => ({ ...row.dataset, ...rowOf(row) })),
      taught: find("taught").hidden ? null : taught(),
    }),
    inside: () => ({
      line: text("inside-line"),
      isHidden: find("inside-body").hidden,
      units: all("button", find("units")).map(({ dataset }) => Number(dataset.unit)),
      unit: isShown(find("unit-detail")) ? { ...find("unit-detail").dataset } : null,
      contrast: { ...root().querySelector(".inside > :last-child").dataset },
      scale: all(".scales .note", find("inside"))[0].textContent,
    }),
  });
  const digitOf = (tile) => [Number(tile.dataset.label), tile.classList.contains("test"), "drawn" in tile.dataset, tile.hasAttribute("aria-current")];
  const rowOf = (row) => {
    const tiles = row.querySelector(".hand-tiles").hidden ? [] : all("[data-label]", row);
    const images = tiles.map((tile) => ink(tile.querySelector("canvas")));
    return { words: row.querySelector("b").textContent, said: tiles.map(({ dataset }) => Number(dataset.prediction)), images };
  };
  const taught = () => ({
    run: find("taught").dataset.run,
    ...Object.fromEntries(["digits", "mnist"].map((name) => [name, ["before", "after"].map((when) => text(`taught-${name}-${when}`))])),
  });

  Object.assign(walk.more, {
    training: () => ({
      phase: phase(),
      words: text("train-state"),
      tools: all(".training-tools button, .training-tools input").filter(isShown).map(({ dataset }) => dataset.testid.slice(6)),
      canTrain: !find("train").disabled,
    }),
    asks: () => ({
      isAsking: isShown(find("hand-skip")),
      words: isShown(find("pad-asks")) ? text("pad-asks") : null,
      canGoOn: isShown(find("hand-next")) && !find("hand-next").disabled,
    }),
    own: () => all("[data-testid=own-show]").map(({ dataset }) => dataset.own),
    dialogs: () => all("dialog[open]").map(({ dataset }) => dataset.testid),
  });

  /** Where three runs are all that fit, the page shows them: remove one or none, and go back. Whether there is room now. */
  async function makeRoom(goes, view) {
    const remove = all("[data-testid=own-remove]")[goes];
    const isFree = Boolean(remove) && !remove.disabled;
    if (isFree) remove.click();
    else find("own-line").textContent = "";
    view.click();
    await settle();
    return isFree;
  }
  const isFull = () => text("own-line").startsWith("Three networks");

  Object.assign(walk, {
    /** When all rows of the hand's table have their numbers. */
    rowsFilled: () => until(() => all("[data-testid=hand]:not([hidden]) .hand-rows[data-testid] b").every((number) => number.textContent !== "–")),
    /** Press what begins a training, and make room for it. Whether it began. */
    async begin(selector, goes) {
      const hurry = find("train-hurry");
      if (hurry.checked) click.call(hurry); // the first images are watched, so that there is time to press Pause
      const before = job;
      const view = root().querySelector(".tab[aria-selected=true]");
      root().querySelector(selector).click();
      await settle();
      if (isFull()) {
        if (!(await makeRoom(goes, view))) return false;
        root().querySelector(selector).click();
      }
      await until(() => job !== before);
      return true;
    },
    /** Let the training go on until it can be paused, and pause it; or without waiting until it is over. */
    async pauseOrEnd(isPaused) {
      await until(() => phase() === "running" || rests());
      const button = find(isPaused ? "train-pause" : "train-hurry");
      if (isShown(button)) button.click();
      await until(() => rests() || phase() === "paused");
    },
    async goOn() {
      find("train-pause").click();
      await walk.pauseOrEnd(false);
    },
    async stop() {
      find("train-stop").click();
      await until(rests);
    },
    async stepOnce() {
      const { images } = job;
      find("train-step").click();
      await until(() => rests() || (job.images > images && job.images < job.total)); // after the last one it rests
    },
    async changeRate(power) {
      const before = job.rates;
      Object.assign(find("train-rate"), { value: power }).dispatchEvent(new Event("input", { bubbles: true }));
      await until(() => job.rates !== before);
    },
    /** Train five networks at once to the end. */
    async many() {
      const starts = find("set-starts");
      starts.value = "5";
      starts.dispatchEvent(new Event("change"));
      find("many").click();
      await until(() => find("many-state").dataset.state === "done");
    },
    /** Make one of them the page's, and look at that one. */
    async take(number) {
      const { left, top, width, height } = find("many-dots").querySelector(`[data-number="${number}"]`).getBoundingClientRect();
      const place = { clientX: left + width / 2, clientY: top + height / 2 };
      find("many-dots").dispatchEvent(new MouseEvent("click", place));
      await settle();
    },
    /** How the last training rests, and the changes of its learning rate so far. */
    rests: () => [phase(), job.rates],
    /** The last training as its worker has told of it, as JSON. */
    job() {
      const { kept, current, rates } = job;
      return JSON.stringify({ rates, moments: [...kept, ...(current ? [current] : [])].map(momentOf) });
    },
    /** The file that a button gives, in base64. */
    async file(selector) {
      root().querySelector(selector).click();
      return lettersOf(new Uint8Array(await files[0].arrayBuffer()));
    },
    /** The text of the file that a button gives. */
    async text(name) {
      find(name).click();
      return files[0].text();
    },
    /** Change a field as a person does. */
    async change(name, value) {
      const field = find(`set-${name}`);
      if (name === "leftOut") field.querySelector(`[data-leave-out="${value}"]`).click();
      else if (field.type === "checkbox") field.click();
      else Object.assign(field, { value }).dispatchEvent(new Event("change", { bubbles: true }));
      await settle();
    },
    /** Choose one of the visitor's own runs in the choice of networks. */
    async chooseOwn(recipe) {
      find("run").click();
      root().querySelector(`[data-testid=run-choice] [data-recipe="${recipe}"]`).click();
      find("run-close").click();
      await settle();
    },
    /** Open a file of a run, given in base64, and make room for it. */
    async openOwn(content, goes) {
      const view = root().querySelector(".tab[aria-selected=true]");
      const open = async () => {
        find("own-line").textContent = "";
        give("own-file", Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)), "own.safetensors");
        await until(() => text("own-line"));
      };
      await open();
      if (isFull() && (await makeRoom(goes, view))) await open();
    },
    /** Open a file in the view of the own hand. Whether it was asked if it takes the place of what is there. */
    async openHand(content, isWanted) {
      find("hand-said").textContent = "";
      give("hand-file", content, "hand.unipen");
      await until(() => all("[data-testid=hand-yes]").some(isShown) || text("hand-said"));
      return walk.answer(isWanted);
    },
    /** Answer the hand's question. Whether there was one. */
    async answer(isWanted) {
      const answer = all(`[data-testid=hand-${isWanted ? "yes" : "no"}]`).find(isShown);
      answer?.click();
      await settle();
      return Boolean(answer);
    },
  });
  function give(name, content, fileName) {
    const given = new DataTransfer();
    given.items.add(new File([content], fileName));
    find(name).files = given.files;
    find(name).dispatchEvent(new Event("change", { bubbles: true }));
  }
})();
