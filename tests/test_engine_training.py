"""The page trains as PyTorch does."""

import json
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pytest
import torch
from engine_trainings import (
    PageTraining,
    Plan,
    Trained,
    Weights,
    numbers_from_seed,
    page_plan,
    train_in_page,
)
from node import run_node
from torch import Tensor

from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.networks.model import ACTIVATIONS, build_model, linear_layers
from mnist_core.runs.architectures import ARCHITECTURES, Architecture
from mnist_core.runs.recipes import RUNS
from mnist_core.training.fitting import LOSSES

STEPS, BATCH = 50, 32
SAME = {"batch_size": BATCH, "epochs": 20, "shuffled": False, "momentum": 0.9}
PUBLISHED = {run.architecture: run for run in RUNS.values() if run.id.endswith("/published")}
RATES = {"adam": 1e-3, "sgd": 0.05}


@pytest.fixture(scope="module")
def digits() -> tuple[Tensor, Tensor]:
    """The project's own 80 handwritings in a random order: levels (80, 784), uint8, and labels (80,)."""
    entries = read_handwritings()
    drawn = torch.stack([image_of_drawing(entry.drawing) for entry in entries])
    order = torch.randperm(len(entries), generator=torch.Generator().manual_seed(0))
    levels = (drawn * 255).round().to(torch.uint8).flatten(1)
    return levels[order], torch.tensor([entry.label for entry in entries])[order]


class Given:
    """The same start, batches and dropout for the page and for PyTorch.

    PyTorch computes in double precision: in single precision, rounding alone moved its weights by 3e-3 within
    50 steps in one of these trainings. The page computes in single precision, too, off by 6e-5 at most; only
    from another start was one weight of 100,000 off by 1e-4: its gradients were as small as Adam's 1e-8.
    """

    def __init__(
        self,
        architecture: Architecture,
        plan: Plan,
        digits: tuple[Tensor, Tensor],
        precision: torch.dtype = torch.float64,
    ) -> None:
        self.precision = precision
        self.architecture, self.plan, (self.images, self.labels) = architecture, plan, digits
        self.recipe = plan["recipe"]
        self.dropout = [
            layer["dropout"] if self.recipe["dropout"] else 0 for layer in plan["architecture"]["hidden"]
        ]
        self.model = linear_layers(build_model(architecture, seed=3).to(precision))
        self.batches = list(
            islice(cycle(torch.arange(len(self.labels)).split(BATCH)), STEPS)
        )  # the third has 16
        units = [layer["units"] for layer in plan["architecture"]["hidden"] if max(self.dropout, default=0)]
        seeds = np.random.default_rng(2).integers(2**32, size=(STEPS, len(units)))
        self.seeds = seeds.ravel() / 2**32  # of every step and every layer with dropout
        self.draws = [  # (batch, units)
            [
                torch.from_numpy(numbers_from_seed(seed, len(batch) * size).reshape(-1, size))
                for seed, size in zip(of_step, units, strict=True)
            ]
            for batch, of_step in zip(self.batches, seeds, strict=True)
        ]

    def in_page(self, folder: Path) -> Trained:
        low, high = self.recipe["input_range"]
        start: Weights = []
        for layer in self.model:
            start += [layer.weight.detach().double().T.numpy(), layer.bias.detach().double().numpy()]
        start[1] = start[1] + low * start[0].sum(0)
        start[0] = (high - low) * start[0]
        training = PageTraining(
            self.plan,
            self.images.numpy(),
            self.labels.to(torch.uint8).numpy(),
            STEPS,
            start,
            self.seeds,
        )
        (trained,) = train_in_page(folder, training)
        trained.weights[0] = trained.weights[0] / (high - low)
        trained.weights[1] = trained.weights[1] - low * trained.weights[0].sum(0)
        return trained

    def in_pytorch(self) -> Trained:
        low, high = self.recipe["input_range"]
        optimizer: torch.optim.Optimizer
        parameters = [parameter for layer in self.model for parameter in layer.parameters()]
        rate = self.recipe["learning_rate"]
        if self.recipe["optimizer"] == "adam":
            optimizer = torch.optim.Adam(parameters, rate)
        else:
            optimizer = torch.optim.SGD(parameters, rate, self.recipe["momentum"])
        losses, correct = [], []
        for batch, draws in zip(self.batches, self.draws, strict=True):
            logits = self.logits(
                self.images[batch].to(self.precision) / 255 * (high - low) + low, iter(draws)
            )
            loss = LOSSES[self.recipe["loss"]](logits, self.labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            correct.append((logits.argmax(1) == self.labels[batch]).sum().item())
        weights = []
        for layer in self.model:
            weights += [layer.weight.detach().T.numpy(), layer.bias.detach().numpy()]
        return Trained(weights, np.array(losses), np.array(correct))

    def logits(self, values: Tensor, draws) -> Tensor:
        layers = zip(self.model[:-1], self.architecture.hidden, self.dropout, strict=True)
        for layer, hidden, dropout in layers:
            values = ACTIVATIONS[hidden.activation]()(layer(values))
            if dropout:
                values = values * (next(draws) >= dropout) / (1 - dropout)
        return self.model[-1](values)


def assert_trained_alike(given: Given, folder: Path) -> None:
    """After 50 steps, which moved each layer's weights further, all agree to 1e-4, and so do the losses."""
    before = [layer.weight.detach().clone() for layer in given.model]
    page, pytorch = given.in_page(folder), given.in_pytorch()
    moved = [(layer.weight - old).abs().max().item() for layer, old in zip(given.model, before, strict=True)]
    assert min(moved) > 1e-3
    for ours, theirs in zip(page.weights, pytorch.weights, strict=True):
        assert np.abs(ours - theirs).max() < 1e-4
    assert np.abs(page.losses - pytorch.losses).max() < 1e-4
    assert np.abs(page.correct - pytorch.correct).max() <= 1  # two logits may be equal but for rounding


@pytest.mark.parametrize(
    ("optimizer", "dropout"),
    [
        ("adam", 0.2),
        ("sgd", 0.0),
        pytest.param("adam", 0.0, marks=pytest.mark.thorough),
        pytest.param("sgd", 0.2, marks=pytest.mark.thorough),
    ],
)
@pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_50_steps_are_those_of_pytorch(architecture, optimizer, dropout, digits, tmp_path):
    plan = page_plan(
        PUBLISHED[architecture],
        **SAME,
        optimizer=optimizer,
        learning_rate=RATES[optimizer],
        dropout=dropout > 0,
        hidden_dropout=dropout,
    )
    assert_trained_alike(Given(architecture, plan, digits), tmp_path)


@pytest.mark.parametrize("input_range", [(0, 1), (-1, 1), (0.5, 2)])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_and_range_of_inputs_are_those_of_pytorch(loss, input_range, digits, tmp_path):
    architecture = ARCHITECTURES["relu-25-25"]
    plan = page_plan(PUBLISHED[architecture], **SAME, loss=loss, input_range=input_range, learning_rate=1e-3)
    assert_trained_alike(Given(architecture, plan, digits), tmp_path)


@pytest.mark.parametrize(
    ("architecture", "rate"), [("relu-25-25", 1e6), ("relu-96-256", 1e6), ("relu-128-128-64-64", 1e3)]
)
def test_a_loss_that_is_no_number_is_seen_at_the_step_of_pytorch(architecture, rate, digits, tmp_path):
    run = RUNS[f"{architecture}/published"]
    plan = page_plan(run, **SAME, optimizer="sgd", learning_rate=rate, hidden_dropout=0)
    given = Given(run.architecture, plan, digits, torch.float32)
    page, pytorch = (np.isnan(trained.losses) for trained in (given.in_page(tmp_path), given.in_pytorch()))
    assert page.any()
    assert page.argmax() == pytorch.argmax()
    assert page[page.argmax() :].all()  # no further step mends it


def small_training(digits: tuple[Tensor, Tensor], steps: int = 9, rates=None, **changes) -> PageTraining:
    """Three passes, at most, through the digits, in batches of 32 in a random order, with dropout."""
    plan = page_plan(RUNS["relu-96-256/published"], shuffled=True, epochs=3, **changes)
    images, labels = (values.to(torch.uint8).numpy() for values in digits)
    return PageTraining(plan, images, labels, steps, rates=rates or {})


def are_equal(one: Trained, other: Trained) -> bool:
    return all(map(np.array_equal, one.weights, other.weights)) and np.array_equal(one.losses, other.losses)


def test_equal_seeds_train_equally_bit_for_bit_and_another_seed_does_not(digits, tmp_path):
    trainings = [small_training(digits, seed=seed) for seed in (3, 3, 4)]
    first, again, other = train_in_page(tmp_path, *trainings)
    assert are_equal(first, again)
    assert not are_equal(first, other)


def test_a_learning_rate_changed_on_the_way_can_be_replayed(digits, tmp_path):
    trainings = [small_training(digits, rates=rates) for rates in ({4: 0.01}, {4: 0.01}, {5: 0.01}, {})]
    first, again, later, never = train_in_page(tmp_path, *trainings)
    assert are_equal(first, again)
    assert np.array_equal(first.losses[:5], never.losses[:5])
    assert first.losses[5] != later.losses[5] == never.losses[5]


def test_a_training_starts_as_an_untrained_network_of_its_seed(digits, tmp_path):
    training = small_training(digits, steps=0, seed=7, input_range=(-1, 1))
    (trained,) = train_in_page(tmp_path, training)
    arguments = json.dumps([training.plan["architecture"], [-1, 1], 7])
    expected = np.frombuffer(run_node("untrained.js", arguments), np.float64)
    assert np.abs(np.concatenate([part.ravel() for part in trained.weights]) - expected).max() < 1e-6


@pytest.mark.parametrize("input_range", [(0, 1), (-1, 1)])
def test_a_share_of_the_way_from_the_start_to_the_trained_weights_is_kept(digits, input_range, tmp_path):
    begun = small_training(digits, steps=0, input_range=input_range)
    (start,) = train_in_page(tmp_path, begun)
    ends = [small_training(digits, steps=5, input_range=input_range) for _ in range(2)]
    for training in ends:
        training.start = start.weights
    ends[1].share = 0.75
    whole, part = train_in_page(tmp_path, *ends)
    assert np.array_equal(whole.losses, part.losses)  # the steps are the same
    for first, last, kept in zip(start.weights, whole.weights, part.weights, strict=True):
        assert np.abs(last - first).max() > 1e-4
        assert kept == pytest.approx(first + 0.75 * (last - first), abs=1e-6)
