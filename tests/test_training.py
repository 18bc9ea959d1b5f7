"""Training against plain PyTorch, on small made data."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from made import made_images, shortened, without_dropout
from torch import nn

from mnist_core.networks.model import build_model
from mnist_core.runs.recipes import RUNS
from mnist_core.training import run_training
from mnist_core.training.fitting import LOSSES, cross_entropy_of_probabilities, fit
from mnist_core.training.run_training import mean_loss_and_accuracy, time_tutorial_epoch, train

EVERY_RUN = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
IMAGES, TEST = made_images(70), made_images(20)
SMALL = {"batch_size": 32, "epochs": 2}  # 3 steps in an epoch, the last one of 6 images


def trained(run, *, seed=0, report=lambda progress: None):
    return train(run, IMAGES, TEST, seed=seed, report=report)


@pytest.fixture
def shown(monkeypatch):
    """The numbers of the images that each training step is shown, batch by batch."""
    batches = []

    def watched(*arguments, **options):
        model = build_model(*arguments, **options)
        model.register_forward_pre_hook(
            lambda model, inputs: (
                batches.append((inputs[0][:, 0, 0] * 255).round().int().tolist()) if model.training else None
            )
        )
        return model

    monkeypatch.setattr(run_training, "build_model", watched)
    return batches


def test_the_published_double_softmax_follows_its_formula():
    logits, label = [0.5, -1.0, 2.0], 2
    exponentials = [math.exp(value) for value in logits]
    probabilities = [value / sum(exponentials) for value in exponentials]
    expected = -math.log(math.exp(probabilities[label]) / sum(math.exp(value) for value in probabilities))
    loss = cross_entropy_of_probabilities(torch.tensor([logits]), torch.tensor([label]))
    assert loss.item() == pytest.approx(expected)


def plain_loss(run, logits, labels):
    """The loss as the tutorial's own classes compute it."""
    if run.architecture.id == "tanh-96-sigmoid-256":
        return nn.CrossEntropyLoss()(nn.Softmax(dim=1)(logits), labels)
    if run.architecture.id == "relu-128-128-64-64":
        return nn.NLLLoss()(nn.LogSoftmax(dim=1)(logits), labels)
    return nn.CrossEntropyLoss()(logits, labels)


@pytest.mark.parametrize(
    "run", [run for run in RUNS.values() if run.recipe.published], ids=lambda run: run.id
)
def test_training_makes_the_steps_of_a_plain_loop(run):
    run = without_dropout(shortened(run, shuffled=False, **SMALL))
    recipe = run.recipe
    model = build_model(run.architecture, seed=5, input_range=recipe.input_range)
    optimizer = {
        "adam": lambda: torch.optim.Adam(model.parameters(), lr=recipe.learning_rate),
        "sgd": lambda: torch.optim.SGD(model.parameters(), lr=recipe.learning_rate, momentum=0.9),
    }[recipe.optimizer]()
    for _ in range(2):
        for start in (0, 32, 64):
            batch = slice(start, start + 32)
            optimizer.zero_grad()
            plain_loss(run, model(IMAGES.images[batch] / 255), IMAGES.labels[batch]).backward()
            optimizer.step()
    final = trained(run, seed=5).timeline.weights[-1][-1]
    # half precision keeps 11 bits; a weight differs by at most 2**-11 of itself, 1e-4 near zero
    torch.testing.assert_close(final.float(), list(model)[-1].weight.detach(), rtol=2**-10, atol=1e-4)


@EVERY_RUN
def test_training_changes_every_layer(run):
    timeline = trained(shortened(run, **SMALL)).timeline
    assert all(not torch.equal(weight[0], weight[-1]) for weight in (*timeline.weights, *timeline.biases))


@EVERY_RUN
def test_equal_seeds_train_equal_weights_whatever_the_global_random_state(run):
    one = trained(shortened(run, **SMALL), seed=3).timeline
    torch.rand(1)
    other = trained(shortened(run, **SMALL), seed=3).timeline
    assert all(torch.equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))


@EVERY_RUN
def test_other_seeds_train_other_weights(run):
    one, other = (trained(shortened(run, **SMALL), seed=seed).timeline for seed in (3, 4))
    assert not torch.equal(one.weights[0][-1], other.weights[0][-1])


@EVERY_RUN
def test_training_leaves_the_global_random_state_as_it_was(run, random_state):
    trained(shortened(run, **SMALL))
    assert torch.equal(torch.get_rng_state(), random_state)


def test_dropout_is_active_while_training():
    run = shortened(RUNS["relu-96-256/published"], **SMALL)
    dropped, plain = trained(run).timeline, trained(without_dropout(run)).timeline
    assert not torch.equal(dropped.weights[0][-1], plain.weights[0][-1])


def test_an_unshuffled_recipe_shows_the_images_in_their_order(shown):
    trained(shortened(RUNS["relu-96-256/published"], **SMALL))
    assert [number for batch in shown for number in batch] == [*range(70), *range(70)]


def test_a_shuffled_recipe_shows_every_image_once_in_an_epoch(shown):
    trained(shortened(RUNS["relu-50/published"], **SMALL))
    assert sorted(number for batch in shown[:3] for number in batch) == list(range(70))


def test_a_shuffled_recipe_shows_another_order_in_every_epoch(shown):
    trained(shortened(RUNS["relu-50/published"], **SMALL))
    assert shown[:3] != shown[3:]


def test_another_seed_shows_the_images_in_another_order(shown):
    for seed in (1, 2):
        trained(shortened(RUNS["relu-50/published"], **SMALL), seed=seed)
    assert shown[:3] != shown[6:9]


@pytest.mark.parametrize("run_id", ["relu-50/published", "relu-96-256/published"])
def test_the_last_partial_batch_is_trained_on(shown, run_id):
    trained(shortened(RUNS[run_id], **SMALL))
    assert [len(batch) for batch in shown] == [32, 32, 6, 32, 32, 6]


def test_images_seen_counts_the_images_of_partial_batches():
    timeline = trained(shortened(RUNS["relu-50/published"], **SMALL)).timeline
    assert dict(zip(timeline.steps, timeline.images_seen, strict=True)) == {
        **{0: 0, 1: 32, 2: 64, 3: 70},
        **{4: 102, 5: 134, 6: 140},
    }


def test_every_epoch_is_measured_once():
    epochs = trained(shortened(RUNS["relu-50/published"], batch_size=32, epochs=3)).epochs
    assert [epoch.epoch for epoch in epochs] == [1, 2, 3]


def test_the_last_epochs_figures_are_those_of_the_finished_network():
    run = shortened(RUNS["relu-96-256/published"], **SMALL)
    result = trained(run)
    model = build_model(run.architecture, seed=0)
    linear = [layer for layer in model if isinstance(layer, nn.Linear)]
    for layer, weight, bias in zip(linear, result.timeline.weights, result.timeline.biases, strict=True):
        layer.weight.data, layer.bias.data = weight[-1].float(), bias[-1].float()
    loss, _ = mean_loss_and_accuracy(model, TEST.ink(), TEST.labels)
    assert result.epochs[-1].test_loss == pytest.approx(loss, abs=0.01)  # the timeline is in half precision


def test_seconds_are_kept_for_every_epoch():
    seconds = trained(shortened(RUNS["relu-50/published"], **SMALL)).epoch_seconds
    assert [value > 0 for value in seconds] == [True, True]


def test_progress_is_reported_every_fifty_steps_and_at_the_last():
    reports = []
    trained(shortened(RUNS["relu-50/published"], batch_size=1, epochs=2), report=reports.append)
    assert [(progress.step, progress.epoch) for progress in reports] == [(50, 1), (100, 2), (140, 2)]


def test_progress_tells_loss_and_accuracy_of_the_current_batch():
    reports = []
    run = shortened(RUNS["relu-96-256/published"], batch_size=70, epochs=1)
    trained(without_dropout(run), report=reports.append)
    loss, accuracy = mean_loss_and_accuracy(
        build_model(run.architecture, seed=0), IMAGES.ink(), IMAGES.labels
    )
    assert (reports[0].loss, reports[0].accuracy) == pytest.approx((loss, accuracy))


def test_training_lowers_the_loss_on_its_images():
    epochs = trained(shortened(RUNS["relu-50/published"], batch_size=32, epochs=10)).epochs
    assert all(later.training_loss < earlier.training_loss for earlier, later in pairwise(epochs))


def test_between_the_steps_precision_and_random_state_are_the_callers():
    run = RUNS["relu-96-256/published"]  # with dropout, which draws from the random state
    recipe = replace(run.recipe, epochs=1, batch_size=16, precision="medium")
    quiet, drawing = (build_model(run.architecture, seed=0) for _ in range(2))
    for _ in fit(quiet, recipe, IMAGES, seed=3):
        assert torch.get_float32_matmul_precision() == "highest"
    torch.manual_seed(5)
    drawn = [torch.rand(1) for _ in fit(drawing, recipe, IMAGES, seed=3)]
    torch.manual_seed(5)
    assert drawn == [torch.rand(1) for _ in drawn]
    assert all(map(torch.equal, quiet.parameters(), drawing.parameters()))


EVERY_PUBLISHED_RUN = pytest.mark.parametrize(
    "run", [run for run in RUNS.values() if run.recipe.published], ids=lambda run: run.id
)


@pytest.fixture
def folder(tmp_path):
    """70 made images in MNIST's files; torchvision reads as many as there are."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for prefix in ("train", "t10k"):
        sizes = b"".join(size.to_bytes(4, "big") for size in (70, 28, 28))
        (raw / f"{prefix}-images-idx3-ubyte").write_bytes(
            bytes([0, 0, 8, 3]) + sizes + IMAGES.images.numpy().tobytes()
        )
        (raw / f"{prefix}-labels-idx1-ubyte").write_bytes(
            bytes([0, 0, 8, 1]) + sizes[:4] + IMAGES.labels.to(torch.uint8).numpy().tobytes()
        )
    return tmp_path


@EVERY_PUBLISHED_RUN
def test_the_tutorials_loop_shows_every_image_once(run, folder, monkeypatch):
    shown, loss_of = [], LOSSES[run.recipe.loss]

    def watched(logits, labels):
        shown.extend(labels.tolist())
        return loss_of(logits, labels)

    monkeypatch.setitem(LOSSES, run.recipe.loss, watched)
    time_tutorial_epoch(shortened(run, batch_size=32), folder, seed=0)
    assert sorted(shown) == sorted(IMAGES.labels.tolist())


@EVERY_PUBLISHED_RUN
def test_the_tutorials_loop_is_timed_in_seconds(run, folder):
    assert 0 < time_tutorial_epoch(shortened(run, batch_size=32), folder, seed=0) < 60
