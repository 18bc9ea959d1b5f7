"""Drawing on the pad with a mouse, a finger or the keyboard, in a real browser."""

import pytest
from app_server import Server
from committed import load_timeline
from hand import INK, bars, draw, example, expect_verdict, opened, page_drawing
from playwright.sync_api import Browser, Page, expect

from mnist_core.drawing import Drawing, parse_drawing
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import DEFAULT_RUN
from webapp.text import TEXT


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_drawn_with_the_mouse_is_read_right(page: Page, digit: int) -> None:
    draw(page, example(digit).drawing)
    expect_verdict(page, digit)


@pytest.mark.parametrize("digit", [2, 5])
def test_the_bars_equal_those_computed_from_the_same_strokes(page: Page, digit: int) -> None:
    draw(page, example(digit).drawing)
    expect_verdict(page, digit)
    page.wait_for_timeout(300)  # the last stroke's answer
    image = image_of_drawing(parse_drawing(page_drawing(page)))
    expected = load_timeline(DEFAULT_RUN).before_and_after(image)
    assert bars(page, "trained") == pytest.approx(expected["trained"], abs=1e-4)
    assert bars(page, "untrained") == pytest.approx(expected["untrained"], abs=1e-4)


def test_the_page_shows_the_image_that_the_network_gets(page: Page) -> None:
    draw(page, example(3).drawing)
    expect_verdict(page, 3)
    page.wait_for_timeout(300)
    alpha = page.get_by_test_id("model-input").evaluate(INK)
    image = image_of_drawing(parse_drawing(page_drawing(page)))
    assert alpha == (image.flatten() * 255).round().int().tolist()


def test_a_stroke_is_answered_while_it_is_drawn(page: Page) -> None:
    draw(page, Drawing(example(1).drawing.strokes[:1]), lift=False)
    expect_verdict(page, 1)
    page.mouse.up()


def test_the_drawing_is_what_the_mouse_drew(page: Page) -> None:
    drawing = example(4).drawing
    draw(page, drawing)
    strokes = page_drawing(page)["strokes"]
    assert len(strokes) == len(drawing.strokes)
    for stroke, drawn in zip(strokes, drawing.strokes, strict=True):
        assert stroke[0] == pytest.approx(list(drawn[0]), abs=0.003)
        assert stroke[-1] == pytest.approx(list(drawn[-1]), abs=0.003)


def test_an_empty_pad_says_so_and_predicts_nothing(page: Page) -> None:
    expect_verdict(page, "")
    expect(page.get_by_test_id("verdict")).to_contain_text(TEXT["verdict_empty"])
    expect(page.locator("[data-probability]:not([data-probability=''])")).to_have_count(0)


def test_undo_takes_back_the_last_stroke(page: Page) -> None:
    draw(page, example(4).drawing)
    page.get_by_test_id("pad-undo").click()
    assert len(page_drawing(page)["strokes"]) == 1


def test_ctrl_z_takes_back_the_last_stroke(page: Page) -> None:
    draw(page, example(4).drawing)
    page.keyboard.press("Control+z")
    assert len(page_drawing(page)["strokes"]) == 1


def test_undoing_the_only_stroke_leaves_no_prediction(page: Page) -> None:
    draw(page, example(8).drawing)
    expect_verdict(page, 8)
    page.get_by_test_id("pad-undo").click()
    expect_verdict(page, "")


def test_clear_empties_the_pad_and_the_answer(page: Page) -> None:
    draw(page, example(5).drawing)
    expect_verdict(page, 5)
    page.get_by_test_id("pad-clear").click()
    expect_verdict(page, "")
    assert page_drawing(page) == {"strokes": []}
    expect(page.locator("[data-probability]:not([data-probability=''])")).to_have_count(0)


def test_drawing_goes_on_after_clear(page: Page) -> None:
    draw(page, example(5).drawing)
    page.get_by_test_id("pad-clear").click()
    draw(page, example(6).drawing)
    expect_verdict(page, 6)


def test_delete_empties_the_focused_pad(page: Page) -> None:
    draw(page, example(0).drawing)
    page.get_by_test_id("pad").press("Delete")
    expect_verdict(page, "")


@pytest.mark.parametrize("digit", [0, 7])
def test_trying_an_example_draws_it_and_reads_it(page: Page, digit: int) -> None:
    page.locator(f"[data-example='{digit}']").click()
    expect_verdict(page, digit)
    page.wait_for_function(f"inkling.state.drawing.strokes.flat().length === {points_of(digit)}")


def points_of(digit: int) -> int:
    return sum(len(stroke) for stroke in example(digit).drawing.strokes)


def test_examples_are_reached_and_played_by_keyboard(page: Page) -> None:
    page.get_by_test_id("pad").focus()
    page.keyboard.press("Tab")  # undo and clear are disabled while the pad is empty
    assert page.evaluate("document.activeElement.dataset.example") == "0"
    page.keyboard.press("Enter")
    expect_verdict(page, 0)


def test_a_keyboard_user_sees_what_is_focused(page: Page) -> None:
    page.keyboard.press("Tab")
    page.get_by_test_id("pad").focus()
    assert page.get_by_test_id("pad").evaluate("pad => getComputedStyle(pad).outlineStyle") == "solid"


def test_a_drawing_finger_does_not_scroll_the_page(browser: Browser, app: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 600}, has_touch=True, is_mobile=True)
    page = opened(context, app.url)
    page.get_by_test_id("pad").scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    box = page.get_by_test_id("pad").bounding_box()
    assert box
    finger = context.new_cdp_session(page)
    x = box["x"] + box["width"] / 2
    for step in range(20):  # a "1", drawn upwards, as one would scroll down
        point = {"x": x, "y": box["y"] + box["height"] * (0.85 - 0.035 * step)}
        kind = "touchMove" if step else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect_verdict(page, 1)
    assert page.evaluate("scrollY") == scrolled
    context.close()


def test_a_second_finger_adds_no_stroke(browser: Browser, app: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = opened(context, app.url)
    box = page.get_by_test_id("pad").bounding_box()
    assert box
    finger = context.new_cdp_session(page)
    first = {"x": box["x"] + 50, "y": box["y"] + 50, "id": 0}
    second = {"x": box["x"] + 150, "y": box["y"] + 150, "id": 1}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [first]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [first, second]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert len(page_drawing(page)["strokes"]) == 1
    context.close()


def test_an_idle_page_asks_for_no_frames(browser: Browser, app: Server) -> None:
    context = browser.new_context()
    context.add_init_script("""
      window.framesAsked = 0;
      const ask = requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (callback) => { window.framesAsked += 1; return ask(callback); };
    """)
    page = opened(context, app.url)
    draw(page, example(3).drawing)
    expect_verdict(page, 3)
    for _ in range(20):  # Gradio's menus come in with an animation of some seconds
        before = page.evaluate("window.framesAsked")
        page.wait_for_timeout(1000)
        if page.evaluate("window.framesAsked") == before:
            break
    else:
        pytest.fail("for 20 seconds there was none without a frame")
    context.close()
