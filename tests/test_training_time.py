"""How long a training in the page takes: foretold from one that was, and from how fast it has gone lately."""

import json
import math
from itertools import pairwise
from typing import Any

import pytest
from engine_trainings import page_plan
from node import run_node

from mnist_core.runs.recipes import RUNS

PLAN = page_plan(RUNS["relu-50/published"])
PUBLISHED = [run for run in RUNS.values() if run.id.endswith("/published")]
IMAGES = 180_000  # its tutorial shows 60,000 three times


def outcomes(*steps: list) -> list:
    """What each of these steps gave; see tests/engine/training_time.js."""
    return json.loads(run_node("training_time.js", json.dumps(steps)))


def changed(**recipe: object) -> dict[str, Any]:
    return {**PLAN, "recipe": {**PLAN["recipe"], **recipe}}


def progress(images: int, **others: object) -> dict[str, Any]:
    training = {"plan": PLAN, "isFineTuning": False, "slowStart": False, "totalImages": IMAGES, "axis": []}
    return {**training, "images": images, **others}


def shown(images: int, ms: float, tried: float | None = None, **others: object) -> list[list]:
    """So many images have been shown after so much work; `tried`: milliseconds of one, found by a trial."""
    return [["call", "note", progress(images, **others), ms, tried]]


def trained(**others: object) -> list[list]:
    """A training that showed 10,000 images a second, and is remembered."""
    reports = [step for second in range(6) for step in shown(10_000 * second, 1000 * second, **others)]
    return [*reports, ["call", "remember", progress(50_000, **others)]]


def estimates(*plans: dict[str, Any], slow_start: bool = False) -> list[float | None]:
    """What is expected of these plans after that training."""
    asked = [["call", "estimateSeconds", plan, slow_start] for plan in plans]
    return outcomes(*trained(), *asked)[-len(plans) :]


def left(*steps: list, images: int, **others: object) -> float | None:
    return outcomes(*steps, ["call", "secondsLeft", progress(images, **others)])[-1]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        *[(0, "about 1 s"), (3.4, "about 3 s"), (18, "about 20 s"), (44, "about 40 s"), (54, "about 50 s")],
        *[(56, "about 1 min"), (130, "about 2 min"), (1_700, "about 30 min"), (3_200, "about 50 min")],
        *[(3_400, "about 1 h"), (8_000, "about 2 h"), (90_000, "about 25 h")],
    ],
)
def test_a_time_is_said_in_round_numbers(seconds, words):
    assert outcomes(["say", seconds]) == [words]


def test_of_a_device_of_which_nothing_is_known_nothing_is_expected():
    assert outcomes(["call", "estimateSeconds", PLAN]) == [None]


def test_nothing_is_expected_of_a_fine_tuning():
    assert estimates(changed(taught_from="relu-50/robust")) == [None]


def test_a_training_is_expected_to_go_as_fast_as_the_last_one_of_its_architecture():
    (seconds,) = estimates(PLAN)
    assert seconds == pytest.approx(IMAGES / 10_000, rel=0.15)  # and its snapshots are measured


@pytest.mark.parametrize(
    ("change", "share"),
    [
        ({"epochs": 6}, 2),
        ({"stop_after": 90_000}, 1 / 2),
        ({"left_out": [3, 7]}, 0.8),
    ],
)
def test_what_shows_more_images_takes_longer(change, share):
    whole, other = estimates(PLAN, changed(**change))
    assert other == pytest.approx(share * whole, rel=0.15)


def test_smaller_batches_take_longer_as_every_step_updates_all_weights():
    large, usual, small = estimates(changed(batch_size=1024), PLAN, changed(batch_size=8))
    assert large < usual < small / 2


def test_larger_networks_are_expected_to_take_longer():
    relu = [run for run in PUBLISHED if run.id.startswith("relu")]
    seconds = estimates(*(page_plan(run, batch_size=32, epochs=1) for run in relu))
    assert seconds == sorted(seconds)


def waits(size: int, images: int = 0) -> float:
    """Seconds that a slow start waits from there on: evenly up to 1,000, then each doubling as long."""
    times = [
        2 * min(shown, 1000) + 500 * math.log(min(max(shown, 1000), 20_000) / 1000)
        for shown in range(images, 20_000 + size, size)
    ]
    return sum(min(500, after - before) for before, after in pairwise(times)) / 1000


@pytest.mark.parametrize("size", [1, 64, 250, 1028, 60_000])
def test_a_slow_start_takes_as_long_as_its_steps_wait(size):
    plan = changed(batch_size=size)
    (fast,), (slow,) = estimates(plan), estimates(plan, slow_start=True)
    assert slow - fast == pytest.approx(waits(size))


def timed(tick: float, look: int = 0, pause: float = 0) -> list[float]:
    """What is expected of the five after a look at a device whose clock ticks so, and once pauses, in ms."""
    asked = [["call", "estimateSeconds", page_plan(run)] for run in PUBLISHED]
    prepared = ["call", "prepare", page_plan(PUBLISHED[0])["architecture"]]
    return outcomes(["run", tick, look, pause], prepared, *asked)[-len(asked) :]


@pytest.mark.parametrize("tick", [0.001, 0.1, 1, 20])  # of a browser's clock; most have 0.1 or 1
def test_a_device_that_was_timed_expects_the_same_however_its_clock_ticks(tick):
    assert timed(tick) == pytest.approx(timed(0.05), rel=0.15)


@pytest.mark.parametrize("look", [2, 3, 20, 44, 60, 84])
def test_an_interruption_while_a_device_is_timed_is_left_out(look):
    assert timed(1, look, 40) == pytest.approx(timed(1), rel=0.3)


def test_what_is_left_goes_as_fast_as_it_went_lately():
    slow = [step for second in range(10) for step in shown(100 * second, 1000 * second)]
    fast = [step for second in range(10) for step in shown(10_000 * second, 10_000 + 1000 * second)]
    assert left(*slow, *fast, images=90_000) == pytest.approx(9)


def test_what_is_left_is_not_known_at_once_and_still_after_a_pause():
    assert left(images=0) is None
    assert left(*shown(0, 0), *shown(100, 400), images=100) is None
    reports = [*shown(0, 0), *shown(1000, 1000)]
    assert left(*reports, images=1000) == pytest.approx(179)
    assert left(*reports, ["call", "rest"], images=0) is None  # another training begins


def test_what_is_left_is_known_at_once_after_another_training_of_the_architecture():
    assert left(*trained(), images=0) == pytest.approx(IMAGES / 10_000, rel=0.01)


@pytest.mark.parametrize("images", [64, 960, 6400, 19_968])
def test_in_a_slow_start_what_is_left_goes_by_its_waiting_and_by_what_a_trial_found(images):
    slow = [step for at in range(10) for step in shown(at, 1000 * at, slowStart=True)]  # cold, and waiting
    reports = [*slow, *shown(images, 11_000, tried=0.1, slowStart=True)]
    expected = waits(64, images) + (IMAGES - images) / 10_000
    assert left(*reports, images=images, slowStart=True) == pytest.approx(expected, abs=0.01)


def test_a_fine_tuning_has_no_slow_start():
    others = {"slowStart": True, "isFineTuning": True}
    taught = [*shown(0, 0, **others), *shown(640, 1000, **others)]
    assert left(*taught, images=640, totalImages=25_600, **others) == pytest.approx(39)


def test_snapshots_close_together_at_first_do_not_make_the_rest_seem_slow():
    reports = [*shown(1064, 0), *shown(3000, 1000)]
    axis = {"axis": [*range(1100, 2900, 200), 90_000, IMAGES]}
    measured = [*shown(1064, 0, **axis), *shown(3000, 1000, **axis)]
    assert left(*measured, images=3000, **axis) < left(*reports, images=3000) / 2
