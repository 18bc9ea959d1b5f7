// A dialog for when there is no room for one more run of one's own: which one goes?
import { h } from "../dom.js";
import { say } from "../text.js";
import { nameOwn, saveRun } from "./own_runs.js";

/**
 * @param {import("../state.js").Store} store
 * @param {import("../runs.js").Library} library
 * @param {import("../own_runs.js").OwnRuns} own
 * @returns {{dialog: HTMLElement, makeRoom: (architecture: string) => Promise<string | null>}} `makeRoom`: an id for a
 *   new run of the architecture, once there is room; null if none is to go
 */
export function createRoom(store, library, own) {
  const list = h("ul", { class: "own" });
  const none = h("button", { type: "button", "data-testid": "room-none" }, say("room_none"));
  const title = h("h2", {}, say("room_title"));
  const dialog = /** @type {HTMLDialogElement} */ (
    h("dialog", { "data-testid": "room", "aria-label": say("room_title") }, h("div", { class: "dialog" }, title, list, none))
  );
  none.addEventListener("click", () => dialog.close());

  /** @param {string} architecture @returns {Promise<string | null>} */
  function makeRoom(architecture) {
    const free = own.freeId(architecture);
    if (free || dialog.open) return Promise.resolve(free);
    list.replaceChildren(
      ...store.state.own.map((run) => {
        const disabled = Boolean(store.runs.get(run)?.growing); // it is being trained
        const name = h("button", { type: "button", class: "option", "data-room": run, disabled }, nameOwn(store, library, run));
        name.addEventListener("click", () => {
          own.remove(run);
          dialog.close();
        });
        return h("li", {}, name, h("button", { type: "button", disabled, onclick: () => saveRun(library, run) }, say("room_save")));
      }),
    );
    dialog.showModal();
    return new Promise((resolve) => dialog.addEventListener("close", () => resolve(own.freeId(architecture)), { once: true }));
  }
  return { dialog, makeRoom };
}
