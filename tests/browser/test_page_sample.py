"""A tile that lies on the pad as input: what the page shows of it, and how it is put away."""

import pytest
import torch
from committed import load_timeline
from hand import (
    INK,
    await_mnist,
    bars,
    choose_run,
    draw,
    example,
    expect_verdict,
    inks,
    open_panel,
    page_drawing,
    tile,
    tiles,
)
from playwright.sync_api import Page, Route, expect

from mnist_core.drawing import Drawing
from mnist_core.recipes import DEFAULT_RUN
from webapp.text import TEXT

PAD_PIXELS = """canvas => {
  const side = canvas.width / 28;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.width);
  return [...Array(784).keys()].map(index => {
    const [x, y] = [index % 28, Math.floor(index / 28)].map(pixel => Math.floor((pixel + 0.5) * side));
    return data[(y * canvas.width + x) * 4 + 3];
  });
}"""  # the ink in the middle of each of the 28 × 28 squares
BAR = Drawing(example(1).drawing.strokes[:1])


@pytest.fixture
def grid(page: Page) -> Page:
    """The page with MNIST in the grid."""
    await_mnist(page)
    return page


@pytest.fixture
def covered(grid: Page) -> Page:
    """A drawn 4, and tile 8 lying over it on the pad."""
    draw(grid, example(4).drawing)
    expect_verdict(grid, 4)
    grid.drawn = page_drawing(grid)  # type: ignore[attr-defined]
    tile(grid, 8).click()
    expect(grid.get_by_test_id("pad-sample")).to_be_visible()
    grid.wait_for_function("inkling.state.label !== null")
    return grid


def test_the_network_gets_the_tile_s_image_as_it_is(covered: Page) -> None:
    assert covered.get_by_test_id("model-input").evaluate(INK) == inks(covered)[8]


def test_the_pad_shows_the_tile_s_image_large(covered: Page) -> None:
    assert covered.get_by_test_id("pad").evaluate(PAD_PIXELS) == pytest.approx(inks(covered)[8], abs=1)


def test_the_pad_says_what_the_tile_is_labelled(covered: Page) -> None:
    label = tiles(covered, "label")[8]
    expect(covered.locator("#pad-heading")).to_have_text(f"A sample, labelled {label}")


@pytest.mark.parametrize("index", [0, 7, 20])
def test_the_bars_are_those_of_the_tile_at_every_snapshot(covered: Page, index: int) -> None:
    covered.get_by_test_id("timeline").fill(str(index))
    image = torch.tensor(inks(covered)[8]).view(1, 28, 28) / 255
    expected = load_timeline(DEFAULT_RUN).probabilities(image)[index, 0]
    assert bars(covered, "trained") == pytest.approx(expected.tolist(), abs=1e-4)


def test_the_learning_curve_is_that_of_the_tile(covered: Page) -> None:
    open_panel(covered, "learning")
    image = torch.tensor(inks(covered)[8]).view(1, 28, 28) / 255
    answers = load_timeline(DEFAULT_RUN).probabilities(image)[:, 0].argmax(-1).tolist()
    shown = covered.get_by_test_id("learning-answers").locator("li")
    expect(shown).to_have_text([str(answer) for answer in answers])


def test_a_tile_has_no_band_of_the_drawing_under_it(covered: Page) -> None:
    expect(covered.locator(".band:visible")).to_have_count(0)
    covered.get_by_test_id("pad-undo").click()
    expect(covered.locator(".band:visible")).to_have_count(10)


@pytest.mark.parametrize("index", range(0, 21, 4))
def test_the_verdict_says_whether_the_answer_is_right(covered: Page, index: int) -> None:
    covered.get_by_test_id("timeline").fill(str(index))
    prediction, label = tiles(covered, "prediction")[8], tiles(covered, "label")[8]
    expect_verdict(covered, prediction)
    judged = TEXT["verdict_right"] if prediction == label else TEXT["verdict_wrong"]
    expect(covered.locator(".verdict-line")).to_contain_text(f"a {prediction}. {judged}")


def test_no_drawing_is_judged(grid: Page) -> None:
    draw(grid, example(4).drawing)
    expect(grid.locator(".verdict-line")).to_have_text(TEXT["verdict"].format(digit=4))


def test_choosing_a_network_keeps_the_tile_on_the_pad(covered: Page) -> None:
    image = torch.tensor(inks(covered)[8]).view(1, 28, 28) / 255
    choose_run(covered, "relu-50/published")
    expected = load_timeline("relu-50/published").probabilities(image)[0, 0]
    covered.wait_for_function(
        "untrained => Math.abs(inkling.state.probabilities[0][0] - untrained) < 1e-5", arg=expected[0].item()
    )
    expect(covered.get_by_test_id("pad-sample")).to_be_visible()


def test_a_pen_on_the_pad_puts_the_tile_away_and_draws_at_once(covered: Page) -> None:
    draw(covered, BAR)
    assert covered.evaluate("inkling.state.sample") is None
    strokes = page_drawing(covered)["strokes"]
    assert len(strokes) == 1
    assert strokes[0][0] == pytest.approx(list(BAR.strokes[0][0]), abs=0.003)
    expect_verdict(covered, 1)
    expect(covered.locator("#pad-heading")).to_have_text(TEXT["pad_heading"])


def test_undo_puts_the_tile_away_and_shows_the_drawing_again(covered: Page) -> None:
    covered.get_by_test_id("pad-undo").click()
    assert page_drawing(covered) == covered.drawn  # type: ignore[attr-defined]
    expect_verdict(covered, 4)
    expect(covered.get_by_test_id("pad-sample")).to_be_hidden()


def test_clear_puts_the_tile_away_and_empties_the_pad(covered: Page) -> None:
    covered.get_by_test_id("pad-clear").click()
    expect_verdict(covered, "")
    assert page_drawing(covered) == {"strokes": []}
    expect(covered.get_by_test_id("pad-sample")).to_be_hidden()


@pytest.mark.parametrize("way", ["drawing", "clear"])
def test_undo_brings_back_what_was_drawn_before_the_tile(covered: Page, way: str) -> None:
    if way == "drawing":
        draw(covered, BAR)
    else:
        covered.get_by_test_id("pad-clear").click()
    covered.get_by_test_id("pad-undo").click()
    assert page_drawing(covered) == covered.drawn  # type: ignore[attr-defined]
    expect_verdict(covered, 4)


def test_undo_is_idle_once_nothing_is_left_to_bring_back(grid: Page) -> None:
    tile(grid, 0).click()
    grid.get_by_test_id("pad-undo").click()
    expect(grid.get_by_test_id("pad-undo")).to_be_disabled()
    expect_verdict(grid, "")


def test_an_example_replaces_the_tile(covered: Page) -> None:
    covered.locator("[data-example='7']").click()
    expect_verdict(covered, 7)
    expect(covered.get_by_test_id("pad-sample")).to_be_hidden()


def test_a_tile_ends_the_replay_of_an_example(grid: Page) -> None:
    grid.locator("[data-example='3']").click()
    grid.wait_for_function("inkling.state.drawing.strokes.length")
    tile(grid, 8).click()
    grid.wait_for_timeout(900)  # longer than a replay
    expect(grid.get_by_test_id("pad-sample")).to_be_visible()


def test_the_tile_on_the_pad_is_marked(covered: Page) -> None:
    pressed = covered.get_by_test_id("sample-grid").locator("[aria-pressed=true]")
    expect(pressed).to_have_count(1)
    expect(tile(covered, 8)).to_have_attribute("aria-pressed", "true")


def test_pressing_the_marked_tile_puts_it_away(covered: Page) -> None:
    tile(covered, 8).click()
    expect_verdict(covered, 4)
    expect(covered.get_by_test_id("sample-grid").locator("[aria-pressed=true]")).to_have_count(0)


def test_a_late_answer_for_a_tile_that_is_gone_is_not_shown(grid: Page) -> None:
    late: list[Route] = []

    def hold(route: Route) -> None:
        if '"image"' in (route.request.post_data or ""):
            late.append(route)
        else:
            route.continue_()

    grid.route("**", hold)
    tile(grid, 8).click()
    grid.wait_for_timeout(300)
    grid.get_by_test_id("pad-clear").click()
    assert len(late) == 1
    late[0].continue_()
    grid.wait_for_timeout(500)
    expect_verdict(grid, "")
    expect(grid.locator(".verdict-line")).to_have_text(TEXT["verdict_empty"])
