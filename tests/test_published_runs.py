"""The published runs and the default one: figures recomputed, and what the project promises of them."""

import statistics
from dataclasses import asdict

import pytest
import torch
from made import read_parts, shortened

from mnist_core.checkpoints.files import load_checkpoint
from mnist_core.checkpoints.metadata import MAX_BYTES, checkpoint_path
from mnist_core.drawings.mnist import load_mnist
from mnist_core.measuring.evaluation import evaluate, score_on_training
from mnist_core.networks.model import build_model, linear_layers
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS
from mnist_core.training.recording import snapshot_steps
from mnist_core.training.run_training import train

PUBLISHED = {run_id: run for run_id, run in RUNS.items() if run_id.endswith("/published")}
PROMISED = {**PUBLISHED, DEFAULT_RUN: RUNS[DEFAULT_RUN]}
EVERY_RUN = pytest.mark.parametrize("run", PROMISED.values(), ids=PROMISED)
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


def card_of(run):
    return load_checkpoint(checkpoint_path(run))[1]


def images_in_epoch(run):
    """How many images a run learns from in one epoch, counted from its recipe."""
    augmentation = run.recipe.augmentation
    if augmentation is None:
        return 60_000
    return augmentation.copies * (60_000 + augmentation.pen_variants * PEN_DRAWINGS)


@EVERY_RUN
def test_scores_recomputed_on_all_test_images_equal_the_card(run, test_images):
    timeline, card = load_checkpoint(checkpoint_path(run))
    assert evaluate(timeline, test_images.ink(torch.float64), test_images.labels) == card.scores


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_training_scores_recomputed_for_the_finished_network_equal_the_card(run, mnist):
    timeline, card = load_checkpoint(checkpoint_path(run))
    assert score_on_training(timeline.at(-1), load_mnist(mnist, "training")) == card.training_scores[-1:]


@EVERY_RUN
def test_training_scores_cover_every_snapshot_and_all_training_images(run):
    card = card_of(run)
    assert [scores.n for scores in card.training_scores] == [60_000] * len(card.scores)


@EVERY_RUN
def test_a_committed_file_is_small_enough_for_the_hub(run):
    assert checkpoint_path(run).stat().st_size < MAX_BYTES


@EVERY_RUN
def test_a_committed_card_holds_the_recipe_of_the_table(run):
    stored = read_parts(checkpoint_path(run))[1]["recipe"]
    known = {**asdict(run.recipe), "input_range": list(run.recipe.input_range)}
    assert stored == known


@EVERY_RUN
def test_a_committed_timeline_has_the_snapshots_of_the_whole_training(run):
    timeline, _ = load_checkpoint(checkpoint_path(run))
    steps_per_epoch = -(-images_in_epoch(run) // run.recipe.batch_size)
    assert list(timeline.steps) == snapshot_steps(steps_per_epoch * run.recipe.epochs)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_step_zero_of_a_committed_run_is_a_fresh_model_of_its_seed(run):
    timeline, _ = load_checkpoint(checkpoint_path(run))
    fresh = linear_layers(build_model(run.architecture, seed=timeline.seed))
    for weight, bias, layer in zip(timeline.weights, timeline.biases, fresh, strict=True):
        assert torch.equal(weight[0], layer.weight.half())
        assert torch.equal(bias[0], layer.bias.half())


@EVERY_RUN
def test_a_finished_network_has_seen_every_training_image_in_every_epoch(run):
    timeline, _ = load_checkpoint(checkpoint_path(run))
    assert timeline.images_seen[-1] == images_in_epoch(run) * run.recipe.epochs


@EVERY_RUN
def test_a_committed_card_has_every_epoch(run):
    assert [epoch.epoch for epoch in card_of(run).epochs] == list(range(1, run.recipe.epochs + 1))


@EVERY_RUN
def test_confusion_counts_every_test_image_once(run):
    assert all(sum(map(sum, scores.confusion)) == 10_000 for scores in card_of(run).scores)


@EVERY_RUN
def test_at_least_three_seeds_were_trained(run):
    assert len({result.seed for result in card_of(run).seeds}) >= 3


@EVERY_RUN
def test_mean_accuracy_over_the_seeds_is_as_promised(run):
    mean = statistics.mean(result.test_accuracy for result in card_of(run).seeds)
    assert mean >= PROMISED_MEAN_ACCURACY[run.id]


@EVERY_RUN
def test_the_committed_seed_is_the_median_one(run):
    timeline, card = load_checkpoint(checkpoint_path(run))
    accuracies = {result.seed: result.test_accuracy for result in card.seeds}
    assert accuracies[timeline.seed] == statistics.median_low(accuracies.values())


@EVERY_RUN
def test_the_committed_seeds_result_is_the_last_snapshots_accuracy(run):
    timeline, card = load_checkpoint(checkpoint_path(run))
    accuracies = {result.seed: result.test_accuracy for result in card.seeds}
    assert accuracies[timeline.seed] == card.scores[-1].accuracy


@pytest.mark.parametrize(
    "run",
    [run for run in PUBLISHED.values() if run.recipe.batch_size in PROMISED_SPEED],
    ids=lambda run: run.id,
)
def test_training_was_as_many_times_faster_than_the_tutorial_as_promised(run):
    card = card_of(run)
    assert card.tutorial_epoch_seconds / card.epoch_seconds >= PROMISED_SPEED[run.recipe.batch_size]


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


@pytest.mark.parametrize("run", PUBLISHED.values(), ids=PUBLISHED)
def test_the_cards_calibration_covers_every_test_image(run):
    card = load_checkpoint(checkpoint_path(run))[1]
    right = sum(each.n * each.accuracy for each in card.calibration.bins)
    assert sum(each.n for each in card.calibration.bins) == 10_000
    assert right == pytest.approx(card.scores[-1].correct, abs=0.5)
