"""The bands on the untrained bars: what twenty other untrained networks say, in a real browser."""

import pytest
from hand import choose_run, draw, example, expect_verdict, page_drawing, requests_for
from playwright.sync_api import Page, Route, expect

from mnist_core.drawing import parse_drawing
from mnist_core.luck import SEEDS
from mnist_core.model import build_model
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import DEFAULT_RUN, find_run
from webapp.text import TEXT

BANDS = """rows => rows.map(row => row.querySelector(".band"))
  .map(band => [parseFloat(band.style.marginLeft), parseFloat(band.style.width)])"""


def shown_bands(page: Page) -> list[tuple[float, float]]:
    """The least and the most, 0..1, that every untrained bar's band shows."""
    rows = page.get_by_test_id("bars-untrained").locator("[data-digit]")
    return [(left / 100, (left + width) / 100) for left, width in rows.evaluate_all(BANDS)]


def expected_bands(page: Page, run_id: str) -> list[tuple[float, float]]:
    """The same of fresh networks and the drawing on the pad, computed in Python."""
    run, image = find_run(run_id), image_of_drawing(parse_drawing(page_drawing(page)))
    said = []
    for seed in SEEDS:
        model = build_model(run.architecture, seed=seed, input_range=run.recipe.input_range).eval()
        said.append(model(image[None])[0].softmax(-1).tolist())
    return [(min(of_digit), max(of_digit)) for of_digit in zip(*said, strict=True)]


def expect_bands(page: Page, count: int) -> None:
    expect(page.locator(".band:visible")).to_have_count(count)


@pytest.fixture
def drawn(page: Page) -> Page:
    """A 4 on the pad, answered, with its bands."""
    draw(page, example(4).drawing)
    expect_verdict(page, 4)
    expect_bands(page, 10)
    return page


def test_the_bands_hold_what_twenty_fresh_networks_say(drawn: Page) -> None:
    for shown, expected in zip(shown_bands(drawn), expected_bands(drawn, DEFAULT_RUN), strict=True):
        assert shown == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize("run_id", ["tanh-96-sigmoid-256/published", "relu-128-128-64-64/published"])
def test_the_bands_are_those_of_the_chosen_network(drawn: Page, run_id: str) -> None:
    choose_run(drawn, run_id)
    expect_bands(drawn, 10)
    for shown, expected in zip(shown_bands(drawn), expected_bands(drawn, run_id), strict=True):
        assert shown == pytest.approx(expected, abs=6e-4)


def test_the_sentence_names_the_least_and_the_most(drawn: Page) -> None:
    bands = drawn.evaluate("inkling.state.luck.flat()")
    words = TEXT["luck_note"].format(low=f"{min(bands) * 100:.1f} %", high=f"{max(bands) * 100:.1f} %")
    expect(drawn.get_by_test_id("luck")).to_have_text(words)


def test_each_band_says_in_words_what_it_shows(drawn: Page) -> None:
    for digit in range(10):
        said = drawn.evaluate("digit => inkling.state.luck.map(network => network[digit])", digit)
        words = TEXT["luck_band"].format(low=f"{min(said) * 100:.1f} %", high=f"{max(said) * 100:.1f} %")
        row = drawn.get_by_test_id("bars-untrained").locator(f"[data-digit='{digit}']")
        expect(row.get_by_role("img")).to_have_accessible_name(words)


def test_a_blank_pad_shows_no_band(drawn: Page) -> None:
    drawn.get_by_test_id("pad-clear").click()
    expect_bands(drawn, 0)
    expect(drawn.get_by_test_id("luck")).to_have_text("")


def test_while_the_pen_moves_there_is_no_band_and_none_is_asked_for(drawn: Page) -> None:
    asked = requests_for(drawn, "luck")
    draw(drawn, example(1).drawing, lift=False)
    drawn.wait_for_timeout(500)
    expect_bands(drawn, 0)
    assert asked == []
    drawn.mouse.up()
    expect_bands(drawn, 10)
    assert len(asked) == 1


def test_a_band_that_comes_too_late_is_not_shown(page: Page) -> None:
    held: list[Route] = []
    page.route("**/ask/luck", lambda route: held.append(route))
    draw(page, example(4).drawing)
    expect_verdict(page, 4)
    page.wait_for_timeout(300)
    page.get_by_test_id("pad-clear").click()
    for route in held:
        route.continue_()
    page.wait_for_timeout(300)
    assert held
    expect_bands(page, 0)


def test_the_slider_leaves_the_bands_and_asks_for_none(drawn: Page) -> None:
    bands, asked = shown_bands(drawn), requests_for(drawn, "luck")
    drawn.get_by_test_id("timeline").fill("3")
    expect_bands(drawn, 10)
    assert (shown_bands(drawn), asked) == (bands, [])


@pytest.mark.parametrize("name", ["untrained", "trained"])
def test_each_chart_still_has_ten_bars(drawn: Page, name: str) -> None:
    expect(drawn.locator(f"[data-testid=bars-{name}] > [data-digit][data-probability]")).to_have_count(10)
    expect(drawn.locator(f"[data-testid=bars-{name}] > *")).to_have_count(10)
