"""Trainings as the page's engine makes them, under node."""

import json
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from node import run_node
from numpy.typing import NDArray

from mnist_core.runs.recipes import Run

Plan = dict[str, Any]  # as a card holds it: architecture, recipe and seed
Weights = list[NDArray[np.float64]]  # of every layer the weights (inputs, outputs) and the bias (outputs,)


def page_plan(run: Run, *, seed: int = 0, hidden_dropout: float | None = None, **changes: object) -> Plan:
    """How the page is told to train a run by its recipe, with changes of that.

    Args:
        hidden_dropout: of every hidden layer instead of the architecture's own, 0 for none.
    """
    architecture, recipe = run.architecture, run.recipe
    hidden = [asdict(layer) for layer in architecture.hidden]
    if hidden_dropout is not None:
        hidden = [layer | {"dropout": hidden_dropout} for layer in hidden]
    settings: dict[str, Any] = {
        "optimizer": recipe.optimizer,
        "learning_rate": recipe.learning_rate,
        "momentum": recipe.momentum,
        "batch_size": recipe.batch_size,
        "epochs": recipe.epochs,
        "loss": recipe.loss,
        "shuffled": recipe.shuffled,
        "input_range": recipe.input_range,
        "dropout": recipe.dropout,
        "training_images": 60_000,
        "shuffled_share": 0,
        "left_out": [],
        "rates": [],
    }
    assert changes.keys() <= settings.keys()
    return {
        "architecture": {"id": architecture.id, "hidden": hidden},
        "recipe": settings | changes,
        "seed": seed,
    }


@dataclass
class PageTraining:
    """A training of `steps` steps; `draws`: what its random numbers are,
    the seed of a layer's dropout among them as a share of 2³²; `rates`: learning rates by step.

    `share`: how much of the way from `start` to the trained weights is kept, 0..1.
    """

    plan: Plan
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    steps: int
    start: Weights | None = None
    draws: NDArray[np.float64] | None = None
    rates: dict[int, float] = field(default_factory=dict)
    share: float = 1.0


def numbers_from_seed(seed: int, count: int) -> NDArray[np.float64]:
    """The first numbers that the page's mulberry32 draws from a seed, uniform in [0, 1)."""
    state = np.uint32(seed) + np.arange(1, count + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
    mixed = (state ^ (state >> 15)) * (state | 1)
    mixed ^= mixed + (mixed ^ (mixed >> 7)) * (mixed | 61)
    return (mixed ^ (mixed >> 14)) / 2**32


@dataclass
class Trained:
    """What a training made; `losses` and `correct` of every step's batch, before the step."""

    weights: Weights
    losses: NDArray[np.float64]
    correct: NDArray[np.float64]


def train_in_page(folder: Path, *trainings: PageTraining) -> list[Trained]:
    """Train under node; `folder` is for the files in between."""
    specifications = []
    for number, training in enumerate(trainings):
        specification: dict[str, Any] = {
            "plan": training.plan,
            "steps": training.steps,
            "share": training.share,
            "rates": training.rates,
        }
        files = {"images": training.images, "labels": training.labels, "draws": training.draws}
        if training.start is not None:
            files["start"] = np.concatenate([part.ravel() for part in training.start])
        for name, values in files.items():
            if values is not None:
                path = folder / f"{number}.{name}"
                path.write_bytes(np.ascontiguousarray(values).tobytes())
                specification[name] = str(path)
        specifications.append(specification)
    file = folder / "trainings.json"
    file.write_text(json.dumps(specifications), encoding="utf-8")
    numbers = np.frombuffer(run_node("trainings.js", file), np.float64)
    results = []
    for training in trainings:
        weights = []
        hidden = training.plan["architecture"]["hidden"]
        for inputs, outputs in pairwise([784, *(layer["units"] for layer in hidden), 10]):
            for shape in ((inputs, outputs), (outputs,)):
                part, numbers = np.split(numbers, [int(np.prod(shape))])
                weights.append(part.reshape(shape))
        steps, numbers = np.split(numbers, [2 * training.steps])
        results.append(Trained(weights, steps[::2], steps[1::2]))
    assert not len(numbers)
    return results
