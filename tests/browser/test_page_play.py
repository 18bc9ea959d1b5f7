"""Play: the training runs by, slowly where the answers or the test digits read right change."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page, expect
from python_says import (
    card_of,
    expect_bars,
    image_on,
    images_seen,
    open_drawing,
    probabilities,
)
from visitor import (
    LAPTOP,
    bars,
    choose_run,
    draw,
    example,
    expect_verdict,
    move_slider,
    open_page,
    reset,
    say,
)

from mnist_core.detector.made_up_drawings import draw_made_up
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing
from mnist_core.runs.recipes import DEFAULT_RUN
from webapp.files import name_code_folder

pytestmark = pytest.mark.thorough

LAST = 20  # the default run's last snapshot
PLAY_TIMES = f"async said => (await import('./{name_code_folder()}/snapshots.js')).playTimes(said)"


@pytest.fixture(scope="module")
def clock_page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(viewport=LAPTOP)  # of its own: a clock is of a whole context
    page = open_page(context, site)
    page.clock.install(time="2030-01-01T12:00:00")
    page.clock.pause_at("2030-01-01T12:01:00")
    yield page
    context.close()


@pytest.fixture
def clocked(clock_page: Page) -> Iterator[Page]:
    """A page whose time passes only by `page.clock.run_for`, as it opens."""
    reset(clock_page)
    yield clock_page
    assert clock_page.faults == []  # type: ignore[attr-defined]


def changes_of(image: torch.Tensor) -> list[list[float]]:
    """What Play lingers at where it changes: the ten probabilities, and twice the test accuracy."""
    scores = card_of(DEFAULT_RUN).scores
    return [[*said, 2 * score.accuracy] for said, score in zip(probabilities(image), scores, strict=True)]


def position(page: Page) -> int:
    return int(page.get_by_test_id("timeline").input_value())


def test_snapshots_that_answer_alike_get_the_least_of_play(same_page: Page) -> None:
    guess, other = [0.1] * 10, [0.9] + [0.1 / 9] * 9
    times = same_page.evaluate(PLAY_TIMES, [guess, guess, guess, guess, guess, other, other, other])
    alike = [*times[1:5], times[6]]
    assert max(alike) == pytest.approx(min(alike))
    assert max(alike) < 100
    assert max(times) > 5 * max(alike)


def test_where_nothing_changes_play_spends_its_time_evenly(same_page: Page) -> None:
    times = same_page.evaluate(PLAY_TIMES, [[0.1] * 10] * 8)
    assert times[1:] == pytest.approx([times[1]] * 6)
    assert 3_000 < sum(times) < 9_000


@pytest.mark.parametrize("digit", range(10))
def test_play_soon_comes_to_where_something_changes(same_page: Page, digit: int) -> None:
    values = np.array(changes_of(image_of_drawing(example(digit).drawing)))
    times = same_page.evaluate(PLAY_TIMES, values.tolist())
    moved = np.abs(values - values[0]) > [0.05] * 10 + [0.1]  # a column, or the test accuracy, by 5 points
    assert (
        sum(times[: int(np.argmax(moved.any(1)))]) <= 1_400
    )  # it was 2,800 when all snapshots had the same time


@pytest.mark.parametrize("digit", range(10))
def test_play_does_not_stand_still(same_page: Page, digit: int) -> None:
    times = same_page.evaluate(PLAY_TIMES, changes_of(image_of_drawing(example(digit).drawing)))
    assert max(times) <= 2_000


def test_play_shows_every_snapshot_for_its_time_and_ends_at_the_trained_network(clocked: Page) -> None:
    open_drawing(clocked, example(5).drawing)
    times = clocked.evaluate(PLAY_TIMES, changes_of(image_on(clocked)))
    clocked.get_by_test_id("play").click()
    passed = np.cumsum(times)
    for now in range(0, int(passed[-1]) + 100, 100):
        expected = {int(np.searchsorted(passed, at, side="right")) for at in (now - 40, now + 20)}
        assert position(clocked) in expected
        clocked.clock.run_for(100)
    assert position(clocked) == LAST
    expect(clocked.get_by_test_id("play")).to_have_text(say("play"))
    expect_bars(clocked, image_on(clocked))


def test_with_an_empty_pad_play_lingers_where_the_test_digits_change(clocked: Page) -> None:
    accuracies = np.array([score.accuracy for score in card_of(DEFAULT_RUN).scores])
    steepest = int(np.argmax(np.diff(accuracies)))  # it is left by the largest rise
    clocked.get_by_test_id("play").click()
    seen = [position(clocked)]
    while seen[-1] < LAST:
        clocked.clock.run_for(50)
        seen.append(position(clocked))
    stays = [seen.count(snapshot) for snapshot in range(LAST)]
    assert 1_000 < 50 * stays[steepest + 1] <= 1_300
    assert 50 * sum(stays) < 9_000


def test_play_goes_on_from_where_the_slider_is_in_real_time(same_page: Page) -> None:
    open_drawing(same_page, example(3).drawing)
    move_slider(same_page, 16)
    same_page.get_by_test_id("play").click()
    expect(same_page.get_by_test_id("timeline")).to_have_value(str(LAST), timeout=4_000)
    expect(same_page.get_by_test_id("play")).to_have_text(say("play"))


def test_play_can_be_stopped_and_stays_there(clocked: Page) -> None:
    open_drawing(clocked, example(3).drawing)
    clocked.get_by_test_id("play").click()
    clocked.clock.run_for(1_500)
    clocked.get_by_test_id("play").click()
    stopped = position(clocked)
    clocked.clock.run_for(3_000)
    assert (position(clocked), 0 < stopped < LAST) == (stopped, True)
    expect(clocked.get_by_test_id("play")).to_have_text(say("play"))


def test_moving_the_slider_stops_play(clocked: Page) -> None:
    open_drawing(clocked, example(3).drawing)
    clocked.get_by_test_id("play").click()
    clocked.clock.run_for(1_000)
    move_slider(clocked, 15)
    clocked.clock.run_for(8_000)
    assert position(clocked) == 15
    expect(clocked.get_by_test_id("play")).to_have_text(say("play"))


@pytest.mark.parametrize("run_id", ["relu-50/100-images", "relu-50/published", "relu-25-25/robust"])
@pytest.mark.parametrize("left", [None, 50])
def test_choosing_a_network_stops_play_at_a_snapshot_that_exists(
    clocked: Page, run_id: str, left: int | None
) -> None:
    """At the beginning of Play, and 50 ms before its end."""
    open_drawing(clocked, example(3).drawing)
    whole = int(sum(clocked.evaluate(PLAY_TIMES, changes_of(image_on(clocked)))))
    clocked.get_by_test_id("play").click()
    clocked.clock.run_for(300 if left is None else whole - left)
    expect(clocked.get_by_test_id("play")).to_have_text(say("stop"))
    choose_run(clocked, run_id)
    for _ in range(3):
        last = len(images_seen(run_id)) - 1
        assert position(clocked) == last == int(clocked.get_by_test_id("timeline").get_attribute("max") or -1)
        expect_bars(clocked, image_on(clocked), run_id)
        expect(clocked.get_by_test_id("play")).to_have_text(say("play"))
        clocked.clock.run_for(4_000)


def test_drawing_on_while_play_runs_is_answered_at_the_moment_shown(clocked: Page) -> None:
    open_drawing(clocked, Drawing(example(4).drawing.strokes[:1]))
    clocked.get_by_test_id("play").click()
    clocked.clock.run_for(2_000)
    draw(clocked, Drawing(example(4).drawing.strokes[1:]))
    expect_bars(clocked, image_on(clocked), snapshot=position(clocked))
    clocked.clock.run_for(8_000)
    expect_verdict(clocked, 4)


@pytest.mark.parametrize("number", [2, 3])  # a heart and a spiral
def test_of_what_is_refused_no_digit_is_shown(same_page: Page, number: int) -> None:
    open_drawing(same_page, draw_made_up(30, 0)[number][1])
    expect(same_page.get_by_test_id("verdict")).to_contain_text(say("verdict_not_a_digit"))
    expect_verdict(same_page, "")
    expect(same_page.locator(".digit:visible")).to_have_count(0)


def test_before_any_training_a_network_refuses_nothing(same_page: Page) -> None:
    open_drawing(same_page, draw_made_up(30, 0)[2][1])
    expect_verdict(same_page, "")
    expect(same_page.get_by_test_id("verdict")).to_contain_text("second network")
    move_slider(same_page, 0)
    digit = int(np.argmax(bars(same_page)[1]))
    expect_verdict(same_page, digit)
    expect(same_page.get_by_test_id("verdict")).to_contain_text(say("verdict_unsure", digit=digit))
    move_slider(same_page, 1)
    expect_verdict(same_page, "")
