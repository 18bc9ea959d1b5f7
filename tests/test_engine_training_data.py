"""What a training in the page is given: images, order, dropout, settings."""

import json
from itertools import chain
from math import sqrt

import numpy as np
import pytest
from engine_trainings import page_settings
from node import run_node

from mnist_core.runs.recipes import RUNS
from mnist_core.training.run_training import snapshot_steps

LABELS = np.random.default_rng(0).integers(10, size=3_000).tolist()
CHOICE = {"count": 3_000, "leftOut": [], "shuffledShare": 0, "seed": 0}
SETTINGS = page_settings(RUNS["relu-25-25/published"], batchSize=5, epochs=20)


def chosen(*changes: dict) -> list[dict]:
    """What the page chooses of 3,000 images with these labels."""
    choices = [CHOICE | change for change in changes]
    return json.loads(run_node("chosen_data.js", json.dumps(LABELS), json.dumps(choices)))


def outcomes(*changes: dict) -> list:
    """Of trainings with changed settings the error's message, or after how many steps they diverged."""
    return json.loads(run_node("settings.js", json.dumps(SETTINGS), json.dumps(changes)))


def test_snapshots_are_kept_at_the_steps_of_python():
    totals = [*range(1, 3_000), *range(3_000, 10_000_000, 3_331)]
    steps = json.loads(run_node("snapshot_steps.js", json.dumps(totals)))
    assert steps == [snapshot_steps(total) for total in totals]


def test_the_first_images_are_chosen_with_their_labels():
    for count, result in zip((1, 100, 3_000), chosen({"count": 1}, {"count": 100}, {}), strict=True):
        assert result == {"numbers": list(range(count)), "labels": LABELS[:count]}


def test_digits_left_out_are_never_shown():
    (result,) = chosen({"count": 1_000, "leftOut": [7, 0]})
    kept = [number for number, label in enumerate(LABELS[:1_000]) if label not in (7, 0)]
    assert result == {"numbers": kept, "labels": [LABELS[number] for number in kept]}


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_a_share_of_the_labels_is_dealt_out_anew(share):
    (result,) = chosen({"shuffledShare": share})
    assert result["numbers"] == list(range(3_000))
    assert sorted(result["labels"]) == sorted(LABELS)
    changed = sum(ours != old for ours, old in zip(result["labels"], LABELS, strict=True))
    expected = 3_000 * share * 0.9  # one in ten gets its own label again
    assert changed == pytest.approx(expected, abs=4 * sqrt(expected * 0.1) + 1)


def test_equal_seeds_shuffle_labels_equally_and_another_seed_does_not():
    first, again, other = (
        result["labels"] for result in chosen(*({"shuffledShare": 0.5, "seed": seed} for seed in (1, 1, 2)))
    )
    assert first == again != other


def test_an_impossible_choice_is_refused():
    cases = [
        ({"count": 0}, "There are 3,000 images to learn from, not 0; choose from 1 on."),
        ({"count": 3_001}, "There are 3,000 images to learn from, not 3001; choose from 1 on."),
        ({"count": 1.5}, "There are 3,000 images to learn from, not 1.5; choose from 1 on."),
        ({"leftOut": [10]}, "The digits to leave out are 0 to 9, not 10."),
        ({"leftOut": list(range(10))}, "No image is left to learn from; leave fewer digits out."),
        ({"shuffledShare": 1.1}, "The share of shuffled labels is from 0 to 1, not 1.1."),
        ({"shuffledShare": None}, "The share of shuffled labels is from 0 to 1, not null."),
    ]
    found = chosen(*(changes for changes, _ in cases))
    assert found == [{"message": message} for _, message in cases]


def test_each_pass_shows_every_image_once_in_an_order_of_its_own():
    settings = {"batchSize": 32, "epochs": 4, "shuffled": True}
    (steps, again, other) = json.loads(
        run_node("passes.js", json.dumps([[100, settings, seed] for seed in (5, 5, 6)]))
    )
    assert [len(step) for step in steps] == [32, 32, 32, 4] * 4
    passes = [[*chain(*steps[first : first + 4])] for first in range(0, 16, 4)]
    assert all(sorted(order) == list(range(100)) for order in passes)
    assert len({tuple(order) for order in [*passes, list(range(100))]}) == 5
    assert steps == again != other


def test_every_image_is_as_likely_in_every_place():
    settings = {"batchSize": 6, "epochs": 6_000, "shuffled": True}
    (steps,) = json.loads(run_node("passes.js", json.dumps([[6, settings, 0]])))
    counts = np.array([np.bincount(place, minlength=6) for place in np.array(steps).T])
    assert np.abs(counts - 1_000).max() < 5 * sqrt(1_000)


def test_images_that_are_not_shuffled_come_in_their_order():
    settings = {"batchSize": 3, "epochs": 2, "shuffled": False}
    assert json.loads(run_node("passes.js", json.dumps([[4, settings, 0]]))) == [[[0, 1, 2], [3]] * 2]


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


def test_a_training_that_diverges_is_noticed_and_one_that_does_not_is_not():
    changes = [
        {"learningRate": 1e6},
        {"learningRate": 1e6, "optimizer": "sgd", "momentum": 0.9},
        {"learningRate": 1e6, "loss": "cross_entropy_of_probabilities"},
        {"learningRate": 1e-3},
        {"learningRate": 1e-3, "optimizer": "sgd", "momentum": 0.9},
    ]
    adam, sgd, double, *sound = outcomes(*changes)
    assert adam == double == 1
    assert 1 <= sgd <= 5
    assert sound == [None, None]


def test_an_impossible_setting_is_refused_with_a_sentence():
    cases = [
        ({"learningRate": 0}, "The learning rate is above 0 and at most a million; this is not: 0."),
        ({"learningRate": -1}, "The learning rate is above 0 and at most a million; this is not: -1."),
        ({"learningRate": "1"}, 'The learning rate is above 0 and at most a million; this is not: "1".'),
        ({"learningRate": None}, "The learning rate is above 0 and at most a million; this is not: null."),
        ({"momentum": 1}, "The momentum is from 0 to below 1; this is not: 1."),
        ({"batchSize": 0}, "A batch has 1 to 60,000 images; this is not: 0."),
        ({"batchSize": 2.5}, "A batch has 1 to 60,000 images; this is not: 2.5."),
        ({"epochs": 10**9}, "There are 1 to 1,000 passes; this is not: 1000000000."),
        ({"seed": -1}, "The start is a whole number from 0 to 4,294,967,295; this is not: -1."),
        ({"optimizer": "adamw"}, 'The optimizer is adam or sgd; this is not: "adamw".'),
        ({"loss": "toString"}, 'There is no such loss; this is not: "toString".'),
        ({"dropout": [1, 0]}, "Dropout is from 0 to below 1; this is not: [1,0]."),
        ({"share": 1.1}, "The share of the way is from 0 to 1; this is not: 1.1."),
        ({"dropout": [0]}, "Every hidden layer has one activation and one dropout."),
        (
            {"sizes": [784, 1e9, 25, 10]},
            "The layers go from 784 pixels to 10 logits, with whole numbers of units between; "
            "this is not: [784,1000000000,25,10].",
        ),
        (
            {"inputRange": [1, 1]},
            "The range of inputs goes from a number to a larger one; this is not: [1,1].",
        ),
    ]
    assert outcomes(*(changes for changes, _ in cases)) == [message for _, message in cases]
