"""The slider and Play: every snapshot of a training can be looked at, alone or one after the other."""

import numpy as np
import pytest
from committed import load_timeline
from playwright.sync_api import Page, expect
from python_says import (
    card_of,
    expect_bars,
    image_on,
    images_seen,
    open_drawing,
    percent,
    probabilities,
)
from visitor import count_images, example, expect_verdict, move_slider, say

from mnist_core.runs.recipes import DEFAULT_RUN

LAST = 20  # the default run's last snapshot
PLAY_TIMES = "async said => (await import('./story.js')).playTimes(said)"


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
    detail = {0: "before any training", -1: "Before training"}.get(index) or f"after {images} images"
    expect(same_page.get_by_test_id("verdict")).to_contain_text(detail)


def test_all_timelines_begin_untrained_and_grow(same_page: Page) -> None:
    runs = same_page.evaluate("async () => (await (await fetch('runs.json')).json()).runs")
    for entry in runs:
        timeline = load_timeline(entry["id"])
        assert (tuple(entry["steps"]), tuple(entry["images_seen"])) == (timeline.steps, timeline.images_seen)
