"""When the page's first answer is there."""

# Runs before the page: LOOK is asked after every change of it, until it disconnects its observer.
WATCH = """(() => {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    const look = (_, observer) => { LOOK };
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(look).observe(root, all);
    return root;
  };
})()"""
# `answered` is when both answers are in the document, in ms since navigation began.
WATCH_FIRST_ANSWER = WATCH.replace(
    "LOOK",
    """
      const row = root.querySelector("[data-testid=bars] [data-digit='9']");
      if (!row?.dataset.untrained || !row.dataset.trained) return;
      window.answered = performance.now();
      observer.disconnect();""",
)
# `movable` is when time can be moved, `whole` when all snapshots are here.
WATCH_TIME = WATCH.replace(
    "LOOK",
    """
      const range = root.querySelector("[data-testid=timeline]");
      if (!range || range.disabled) return;
      window.movable ??= performance.now();
      const { textContent } = root.querySelector("[data-testid=timeline-moment]");
      if (textContent.includes(" of 21 snapshots are here")) return;
      window.whole = performance.now();
      observer.disconnect();""",
)
REQUESTED = """() => performance.getEntriesByType("resource")
  .filter(({ startTime }) => startTime < answered).map(({ name }) => name)"""
LINK = "#run=relu-96-256%2Frobust&drawing=3000.2000.7000.2000.4500.8500"  # with a 7 on the pad
