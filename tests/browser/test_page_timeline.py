"""The strip of time: every snapshot of a training can be looked at, and what it says of the drawing."""

import numpy as np
import pytest
from committed import load_timeline
from own_training import LONG, change
from playwright.sync_api import Locator, Page, expect
from python_says import (
    card_of,
    expect_bars,
    image_on,
    images_seen,
    open_drawing,
    percent,
    probabilities,
)
from visitor import LAPTOP, count_images, example, expect_verdict, move_slider, say

from mnist_core.runs.recipes import DEFAULT_RUN

OTHERS = ["relu-50/100-images", "tanh-96-sigmoid-256/published", "relu-128-128-64-64/published"]


@pytest.mark.parametrize(
    "run_id", [DEFAULT_RUN, *(pytest.param(run, marks=pytest.mark.thorough) for run in OTHERS)]
)
def test_at_every_snapshot_the_bars_are_python_s(same_page: Page, run_id: str) -> None:
    open_drawing(same_page, example(5).drawing, run_id)
    said = probabilities(image_on(same_page), run_id)
    for index, expected in enumerate(said):
        move_slider(same_page, index)
        expect_bars(same_page, image_on(same_page), run_id, index)
        expect_verdict(same_page, int(np.argmax(expected)))


@pytest.mark.parametrize("run_id", [DEFAULT_RUN, "relu-50/shuffled-labels"])
@pytest.mark.parametrize("index", [0, 7, -1])
def test_the_labels_tell_the_moment_that_is_shown(same_page: Page, run_id: str, index: int) -> None:
    open_drawing(same_page, example(5).drawing, run_id)
    last = len(images_seen(run_id)) - 1
    move_slider(same_page, index % (last + 1))
    score, images = card_of(run_id).scores[index], count_images(images_seen(run_id)[index])
    digits = say("timeline_all")
    said = {"images": images, "digits": digits, "accuracy": percent(score.correct / score.n)}
    expect(same_page.get_by_test_id("timeline-moment")).to_have_text(
        say("timeline_snapshot" if index else "timeline_start", **said)
    )
    moment = {0: say("now_untrained"), -1: say("after")}.get(index) or say("now_between", images=images)
    expect(same_page.get_by_test_id("moment")).to_have_text(moment)
    detail = "untrained, it said" if index else "before any training"
    expect(same_page.get_by_test_id("verdict")).to_contain_text(detail)


def test_all_timelines_begin_untrained_and_grow(same_page: Page) -> None:
    runs = same_page.evaluate("async () => (await (await fetch('runs.json')).json()).runs")
    for entry in runs:
        timeline = load_timeline(entry["id"])
        assert (tuple(entry["steps"]), tuple(entry["images_seen"])) == (timeline.steps, timeline.images_seen)


def chips(page: Page) -> Locator:
    return page.get_by_test_id("chips").locator("li")


@pytest.mark.parametrize("run_id", [DEFAULT_RUN, "relu-50/100-images"])
def test_under_the_curve_stands_what_every_snapshot_says_of_the_drawing(same_page: Page, run_id: str) -> None:
    open_drawing(same_page, example(5).drawing, run_id)
    answers = np.argmax(probabilities(image_on(same_page), run_id), axis=1)
    expect(chips(same_page)).to_have_text([str(digit) for digit in answers])
    for index in (0, 7, len(answers) - 1):
        move_slider(same_page, index)
        marked = chips(same_page).evaluate_all("chips => chips.map(chip => chip.classList.contains('shown'))")
        assert marked == [at == index for at in range(len(answers))]
    same_page.get_by_test_id("pad-clear").click()
    expect(chips(same_page)).to_have_text([""] * len(answers))


def places(page: Page, which: str = "") -> list[float]:
    """How far right of the window's edge the middle of each chip lies, or of each of `which`."""
    return (
        chips(page)
        .and_(page.locator(f"li{which}"))
        .evaluate_all(
            """chips => chips.map(chip => {
          const { left, right } = chip.getBoundingClientRect();
          return (left + right) / 2;
        })"""
        )
    )


def expect_nearest_by_a_press(page: Page) -> None:
    """A press anywhere on the strip shows the nearest snapshot, and a drag those on its way."""
    strip, middles = page.get_by_test_id("timeline").bounding_box(), np.array(places(page))
    assert strip
    y = strip["y"] + strip["height"] / 2
    for share in (0.01, 0.13, 0.31, 0.5, 0.77, 0.99):
        x = strip["x"] + share * strip["width"]
        page.mouse.click(x, y)
        assert page.get_by_test_id("timeline").input_value() == str(np.abs(middles - x).argmin())
    page.mouse.down()
    for index in (len(middles) - 1, len(middles) // 2, 0):
        page.mouse.move(middles[index] + 1, y - 5, steps=4)
        assert page.get_by_test_id("timeline").input_value() == str(index)
    page.mouse.up()


@pytest.mark.parametrize("run_id", [DEFAULT_RUN, "relu-50/100-images"])
def test_a_press_anywhere_on_the_strip_shows_the_nearest_snapshot(same_page: Page, run_id: str) -> None:
    open_drawing(same_page, example(5).drawing, run_id)
    expect_nearest_by_a_press(same_page)


@pytest.mark.thorough
def test_a_press_shows_the_nearest_snapshot_of_a_run_that_grows_too(page: Page) -> None:
    open_drawing(page, example(5).drawing, "relu-50/published")
    change(page, **LONG)
    page.get_by_test_id("train").click()
    page.wait_for_function(
        "range => Number(range.max) >= 8", arg=page.get_by_test_id("timeline").element_handle()
    )
    page.get_by_test_id("train-pause").click()
    expect(page.get_by_test_id("train-state")).to_have_attribute("data-state", "paused")
    strip = page.get_by_test_id("timeline")
    box, whole = strip.bounding_box(), page.locator(".scrub").bounding_box()
    assert box
    assert whole
    assert box["width"] < 0.9 * whole["width"]  # the rest is for what is to come
    expect_nearest_by_a_press(page)


@pytest.mark.parametrize("width", [360, 390, 1024, 1366])
def test_chips_in_sight_are_at_least_12_px_apart_but_for_the_marked_one(same_page: Page, width: int) -> None:
    same_page.set_viewport_size({"width": width, "height": 768})
    open_drawing(same_page, example(5).drawing, DEFAULT_RUN)
    for index in (0, 7, 20):
        move_slider(same_page, index)
        same_page.wait_for_timeout(50)  # sizes are told with the next frame
        seen = places(same_page, ":not(.shown):visible")
        assert len(seen) > 10
        assert min(np.diff(seen)) >= 12 - 0.1
    same_page.set_viewport_size(LAPTOP)
