"""The published runs and the default one: figures recomputed, and what the project promises of them."""

import statistics
from dataclasses import asdict

import pytest
import torch
from made import read_parts, shortened

from mnist_core.checkpoints.card import MAX_BYTES, checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.drawings.mnist import load_mnist
from mnist_core.measuring.evaluation import evaluate, score_on_training
from mnist_core.networks.model import build_model, linear_layers
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS
from mnist_core.training.run_training import snapshot_steps, train

PUBLISHED = {run_id: run for run_id, run in RUNS.items() if run_id.endswith("/published")}
PROMISED = {**PUBLISHED, DEFAULT_RUN: RUNS[DEFAULT_RUN]}
BY_DEFAULT = [DEFAULT_RUN, "relu-50/published"]
PEN_DRAWINGS = 7_494  # of pendigits, which the robust runs also learn from
PROMISED_MEAN_ACCURACY = {
    "relu-50/published": 0.95,
    "relu-25-25/published": 0.95,
    "relu-96-256/published": 0.965,
    "tanh-96-sigmoid-256/published": 0.965,
    "relu-128-128-64-64/published": 0.9595,
    "relu-96-256/robust": 0.993,
}
PROMISED_SPEED = {32: 2, 1028: 8}  # times faster than the tutorial's loop, by batch size


def measured_again(runs):
    """Call a test with each run; by default with two of them."""
    marks = {run_id: [] if run_id in BY_DEFAULT else [pytest.mark.thorough] for run_id in runs}
    return pytest.mark.parametrize(
        "run", [pytest.param(run, marks=marks[run_id], id=run_id) for run_id, run in runs.items()]
    )


def card_of(run):
    return load_checkpoint(checkpoint_path(run))[1]


def images_in_epoch(run):
    """How many images a run learns from in one epoch, counted from its recipe."""
    augmentation = run.recipe.augmentation
    if augmentation is None:
        return 60_000
    return augmentation.copies * (60_000 + augmentation.pen_variants * PEN_DRAWINGS)


@measured_again(PROMISED)
def test_scores_recomputed_on_all_test_images_equal_the_card(run, test_images):
    timeline, card = load_checkpoint(checkpoint_path(run))
    assert evaluate(timeline, test_images.ink(torch.float64), test_images.labels) == card.scores


@measured_again(RUNS)
def test_training_scores_recomputed_for_the_finished_network_equal_the_card(run, mnist):
    timeline, card = load_checkpoint(checkpoint_path(run))
    assert score_on_training(timeline.at(-1), load_mnist(mnist, "training")) == card.training_scores[-1:]


def test_step_zero_of_a_committed_run_is_a_fresh_model_of_its_seed():
    for run in RUNS.values():
        timeline, _ = load_checkpoint(checkpoint_path(run))
        fresh = linear_layers(build_model(run.architecture, seed=timeline.seed))
        for weight, bias, layer in zip(timeline.weights, timeline.biases, fresh, strict=True):
            assert torch.equal(weight[0], layer.weight.half()), run.id
            assert torch.equal(bias[0], layer.bias.half()), run.id


def test_a_committed_timeline_is_of_the_whole_training():
    for run in PROMISED.values():
        timeline, card = load_checkpoint(checkpoint_path(run))
        steps_per_epoch = -(-images_in_epoch(run) // run.recipe.batch_size)
        assert list(timeline.steps) == snapshot_steps(steps_per_epoch * run.recipe.epochs), run.id
        assert timeline.images_seen[-1] == images_in_epoch(run) * run.recipe.epochs, run.id
        assert [epoch.epoch for epoch in card.epochs] == list(range(1, run.recipe.epochs + 1)), run.id


def test_a_committed_file_is_small_enough_for_the_hub_and_holds_the_recipe_of_the_table():
    for run in PROMISED.values():
        assert checkpoint_path(run).stat().st_size < MAX_BYTES, run.id
        stored = read_parts(checkpoint_path(run))[1]["recipe"]
        assert stored == {**asdict(run.recipe), "input_range": list(run.recipe.input_range)}, run.id


def test_a_card_counts_every_image_once():
    for run in PROMISED.values():
        card = card_of(run)
        assert all(sum(map(sum, scores.confusion)) == 10_000 for scores in card.scores), run.id
        assert [scores.n for scores in card.training_scores] == [60_000] * len(card.scores), run.id
        assert sum(each.n for each in card.calibration.bins) == 10_000, run.id
        right = sum(each.n * each.accuracy for each in card.calibration.bins)
        assert right == pytest.approx(card.scores[-1].correct, abs=0.5), run.id


def test_of_at_least_three_seeds_the_median_one_is_committed():
    for run in PROMISED.values():
        timeline, card = load_checkpoint(checkpoint_path(run))
        accuracies = {result.seed: result.test_accuracy for result in card.seeds}
        assert len(accuracies) >= 3, run.id
        assert accuracies[timeline.seed] == statistics.median_low(accuracies.values()), run.id
        assert accuracies[timeline.seed] == card.scores[-1].accuracy, run.id


def test_accuracy_and_speed_are_as_promised():
    for run in PROMISED.values():
        card = card_of(run)
        mean = statistics.mean(result.test_accuracy for result in card.seeds)
        assert mean >= PROMISED_MEAN_ACCURACY[run.id], run.id
        if run in PUBLISHED.values() and run.recipe.batch_size in PROMISED_SPEED:
            speed = card.tutorial_epoch_seconds / card.epoch_seconds
            assert speed >= PROMISED_SPEED[run.recipe.batch_size], run.id


@pytest.mark.slow
def test_retraining_from_the_committed_seed_gives_the_stored_accuracy(mnist, test_images):
    run = RUNS["relu-50/published"]
    timeline, card = load_checkpoint(checkpoint_path(run))
    again = train(run, load_mnist(mnist, "training"), test_images, seed=timeline.seed)
    assert again.epochs[-1].test_accuracy == pytest.approx(card.scores[-1].accuracy, abs=0.005)


@pytest.mark.slow
@pytest.mark.parametrize("run", PUBLISHED.values(), ids=PUBLISHED)
def test_a_new_training_from_the_committed_seed_makes_the_same_first_step(run, mnist, test_images):
    timeline, _ = load_checkpoint(checkpoint_path(run))
    again = train(
        shortened(run, epochs=1), load_mnist(mnist, "training"), test_images, seed=timeline.seed
    ).timeline
    # machines add in other orders, and Adam's first step is as long as its learning rate either way
    torch.testing.assert_close(again.biases[-1][1], timeline.biases[-1][1], atol=1e-3, rtol=0)
