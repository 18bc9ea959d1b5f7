// A dialog for when there is no room for one more run of one's own: which one goes?
import { h } from "../dom.js";
import { ownRuns } from "../state.js";
import { say } from "../text.js";
import { nameOwn, saveRun } from "./own_runs.js";

/**
 * @param {import("../state.js").Store} store
 * @param {import("../own_runs.js").OwnRuns} own
 * @returns {{dialog: HTMLElement, makeRoom: (architecture: string) => Promise<string | null>}} `makeRoom`: reserves an
 *   id for a new run of the architecture, once there is room; null if none is to go
 */
export function createRoom(store, own) {
  const list = h("ul", { class: "own" });
  const none = h("button", { type: "button", "data-testid": "room-none", onclick: () => dialog.close() }, say("room_none"));
  const title = h("h2", {}, say("room_title"));
  const dialog = /** @type {HTMLDialogElement} */ (
    h("dialog", { "data-testid": "room", "aria-label": say("room_title") }, h("div", { class: "dialog" }, title, list, none))
  );
  /** @type {{architecture: string, resolve: (id: string | null) => void} | null} */
  let asked = null; // what room is made for
  /** @type {Promise<unknown>} */
  let last = Promise.resolve(); // when the last one that wanted room has it, or has none
  let listed = "";

  /** @param {string | null} id */
  function answer(id) {
    asked?.resolve(id);
    asked = null;
    dialog.close();
  }
  dialog.addEventListener("close", () => dialog.open || answer(null)); // it may ask for the next one by now

  /** Go on as soon as there is room; until then, list what can go. */
  function show() {
    if (!asked) return;
    const id = own.reserve(asked.architecture);
    if (id) return answer(id);
    const runs = ownRuns(store.state);
    const key = JSON.stringify(runs.map((run) => [run.id, run.growing]));
    if (listed === key) return;
    listed = key;
    list.replaceChildren(...runs.map(option));
  }
  /** @param {import("../state.js").Run} run */
  function option(run) {
    const disabled = Boolean(run.growing); // what is being trained stays
    const name = h("button", { type: "button", class: "option", "data-room": run.id, disabled, onclick: () => own.remove(run.id) }, nameOwn(store.state, run));
    return h("li", {}, name, h("button", { type: "button", disabled, onclick: () => saveRun(own, store.state.runs[run.id]) }, say("room_save")));
  }
  store.watch(["runs", "training"], show);

  /** @param {string} architecture @returns {Promise<string | null>} */
  function ask(architecture) {
    return new Promise((resolve) => {
      asked = { architecture, resolve };
      listed = "";
      show();
      if (asked) dialog.showModal();
    });
  }

  /** @param {string} architecture */
  function makeRoom(architecture) {
    const free = own.reserve(architecture);
    if (free) return Promise.resolve(free);
    const turn = last.then(() => ask(architecture)); // one after the other
    last = turn;
    return turn;
  }
  return { dialog, makeRoom };
}
