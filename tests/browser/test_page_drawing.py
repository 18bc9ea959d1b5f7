"""Drawing on the pad with mouse and keyboard: what is on it, and that the answers follow."""

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect
from python_says import drawing_of, expect_bars, expect_no_bars, image_on, levels_of, link_of, write_drawing
from visitor import (
    LAPTOP,
    VIEWS,
    bars,
    draw,
    example,
    expect_verdict,
    model_input,
    open_fragment,
    open_view,
    say,
)

from mnist_core.drawings.strokes import MAX_POINTS, MAX_STROKES, read_handwritings
from mnist_core.runs.recipes import DEFAULT_RUN


def move(page: Page, x: float, y: float) -> None:
    """Move the mouse to a point in widths of the pad, also beside it."""
    box = page.get_by_test_id("pad").bounding_box()
    assert box
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])


def line(page: Page, *points: tuple[float, float]) -> None:
    """Draw a line through these points."""
    move(page, *points[0])
    page.mouse.down()
    for point in points[1:]:
        move(page, *point)
    page.mouse.up()


def strokes_on(page: Page) -> list[list[tuple[float, float]]]:
    return [[(x, y) for x, y in stroke.tolist()] for stroke in drawing_of(page).strokes]


@pytest.mark.parametrize(
    "digit", [0, 4, *(pytest.param(digit, marks=pytest.mark.thorough) for digit in (3, 7))]
)
def test_the_bars_and_the_verdict_are_those_that_python_computes_of_the_drawing(
    same_page: Page, digit: int
) -> None:
    draw(same_page, example(digit).drawing)
    expect_verdict(same_page, digit)
    expect_bars(same_page, image_on(same_page))


@pytest.mark.parametrize("digit", [2, 5])
def test_the_image_shown_is_python_s_bit_for_bit(same_page: Page, digit: int) -> None:
    draw(same_page, example(digit).drawing)
    assert model_input(same_page) == levels_of(image_on(same_page))


def test_the_answers_follow_every_movement_of_the_pen(same_page: Page) -> None:
    [stroke] = example(3).drawing.strokes
    for number, point in enumerate(stroke):
        move(same_page, *point)
        if number == 0:
            same_page.mouse.down()
        if number % 6 == 0:
            expect_bars(same_page, image_on(same_page))
    expect_verdict(same_page, 3)


def test_the_drawing_is_what_the_mouse_drew(same_page: Page) -> None:
    drawing = example(4).drawing
    draw(same_page, drawing)
    for stroke, drawn in zip(drawing_of(same_page).strokes, drawing.strokes, strict=True):
        for end in (0, -1):
            assert stroke[end] == pytest.approx(drawn[end], abs=0.003)


def test_below_nine_tenths_the_verdict_asks(same_page: Page) -> None:
    line(same_page, (0.3, 0.5), (0.7, 0.5))
    expect_verdict(same_page, 2)
    assert 0.5 < max(bars(same_page)[1]) < 0.9
    expect(same_page.get_by_test_id("verdict")).to_contain_text(say("verdict_unsure", digit=2))
    expect(same_page.get_by_test_id("verdict")).to_contain_text("?")


def test_a_blank_pad_says_so_and_predicts_nothing(same_page: Page) -> None:
    expect_verdict(same_page, "")
    expect(same_page.get_by_test_id("verdict")).to_contain_text(say("verdict_empty"))
    assert set(model_input(same_page)) == {0}
    expect_no_bars(same_page)


@pytest.mark.thorough
def test_a_press_without_a_movement_draws_a_dot(same_page: Page) -> None:
    line(same_page, (0.5, 0.5))
    assert [len(stroke) for stroke in strokes_on(same_page)] == [1]
    assert model_input(same_page) == levels_of(image_on(same_page))


@pytest.mark.thorough
@pytest.mark.parametrize("way", ["button", "Control+z", "Meta+z"])
def test_undo_takes_back_the_last_stroke(same_page: Page, way: str) -> None:
    draw(same_page, example(4).drawing)
    first = strokes_on(same_page)[:1]
    same_page.get_by_test_id("pad-undo").click() if way == "button" else same_page.keyboard.press(way)
    assert strokes_on(same_page) == first
    expect_bars(same_page, image_on(same_page))


def test_undoing_the_only_stroke_leaves_no_answer(same_page: Page) -> None:
    draw(same_page, example(8).drawing)
    same_page.keyboard.press("Control+z")
    expect_verdict(same_page, "")
    expect_no_bars(same_page)


@pytest.mark.thorough
@pytest.mark.parametrize("way", ["button", "Escape", "Delete", "Backspace"])
def test_clear_empties_the_pad_and_undo_brings_it_back(same_page: Page, way: str) -> None:
    draw(same_page, example(4).drawing)
    drawn = strokes_on(same_page)
    if way == "button":
        same_page.get_by_test_id("pad-clear").click()
    else:
        same_page.get_by_test_id("pad").press(way)
    assert strokes_on(same_page) == []
    expect_verdict(same_page, "")
    expect_no_bars(same_page)
    same_page.get_by_test_id("pad-undo").click()
    assert strokes_on(same_page) == drawn
    expect_verdict(same_page, 4)


@pytest.mark.thorough
def test_ctrl_z_works_wherever_the_focus_is(same_page: Page) -> None:
    draw(same_page, example(4).drawing)
    same_page.get_by_test_id("timeline").focus()
    same_page.keyboard.press("Control+z")
    assert len(strokes_on(same_page)) == 1


# Keys pressed with Ctrl: character, place, what else is held (AltGr is Ctrl and Alt), and whether they undo.
KEYS = {
    "Latin": ("z", "KeyZ", {}, True),
    "German, where Z and Y change places": ("z", "KeyY", {}, True),
    "German Y": ("y", "KeyZ", {}, False),
    "French, where Z is in W's place": ("z", "KeyW", {}, True),
    "French W": ("w", "KeyZ", {}, False),
    "Caps Lock": ("Z", "KeyZ", {}, True),
    "Russian": ("я", "KeyZ", {}, True),
    "Russian, Caps Lock": ("Я", "KeyZ", {}, True),
    "Greek": ("ζ", "KeyZ", {}, True),
    "Hebrew": ("ז", "KeyZ", {}, True),
    "Thai": ("ผ", "KeyZ", {}, True),
    "Russian, another key": ("н", "KeyY", {}, False),
    "Dvorak": ("z", "Slash", {}, True),
    "Dvorak semicolon": (";", "KeyZ", {}, False),
    "Polish ż": ("ż", "KeyZ", {"altKey": True}, False),
    "redo": ("Z", "KeyZ", {"shiftKey": True}, False),
    "redo, Russian": ("Я", "KeyZ", {"shiftKey": True}, False),
    "an input method": ("Process", "KeyZ", {}, False),
}


@pytest.mark.thorough
def test_undo_goes_by_the_letter_and_where_it_is_not_latin_by_its_place(page: Page) -> None:
    canvas, undo = page.get_by_test_id("pad"), page.get_by_test_id("pad-undo")
    for name, (key, code, held, is_undo) in KEYS.items():
        canvas.click()
        expect(undo).to_be_enabled()
        press = {"key": key, "code": code, "ctrlKey": True, "bubbles": True, "composed": True, **held}
        canvas.evaluate("(canvas, press) => canvas.dispatchEvent(new KeyboardEvent('keydown', press))", press)
        assert undo.is_disabled() == is_undo, name
        if not is_undo:
            undo.click()


@pytest.mark.thorough
def test_undo_during_a_stroke_waits_for_its_end(same_page: Page) -> None:
    draw(same_page, example(1).drawing, lift=False)
    drawn = strokes_on(same_page)
    same_page.keyboard.press("Control+z")
    assert strokes_on(same_page) == drawn


@pytest.mark.thorough
@pytest.mark.parametrize("digit", [0, 7])
def test_an_example_is_drawn_to_its_end_and_read(same_page: Page, digit: int) -> None:
    same_page.locator(f"[data-example='{digit}']").click()
    expect(same_page.get_by_test_id("announcer")).to_contain_text(say("verdict", digit=digit))  # at rest
    expect_verdict(same_page, digit)
    drawings = [entry.drawing for entry in read_handwritings() if entry.label == digit]
    assert link_of(same_page)["drawing"] in map(write_drawing, drawings)


def test_an_example_does_not_destroy_a_drawing(same_page: Page) -> None:
    draw(same_page, example(4).drawing)
    drawn = strokes_on(same_page)
    same_page.locator("[data-example='8']").click()
    expect_verdict(same_page, 8)
    same_page.get_by_test_id("pad-undo").click()
    assert strokes_on(same_page) == drawn
    same_page.wait_for_timeout(100)  # the example is not drawn on
    assert strokes_on(same_page) == drawn


@pytest.mark.thorough
def test_an_example_pressed_during_a_stroke_does_not_replace_it(same_page: Page) -> None:
    draw(same_page, example(1).drawing, lift=False)
    drawn = strokes_on(same_page)
    same_page.locator("[data-example='8']").dispatch_event("click")
    same_page.wait_for_timeout(100)
    assert strokes_on(same_page) == drawn


@pytest.mark.thorough
def test_the_hand_ends_an_example_that_is_being_drawn(same_page: Page) -> None:
    same_page.locator("[data-example='8']").click()
    line(same_page, (0.1, 0.1), (0.2, 0.1))
    drawn = strokes_on(same_page)
    same_page.wait_for_timeout(150)
    assert strokes_on(same_page) == drawn


@pytest.mark.thorough
def test_a_link_ends_an_example_that_is_being_drawn(same_page: Page) -> None:
    same_page.locator("[data-example='8']").click()
    seven = write_drawing(example(7).drawing)
    open_fragment(same_page, f"#run={DEFAULT_RUN}&drawing={seven}")
    same_page.wait_for_timeout(150)
    assert write_drawing(drawing_of(same_page)) == seven


@pytest.mark.thorough
@pytest.mark.parametrize("lift", [False, True], ids=["during a stroke", "after it"])
def test_an_example_that_arrives_late_replaces_nothing_drawn_meanwhile(page: Page, lift: bool) -> None:
    held: list[Route] = []
    fresh = page.context.new_page()
    fresh.route("**/handwritings.json", lambda route: held.append(route))
    fresh.goto(page.url)
    expect(fresh.get_by_test_id("play")).to_be_enabled()
    fresh.locator("[data-example='3']").click()
    draw(fresh, example(1).drawing, lift=lift)
    drawn = model_input(fresh)
    assert any(drawn)
    held[0].continue_()
    fresh.wait_for_timeout(300)
    assert model_input(fresh) == drawn
    fresh.close()


@pytest.mark.thorough
def test_of_two_examples_pressed_the_second_stays(same_page: Page) -> None:
    same_page.locator("[data-example='3']").click()
    same_page.locator("[data-example='7']").click()
    same_page.wait_for_timeout(900)  # both would have been drawn
    expect_verdict(same_page, 7)


def test_a_stroke_that_leaves_the_pad_does_not_draw_along_its_edge(same_page: Page) -> None:
    line(same_page, (0.5, 0.3), (0.8, 0.3), (1.2, 0.3), (1.2, 0.7), (0.8, 0.7), (0.5, 0.7))
    leaving, coming = strokes_on(same_page)
    assert leaving[-1] == pytest.approx((1, 0.3), abs=0.003)
    assert coming[0] == pytest.approx((1, 0.7), abs=0.003)
    between = [y for x, y in leaving + coming if x > 0.99 and 0.31 < y < 0.69]
    assert between == []


@pytest.mark.thorough
def test_a_stroke_that_goes_round_a_corner_outside_draws_nothing_there(same_page: Page) -> None:
    line(same_page, (0.5, 0.9), (0.5, 1.2), (1.2, 1.2), (1.2, 0.5), (0.9, 0.5))
    assert len(strokes_on(same_page)) == 2
    edge = [(x, y) for stroke in strokes_on(same_page) for x, y in stroke if max(x, y) > 0.999]
    assert np.array(edge) == pytest.approx(np.array([(0.5, 1), (1, 0.5)]), abs=0.003)


def test_a_right_button_draws_nothing(same_page: Page) -> None:
    move(same_page, 0.5, 0.5)
    same_page.mouse.down(button="right")
    move(same_page, 0.7, 0.7)
    same_page.mouse.up(button="right")
    assert strokes_on(same_page) == []


@pytest.mark.thorough
def test_a_drawing_has_at_most_200_strokes(same_page: Page) -> None:
    dots = "_".join(f"{100 + 40 * number}.2000" for number in range(MAX_STROKES - 1))
    open_fragment(same_page, f"#run={DEFAULT_RUN}&drawing={dots}")
    line(same_page, (0.1, 0.6), (0.5, 0.6))
    line(same_page, (0.1, 0.8), (0.5, 0.8))
    assert len(strokes_on(same_page)) == MAX_STROKES
    expect_bars(same_page, image_on(same_page))


@pytest.mark.thorough
def test_the_last_of_200_strokes_is_a_whole_one_and_no_step_follows_it(page: Page) -> None:
    dots = "_".join(f"{100 + 40 * number}.2000" for number in range(MAX_STROKES - 1))
    open_fragment(page, f"#run={DEFAULT_RUN}&drawing={dots}")
    line(page, (0.1, 0.6), (0.3, 0.6), (0.5, 0.6))
    assert len(strokes_on(page)[-1]) == 3
    line(page, (0.1, 0.8), (0.5, 0.8))
    page.get_by_test_id("pad-undo").click()
    assert len(strokes_on(page)) == MAX_STROKES - 1


@pytest.mark.thorough
def test_undo_reaches_the_empty_pad_after_many_strokes_an_example_and_a_clearing(page: Page) -> None:
    page.locator("[data-example='8']").click()
    expect_verdict(page, 8)
    expect(page.get_by_test_id("announcer")).to_contain_text(say("verdict", digit=8))  # it is at rest
    page.get_by_test_id("pad-clear").click()
    for number in range(40):
        line(page, (0.1 + 0.04 * (number % 20), 0.1 + 0.08 * (number // 20)))
    assert len(strokes_on(page)) == 40
    undo = page.get_by_test_id("pad-undo")
    for _ in range(40 + 2):
        undo.click()
    expect(undo).to_be_disabled()
    assert strokes_on(page) == []


@pytest.mark.thorough
def test_what_is_painted_stroke_by_stroke_is_what_is_painted_at_once(same_page: Page) -> None:
    pad = same_page.get_by_test_id("pad")
    for digit in (4, 7, 5):  # over each other
        draw(same_page, example(digit).drawing)
    painted = pad.evaluate("canvas => canvas.toDataURL()")
    open_fragment(same_page, f"#run={DEFAULT_RUN}&drawing={write_drawing(drawing_of(same_page))}")
    assert pad.evaluate("canvas => canvas.toDataURL()") == painted
    same_page.get_by_test_id("pad-clear").click()
    assert pad.evaluate("canvas => canvas.toDataURL()") != painted


@pytest.mark.thorough
def test_a_drawing_has_at_most_10_000_points(same_page: Page) -> None:
    points = ".".join(f"{number % 100 * 50}.{number // 100 * 90}" for number in range(MAX_POINTS - 6))
    open_fragment(same_page, f"#run={DEFAULT_RUN}&drawing={points}")
    line(same_page, *[(0.1 + 0.02 * step, 0.95) for step in range(9)])
    total = sum(map(len, strokes_on(same_page)))
    assert MAX_POINTS - 2 <= total <= MAX_POINTS


SCREENS = [(1366, 641), (1024, 768), (1920, 1080)]
FOLLOWS_PAD = {"input", "inside", "network"}  # the other views are not of the drawing
FOLLOWS_TIME = FOLLOWS_PAD | {"digits", "training", "confusion"}
CONTENT = """view => [...view.querySelectorAll("*")].map(element => [
  ...(element.toDataURL ? [element.toDataURL()] : []),
  ...element.getAttributeNames().map(name => element.getAttribute(name)),
  ...[...element.childNodes].map(node => node.data),
].join()).join()"""
SCROLLED = """view => [document.documentElement, view.getRootNode().querySelector("main"), view]
  .some(element => element.scrollTop)"""


def drag_time(page: Page, start: float, end: float) -> None:
    """Drag the time from one share of its length to another."""
    strip = page.get_by_test_id("timeline").bounding_box()
    assert strip
    page.mouse.move(strip["x"] + start * strip["width"], strip["y"] + strip["height"] / 2)
    page.mouse.down()
    page.mouse.move(strip["x"] + end * strip["width"], strip["y"] + strip["height"] / 2, steps=5)
    page.mouse.up()


@pytest.mark.thorough
@pytest.mark.parametrize("size", SCREENS, ids=str)
def test_beside_every_view_one_draws_and_moves_time_without_scrolling(
    same_page: Page, size: tuple[int, int]
) -> None:
    same_page.set_viewport_size({"width": size[0], "height": size[1]})
    open_fragment(same_page, f"#run=relu-50/published&drawing={write_drawing(example(1).drawing)}")
    expect(same_page.get_by_test_id("play")).to_be_enabled()
    for name in dict.fromkeys(VIEWS.values()):
        view = open_view(same_page, name)
        same_page.get_by_test_id("pad-clear").click()
        before, said = view.evaluate(CONTENT), bars(same_page)
        draw(same_page, example(5).drawing)
        assert bars(same_page) != said, name
        drawn, said = view.evaluate(CONTENT), bars(same_page)
        assert drawn != before or name not in FOLLOWS_PAD, name
        drag_time(same_page, 0.9, 0.3)
        assert bars(same_page) != said, name
        assert view.evaluate(CONTENT) != drawn or name not in FOLLOWS_TIME, name
        for each in ("pad", "bars", "timeline", name):
            expect(same_page.get_by_test_id(each)).to_be_in_viewport(ratio=1)
        assert not view.evaluate(SCROLLED), name
        drag_time(same_page, 0.3, 0.9)
    same_page.set_viewport_size(LAPTOP)
