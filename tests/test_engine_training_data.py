"""What a training in the page is given: images, order, dropout, settings."""

import json
from itertools import chain
from math import sqrt

import numpy as np
import pytest
from engine_trainings import page_plan
from node import run_node

from mnist_core.runs.recipes import RUNS
from mnist_core.training.run_training import snapshot_steps

LABELS = np.random.default_rng(0).integers(10, size=3_000).tolist()
CHOICE = {"training_images": 3_000, "left_out": [], "shuffled_share": 0, "seed": 0}
PLAN = page_plan(RUNS["relu-25-25/published"], batch_size=5, epochs=20)


def chosen(*changes: dict) -> list[dict]:
    """What the page chooses of 3,000 images with these labels."""
    choices = [CHOICE | change for change in changes]
    return json.loads(run_node("chosen_data.js", json.dumps(LABELS), json.dumps(choices)))


def outcomes(*changes: dict) -> list:
    """Of trainings by a changed plan what is said of it; None of a possible one."""
    return json.loads(run_node("plan_checks.js", json.dumps(PLAN), json.dumps(changes)))


def test_snapshots_are_kept_at_the_steps_of_python():
    totals = [*range(1, 3_000), *range(3_000, 10_000_000, 3_331)]
    steps = json.loads(run_node("snapshot_steps.js", json.dumps(totals)))
    assert steps == [snapshot_steps(total) for total in totals]


def test_the_first_images_are_chosen_with_their_labels():
    counts = 1, 100, 3_000
    results = chosen(*({"training_images": count} for count in counts))
    for count, result in zip(counts, results, strict=True):
        assert result == {"numbers": list(range(count)), "labels": LABELS[:count]}


def test_digits_left_out_are_never_shown():
    (result,) = chosen({"training_images": 1_000, "left_out": [7, 0]})
    kept = [number for number, label in enumerate(LABELS[:1_000]) if label not in (7, 0)]
    assert result == {"numbers": kept, "labels": [LABELS[number] for number in kept]}


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_a_share_of_the_labels_is_dealt_out_anew(share):
    (result,) = chosen({"shuffled_share": share})
    assert result["numbers"] == list(range(3_000))
    assert sorted(result["labels"]) == sorted(LABELS)
    changed = sum(ours != old for ours, old in zip(result["labels"], LABELS, strict=True))
    expected = 3_000 * share * 0.9  # one in ten gets its own label again
    assert changed == pytest.approx(expected, abs=4 * sqrt(expected * 0.1) + 1)


def test_equal_seeds_shuffle_labels_equally_and_another_seed_does_not():
    first, again, other = (
        result["labels"] for result in chosen(*({"shuffled_share": 0.5, "seed": seed} for seed in (1, 1, 2)))
    )
    assert first == again != other


def test_too_few_images_are_refused_and_none_at_all():
    cases = [
        ({"training_images": 3_001}, "MNIST's archive here has only 3000 images."),
        ({"left_out": list(range(10))}, "No image is left to learn from; leave fewer digits out."),
    ]
    found = chosen(*(changes for changes, _ in cases))
    assert found == [{"message": message} for _, message in cases]


def test_each_pass_shows_every_image_once_in_an_order_of_its_own():
    recipe = {"batch_size": 32, "epochs": 4, "shuffled": True}
    (steps, again, other) = json.loads(
        run_node("passes.js", json.dumps([[100, recipe, seed] for seed in (5, 5, 6)]))
    )
    assert [len(step) for step in steps] == [32, 32, 32, 4] * 4
    passes = [[*chain(*steps[first : first + 4])] for first in range(0, 16, 4)]
    assert all(sorted(order) == list(range(100)) for order in passes)
    assert len({tuple(order) for order in [*passes, list(range(100))]}) == 5
    assert steps == again != other


def test_every_image_is_as_likely_in_every_place():
    recipe = {"batch_size": 6, "epochs": 6_000, "shuffled": True}
    (steps,) = json.loads(run_node("passes.js", json.dumps([[6, recipe, 0]])))
    counts = np.array([np.bincount(place, minlength=6) for place in np.array(steps).T])
    assert np.abs(counts - 1_000).max() < 5 * sqrt(1_000)


def test_images_that_are_not_shuffled_come_in_their_order():
    recipe = {"batch_size": 3, "epochs": 2, "shuffled": False}
    assert json.loads(run_node("passes.js", json.dumps([[4, recipe, 0]]))) == [[[0, 1, 2], [3]] * 2]


@pytest.mark.parametrize(
    ("activation", "function"),
    [
        ("relu", lambda x: max(0, x)),
        ("tanh", np.tanh),
        ("sigmoid", lambda x: 1 / (1 + np.exp(-x))),
    ],
)
def test_dropout_keeps_the_mean(activation, function):
    sums, dropout, times = [-2.0, -0.5, 0.5, 3.0], 0.2, 20_000
    results = json.loads(run_node("dropout.js", json.dumps([sums, activation, dropout, times])))
    for value, result in zip(map(function, sums), results, strict=True):
        assert result["values"] == ([] if value == 0 else [pytest.approx(value / 0.8, rel=1e-6)])
        assert result["mean"] == pytest.approx(value, abs=5 * abs(value) * sqrt(0.25 / times))


def test_an_impossible_plan_is_refused_with_a_sentence():
    rate = "The learning rate is a number above 0 and at most a million, not {}; nothing was changed."
    layers = (
        "A hidden layer has 1 to 10,000 units, an activation, and dropout from 0 to below 1; "
        "these have not: {}."
    )
    layer = {"units": 25, "activation": "relu", "dropout": 0}
    cases = [
        ({"learning_rate": 0}, rate.format(0)),
        ({"learning_rate": -1}, rate.format(-1)),
        ({"learning_rate": "1"}, rate.format('"1"')),
        ({"learning_rate": None}, rate.format("null")),
        ({"momentum": 1}, "The momentum is from 0 to below 1, not 1; nothing was changed."),
        (
            {"batch_size": 0},
            "The batch size is a whole number from 1 to 60,000, not 0; nothing was changed.",
        ),
        (
            {"batch_size": 2.5},
            "The batch size is a whole number from 1 to 60,000, not 2.5; nothing was changed.",
        ),
        (
            {"epochs": 10**9},
            "The passes are a whole number from 1 to 1,000, not 1000000000; nothing was changed.",
        ),
        (
            {"training_images": 0},
            "It can learn from 100, 1,000, 10,000 or 60,000 images, not 0; nothing was changed.",
        ),
        (
            {"training_images": 7},
            "It can learn from 100, 1,000, 10,000 or 60,000 images, not 7; nothing was changed.",
        ),
        (
            {"seed": -1},
            "The random seed is a whole number from 0 to 4,294,967,295, not -1; nothing was changed.",
        ),
        ({"optimizer": "adamw"}, 'The optimizer is Adam or SGD, not "adamw"; nothing was changed.'),
        ({"loss": "toString"}, 'There is no loss "toString".'),
        ({"dropout": 0.5}, "Dropout is on or off, not 0.5; nothing was changed."),
        (
            {"shuffled_share": 1.1},
            "The share of shuffled labels is from 0 to 100 percent; nothing was changed.",
        ),
        ({"left_out": [10]}, "Up to nine different digits can be left out; one at least has to be shown."),
        ({"rates": [[5, 0]]}, "The changes of the learning rate cannot be read; nothing was changed."),
        (
            {"hidden": [layer | {"units": 0}]},
            layers.format('[{"units":0,"activation":"relu","dropout…'),
        ),
        ({"input_range": [1, 1]}, "The range of inputs goes from a number to a larger one, not [1,1]."),
    ]
    assert outcomes({}, *(changes for changes, _ in cases)) == [None, *(message for _, message in cases)]
