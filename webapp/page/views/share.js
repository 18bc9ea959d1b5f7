// A link that opens the page as it is now: through a phone's own sharing sheet, or copied; it is in the address bar as well.
import { h, write } from "../dom.js";
import { writeLink } from "../link_writing.js";
import { chosen } from "../state.js";
import { say } from "../text.js";

const COPIED_MS = 2500; // for which the button says so
const SPACE = "https://huggingface.co"; // shows a Space's page in a frame

/** The address that opens the page as it is. @param {import("../state.js").State} state */
export const addressOf = (state) => `${location.href.split("#")[0]}${writeLink(state)}`;

/** Whether there is a sharing sheet that takes this: a phone's, for elsewhere it is longer than copying. @param {ShareData} what */
export const canShare = (what) => matchMedia("(pointer: coarse)").matches && (navigator.canShare?.(what) ?? false);

/** @param {import("../state.js").Store} store */
export function createShare(store) {
  const button = h("button", { type: "button", "data-testid": "share", title: say("share_title") }, say("share"));
  button.addEventListener("click", async () => {
    const hash = writeLink(store.state);
    history.replaceState(history.state, "", hash);
    if (parent !== window) parent.postMessage({ queryString: "", hash }, SPACE);
    const what = { url: location.href, title: say("title") };
    if (canShare(what)) return navigator.share(what).catch(() => {}); // it was closed
    try {
      await navigator.clipboard.writeText(location.href);
      const isTaught = chosen(store.state).from !== undefined; // the visitor's drawings are in no link
      button.replaceChildren(say("copied"), isTaught ? h("small", {}, say("copied_taught")) : "");
    } catch {
      button.replaceChildren(say("share"), h("small", {}, say("copy_in_bar"))); // a page without https may not copy
    }
    setTimeout(() => write(button, say("share")), COPIED_MS);
  });
  return button;
}
