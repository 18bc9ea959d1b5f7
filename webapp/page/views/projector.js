// The projector: everything large enough for the last row, and light, unless dark is asked for. In a lesson it is on by
// itself where there is room.
import { h, write } from "../dom.js";
import { loadStyle } from "../files.js";
import { say } from "../text.js";

const forced = matchMedia("(forced-colors: active)"); // the system chooses then
const ROOM_PX = 1000; // width from which on a lesson is shown large by itself

/**
 * @param {import("../state.js").Store} store
 * @param {HTMLElement} main
 * @returns {HTMLElement} the button that turns it on and off
 */
export function createProjector(store, main) {
  const root = /** @type {ShadowRoot} */ (main.getRootNode());
  const host = /** @type {HTMLElement & {isDark: () => boolean}} */ (root.host);
  const button = h("button", { type: "button", class: "projector-button", "data-testid": "projector", title: say("projector_title"), onclick: () => store.set({ projector: isOn() ? false : "light" }) }, say("projector"));
  /** @type {Promise<void> | null} */
  let styled = null;
  let wasOn = false;

  /** Whether all is shown large, and how. */
  function wanted() {
    const { projector, course } = store.state;
    return projector ?? (course && main.clientWidth >= ROOM_PX ? "light" : false);
  }
  const isOn = () => Boolean(wanted());

  async function apply() {
    if (isOn()) await (styled ??= loadStyle(root, "projector.css"));
    const how = wanted();
    button.setAttribute("aria-pressed", String(Boolean(how)));
    if (main.classList.contains("large") !== Boolean(how)) {
      main.classList.toggle("large", Boolean(how));
      dispatchEvent(new Event("resize")); // what has measured its place does so again
    }
    if (!how && !wasOn) return;
    wasOn = Boolean(how);
    const dark = how && !forced.matches ? how === "dark" : host.isDark();
    host.toggleAttribute("dark", dark);
    store.set({ dark });
  }
  store.watch(["projector", "course"], () => void apply());
  new ResizeObserver(() => void apply()).observe(main);
  for (const type of ["afterprint", "beforeprint"]) addEventListener(type, ({ type: what }) => what === "afterprint" && wasOn && void apply());
  return button;
}

/** A button that shows the projector's picture dark, or light again. @param {import("../state.js").Store} store */
export function createDarkRoom(store) {
  const button = h("button", { type: "button", class: "dark-room", "data-testid": "projector-dark", onclick: () => store.set({ projector: store.state.dark ? "light" : "dark" }) });
  store.watch(["dark"], ({ dark }) => write(button, say(dark ? "projector_light" : "projector_dark")));
  return button;
}
