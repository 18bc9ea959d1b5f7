// Reads JSON, and remembers on which line each of its values stands, so that whoever wrote a file by hand is told where
// to look.
import { brief } from "./checks.js";
import { InklingError } from "./errors.js";

/**
 * @typedef {object} Read
 * @property {unknown} value as JSON.parse gives it
 * @property {Map<string, number>} lines by path, such as "steps.0.question", the line on which the value begins; "" is the whole
 */
const DEEPEST = 20; // brackets within brackets
const SPACE = /[ \t\r\n]*/y;
const TEXT = /"(?:[^"\\\r\n]|\\.)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/**
 * @param {string} text
 * @returns {Read}
 * @throws {InklingError} it is no JSON: the line, and what stands there
 */
export function readJson(text) {
  /** @type {Map<string, number>} */
  const lines = new Map();
  let at = 0; // in the text
  let [line, counted] = [1, 0]; // the line of `counted`, which follows `at`

  function lineHere() {
    for (; counted < at; counted += 1) if (text[counted] === "\n") line += 1;
    return line;
  }
  /** @returns {never} */
  function refuse() {
    const found = text.slice(at).split(/[\r\n]/, 1)[0];
    if (!found) throw new InklingError("json_ends", { line: lineHere() });
    throw new InklingError("json_unexpected", { line: lineHere(), found: brief(found).slice(1, -1) });
  }
  /** @param {RegExp} pattern @returns {string | undefined} what stands here of this form, if anything does */
  function take(pattern) {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    at += found?.length ?? 0;
    return found;
  }
  /** @param {string} sign @returns {boolean} whether it stood here */
  function takeSign(sign) {
    take(SPACE);
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  }

  /** @returns {string | undefined} the text that stands here, if one does */
  function readText() {
    const start = at;
    const found = take(TEXT);
    try {
      return found && JSON.parse(found);
    } catch {
      at = start; // an escape that is none, or a tab
      return refuse();
    }
  }

  /** @param {string} path @param {number} depth @returns {unknown} */
  function readValue(path, depth) {
    take(SPACE);
    lines.set(path, lineHere());
    if (depth > DEEPEST) refuse();
    if (takeSign("{")) return readFields(path, depth);
    if (takeSign("[")) return readItems(path, depth);
    return readText() ?? JSON.parse(take(NUMBER) ?? take(WORD) ?? refuse());
  }
  /** @param {string} path @param {number} depth @returns {Record<string, unknown>} */
  function readFields(path, depth) {
    /** @type {[string, unknown][]} */
    const fields = [];
    if (takeSign("}")) return {};
    do {
      take(SPACE);
      const start = at;
      const name = readText() ?? refuse();
      if (fields.some(([known]) => known === name)) {
        at = start;
        throw new InklingError("json_twice", { line: lineHere(), name: brief(name) });
      }
      if (!takeSign(":")) refuse();
      fields.push([name, readValue(path ? `${path}.${name}` : name, depth + 1)]);
    } while (takeSign(","));
    if (!takeSign("}")) refuse();
    return Object.fromEntries(fields);
  }
  /** @param {string} path @param {number} depth @returns {unknown[]} */
  function readItems(path, depth) {
    /** @type {unknown[]} */
    const items = [];
    if (takeSign("]")) return items;
    do items.push(readValue(path ? `${path}.${items.length}` : String(items.length), depth + 1));
    while (takeSign(","));
    if (!takeSign("]")) refuse();
    return items;
  }

  const value = readValue("", 0);
  take(SPACE);
  if (at < text.length) refuse();
  return { value, lines };
}
