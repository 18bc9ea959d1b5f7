"""When the page's first answer is there."""

# Runs before the page: `answered` is when both answers are in the document, in ms since navigation began.
WATCH_FIRST_ANSWER = """(() => {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    const look = (_, observer) => {
      const row = root.querySelector("[data-testid=bars] [data-digit='9']");
      if (!row?.dataset.untrained || !row.dataset.trained) return;
      window.answered = performance.now();
      observer.disconnect();
    };
    new MutationObserver(look).observe(root, { subtree: true, childList: true, attributes: true });
    return root;
  };
})()"""
# Runs before the page, too: `movable` is when time can be moved, `whole` when all snapshots are here.
WATCH_TIME = """(() => {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    const look = (_, observer) => {
      const range = root.querySelector("[data-testid=timeline]");
      if (!range || range.disabled) return;
      window.movable ??= performance.now();
      const { textContent } = root.querySelector("[data-testid=timeline-moment]");
      if (textContent.includes(" of 21 snapshots are here")) return;
      window.whole = performance.now();
      observer.disconnect();
    };
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(look).observe(root, all);
    return root;
  };
})()"""
REQUESTED = """() => performance.getEntriesByType("resource")
  .filter(({ startTime }) => startTime < answered).map(({ name }) => name)"""
LINK = "#run=relu-96-256%2Frobust&drawing=3000.2000.7000.2000.4500.8500"  # with a 7 on the pad
