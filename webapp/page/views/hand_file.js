// Taking the hand's drawings along: a UNIPEN file saved and opened, and what is kept on this device if asked.
import { h, write } from "../dom.js";
import { InklingError } from "../engine/errors.js";
import { MAX_UNIPEN_BYTES, readUnipen, writeUnipen } from "../engine/unipen.js";
import { allDrawings, drawingsOf, writerOf } from "../writer.js";
import { capital, say, sentenceOf } from "../text.js";
import { download } from "./download.js";
import { countDrawings, createQuestion } from "./hand_digits.js";

/** @typedef {import("../state.js").Store} Store */
const KEY = "inkling-hand-1"; // its value is a UNIPEN file; the number tells its form
const FILE_NAME = "hand.unipen";

/**
 * @param {Store} store
 * @returns {{element: HTMLElement, recall: () => void, show: () => void}} `recall`: bring back what was kept here
 */
export function createHandFile(store) {
  const said = h("p", { class: "note", "data-testid": "hand-said", role: "status" });
  const question = createQuestion();
  const input = /** @type {HTMLInputElement} */ (
    h("input", { type: "file", accept: ".unipen,.txt,.tra,text/plain", "data-testid": "hand-file", hidden: true })
  );
  const save = /** @type {HTMLButtonElement} */ (h("button", { type: "button", "data-testid": "hand-save" }, say("hand_save")));
  const open = h("button", { type: "button", "data-testid": "hand-open" }, say("hand_open"));
  const keep = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", "data-testid": "hand-keep" }));
  const label = h("label", { class: "hand-keep" }, keep, say("hand_keep"));
  const drawings = () => (store.state.writer ? allDrawings(store.state.writer) : []);

  /** @param {import("../writer.js").WriterDrawing[]} drawn */
  const replace = (drawn) => store.set({ writer: writerOf(drawn, Math.random) });

  /** Remember whether a file, or this device, has what is drawn now. */
  const mark = (isSaved = true) => {
    const { writer } = store.state;
    if (writer) store.set({ writer: { ...writer, saved: isSaved ? writer.drawn : [] } });
  };

  save.addEventListener("click", () => {
    download(writeUnipen(drawings()), FILE_NAME, "text/plain");
    mark();
  });
  open.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    try {
      if (file) take(drawingsOf(readUnipen(await bytesOf(file))));
    } catch (error) {
      write(said, sentenceOf(error));
    }
    input.value = ""; // so that the same file can be opened again
  });

  /** @param {ReturnType<typeof drawingsOf>} found */
  function take({ drawn, writers }) {
    const count = countDrawings(drawn.length);
    const put = () => {
      replace(drawn);
      write(said, capital(say(writers > 1 ? "hand_opened_first" : "hand_opened", { count, writers })));
    };
    const here = drawings().length;
    if (!here) return put();
    question.ask(say("hand_replace_ask", { found: count, count: countDrawings(here) }), say("hand_replace_yes"), put);
  }

  keep.addEventListener("change", () => {
    write(said, "");
    keepNow();
  });
  /** Keep what is drawn, or nothing. */
  function keepNow() {
    const drawn = drawings();
    try {
      if (keep.checked && drawn.length) localStorage.setItem(KEY, writeUnipen(drawn));
      else localStorage.removeItem(KEY);
      mark(keep.checked);
    } catch {
      if (!keep.checked) return; // nothing can have been kept
      keep.checked = false;
      write(said, say("hand_unkept"));
      forget();
    }
  }
  function recall() {
    const text = kept();
    if (text === null) return;
    try {
      replace(drawingsOf(readUnipen(new TextEncoder().encode(text))).drawn);
      keep.checked = true;
    } catch {
      forget();
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
  const buttons = h("div", { class: "hand-files" }, save, open, input, label);
  return {
    element: h("div", {}, buttons, h("p", { class: "note" }, say("hand_keep_note")), said, question.element),
    recall,
    show: () => {
      save.disabled = !drawings().length;
    },
  };
}

/** @param {File} file @returns {Promise<Uint8Array>} InklingError if it is too large or cannot be read */
async function bytesOf(file) {
  if (file.size > MAX_UNIPEN_BYTES) {
    const megabytes = (/** @type {number} */ bytes) => Math.ceil(bytes / 1e5) / 10;
    throw new InklingError("hand_large", { size: megabytes(file.size), most: megabytes(MAX_UNIPEN_BYTES) });
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new InklingError("hand_unread", { reason: String(error) }, { cause: error });
  }
}

/** @returns {string | null} what is kept on this device */
function kept() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // a private window may keep nothing
  }
}

function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {} // then nothing is kept
}
