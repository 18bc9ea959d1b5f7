"""Your hand on screens of all sizes, in light and dark, and by a finger."""

from pathlib import Path
from typing import Literal

import pytest
from accessibility import serious
from own_hand import LEANING, LINES, asked, draw_all, open_hand, rows, save
from playwright.sync_api import Browser, expect
from visitor import Fingers, open_page

from mnist_core.drawings.unipen import read_unipen

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_serious(
    browser: Browser, site: str, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 844})
    page = open_page(context, site)
    open_hand(page)
    assert serious(page) == []
    draw_all(page, LINES, skipped=set(range(1, 19)))
    assert len(rows(page)) == 3
    page.get_by_test_id("hand-restart").click()
    assert serious(page) == []
    page.get_by_test_id("hand-no").first.click()
    expect(page.get_by_test_id("hand-restart")).to_be_focused()
    context.close()


SCREENS = {
    "phone": (390, 844),
    "phone on its side": (844, 390),
    "small phone": (320, 568),
    "laptop": (1366, 641),
}


@pytest.mark.parametrize("screen", SCREENS)
def test_pad_and_prompt_fit_one_screen(browser: Browser, site: str, screen: str) -> None:
    width, height = SCREENS[screen]
    is_phone = screen != "laptop"
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=is_phone, is_mobile=is_phone
    )
    page = open_page(context, site)
    open_hand(page)
    dock = page.locator(".timeline.away").bounding_box()
    assert dock
    for name in ("hand-prompt", "hand-purpose", "hand-pad", "hand-undo", "hand-skip", "hand-next"):
        box = page.get_by_test_id(name).bounding_box()
        assert box, name
        assert box["y"] >= -1, name
        assert box["y"] + box["height"] <= dock["y"], name
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= width, name
        if is_phone and name not in ("hand-prompt", "hand-purpose"):
            assert min(box["width"], box["height"]) >= 44, name
    pad = page.get_by_test_id("hand-pad").bounding_box()
    assert pad
    assert pad["width"] == pytest.approx(pad["height"], abs=1)
    assert pad["width"] >= 180
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    context.close()


def test_a_finger_draws_on_the_hand_s_pad(browser: Browser, site: str, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = open_page(context, site)
    open_hand(page)
    fingers = Fingers(page, context.new_cdp_session(page), "hand-pad")
    digit = asked(page)
    for first, *others in [stroke.tolist() for stroke in LEANING[8].strokes]:  # one fast stroke
        fingers.touch("touchStart", first)
        for point in others:
            fingers.touch("touchMove", point)
        fingers.touch("touchEnd")
    assert page.get_by_test_id("hand-pad").bounding_box() == fingers.box  # nothing scrolled
    page.get_by_test_id("hand-next").tap()
    [entry] = read_unipen(save(page, tmp_path))
    assert entry.label == digit
    assert len(entry.drawing.strokes) == len(LEANING[8].strokes)
    context.close()
