"""Many trainings at once, as the page's engine makes and compares them."""

import json
import statistics
from functools import cache
from itertools import combinations
from typing import Any

import pytest
from engine_trainings import Plan, page_plan
from node import run_node

from mnist_core.runs.recipes import RUNS

SMALL = {"training_images": 300, "epochs": 2, "batch_size": 16}
WITH_DROPOUT = next(run for run in RUNS.values() if run.id.endswith("/published") and run.recipe.dropout)
SERIES = {
    "one recipe": (RUNS["relu-50/published"], [{}]),
    "dropout": (WITH_DROPOUT, [{}]),
    "momentum": (RUNS["relu-25-25/published"], [{"optimizer": "sgd", "momentum": 0.9}]),
    "shuffled labels": (RUNS["relu-50/published"], [{"shuffled_share": 0.5}]),
    "digits left out": (RUNS["relu-50/published"], [{"left_out": [3, 7]}]),
    "two recipes": (RUNS["relu-50/published"], [{}, {"batch_size": 25, "epochs": 1}]),
}


@cache
def series(name: str) -> dict[str, Any]:
    """What tests/engine/series.js prints of three starts of each recipe."""
    run, recipes = SERIES[name]
    return made([page_plan(run, seed=seed, **SMALL | changes) for changes in recipes for seed in (1, 2, 3)])


def made(plans: list[Plan]) -> dict[str, Any]:
    return json.loads(run_node("series.js", json.dumps({"plans": plans})))


def reached(told: dict[str, Any], number: int) -> list[dict[str, Any]]:
    return [each for each in told["reports"] if each["type"] == "reached" and each["number"] == number]


@pytest.mark.parametrize("name", SERIES)
def test_a_training_that_takes_turns_with_others_comes_to_the_same_bits_as_alone(name: str) -> None:
    told = series(name)
    assert len(told["alone"]) >= 3
    for number, alone in enumerate(told["alone"]):
        assert [each["network"] for each in reached(told, number)] == alone
        assert len(alone) > 5


@pytest.mark.parametrize("name", SERIES)
def test_no_two_starts_come_to_the_same_network(name: str) -> None:
    ends = [alone[-1] for alone in series(name)["alone"]]
    assert len(set(ends)) == len(ends)


@pytest.mark.parametrize("name", SERIES)
def test_trainings_reach_each_snapshot_one_after_the_other_and_as_many_images_as_foretold(name: str) -> None:
    told = series(name)
    axes = {each["number"]: each["axis"] for each in told["reports"] if each["type"] == "running"}
    order = [each["number"] for each in told["reports"] if each["type"] == "reached"]
    assert order[: 2 * len(axes)] == [*axes, *axes]
    for number, axis in axes.items():
        assert [each["images"] for each in reached(told, number)] == axis
    assert told["reports"][-1] == {"type": "done"}


def test_snapshots_are_measured_on_some_test_images_and_the_last_on_all() -> None:
    counts = [each["test"]["n"] for each in reached(series("one recipe"), 0)]
    assert counts == [1000] * (len(counts) - 1) + [1500]


def test_a_training_that_diverges_ends_and_the_others_go_on() -> None:
    wild, tame = (
        page_plan(RUNS["relu-50/published"], seed=1, **SMALL, learning_rate=rate) for rate in (1e6, 1e-3)
    )
    told = made([wild, tame])
    assert [each["number"] for each in told["reports"] if each["type"] == "diverged"] == [0]
    assert reached(told, 1)[-1]["step"] == 38
    assert told["reports"][-1] == {"type": "done"}


def test_what_is_not_to_be_trained_is_said_in_a_sentence() -> None:
    told = made([page_plan(RUNS["relu-50/published"], seed=1, **SMALL, left_out=list(range(10)))])
    assert told["reports"][-1]["problem"]["key"] == "training_nothing_left"


def spread(one: list[float], other: list[float]) -> dict[str, float]:
    return json.loads(run_node("spread.js", json.dumps([one, other])))


GROUPS = [
    ([0.91, 0.92, 0.925, 0.93, 0.94], [0.95, 0.955, 0.96, 0.961, 0.97]),
    ([0.91, 0.92, 0.925, 0.93, 0.94], [0.915, 0.921, 0.926, 0.931, 0.935]),
    ([0.5, 0.51, 0.52], [0.5, 0.51, 0.56, 0.57]),
    ([0.9, 0.9, 0.9], [0.9, 0.9, 0.9]),
]


@pytest.mark.parametrize(("one", "other"), GROUPS)
def test_p_is_the_share_of_all_splits_whose_means_lie_as_far_apart(
    one: list[float], other: list[float]
) -> None:
    together = one + other

    def apart(first: tuple[int, ...]) -> float:
        rest = [value for index, value in enumerate(together) if index not in first]
        return abs(statistics.mean(together[index] for index in first) - statistics.mean(rest))

    splits = [apart(first) for first in combinations(range(len(together)), len(one))]
    expected = statistics.mean(split >= apart(tuple(range(len(one)))) - 1e-12 for split in splits)
    assert spread(one, other)["p"] == pytest.approx(expected, abs=0.015)


@pytest.mark.parametrize(("one", "other"), GROUPS)
def test_mean_and_standard_deviation_are_those_of_a_sample(one: list[float], other: list[float]) -> None:
    told = spread(one, other)
    assert told["mean"] == pytest.approx(statistics.mean(one))
    assert told["deviation"] == pytest.approx(statistics.stdev(one), abs=1e-12)
