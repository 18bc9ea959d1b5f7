"""Drawing on the pad with fingers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from python_says import drawing_of, expect_bars, image_on
from visitor import Fingers, example, expect_verdict, open_page, open_view, reset

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def phone_page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    yield open_page(context, site)
    context.close()


@pytest.fixture
def phone(phone_page: Page) -> Iterator[Page]:
    """A page on a phone, as it opens."""
    reset(phone_page)
    yield phone_page
    assert phone_page.faults == []  # type: ignore[attr-defined]


@pytest.fixture
def fingers(phone: Page) -> Fingers:
    return Fingers(phone, phone.context.new_cdp_session(phone))


def stroke_lengths(page: Page) -> list[int]:
    return [len(stroke) for stroke in drawing_of(page).strokes]


@pytest.mark.parametrize("digit", [3, 4])
def test_a_finger_draws_a_digit_that_is_read_right(phone: Page, fingers: Fingers, digit: int) -> None:
    for first, *others in [stroke.tolist() for stroke in example(digit).drawing.strokes]:
        fingers.touch("touchStart", first)
        for point in others:
            fingers.touch("touchMove", point)
        fingers.touch("touchEnd")
    expect_verdict(phone, digit)
    expect_bars(phone, image_on(phone))


def test_the_answers_follow_the_finger(phone: Page, fingers: Fingers) -> None:
    fingers.touch("touchStart", (0.5, 0.15))
    for step in range(1, 8):
        fingers.touch("touchMove", (0.5, 0.15 + 0.1 * step))
        expect_bars(phone, image_on(phone))
    fingers.touch("touchEnd")


def test_a_drawing_finger_does_not_scroll_the_page(phone: Page, fingers: Fingers) -> None:
    fingers.touch("touchStart", (0.5, 0.9))
    for step in range(1, 15):  # upwards, as one would scroll down
        fingers.touch("touchMove", (0.5, 0.9 - 0.05 * step))
    fingers.touch("touchEnd")
    expect_verdict(phone, 1)
    assert phone.evaluate("scrollY") == 0


def test_drawing_goes_on_after_the_system_took_a_stroke_away(phone: Page, fingers: Fingers) -> None:
    fingers.touch("touchStart", (0.3, 0.2))
    fingers.touch("touchMove", (0.3, 0.5))
    fingers.touch("touchCancel")
    fingers.touch("touchStart", (0.7, 0.2))
    fingers.touch("touchMove", (0.7, 0.5))
    fingers.touch("touchEnd")
    assert stroke_lengths(phone) == [2]
    phone.get_by_test_id("pad-undo").click()
    assert stroke_lengths(phone) == []


def test_a_finger_on_the_slider_keeps_no_other_from_drawing(phone: Page, fingers: Fingers) -> None:
    slider = phone.get_by_test_id("timeline").bounding_box()
    assert slider
    held = (
        (slider["x"] + slider["width"] / 2 - fingers.box["x"]) / fingers.box["width"],
        (slider["y"] + slider["height"] / 2 - fingers.box["y"]) / fingers.box["height"],
    )
    fingers.touch("touchStart", held)
    fingers.touch("touchStart", held, (0.5, 0.2))
    for step in range(1, 7):
        fingers.touch("touchMove", held, (0.5, 0.2 + 0.1 * step))
    fingers.touch("touchEnd")
    assert stroke_lengths(phone) == [7]
    expect_bars(phone, image_on(phone), snapshot=int(phone.get_by_test_id("timeline").input_value()))


def test_a_press_right_after_a_fast_stroke_counts(phone: Page, fingers: Fingers) -> None:
    fingers.touch("touchStart", (0.2, 0.2))
    for step in range(1, 12):
        fingers.touch("touchMove", (0.2 + step / 20, 0.2 + step / 20))
    fingers.touch("touchEnd")
    phone.get_by_test_id("pad-clear").tap()
    expect(phone.get_by_test_id("pad-clear")).to_be_disabled()


def test_on_a_phone_nothing_covers_the_settings(phone: Page) -> None:
    open_view(phone, "settings")
    expect(phone.get_by_test_id("set-count")).to_be_in_viewport()
    expect(phone.get_by_test_id("training-begin")).not_to_be_in_viewport()  # it stands below them
    expect(phone.get_by_test_id("train")).to_be_in_viewport()
