// UNIPEN files of digits, read and written. mnist_core/drawings/unipen.py states what is read of the format, and reads
// the same drawings from every file, bit for bit.
// Source: Guyon et al. 1994, "UNIPEN project of on-line data exchange and recognizer benchmarks".
import { InklingError } from "./errors.js";

/**
 * A drawing of a digit, and who drew it.
 * @typedef {object} UnipenDigit
 * @property {number} label 0 to 9
 * @property {string} writer the writer, or "" where the file names none
 * @property {[number, number][][]} strokes points in widths of the pad, 0..1, y downwards
 * @property {"learn" | "test" | ""} use what a file that the page wrote says of it, else ""
 *
 * @typedef {{label: number, writer: string, use: string, strokes: [number, number][][]}} Segment in the file's coordinates
 * @typedef {{left: number, bottom: number, right: number, top: number}} Pad in the file's coordinates
 */
export const MAX_UNIPEN_BYTES = 5_000_000;
const MAX_DIGITS = 20_000;
const MAX_STROKES = 200; // of one digit, as everywhere
const MAX_POINTS = 10_000;
const PAD = 10_000; // units: drawings are kept to a ten-thousandth of the pad's width
const ONE_PAD = 3; // on one pad, no writer's square is smaller than a third of the square around all drawings
const WRITER = "me"; // the word that stands for the visitor
const MAX_COORDINATE = 1e9;
const LINE_END = /\r\n|[\n\r\v\f\x85\u2028\u2029]/;
const WORD = /[^ \t]+/g; // \s and trim take far more for blank
const NUMBER = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/;
const MARK = /^\ufeff+(?=[ \t]*\.)/; // byte order marks before a keyword, where files were joined
const KEYWORD = /^\.(?![0-9])/; // what a keyword begins with
const DIMENSION = /^[ \t]*\.([XY])_DIM[ \t]+([1-9][0-9]{0,8})[ \t]*$/;

/**
 * Drawings as the text of a UNIPEN file, which the Python side and `readUnipen` read.
 * @param {{label: number, strokes: readonly (readonly (readonly number[])[])[], isTest: boolean}[]} drawings to a
 *   ten-thousandth of the pad
 * @returns {string}
 */
export function writeUnipen(drawings) {
  const lines = [".VERSION 1.0", ".DATA_SOURCE Inkling", ".COORD X Y", `.X_DIM ${PAD}`, `.Y_DIM ${PAD}`, ".HIERARCHY DIGIT"];
  drawings.forEach(({ label, strokes, isTest }, number) => {
    lines.push(`.SEGMENT DIGIT ${number} ? "${label}"`, `.COMMENT ${label} ${WRITER} ${number} ${isTest ? "test" : "learn"}`);
    for (const stroke of strokes) {
      const points = stroke.map(([x, y]) => `${Math.round(x * PAD)} ${PAD - Math.round(y * PAD)}`);
      lines.push(".PEN_DOWN", ...points, ".PEN_UP");
    }
  });
  return `${lines.join("\n")}\n`;
}

/**
 * The digits of a UNIPEN file. All drawings of a file share one pad: the one it names by equal `.X_DIM` and `.Y_DIM`,
 * if all that is drawn lies on it, else the square around everything that is drawn. Where that square is more than three
 * times as large as the one around a writer's drawings, every writer has a pad, the square around their drawings.
 * @param {Uint8Array} bytes the file
 * @returns {UnipenDigit[]} in the file's order, each with a stroke at least
 * @throws {InklingError} the file is too large, no text, damaged, or holds no digits
 */
export function readUnipen(bytes) {
  if (bytes.length > MAX_UNIPEN_BYTES) {
    throw new InklingError("unipen_large", { most: MAX_UNIPEN_BYTES / 1e6 });
  }
  const lines = textOf(bytes).split(LINE_END).map((line) => line.replace(MARK, ""));
  const all = readSegments(lines);
  const segments = all.filter(({ strokes }) => strokes.length);
  // Where all pen data comes after the last of several segments, nothing says what belongs to which.
  const isMixed = all.length > 1 && segments.length === 1 && segments[0] === all.at(-1);
  if (!segments.length || isMixed) throw new InklingError("unipen_empty");
  const padOf = findPads(lines, segments);
  return segments.map(({ label, writer, use, strokes }) => ({
    label,
    writer,
    use: use === "learn" || use === "test" ? use : "",
    strokes: strokes.map((stroke) => toPad(stroke, padOf(writer))),
  }));
}

/** @param {Uint8Array} bytes @returns {string} */
function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InklingError("unipen_no_text");
  }
}

/**
 * The pad of every writer.
 * @param {string[]} lines
 * @param {Segment[]} segments
 * @returns {(writer: string) => Pad}
 */
function findPads(lines, segments) {
  /** @type {Map<string, Pad>} */
  const own = new Map();
  const shared = noPad();
  for (const { writer, strokes } of segments) {
    const pad = own.get(writer) ?? noPad();
    own.set(writer, pad);
    for (const point of strokes.flat()) [pad, shared].forEach((each) => extend(each, point));
  }
  const size = namedSize(lines);
  const isNamed = shared.left >= 0 && shared.bottom >= 0 && shared.right <= size && shared.top <= size;
  if (isNamed) return () => ({ left: 0, bottom: 0, right: size, top: size });
  // A writer of a single point shows no scale.
  const isMixed = [...own.values()].some((pad) => sideOf(pad) > 0 && sideOf(pad) < sideOf(shared) / ONE_PAD);
  return (writer) => (isMixed && own.get(writer)) || shared;
}

/** @param {string[]} lines @returns {number} the side of the square pad that a file names, or NaN */
function namedSize(lines) {
  const said = lines.map((line) => DIMENSION.exec(line)).filter((match) => match !== null);
  const sizes = new Set(said.map((match) => Number(match[2])));
  return sizes.size === 1 && new Set(said.map((match) => match[1])).size === 2 ? [...sizes][0] : NaN;
}

/** @returns {Pad} around no point yet */
function noPad() {
  return { left: Infinity, bottom: Infinity, right: -Infinity, top: -Infinity };
}

/** @param {Pad} pad made to hold the point @param {[number, number]} point */
function extend(pad, [x, y]) {
  pad.left = Math.min(pad.left, x);
  pad.right = Math.max(pad.right, x);
  pad.bottom = Math.min(pad.bottom, y);
  pad.top = Math.max(pad.top, y);
}

/** @param {Pad} pad */
function sideOf({ left, bottom, right, top }) {
  return Math.max(right - left, top - bottom);
}

/**
 * The file's coordinates, in which y grows upwards, become the pad's, y downwards.
 * @param {[number, number][]} stroke
 * @param {Pad} pad
 * @returns {[number, number][]}
 */
function toPad(stroke, pad) {
  const side = Math.max(sideOf(pad), 2 ** -1022); // Python's smallest normal number
  /** @param {number} value */
  const clip = (value) => Math.min(1, Math.max(0, value / side));
  return stroke.map(([x, y]) => [clip(x - pad.left), clip(pad.top - y)]);
}

/**
 * The file's segments; a stroke without points, where the pen was lifted before it moved, is left out.
 * @param {string[]} lines
 * @returns {Segment[]}
 */
function readSegments(lines) {
  /** @type {Segment[]} */
  const segments = [];
  let penIsDown = false;
  /** @type {[number, number]} which words of a point are x and y; -1 if none is */
  let columns = [0, 1];
  lines.forEach((line, index) => {
    const [keyword = "", ...words] = wordsOf(line);
    const segment = segments.at(-1);
    if (keyword === ".SEGMENT") {
      segments.push({ label: labelOf(line, index), writer: "", use: "", strokes: [] });
      if (segments.length > MAX_DIGITS) throw new InklingError("unipen_many", { most: MAX_DIGITS.toLocaleString("en") });
      penIsDown = false;
    } else if (keyword === ".COMMENT") {
      if (segment && words.length >= 2) Object.assign(segment, { writer: words[1], use: words[3] ?? "" });
    } else if (keyword === ".PEN_DOWN" && segment) {
      segment.strokes.push([]);
      penIsDown = true;
    } else if (KEYWORD.test(keyword)) {
      penIsDown = false;
      if (keyword === ".COORD") columns = [words.indexOf("X"), words.indexOf("Y")];
    } else if (keyword && segment && penIsDown) {
      segment.strokes.at(-1)?.push(pointOf(line, columns, index));
    }
  });
  segments.forEach((segment) => {
    segment.strokes = segment.strokes.filter((stroke) => stroke.length);
    if (segment.strokes.length > MAX_STROKES || segment.strokes.flat().length > MAX_POINTS) {
      throw new InklingError("unipen_long", { strokes: MAX_STROKES, points: MAX_POINTS.toLocaleString("en") });
    }
  });
  return segments;
}

/** @param {string} line @returns {string[]} */
function wordsOf(line) {
  return line.match(WORD) ?? [];
}

/** @param {string} line @param {number} index of the line @returns {number} */
function labelOf(line, index) {
  const label = /"(.*)"/.exec(line)?.[1] ?? "";
  if (!/^[0-9]$/.test(label)) {
    throw new InklingError("unipen_label", { line: index + 1 });
  }
  return Number(label);
}

/**
 * @param {string} line
 * @param {[number, number]} columns of x and y
 * @param {number} index of the line
 * @returns {[number, number]}
 */
function pointOf(line, columns, index) {
  const words = wordsOf(line);
  const [x, y] = columns.map((column) => (NUMBER.test(words[column] ?? "") ? Number(words[column]) : NaN));
  if (!(Math.max(Math.abs(x), Math.abs(y)) <= MAX_COORDINATE)) {
    throw new InklingError("unipen_point", { line: index + 1 });
  }
  return [x, y];
}
