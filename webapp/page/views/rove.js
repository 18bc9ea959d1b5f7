// Arrow keys among buttons that stand together.

/**
 * Arrow keys, Home and End move among a container's buttons; Tab enters and leaves them all at once.
 * @param {HTMLElement} container
 * @returns {(stop?: Element) => void} to be called when buttons have come or gone, or when Tab is to lead to another one
 */
export function rove(container) {
  const buttons = () => /** @type {HTMLButtonElement[]} */ ([...container.querySelectorAll("button")]);
  /** @param {EventTarget | null | undefined} stop */
  const keep = (stop) => buttons().forEach((button) => (button.tabIndex = button === stop ? 0 : -1));
  const top = (/** @type {Element} */ button) => button.getBoundingClientRect().top;
  container.addEventListener("focusin", (event) => keep(event.target));
  container.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return; // Alt+← is the browser's
    const all = buttons();
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const columns = all.filter((button) => top(button) === top(all[0])).length;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns, Home: 0, End: all.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    all[moves[event.key]]?.focus();
  });
  /** @param {Element} [stop] */
  const settle = (stop) => {
    const stops = buttons().filter((button) => !button.tabIndex);
    if (stop || stops.length !== 1) keep(stop ?? buttons()[0]);
  };
  settle();
  return settle;
}
