"""A run's timeline: its weights at growing distances from the start, all evaluated at once."""

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from mnist_core.errors import UnknownNameError
from mnist_core.networks.model import build_model, linear_layers
from mnist_core.runs.recipes import Run


@dataclass(frozen=True)
class Timeline:
    """The snapshots of one run with one seed; the first is the untrained network, the last the finished one.

    `steps`: increasing, from 0; `images_seen`: how many training images had been shown by then, repeats
    counted. `weights` and `biases`: one pair per linear map, of shapes (snapshots, outputs, inputs) and
    (snapshots, outputs), any floating dtype.
    """

    run: Run
    seed: int
    steps: tuple[int, ...]
    images_seen: tuple[int, ...]
    weights: tuple[Tensor, ...]
    biases: tuple[Tensor, ...]

    def to(self, dtype: torch.dtype) -> "Timeline":
        """The same timeline in another precision."""
        return replace(
            self,
            weights=tuple(weight.to(dtype) for weight in self.weights),
            biases=tuple(bias.to(dtype) for bias in self.biases),
        )

    def at(self, index: int) -> "Timeline":
        """Only the snapshot at this position; -1 is the finished network's."""
        return replace(
            self,
            steps=(self.steps[index],),
            images_seen=(self.images_seen[index],),
            weights=tuple(weight[index][None] for weight in self.weights),
            biases=tuple(bias[index][None] for bias in self.biases),
        )

    def logits(self, images: Tensor) -> Tensor:
        """What every snapshot says of every image, before softmax, in the precision of the weights.

        Args:
            images: ink, shape (batch, 28, 28), 0 (paper) to 1 (full ink).

        Returns:
            Shape (snapshots, batch, 10).
        """
        run, dtype = self.run, self.weights[0].dtype
        with torch.device("meta"):  # no weights yet: those of all snapshots follow
            model = build_model(run.architecture, seed=0, input_range=run.recipe.input_range, dropout=False)
        tensors = [tensor for layer in zip(self.weights, self.biases, strict=True) for tensor in layer]
        parameters = dict(zip(dict(model.named_parameters()), tensors, strict=True))
        return torch.vmap(lambda snapshot: functional_call(model, snapshot, images.to(dtype)))(parameters)

    def model(self, index: int) -> nn.Sequential:
        """The snapshot at this position as a network of its own, without dropout, in single precision.

        It takes images (batch, 28, 28), ink 0..1, and gives logits (batch, 10).
        """
        run = self.run
        model = build_model(run.architecture, seed=0, input_range=run.recipe.input_range, dropout=False)
        with torch.no_grad():
            for layer, weight, bias in zip(linear_layers(model), self.weights, self.biases, strict=True):
                layer.weight.copy_(weight[index])
                layer.bias.copy_(bias[index])
        return model

    def index_of(self, step: int | None) -> int:
        """Position of the snapshot at `step`, None for the last; UnknownNameError names those there are."""
        if step is None:
            return len(self.steps) - 1
        if step not in self.steps:
            steps = ", ".join(map(str, self.steps))
            raise UnknownNameError(f"{self.run.id} has no snapshot at step {step}; choose one of: {steps}.")
        return self.steps.index(step)


def before_and_after(run: Run, logits: Tensor) -> dict[str, Any]:
    """What a run's untrained and its trained network say of one image, ready for JSON.

    Args:
        run: whose snapshots answered.
        logits: of every snapshot, shape (snapshots, 10).

    Returns:
        `run`, `prediction` (the trained network's), `trained` and `untrained` (10 probabilities each).
    """
    untrained, trained = logits[[0, -1]].softmax(-1)
    return {
        "run": run.id,
        "prediction": int(trained.argmax()),
        "trained": trained.tolist(),
        "untrained": untrained.tolist(),
    }
