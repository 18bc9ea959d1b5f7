"""Trainings as the page's engine makes them, under node."""

import json
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from node import run_node
from numpy.typing import NDArray

from mnist_core.runs.recipes import Run

Weights = list[NDArray[np.float64]]  # of every layer the weights (inputs, outputs) and the bias (outputs,)


def page_settings(run: Run, **changes: object) -> dict[str, Any]:
    """What the page is told to train a run by its recipe."""
    architecture, recipe = run.architecture, run.recipe
    settings: dict[str, Any] = {
        "sizes": architecture.sizes,
        "activations": [hidden.activation for hidden in architecture.hidden],
        "dropout": [hidden.dropout if recipe.dropout else 0.0 for hidden in architecture.hidden],
        "inputRange": recipe.input_range,
        "loss": recipe.loss,
        "optimizer": recipe.optimizer,
        "learningRate": recipe.learning_rate,
        "momentum": recipe.momentum,
        "batchSize": recipe.batch_size,
        "epochs": recipe.epochs,
        "shuffled": recipe.shuffled,
        "seed": 0,
    }
    assert changes.keys() <= settings.keys()
    return settings | changes


@dataclass
class PageTraining:
    """A training of `steps` steps; `draws`: what its random numbers are; `rates`: learning rates by step."""

    settings: dict[str, Any]
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    steps: int
    start: Weights | None = None
    draws: NDArray[np.float64] | None = None
    rates: dict[int, float] = field(default_factory=dict)


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
            "settings": training.settings,
            "steps": training.steps,
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
        for inputs, outputs in pairwise(training.settings["sizes"]):
            for shape in ((inputs, outputs), (outputs,)):
                part, numbers = np.split(numbers, [int(np.prod(shape))])
                weights.append(part.reshape(shape))
        steps, numbers = np.split(numbers, [2 * training.steps])
        results.append(Trained(weights, steps[::2], steps[1::2]))
    assert not len(numbers)
    return results
