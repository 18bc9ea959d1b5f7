"""`webapp.Sketchpad` in a real browser: beside gr.Sketchpad, and in the README's example."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import LAPTOP, PROJECT, Server, running_app
from playwright.sync_api import Browser, Locator, Page, expect
from visitor import ink_at

from mnist_core.drawings.strokes import Drawing, read_handwritings

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def pads() -> Iterator[Server]:
    """An app with both pads."""
    with running_app(Path(__file__).parent / "pad_app.py", PYTHONPATH=f"{PROJECT}:{PROJECT}/tests") as app:
        yield app


@pytest.fixture
def page(browser: Browser, pads: Server) -> Iterator[Page]:
    """That app on a laptop's screen; whatever it reports as an error fails the test."""
    page = browser.new_page(viewport=LAPTOP)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(pads.url)
    page.locator("#pad canvas").wait_for()
    yield page
    page.close()
    assert faults == []


def drawing_of(digit: int) -> Drawing:
    return next(entry.drawing for entry in read_handwritings() if entry.label == digit)


def draw(page: Page, pad: Locator, drawing: Drawing, *, lift: bool = True) -> None:
    """Draw with the mouse; `lift=False` keeps the button pressed at the end."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    side = min(box["width"], box["height"])
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
    for number, stroke in enumerate(drawing.strokes, 1):
        page.mouse.move(left + stroke[0][0] * side, top + stroke[0][1] * side)
        page.mouse.down()
        for x, y in [*stroke[1:-1:4], stroke[-1]]:
            page.mouse.move(left + x * side, top + y * side)
        if lift or number < len(drawing.strokes):
            page.mouse.up()


def answer(page: Page) -> Locator:
    return page.locator("#answer textarea")


def has_ink(page: Page) -> bool:
    """Whether anything is painted on the pad."""
    return page.locator("#pad canvas").evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((level) => level > 0)"
    )


@pytest.mark.parametrize("digit", [0, 5, 8])
def test_the_answer_comes_while_one_still_draws(page: Page, digit: int) -> None:
    draw(page, page.locator("#pad canvas"), drawing_of(digit), lift=False)
    expect(answer(page)).to_have_value(str(digit))
    page.mouse.up()


def test_gradio_s_own_pad_reads_the_same_digit_once_its_brush_is_chosen(page: Page, pads: Server) -> None:
    draw(page, page.locator("#pad canvas"), drawing_of(3))
    expect(answer(page)).to_have_value("3")
    page.goto(f"{pads.url}/theirs")
    page.locator("#pad").get_by_label("Brush").first.click()
    draw(page, page.locator("#pad canvas").last, drawing_of(3))
    expect(answer(page)).to_have_value("3", timeout=20_000)


def test_the_last_state_arrives_however_slow_the_answer(page: Page) -> None:
    sent: list[dict] = []
    page.on(
        "request",
        lambda request: "/queue/join" in request.url and sent.append(json.loads(request.post_data or "{}")),
    )
    drawing = drawing_of(8)
    draw(page, page.locator("#pad canvas"), drawing)
    page.wait_for_function("document.querySelector('#slow').innerText.includes('strokes')")
    page.wait_for_timeout(1_500)  # five times as long as the answer takes
    last = [entry["data"][0] for entry in sent if "strokes" in entry["data"][0]][-1]
    box = page.locator("#pad canvas").bounding_box()
    assert box
    assert len(last["strokes"]) == len(drawing.strokes)
    for drawn, meant in zip(last["strokes"], drawing.strokes, strict=True):
        assert drawn[-1] == pytest.approx(
            meant[-1].tolist(), abs=2.5 / box["width"]
        )  # whole pixels, near points
    points = sum(len(stroke) for stroke in last["strokes"])
    assert page.evaluate("document.querySelector('#answer textarea').value") == "8"
    assert points > 10


def test_python_sets_and_clears_the_pad(page: Page) -> None:
    page.get_by_role("button", name="Show a seven").click()
    expect(answer(page)).to_have_value("7")
    assert has_ink(page)
    page.get_by_role("button", name="Show nothing").click()
    expect(answer(page)).to_have_value("empty")
    assert not has_ink(page)


def test_undo_takes_back_a_stroke_a_clearing_and_an_example(page: Page) -> None:
    pad, undo = page.locator("#pad canvas"), page.get_by_role("button", name="Undo the last change")
    expect(undo).to_be_disabled()
    draw(page, pad, drawing_of(1))
    expect(answer(page)).to_have_value("1")
    page.get_by_role("button", name="Clear the drawing").click()
    expect(answer(page)).to_have_value("empty")
    undo.click()
    expect(answer(page)).to_have_value("1")
    page.get_by_role("button", name="Show a seven").click()
    expect(answer(page)).to_have_value("7")
    pad.focus()
    page.keyboard.press("Control+z")
    expect(answer(page)).to_have_value("1")
    for _ in drawing_of(1).strokes:
        undo.click()
    expect(answer(page)).to_have_value("empty")
    expect(undo).to_be_disabled()


def test_undo_by_keyboard_works_on_a_layout_of_another_script(page: Page) -> None:
    pad = page.locator("#pad canvas")
    draw(page, pad, drawing_of(1))
    expect(answer(page)).to_have_value("1")
    press = {"key": "я", "code": "KeyZ", "ctrlKey": True}
    for _ in drawing_of(1).strokes:
        pad.dispatch_event("keydown", press)
    expect(answer(page)).to_have_value("empty")


def test_a_stroke_whose_end_was_lost_jams_nothing(page: Page) -> None:
    pad, undo = page.locator("#pad canvas"), page.get_by_role("button", name="Undo the last change")
    session = page.context.new_cdp_session(page)
    pad.scroll_into_view_if_needed()

    def send(kind: str, x: float, y: float, *, held: int = 1) -> None:
        box = pad.bounding_box()
        assert box
        place = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
        button = {"button": "left" if held else "none", "buttons": held, "clickCount": 1}
        session.send("Input.dispatchMouseEvent", {"type": kind, **place, **button})

    send("mousePressed", 0.5, 0.2)
    send("mouseMoved", 0.5, 0.8)
    send("mouseMoved", 0.8, 0.8, held=0)
    send("mouseMoved", 0.8, 0.2, held=0)
    expect(answer(page)).to_have_value("1")
    assert not ink_at(pad, (0.8, 0.5))
    undo.click()
    expect(answer(page)).to_have_value("empty")
    expect(undo).to_be_disabled()


def test_a_pen_takes_back_what_the_palm_drew_and_a_second_finger_what_the_first_did(page: Page) -> None:
    pad, undo = page.locator("#pad canvas"), page.get_by_role("button", name="Undo the last change")
    dispatch = """(canvas, [type, pointerType, pointerId, x, y]) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      canvas.setPointerCapture = () => {};
      const [clientX, clientY] = [left + x * width, top + y * height];
      const known = { pointerType, pointerId, clientX, clientY, isPrimary: pointerId !== 3 };
      canvas.dispatchEvent(new PointerEvent(type, { ...known, buttons: 1 }));
    }"""

    def send(*event: object) -> None:
        pad.evaluate(dispatch, list(event))

    send("pointerdown", "touch", 2, 0.9, 0.9)
    send("pointerdown", "pen", 4, 0.5, 0.2)
    send("pointermove", "pen", 4, 0.5, 0.8)
    send("pointerup", "pen", 4, 0.5, 0.8)
    send("pointerup", "touch", 2, 0.9, 0.9)
    expect(answer(page)).to_have_value("1")
    assert not ink_at(pad, (0.9, 0.9))
    send("pointerdown", "touch", 2, 0.2, 0.5)
    send("pointermove", "touch", 2, 0.3, 0.5)
    send("pointerdown", "touch", 3, 0.8, 0.5)
    send("pointermove", "touch", 2, 0.1, 0.5)
    assert not ink_at(pad, (0.25, 0.5))
    undo.click()
    expect(answer(page)).to_have_value("empty")
    expect(undo).to_be_disabled()


def test_an_example_that_comes_during_a_stroke_does_not_replace_it(page: Page) -> None:
    pad = page.locator("#pad canvas")
    draw(page, pad, drawing_of(5), lift=False)
    expect(answer(page)).to_have_value(
        "5"
    )  # not the 7 that half a 5 looks like, which would hide the example
    page.get_by_role("button", name="Show a seven").dispatch_event("click")
    expect(answer(page)).to_have_value("7")
    page.mouse.up()
    expect(answer(page)).to_have_value("5")


def test_the_readme_s_example_is_the_whole_mission(browser: Browser, mnist: Path) -> None:
    example = PROJECT / "examples" / "mission.py"
    with running_app(example, PYTHONPATH=str(PROJECT), MNIST_DATA=str(mnist)) as app:
        page = browser.new_page(viewport=LAPTOP)
        page.goto(app.url)
        page.locator("canvas").first.wait_for()
        draw(page, page.locator("canvas").first, drawing_of(5))
        expect(page.get_by_test_id("label-output-value").nth(1)).to_have_text("5", timeout=20_000)
        image = page.locator("img").first
        expect(image).to_be_visible(timeout=20_000)
        page.close()
