"""Accuracy, loss and confusion against counts made one image at a time."""

from dataclasses import asdict, replace

import pytest
import torch
from made import made_images, made_timeline, network_at, shortened
from torch import nn

from mnist_core.checkpoints.card import Bin, Scores, Tally
from mnist_core.measuring.evaluation import BATCH, calibrate, evaluate, score_on_training
from mnist_core.networks.model import build_model
from mnist_core.runs.recipes import RUNS
from mnist_core.training.run_training import mean_loss_and_accuracy, select_images

EVERY_RUN = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
IMAGES = made_images(150)
INK = IMAGES.ink(torch.float64)


@EVERY_RUN
def test_confusion_equals_a_count_image_by_image(run):
    timeline = made_timeline(run)
    confusion = [[0] * 10 for _ in range(10)]
    for label, prediction in zip(IMAGES.labels, network_at(timeline, 1)(INK).argmax(1), strict=True):
        confusion[label][prediction] += 1
    assert evaluate(timeline, INK, IMAGES.labels)[1].confusion == confusion


@EVERY_RUN
def test_correct_counts_the_right_predictions(run):
    timeline = made_timeline(run)
    right = (network_at(timeline, 2)(INK).argmax(1) == IMAGES.labels).sum().item()
    assert evaluate(timeline, INK, IMAGES.labels)[2].correct == right


@EVERY_RUN
def test_loss_is_the_mean_cross_entropy_of_the_logits(run):
    timeline = made_timeline(run)
    expected = nn.functional.cross_entropy(network_at(timeline, 1)(INK), IMAGES.labels).item()
    assert evaluate(timeline, INK, IMAGES.labels)[1].loss == pytest.approx(expected, abs=1e-6)


def test_there_is_one_score_for_each_snapshot():
    timeline = made_timeline(RUNS["relu-50/published"], steps=(0, 1, 2, 3))
    assert len(evaluate(timeline, INK, IMAGES.labels)) == 4


def test_images_beyond_one_batch_all_count():
    timeline = made_timeline(RUNS["relu-50/published"])
    repeats = BATCH // len(IMAGES) + 2
    many = evaluate(timeline, INK.repeat(repeats, 1, 1), IMAGES.labels.repeat(repeats))[0]
    assert many.correct == repeats * evaluate(timeline, INK, IMAGES.labels)[0].correct


def test_training_images_are_tallied_as_any_others():
    timeline = made_timeline(RUNS["relu-50/published"])
    scores = evaluate(timeline, INK, IMAGES.labels)
    assert score_on_training(timeline, IMAGES) == [Tally(each.n, each.correct, each.loss) for each in scores]


def test_training_images_are_tallied_with_the_labels_that_the_run_was_given():
    run = shortened(RUNS["relu-50/published"], training_images=120, shuffled_labels=True)
    timeline = replace(made_timeline(run), seed=3)
    selected = select_images(run.recipe, IMAGES, seed=3)
    predictions = network_at(timeline, 2)(selected.ink(torch.float64)).argmax(1)
    tally = score_on_training(timeline, IMAGES)[2]
    assert (tally.n, tally.correct) == (120, int((predictions == selected.labels).sum()))


def test_accuracy_is_the_share_of_right_images():
    assert Scores(n=200, correct=150, loss=1.0, confusion=[]).accuracy == 0.75


def test_evaluation_leaves_the_timeline_in_half_precision():
    timeline = made_timeline(RUNS["relu-50/published"])
    evaluate(timeline, INK, IMAGES.labels)
    assert timeline.weights[0].dtype == torch.float16


def test_a_model_in_training_is_measured_without_its_dropout():
    architecture = RUNS["relu-96-256/published"].architecture
    model = build_model(architecture, seed=0).train()
    loss, _ = mean_loss_and_accuracy(model, IMAGES.ink(), IMAGES.labels)
    plain = build_model(architecture, seed=0, dropout=False)(IMAGES.ink())
    assert loss == pytest.approx(nn.functional.cross_entropy(plain, IMAGES.labels).item(), rel=1e-5)


def test_a_model_goes_on_training_after_it_was_measured():
    model = build_model(RUNS["relu-96-256/published"].architecture, seed=0).train()
    mean_loss_and_accuracy(model, IMAGES.ink(), IMAGES.labels)
    assert model.training


def test_calibration_is_counted_by_hand():
    confidences = [0.95, 0.99, 0.95, 0.35, 0.21]  # intervals are a fifteenth wide
    probabilities = torch.zeros(5, 10)
    for row, confidence in enumerate(confidences):
        probabilities[row] = (1 - confidence) / 9
        probabilities[row, 3] = confidence
    calibration = calibrate(probabilities, torch.tensor([3, 3, 1, 3, 1]))
    filled = {place: asdict(bin) for place, bin in enumerate(calibration.bins) if bin.n}
    assert filled == {
        3: {"n": 1, "confidence": 0.21, "accuracy": 0.0},
        5: {"n": 1, "confidence": 0.35, "accuracy": 1.0},
        14: {
            "n": 3,
            "confidence": pytest.approx(2.89 / 3, abs=1e-6),
            "accuracy": pytest.approx(2 / 3, abs=1e-6),
        },
    }
    assert calibration.expected_error == pytest.approx((0.21 + 0.65 + (2.89 - 2)) / 5, abs=1e-6)


def test_a_sure_network_that_is_always_right_is_calibrated():
    calibration = calibrate(torch.eye(10), torch.arange(10))
    assert (calibration.expected_error, calibration.bins[-1]) == (0, Bin(10, 1.0, 1.0))


def test_every_confidence_falls_into_one_of_fifteen_bins():
    probabilities = torch.rand(500, 10, generator=torch.Generator().manual_seed(0)).softmax(1)
    bins = calibrate(probabilities, torch.zeros(500, dtype=torch.int64)).bins
    assert (len(bins), sum(each.n for each in bins)) == (15, 500)
