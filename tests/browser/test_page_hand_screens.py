"""Your hand on screens of all sizes, in light and dark, and by a finger."""

import itertools
from pathlib import Path
from typing import Literal

import pytest
from accessibility import violations
from layout import small_targets
from own_hand import ANGULAR, LEANING, LINES, asked, give, open_hand, rows, save
from playwright.sync_api import Browser, FloatRect, expect
from visitor import Fingers, draw, example, model_input, open_page

from mnist_core.drawings.unipen import read_unipen

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(
    browser: Browser, site: str, scheme: Literal["light", "dark"], width: int, tmp_path: Path
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 844})
    page = open_page(context, site)
    open_hand(page)
    assert violations(page) == []
    give(page, tmp_path, learn={1: LINES[1]}, test={1: LINES[1]})
    assert len(rows(page)) == 3
    page.get_by_test_id("hand-restart").click()
    assert violations(page) == []
    page.get_by_test_id("hand-no").first.click()
    expect(page.get_by_test_id("hand-restart")).to_be_focused()
    context.close()


SCREENS = [(360, 640), (320, 568), (390, 844), (844, 390), (768, 1024), (1024, 768), (1366, 641)]
BENCH = ["pad-undo", "pad-clear", "hand-skip", "hand-next"]


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_prompt_pad_tools_and_answer_are_in_sight_and_apart(
    browser: Browser, site: str, width: int, height: int
) -> None:
    is_touch = width < 1366
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=is_touch, is_mobile=width < 768 or height < 400
    )
    page = open_page(context, site)
    if page.get_by_test_id("stage-look").is_visible():
        page.get_by_test_id("train").tap()
        page.get_by_test_id("train-pause").tap()
        page.get_by_test_id("train-stop").tap()
        expect(page.get_by_test_id("train-again")).to_be_attached()  # what is told of it takes room
        page.get_by_test_id("stage-look").tap()
    open_hand(page)
    names = ["pad", "pad-asks", *BENCH, "bars"]
    boxes = {name: page.get_by_test_id(name).bounding_box() for name in names}
    for name, box in boxes.items():
        assert box, name
        assert box["x"] >= 0, name
        assert box["y"] >= 0, name
        assert box["x"] + box["width"] <= width, name
        if is_touch and name in BENCH:
            assert min(box["width"], box["height"]) >= 44, name
        if name != "bars" or height > 568:
            assert box["y"] + box["height"] <= height, name
    for one, other in itertools.combinations(["pad", *BENCH, "bars"], 2):
        assert are_apart(boxes[one], boxes[other]), f"{one} and {other}"
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    if is_touch:
        assert small_targets(page) == []
    context.close()


def are_apart(one: FloatRect | None, other: FloatRect | None) -> bool:
    """Whether two boxes share no point."""
    assert one
    assert other
    return any(
        one[start] + one[size] <= other[start] + 0.5 or other[start] + other[size] <= one[start] + 0.5
        for start, size in (("x", "width"), ("y", "height"))
    )


def test_a_finger_draws_all_that_the_hand_is_asked_for(browser: Browser, site: str, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = open_page(context, site)
    open_hand(page)
    fingers = Fingers(page, context.new_cdp_session(page))
    digits = []
    for number in range(1, 21):
        digits.append(asked(page, number))
        for first, *others in [stroke.tolist() for stroke in ANGULAR[digits[-1]].strokes]:
            fingers.touch("touchStart", first)
            for point in others:
                fingers.touch("touchMove", point)
            fingers.touch("touchEnd")
        assert page.get_by_test_id("pad").bounding_box() == fingers.box  # nothing scrolled
        page.get_by_test_id("hand-next").tap()
    expect(page.locator("main")).to_contain_class("raised")  # what it came to is looked at
    drawn = read_unipen(save(page, tmp_path))
    assert [entry.label for entry in drawn] == digits
    strokes = [len(ANGULAR[digit].strokes) for digit in digits]
    assert [len(entry.drawing.strokes) for entry in drawn] == strokes
    context.close()


def test_a_whole_hand_is_looked_at_on_a_phone_and_one_that_asks_is_drawn(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 844, "height": 390}, has_touch=True, is_mobile=True)
    page = open_page(context, site)
    page.get_by_test_id("stage-look").tap()
    open_hand(page)
    expect(page.get_by_test_id("bars")).to_be_visible()
    give(page, tmp_path, learn=LEANING, test=LEANING)
    page.get_by_test_id("stage-look").tap()
    open_hand(page)
    expect(page.get_by_test_id("hand-table")).to_be_visible()
    context.close()


def test_a_second_finger_brings_back_what_the_first_laid_aside(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = open_page(context, site)
    draw(page, example(7).drawing)
    levels = model_input(page)
    open_hand(page)
    fingers = Fingers(page, context.new_cdp_session(page))
    fingers.touch("touchStart", (0.2, 0.9))
    fingers.touch("touchMove", (0.3, 0.9))
    assert model_input(page) != levels
    fingers.touch("touchStart", (0.3, 0.9), (0.6, 0.9))
    fingers.touch("touchEnd")
    assert model_input(page) == levels
    expect(page.get_by_test_id("hand-next")).to_be_disabled()
    context.close()
