"""What the eye and a finger find on the page as it is laid out: measured in the browser."""

from typing import Any

from playwright.sync_api import Page

# In what the page shows: every text with the rectangle of its glyphs, every control with its own.
READ = """
const root = document.querySelector("inkling-page").shadowRoot;
const isShown = (element) =>
  element.checkVisibility({ visibilityProperty: true }) && !element.closest(".hidden")
  && element.closest("header")?.clientHeight !== 0 && getComputedStyle(element).clipPath === "none";
const shown = [...root.querySelectorAll("*")].filter(isShown);
const name = (element) => element.dataset.testid ?? element.textContent.trim().slice(0, 40);
const plain = ({ left, top, right, bottom }) => ({ left, top, right, bottom });
const scrolls = (element) => // sideways, if it is too wide
  Boolean(element.closest("table:not(.matrix), .tabs"));
// Of what scrolls within the page, the part that is not scrolled away.
const inSight = ({ element, box, ...rest }) => {
  const place = element.parentElement?.closest(".view, .tabs, dialog")?.getBoundingClientRect();
  if (!place) return [{ element, box, ...rest }];
  const [left, top] = ["left", "top"].map((side) => Math.max(box[side], place[side]));
  const [right, bottom] = ["right", "bottom"].map((side) => Math.min(box[side], place[side]));
  const isAway = bottom - top < 2 || right - left < 2;
  return isAway ? [] : [{ element, box: { left, top, right, bottom }, full: box, ...rest }];
};
const texts = shown.flatMap((element) => {
  const own = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
  return own.flatMap((node) => {
    const range = new Range();
    range.selectNodeContents(node);
    const scale = element.getScreenCTM?.().a ?? 1;
    const size = parseFloat(getComputedStyle(element).fontSize) * scale;
    const text = node.data.trim();
    return [...range.getClientRects()].map((box) => ({ element, text, size, box: plain(box) }));
  });
}).flatMap(inSight);
const controls = shown.filter((element) => element.matches("button, input, summary, [tabindex='0']"))
  .map((element) => ({ element, text: name(element), box: plain(element.getBoundingClientRect()) }))
  .flatMap(inSight);
const shared = (a, b, low, high) => Math.min(a[high], b[high]) - Math.max(a[low], b[low]);
const overlap = (a, b) => shared(a, b, "left", "right") > 1 && shared(a, b, "top", "bottom") > 1;
const floats = (element) => Boolean(element.closest(".fields-foot")); // over what scrolls below it
const isApart = (one, other) =>
  floats(one) === floats(other) && !one.contains(other) && !other.contains(one);
const pairs = (boxes) => boxes.flatMap((one, at) => boxes.slice(at + 1)
  .filter((other) => overlap(one.box, other.box) && isApart(one.element, other.element))
  .map((other) => `${one.text} and ${other.text}`));
"""
FAULTS = (
    "() => {"
    + READ
    + """
  const { clientWidth, scrollWidth } = document.documentElement;
  const isOutside = ({ element, box: { left, right } }) =>
    !scrolls(element) && (left < -0.5 || right > clientWidth + 0.5);
  const isCut = (element) => getComputedStyle(element).overflowX !== "visible" && !scrolls(element)
    && !element.matches(".track, input") && element.scrollWidth > element.clientWidth + 1;
  const juts = ({ element, box: part, full: box = part }) => {
    const own = element.closest("span, button, li, p, td, th, text")?.getBoundingClientRect();
    return own && !(element instanceof SVGElement) && (box.left < own.left - 1 || box.right > own.right + 1);
  };
  return {
    "wider than the window": scrollWidth > clientWidth ? [scrollWidth] : [],
    "outside the window": [...texts, ...controls].filter(isOutside).map(({ text }) => text),
    "cut off": shown.filter(isCut).map(name),
    "juts out of its place": texts.filter(juts).map(({ text }) => text),
    "smaller than 12 px": texts.filter(({ size }) => size < 11.99)
      .map(({ text, size }) => `${text}: ${size}`),
    "texts overlap": pairs(texts),
    "controls overlap": pairs(controls),
  };
}"""
)
TARGETS = (
    "() => {"
    + READ
    + """
  return controls.filter(({ element }) => !element.closest(".matrix")) // two of ten by ten fit no phone
    .map(({ box, full = box, ...rest }) => ({ ...rest, box: full }))
    .filter(({ box }) => Math.min(box.right - box.left, box.bottom - box.top) < 43.9)
    .map(({ text, box }) => `${text}: ${box.right - box.left} × ${box.bottom - box.top}`);
}"""
)
SEEN = (
    "() => {"
    + READ
    + """
  const seen = texts.filter(({ box }) => box.bottom > 0 && box.top < innerHeight);
  const isFirst = ({ element, text }, at) => // of a text in several lines, the first line's box
    seen.findIndex((other) => other.element === element && other.text === text) === at;
  return seen.filter(isFirst).map(({ element, text, size }) => ({ text, size, place: element.className }));
}"""
)
UNSEEN = """(extra) => {
  const root = document.querySelector("inkling-page").shadowRoot;
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const columns = [...find("bars").children].map((column, digit) => [`column ${digit}`, column]);
  const named = ["pad", "play", "timeline", "verdict", "train", ...extra].map((name) => [name, find(name)]);
  const wanted = Object.fromEntries([...named, ...columns]);
  const isUnseen = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const at = root.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const isInside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && right > left;
    return !isInside || !element.contains(at);
  };
  return Object.keys(wanted).filter((key) => isUnseen(wanted[key]));
}"""
PLACES = """() => {
  const root = document.querySelector("inkling-page").shadowRoot;
  const tracks = [...root.querySelectorAll("[data-testid=bars] li .track")];
  const named = ["pad", "pad-undo", "play", "timeline", "model-input", "train", "run", "stage"];
  const elements = [...named.map((name) => root.querySelector(`[data-testid=${name}]`)), ...tracks];
  return elements.map((element, at) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const name = named[at] ?? `column ${at - named.length}`;
    return [name, ...[x, y + scrollY, width, height].map(Math.round)].join(" ");
  });
}"""
CAN_BE_HIT = """buttons => buttons.filter((button) => {
  button.scrollIntoView({ block: "center" });
  const { left, top, width, height } = button.getBoundingClientRect();
  return !button.contains(button.getRootNode().elementFromPoint(left + width / 2, top + height / 2));
}).map((button) => button.textContent)"""


def layout_faults(page: Page) -> dict[str, list]:
    """What is cut off, outside, too small or on top of another; empty if all is well."""
    found: dict[str, list] = page.evaluate(FAULTS)
    return {fault: where for fault, where in found.items() if where}


def texts_in_sight(page: Page) -> list[dict]:
    """Every text in the window: its `text`, its `size` in px, and the class of its `place`."""
    return page.evaluate(SEEN)


def small_targets(page: Page) -> list[str]:
    """The controls that a finger would miss."""
    return page.evaluate(TARGETS)


def unseen(page: Page, *extra: str) -> list[str]:
    """What of pad, verdict, columns, time and what else is named is not in sight."""
    return page.evaluate(UNSEEN, list(extra))


def places(page: Page) -> list[Any]:
    """Where pad, time, columns and their neighbours stand, and how large they are, in whole pixels."""
    return page.evaluate(PLACES)
