// The keyboard's focus where what had it vanishes, as many a button does that is pressed: it goes to what stands nearest.

const CAN_HAVE = ["button", "summary", "a[href]", "select", "input:is([type=range], [type=checkbox])", "[tabindex]"].map((kind) => `${kind}:not([tabindex='-1'], :disabled)`).join();

/**
 * @param {import("../state.js").Store} store
 * @param {HTMLElement} main all of the page
 */
export function keepFocus(store, main) {
  /** @type {HTMLElement[]} */
  let line = []; // what has the focus, and all that it stands in, from within
  main.addEventListener("focusin", ({ target }) => (line = lineOf(/** @type {HTMLElement} */ (target))));
  main.addEventListener("focusout", () => line[0] && isShown(line[0]) && (line = [])); // the visitor went elsewhere

  function look() {
    const [lost, ...places] = line;
    if (!lost || isShown(lost)) return;
    line = [];
    nearestTo(lost, places)?.focus({ preventScroll: true });
  }
  const keys = /** @type {(keyof import("../state.js").State)[]} */ (Object.keys(store.state));
  store.watch(keys, () => line.length && queueMicrotask(look)); // once all others have heard of the change
}

/** @param {HTMLElement | null} element @returns {HTMLElement[]} it, and all that it stands in */
const lineOf = (element) => (element ? [element, ...lineOf(element.parentElement)] : []);

/** @param {HTMLElement} element */
const isShown = (element) => element.getClientRects().length > 0;

/**
 * What can have the focus, in the innermost place in which anything can: the button that the place is for, or what
 * follows the lost one, or the last before it; or else the place itself.
 * @param {HTMLElement} lost
 * @param {HTMLElement[]} places in which it stood, from within
 */
function nearestTo(lost, places) {
  const isAfter = (/** @type {HTMLElement} */ each) => !lost.isConnected || lost.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING;
  for (const place of places.filter(isShown)) {
    const all = /** @type {HTMLElement[]} */ ([...place.querySelectorAll(CAN_HAVE)]).filter(isShown);
    const next = all.find((each) => each.matches(".primary")) ?? all.find(isAfter) ?? all.at(-1) ?? (place.matches("[tabindex]") ? place : null);
    if (next) return next;
  }
  return null;
}
