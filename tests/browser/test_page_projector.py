"""On a projector everything is large enough for the last row, and dark enough on its ground."""

import pytest
from layout import READ
from lesson import STEPS
from playwright.sync_api import Browser, Page, expect
from test_page_lesson import expect_seen, expect_step, name, see
from visitor import open_fragment, open_page

pytestmark = pytest.mark.thorough

LOOKED_AT, REST = 0.034, 0.016  # of the picture's height, at least
# Letters of what a question is about.
LARGE = (
    ".lesson-question, .lesson-explain, .lesson-result, .choice, .time-bet-words, .digit.now, "
    ".bars b, .value, .chips, .moment, .chart-label, .matrix, .curves, "
    ".network-input figcaption, .contrast h2, .scale"
)
SIZES = [(1920, 1080), (1024, 768)]
# The contrast of every text in sight with the colour behind it.
CONTRASTS = """() => {
  const root = document.querySelector("inkling-page").shadowRoot;
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = (rgb) => rgb.slice(0, 3).map((v) => linear(v / 255))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  return [...root.querySelectorAll("*")]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }))
    .filter((e) => !e.closest(".hidden, :disabled, .matrix, svg, .examples"))
    .filter((e) => [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((e) => {
      const [one, other] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => b - a);
      const size = parseFloat(getComputedStyle(e).fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && getComputedStyle(e).fontWeight >= 700);
      const ratio = (one + 0.05) / (other + 0.05);
      return { text: e.textContent.trim().slice(0, 30), ratio, least: isLarge ? 4.5 : 7 };
    })
    .filter(({ ratio, least }) => ratio < least);
}"""


# Every text in sight that the last row cannot read: what it is about, the rest.
TOO_SMALL = (
    "([large, lookedAt, rest]) => {"
    + READ
    + """
  return texts.filter(({ box }) => box.bottom > 0 && box.top < innerHeight)
    .map(({ element, text, size }) => {
      const least = (element.closest(large) ? lookedAt : rest) * innerHeight;
      return { what: `${text}: ${size.toFixed(1)} of ${least.toFixed(1)}`, isSmall: size < least - 0.1 };
    }).filter(({ isSmall }) => isSmall).map(({ what }) => what);
}"""
)


def too_small(page: Page) -> list[str]:
    """The texts in sight that the last row cannot read."""
    return page.evaluate(TOO_SMALL, [LARGE, LOOKED_AT, REST])


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_step_is_legible_before_the_bet_and_after_it(
    browser: Browser, site: str, size: tuple[int, int]
) -> None:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = open_page(context, site)
    faults: dict[str, list] = {}
    for step in STEPS:
        open_fragment(page, step.link)
        expect_step(page, step)
        faults[f"{name(step)} asks"] = too_small(page)
        if step.trains:
            continue
        see(page, step)
        page.wait_for_timeout(200)  # charts are drawn once their place is known
        faults[f"{name(step)} seen"] = too_small(page)
        assert page.evaluate("document.documentElement.scrollHeight") <= height
    assert {where: what for where, what in faults.items() if what} == {}
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_of_a_projector_is_triple_a(browser: Browser, site: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
    page = open_page(context, f"{site}#lesson=training.1&projector={scheme}")
    expect(page.locator("main")).to_have_class("page lesson large")
    found = {"asks": page.evaluate(CONTRASTS)}
    page.keyboard.press("Enter")
    expect_seen(page)
    found["seen"] = page.evaluate(CONTRASTS)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stage")).to_be_visible()
    found["page"] = page.evaluate(CONTRASTS)
    page.set_viewport_size({"width": 1920, "height": 1080})
    tile = page.get_by_test_id("sample-grid").locator(".tile").first
    image, reading = (tile.locator(part).bounding_box() for part in ("canvas", ".reading"))
    assert image
    assert reading
    assert image["y"] + image["height"] <= reading["y"] + 1  # what was read lies on no digit
    tabs = page.get_by_test_id("stage-tab")
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for at in range(tabs.count()):
            expect(tabs.nth(at)).to_be_in_viewport(ratio=1)
    assert {where: what for where, what in found.items() if what} == {}
    context.close()
