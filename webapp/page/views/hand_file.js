// Taking the hand's drawings along: a UNIPEN file saved and opened, and what is kept on this device if asked.
import { h, write } from "../dom.js";
import { MAX_UNIPEN_BYTES, readUnipen, writeUnipen } from "../engine/unipen.js";
import { capital, say, sentenceOf } from "../text.js";
import { allDrawings, drawingsOf, writerOf } from "../writer.js";
import { download } from "./download.js";
import { countDrawings } from "./hand_digits.js";
import { tool } from "./pad.js";

const KEY = "inkling-hand-1"; // its value is a UNIPEN file; the number tells its form

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof createQuestion>} question
 */
export function createHandFile(store, question) {
  const said = h("p", { class: "note", "data-testid": "hand-said", role: "status" });
  const input = /** @type {HTMLInputElement} */ (
    h("input", { type: "file", accept: ".unipen,.txt,.tra,text/plain", "data-testid": "hand-file", hidden: true, onchange: read })
  );
  const save = tool("hand-save", "hand_save", () => {
    download(writeUnipen(drawings()), "hand.unipen", "text/plain");
    mark(true);
  });
  const open = tool("hand-open", "hand_open", () => input.click());
  const keep = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", "data-testid": "hand-keep", onchange: keepNow }));
  const label = h("label", { class: "hand-keep" }, keep, say("hand_keep"));
  const drawings = () => (store.state.writer ? allDrawings(store.state.writer) : []);

  /** @param {import("../writer.js").WriterDrawing[]} drawn */
  const replace = (drawn) => store.set({ writer: writerOf(drawn, Math.random) });

  /** Remember whether a file, or this device, has what is drawn now. @param {boolean} isSaved */
  function mark(isSaved) {
    const { writer } = store.state;
    if (writer) store.set({ writer: { ...writer, saved: isSaved ? writer.drawn : [] } });
  }
  async function read() {
    const file = input.files?.[0]?.slice(0, MAX_UNIPEN_BYTES + 1); // no more than it takes to be refused
    try {
      if (file) take(drawingsOf(readUnipen(new Uint8Array(await file.arrayBuffer()))));
    } catch (error) {
      write(said, sentenceOf(error));
    }
    input.value = ""; // so that the same file can be opened again
  }
  /** @param {ReturnType<typeof drawingsOf>} found */
  function take({ drawn, writers }) {
    const count = countDrawings(drawn.length);
    const put = () => {
      replace(drawn);
      write(said, capital(say(writers > 1 ? "hand_opened_first" : "hand_opened", { count, writers })));
    };
    const here = drawings().length;
    if (!here) return put();
    question.ask(open, say("hand_replace_ask", { found: count, count: countDrawings(here) }), "hand_replace_yes", put);
  }

  /** Keep what is drawn, or nothing. */
  function keepNow() {
    const drawn = drawings();
    const isKept = remember(keep.checked && drawn.length ? writeUnipen(drawn) : null);
    write(said, isKept || !keep.checked ? "" : say("hand_unkept"));
    if (!isKept) remember(null); // what it kept before is old
    keep.checked = keep.checked && isKept;
    mark(keep.checked);
  }
  function recall() {
    const text = recalled();
    if (text === null) return;
    try {
      replace(drawingsOf(readUnipen(new TextEncoder().encode(text))).drawn);
      keep.checked = true;
    } catch {
      remember(null);
      write(said, say("hand_damaged"));
    }
  }

  /** @type {unknown} */
  let known = null; // what was drawn when it was last kept
  store.watch(["writer"], ({ writer }) => {
    const drawn = writer?.drawn ?? null;
    if (known === drawn) return;
    known = drawn;
    if (keep.checked) keepNow();
  });
  return { tools: [save, open, input, label], said, recall, show: () => (save.disabled = !drawings().length) };
}

/** Keep a text on this device, or nothing. @param {string | null} text @returns {boolean} whether the browser lets the page */
function remember(text) {
  try {
    if (text === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, text);
    return true;
  } catch {
    return false; // a private window may keep nothing, and a full storage no more
  }
}

/** @returns {string | null} what is kept on this device */
function recalled() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** A question with two answers, one of which does something. */
export function createQuestion() {
  const text = h("p");
  const yes = h("button", { type: "button", class: "primary", "data-testid": "hand-yes" });
  const no = tool("hand-no", "hand_no", close);
  const element = h("div", { class: "hand-question", role: "alert", hidden: true }, text, yes, no);
  /** @type {HTMLElement | null} */
  let asker = null; // the button that was pressed
  let act = () => {};
  yes.addEventListener("click", () => {
    close();
    act();
  });

  function close() {
    if (!element.hidden) asker?.focus();
    element.hidden = true;
  }
  /** @param {HTMLElement} button @param {string} sentence @param {string} answer its key @param {() => void} action */
  function ask(button, sentence, answer, action) {
    [asker, act] = [button, action];
    write(text, sentence);
    write(yes, say(answer));
    element.hidden = false;
    no.focus();
  }
  return { element, ask, close };
}
