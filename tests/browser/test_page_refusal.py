"""What the page says of drawings that are no digits, and of a hundred that are."""

import os
from pathlib import Path

import pytest
from app_server import PROJECT
from hand import bars, draw, expect_verdict, page_drawing
from playwright.sync_api import Page, expect

from mnist_core.drawing import Drawing, LabelledDrawing, parse_drawing, read_handwritings, read_unipen
from mnist_core.nondigits import nondigits
from mnist_core.recipes import DEFAULT_RUN
from webapp.handlers import predict
from webapp.text import TEXT

KINDS = ["dot", "scribble", "heart", "spiral", "star", "word"]
PENS = Path(os.environ.get("PENDIGITS", PROJECT.parent / "shared" / "pendigits" / "pendigits-orig.tra"))


def a_drawing_of(kind: str) -> Drawing:
    return next(drawing for name, drawing in nondigits(300, seed=3) if name == kind)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_digit_is_refused(page: Page, kind: str) -> None:
    draw(page, a_drawing_of(kind))
    expect(page.get_by_test_id("verdict")).to_contain_text(TEXT["verdict_refused"])
    expect_verdict(page, "")


def test_the_bars_of_a_refused_drawing_are_true_and_grey(page: Page) -> None:
    draw(page, a_drawing_of("heart"))
    expect(page.get_by_test_id("verdict")).to_contain_text(TEXT["verdict_refused"])
    page.wait_for_timeout(300)
    expected = predict(parse_drawing(page_drawing(page)).to_json(), DEFAULT_RUN)
    assert bars(page, "trained") == pytest.approx(expected["trained"], abs=1e-4)
    expect(page.locator(".answer.refused")).to_have_count(1)


def test_a_plain_stroke_is_a_one(page: Page) -> None:
    draw(page, parse_drawing({"strokes": [[[0.5, 0.2], [0.5, 0.4], [0.5, 0.6], [0.5, 0.8]]]}))
    expect_verdict(page, 1)


def test_half_a_digit_is_not_refused_while_it_is_drawn(page: Page) -> None:
    draw(page, a_drawing_of("scribble"), lift=False)
    page.wait_for_function("inkling.state.probabilities && !inkling.state.isDigit")
    expect(page.get_by_test_id("verdict")).not_to_contain_text(TEXT["verdict_refused"])
    page.mouse.up()
    expect(page.get_by_test_id("verdict")).to_contain_text(TEXT["verdict_refused"])


def a_hundred_drawings() -> list[LabelledDrawing]:
    """The project's own 80, and, where they are at hand, 20 pen drawings."""
    drawings = read_handwritings()
    if PENS.exists():
        drawings += read_unipen(PENS)[::375][:20]
    return drawings


def test_98_of_100_replayed_drawings_are_read_right(page: Page) -> None:
    """Pen drawings count as shown on the pad; the default network was trained with all their writers."""
    drawings, wrong = a_hundred_drawings(), []
    for entry in drawings:
        page.get_by_test_id("pad-clear").click(force=True)
        expect_verdict(page, "")
        draw(page, entry.drawing)
        page.wait_for_timeout(120)
        if page.get_by_test_id("verdict").get_attribute("data-prediction") != str(entry.label):
            page.wait_for_timeout(600)  # a slow machine's last answer
        read = page.get_by_test_id("verdict").get_attribute("data-prediction")
        if read != str(entry.label):
            wrong.append((entry.label, entry.hand, read))
    assert len(wrong) <= 0.02 * len(drawings), wrong
