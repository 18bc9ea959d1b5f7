"""Fingers, pens, palms and lost ends of strokes, on the page's pad and on the one in the view of the hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from python_says import drawing_of
from visitor import LAPTOP, Fingers, choose_run, draw, example, expect_verdict, ink_at, open_page

pytestmark = pytest.mark.thorough


@dataclass
class Pad:
    """A pad with whatever can draw on it; every point is in widths of the pad."""

    page: Page
    fingers: Fingers

    def is_inked(self, *points: tuple[float, float]) -> list[bool]:
        """Whether there is ink at each of these points."""
        return [ink_at(self.page.get_by_test_id("pad"), point) for point in points]

    def steps(self) -> int:
        """How often Undo can be pressed; afterwards the pad is empty."""
        undo = self.page.get_by_test_id("pad-undo")
        pressed = 0
        while undo.is_enabled():
            undo.click()
            pressed += 1
        return pressed

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the pad in the window."""
        box = self.fingers.box
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def send(
        self,
        kind: str,
        point: tuple[float, float],
        *,
        pointer: str = "pen",
        button: str = "left",
        held: int = 1,
    ) -> None:
        """A pointer's "mousePressed", "mouseMoved" or "mouseReleased", as the protocol calls them.

        Args:
            kind: one of these.
            point: where it is.
            pointer: "pen" or "mouse".
            button: of the event.
            held: the buttons that are down after it: 1 the left one, 2 the right one, 3 both.
        """
        x, y = self.at(*point)
        event = {"type": kind, "x": x, "y": y, "pointerType": pointer, "button": button, "buttons": held}
        self.fingers.session.send("Input.dispatchMouseEvent", event | {"clickCount": 1})


@pytest.fixture(scope="module")
def touch_laptop(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor on a laptop with a screen for fingers and pens."""
    context = browser.new_context(viewport=LAPTOP, has_touch=True)
    yield context
    context.close()


@pytest.fixture
def pad(touch_laptop: BrowserContext, site: str) -> Iterator[Pad]:
    with opened_pad(touch_laptop, site, LAPTOP) as pad:
        yield pad


@pytest.fixture
def low_pad(touch_laptop: BrowserContext, site: str) -> Iterator[Pad]:
    """A pad on a window so narrow that the page scrolls."""
    with opened_pad(touch_laptop, site, {"width": 390, "height": 667}) as pad:
        yield pad


@contextmanager
def opened_pad(context: BrowserContext, site: str, size: ViewportSize) -> Iterator[Pad]:
    page = open_page(context, site)
    page.set_viewport_size(size)
    page.get_by_test_id("pad").scroll_into_view_if_needed()
    yield Pad(page, Fingers(page, context.new_cdp_session(page)))
    faults = page.faults  # type: ignore[attr-defined]
    page.close()
    assert faults == []


def test_a_second_finger_takes_back_what_the_first_began(pad: Pad) -> None:
    pad.fingers.touch("touchStart", (0.4, 0.5))
    pad.fingers.touch("touchMove", (0.5, 0.5))
    assert pad.is_inked((0.45, 0.5)) == [True]
    pad.fingers.touch("touchStart", (0.5, 0.5), (0.6, 0.5))
    for step in range(1, 4):
        pad.fingers.touch("touchMove", (0.5 - 0.1 * step, 0.5), (0.6 + 0.1 * step, 0.5))
    pad.fingers.touch("touchEnd", (0.2, 0.5))
    pad.fingers.touch("touchMove", (0.2, 0.8))
    pad.fingers.touch("touchEnd")
    assert pad.is_inked((0.45, 0.5), (0.2, 0.5), (0.2, 0.7), (0.6, 0.5), (0.8, 0.5)) == [False] * 5
    assert pad.steps() == 0


def test_a_finger_that_comes_back_to_another_draws_nothing(pad: Pad) -> None:
    pad.fingers.touch("touchStart", (0.4, 0.5))
    pad.fingers.touch("touchStart", (0.4, 0.5), (0.6, 0.5))
    pad.fingers.touch("touchEnd", (0.4, 0.5))
    pad.fingers.touch("touchStart", (0.4, 0.5), (0.7, 0.2))
    pad.fingers.touch("touchMove", (0.4, 0.5), (0.7, 0.4))
    pad.fingers.touch("touchEnd")
    assert pad.steps() == 0


def test_a_finger_draws_again_after_two_were_lifted(pad: Pad) -> None:
    pad.fingers.touch("touchStart", (0.4, 0.5))
    pad.fingers.touch("touchStart", (0.4, 0.5), (0.6, 0.5))
    pad.fingers.touch("touchEnd")
    pad.fingers.touch("touchStart", (0.3, 0.2))
    pad.fingers.touch("touchMove", (0.3, 0.6))
    pad.fingers.touch("touchEnd")
    assert pad.is_inked((0.3, 0.4), (0.4, 0.5)) == [True, False]
    assert pad.steps() == 1


def test_what_the_system_says_was_no_touch_is_taken_back(pad: Pad) -> None:
    pad.fingers.touch("touchStart", (0.3, 0.2))
    pad.fingers.touch("touchMove", (0.3, 0.6))
    pad.fingers.touch("touchCancel")
    assert pad.is_inked((0.3, 0.4)) == [False]
    assert pad.steps() == 0


def test_a_pen_takes_back_what_the_palm_drew_and_draws(pad: Pad) -> None:
    pad.fingers.touch("touchStart", (0.8, 0.9))
    pad.fingers.touch("touchMove", (0.8, 0.8))
    pad.send("mousePressed", (0.2, 0.2))
    pad.send("mouseMoved", (0.6, 0.2))
    pad.fingers.touch("touchMove", (0.7, 0.7))  # the palm moves with the pen
    pad.send("mouseMoved", (0.4, 0.6))
    pad.send("mouseReleased", (0.4, 0.6), held=0)
    pad.fingers.touch("touchEnd")
    assert pad.is_inked((0.4, 0.2), (0.5, 0.4), (0.8, 0.8), (0.7, 0.7)) == [True, True, False, False]
    assert pad.steps() == 1


def test_a_palm_that_comes_during_a_pen_s_stroke_changes_nothing(pad: Pad) -> None:
    pad.send("mousePressed", (0.2, 0.2))
    pad.send("mouseMoved", (0.4, 0.2))
    pad.fingers.touch("touchStart", (0.8, 0.8))
    pad.fingers.touch("touchStart", (0.8, 0.8), (0.9, 0.8))
    pad.send("mouseMoved", (0.6, 0.2))
    pad.send("mouseReleased", (0.6, 0.2), held=0)
    pad.fingers.touch("touchMove", (0.8, 0.6), (0.9, 0.6))
    pad.fingers.touch("touchEnd")
    assert pad.is_inked((0.3, 0.2), (0.5, 0.2), (0.8, 0.8), (0.8, 0.6)) == [True, True, False, False]
    assert pad.steps() == 1


@pytest.mark.parametrize("lift", ["no button is down", "another button is down"])
@pytest.mark.parametrize("pointer", ["mouse", "pen"])
def test_a_pointer_that_was_lifted_unseen_draws_no_further(pad: Pad, pointer: str, lift: str) -> None:
    held = 0 if lift == "no button is down" else 2
    pad.send("mousePressed", (0.2, 0.2), pointer=pointer)
    pad.send("mouseMoved", (0.4, 0.2), pointer=pointer)
    pad.send("mouseMoved", (0.4, 0.5), pointer=pointer, button="none", held=held)
    pad.send("mouseMoved", (0.6, 0.8), pointer=pointer, button="none", held=held)
    assert pad.is_inked((0.3, 0.2), (0.4, 0.4), (0.5, 0.65)) == [True, False, False]
    pad.send("mousePressed", (0.8, 0.2), pointer=pointer)
    pad.send("mouseMoved", (0.8, 0.5), pointer=pointer)
    pad.send("mouseMoved", (0.8, 0.5), pointer=pointer, button="none", held=0)
    assert pad.is_inked((0.8, 0.4), (0.6, 0.2)) == [True, False]
    assert pad.steps() == 2


def test_a_new_press_ends_a_stroke_whose_end_was_lost(pad: Pad) -> None:
    dispatch = """(canvas, [type, pointerType, pointerId, x, y]) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      canvas.setPointerCapture = () => {};
      const [clientX, clientY] = [left + x * width, top + y * height];
      const known = { pointerType, pointerId, clientX, clientY, isPrimary: true, buttons: 1 };
      canvas.dispatchEvent(new PointerEvent(type, { ...known, bubbles: true, composed: true }));
    }"""
    canvas = pad.page.get_by_test_id("pad")
    presses = [("touch", 5), ("touch", 6), ("mouse", 1), ("mouse", 1), ("pen", 7), ("mouse", 1), ("touch", 8)]
    for number, (kind, identity) in enumerate(presses):
        canvas.evaluate(dispatch, ["pointerdown", kind, identity, 0.1 + 0.1 * number, 0.2])
        canvas.evaluate(dispatch, ["pointermove", kind, identity, 0.1 + 0.1 * number, 0.6])
    canvas.evaluate(dispatch, ["pointerup", *presses[-1], 0.7, 0.6])
    assert pad.is_inked(*[(0.1 + 0.1 * number, 0.4) for number in range(len(presses))]) == [True] * 7
    assert pad.steps() == 7


@pytest.mark.parametrize("event", ["lostpointercapture", "blur"])
def test_a_stroke_ends_where_the_pad_hears_no_more_of_its_pointer(pad: Pad, event: str) -> None:
    canvas = pad.page.get_by_test_id("pad")
    canvas.evaluate("canvas => canvas.addEventListener('pointerdown', e => { window.last = e.pointerId; })")
    pad.page.mouse.move(*pad.at(0.2, 0.2))
    pad.page.mouse.down()
    pad.page.mouse.move(*pad.at(0.4, 0.2))
    if event == "blur":
        pad.page.evaluate("dispatchEvent(new Event('blur'))")
    else:
        canvas.evaluate("canvas => canvas.releasePointerCapture(window.last)")
    pad.page.mouse.move(*pad.at(0.4, 0.4))  # a lost capture is told with the next event
    pad.page.mouse.move(*pad.at(0.4, 0.7))
    pad.page.mouse.up()
    assert pad.is_inked((0.3, 0.2), (0.4, 0.6)) == [True, False]
    assert pad.steps() == 1


def test_the_right_button_in_a_stroke_neither_ends_it_nor_opens_a_menu(pad: Pad) -> None:
    pad.page.evaluate(
        """addEventListener("contextmenu", (event) =>
          setTimeout(() => { window.menu = !event.defaultPrevented; }))"""
    )
    pad.send("mousePressed", (0.2, 0.2), pointer="mouse")
    pad.send("mousePressed", (0.2, 0.2), pointer="mouse", button="right", held=3)
    pad.send("mouseMoved", (0.4, 0.2), pointer="mouse", held=3)
    pad.send("mouseReleased", (0.4, 0.2), pointer="mouse", button="right", held=1)
    pad.send("mouseMoved", (0.4, 0.5), pointer="mouse")
    pad.send("mouseReleased", (0.4, 0.5), pointer="mouse", held=0)
    assert pad.is_inked((0.3, 0.2), (0.4, 0.4)) == [True, True]
    pad.page.wait_for_function("window.menu === false")
    assert pad.steps() == 1


def test_a_stroke_ends_with_the_left_button_also_while_the_right_one_is_down(pad: Pad) -> None:
    pad.page.mouse.move(*pad.at(0.2, 0.2))
    pad.page.mouse.down()
    pad.page.mouse.move(*pad.at(0.4, 0.2))
    pad.page.mouse.down(button="right")
    pad.page.mouse.up()
    pad.page.mouse.move(*pad.at(0.4, 0.6))
    pad.page.mouse.up(button="right")
    assert pad.is_inked((0.3, 0.2), (0.4, 0.4)) == [True, False]
    assert pad.steps() == 1


def test_the_wheel_during_a_stroke_does_not_move_the_page(low_pad: Pad) -> None:
    pad = low_pad
    before = pad.page.evaluate("scrollY")
    pad.page.mouse.move(*pad.at(0.2, 0.2))
    pad.page.mouse.down()
    for point in ((0.3, 0.2), (1.03, 0.2)):  # on the pad and beside it
        pad.page.mouse.move(*pad.at(*point))
        pad.page.mouse.wheel(0, 80)
        pad.page.wait_for_timeout(100)
    assert pad.page.evaluate("scrollY") == before
    pad.page.mouse.up()
    pad.page.mouse.wheel(0, 80)
    pad.page.wait_for_function("before => scrollY > before", arg=before)


def test_a_stroke_stays_under_the_pen_where_the_page_scrolls(low_pad: Pad) -> None:
    pad = low_pad
    before = pad.page.evaluate("scrollY")
    pad.page.mouse.move(*pad.at(0.2, 0.6))
    pad.page.mouse.down()
    pad.page.mouse.move(*pad.at(0.3, 0.6))
    pad.page.evaluate("scrollBy(0, 60)")
    x, y = pad.at(0.5, 0.6)
    pad.page.mouse.move(x, y - 60)
    pad.page.mouse.up()
    assert pad.page.evaluate("scrollY") == before + 60
    assert pad.is_inked((0.25, 0.6), (0.45, 0.6)) == [True, True]


def test_a_palm_brings_back_the_sample_that_it_put_away(pad: Pad) -> None:
    tile = pad.page.get_by_test_id("sample-grid").locator("[data-label]").first
    tile.click()
    expect_verdict(pad.page, str(tile.get_attribute("data-label")))
    pad.fingers.touch("touchStart", (0.8, 0.8))
    expect(tile).not_to_have_attribute("aria-pressed", "true")
    pad.fingers.touch("touchCancel")
    expect(tile).to_have_attribute("aria-pressed", "true")
    assert pad.steps() == 1  # the tile


def test_a_seven_drawn_beside_a_resting_palm_is_read(pad: Pad) -> None:
    pad.fingers.touch("touchStart", (0.9, 0.95))
    for stroke in [stroke.tolist() for stroke in example(7).drawing.strokes]:
        pad.send("mousePressed", stroke[0])
        for point in stroke[1:]:
            pad.send("mouseMoved", point)
        pad.send("mouseReleased", stroke[-1], held=0)
    pad.fingers.touch("touchEnd")
    expect_verdict(pad.page, 7)
    assert len(drawing_of(pad.page).strokes) == len(example(7).drawing.strokes)


def test_a_stroke_goes_on_while_another_network_is_chosen(pad: Pad) -> None:
    draw(pad.page, example(1).drawing, lift=False)
    pad.page.get_by_test_id("timeline").press("ArrowLeft")
    pad.page.mouse.move(*pad.at(0.9, 0.9))
    pad.page.mouse.up()
    assert pad.is_inked((0.88, 0.88)) == [True]
    choose_run(pad.page, "relu-50/published")
    assert pad.steps() == 1
