"""A run's timeline: its weights at growing distances from the start, all evaluated at once."""

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from mnist_core.errors import UnknownNameError
from mnist_core.networks.model import ACTIVATIONS
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
        low, high = self.run.recipe.input_range
        values = images.to(self.weights[0].dtype).flatten(1) * (high - low) + low  # (batch, 784)
        values = values.expand(len(self.steps), *values.shape)  # (snapshots, batch, 784)
        activations = [ACTIVATIONS[hidden.activation]() for hidden in self.run.architecture.hidden]
        for weight, bias, activation in zip(
            self.weights, self.biases, [*activations, nn.Identity()], strict=True
        ):
            values = activation(torch.baddbmm(bias[:, None, :], values, weight.mT))
        return values

    def probabilities(self, images: Tensor) -> Tensor:
        """The softmax of `logits`: images (batch, 28, 28) to (snapshots, batch, 10), each row adding to 1."""
        return self.logits(images).softmax(-1)

    def before_and_after(self, image: Tensor) -> dict[str, Any]:
        """What the untrained and the trained network say of one image (28, 28), as `before_and_after`."""
        return before_and_after(self.run, self.logits(image[None])[:, 0])

    def index_of(self, step: int) -> int:
        """Position of the snapshot taken at `step`; UnknownNameError names the steps there are."""
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
