"""Until the first touch a handwriting is drawn faintly on the empty pad: it is shown, and is no drawing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from visitor import bars, draw, example, expect_verdict, open_page, say

HEIGHTS = """bars => [...bars.querySelectorAll(".bar.trained")].map((bar) => parseFloat(bar.style.height))"""
POINTS = "ghost => [...ghost.querySelectorAll('polyline')].flatMap((line) => line.points.length)"


def heights(page: Page) -> list[float]:
    """How high the ten columns of the network as it is shown stand, in percent."""
    return page.get_by_test_id("bars").evaluate(HEIGHTS)


def test_the_columns_answer_the_faint_drawing_and_nothing_is_predicted(
    context: BrowserContext, site: str
) -> None:
    page = open_page(context, site)
    expect(page.locator(".ghost")).to_be_visible()
    page.wait_for_timeout(2500)  # until it is drawn
    assert heights(page).index(max(heights(page))) == 5
    assert all(value != value for series in bars(page) for value in series)  # none
    expect_verdict(page, "")
    expect(page.get_by_test_id("verdict")).to_contain_text(say("verdict_empty"))
    expect(page.get_by_test_id("pad-clear")).to_be_disabled()


TOUCHES: dict[str, Callable[[Page], None]] = {
    "a press": lambda page: page.mouse.click(700, 400),
    "a key": lambda page: page.keyboard.press("Shift"),
    "an example": lambda page: page.locator("[data-example='3']").click(),
}


@pytest.mark.thorough
@pytest.mark.parametrize("touch", TOUCHES)
def test_the_first_touch_ends_it_and_leaves_nothing(context: BrowserContext, site: str, touch: str) -> None:
    page = open_page(context, site)
    expect(page.locator(".ghost")).to_be_visible()
    TOUCHES[touch](page)
    expect(page.locator(".ghost")).to_have_count(0)
    if touch == "an example":
        return expect_verdict(page, 3)
    assert heights(page) == [0] * 10
    expect(page.get_by_test_id("pad-undo")).to_be_disabled()
    return draw(page, example(7).drawing)


@pytest.mark.thorough
def test_with_a_drawing_on_the_pad_there_is_none(context: BrowserContext, site: str) -> None:
    page = open_page(context, f"{site}#run=relu-50/published&drawing=2000.2000.6000.7000")
    page.wait_for_timeout(2000)
    expect(page.locator(".ghost")).to_have_count(0)


@pytest.mark.thorough
def test_where_no_motion_is_wanted_it_is_there_at_once(browser: Browser, site: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = open_page(context, site)
    ghost = page.locator(".ghost")
    expect(ghost).to_be_visible()
    page.wait_for_timeout(100)
    drawn = ghost.evaluate(POINTS)
    page.wait_for_timeout(1000)
    assert ghost.evaluate(POINTS) == drawn
    context.close()
