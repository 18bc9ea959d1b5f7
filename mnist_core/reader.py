"""Many networks of one shape laid out to read a few images quickly: only the inked pixels are looked at."""

import torch
from torch import Tensor, nn

from mnist_core.architectures import Architecture
from mnist_core.model import ACTIVATIONS
from mnist_core.timeline import Timeline


class Reader:
    """Networks of one architecture, such as a timeline's snapshots, answering at once in single precision.

    A drawing inks about 140 of 784 pixels. The first layer's weights, most of a network's, are kept in half
    precision, one row per pixel, and only the inked pixels' rows are read.

    Args:
        architecture: of every network.
        weights: one tensor per linear map, (networks, outputs, inputs), in half precision.
        biases: one tensor per linear map, (networks, outputs).
        input_range: where the networks want ink 0..1 mapped to.
    """

    def __init__(
        self,
        architecture: Architecture,
        weights: tuple[Tensor, ...],
        biases: tuple[Tensor, ...],
        *,
        input_range: tuple[float, float],
    ) -> None:
        low, high = input_range
        first, *others = weights
        bias, *other_biases = biases
        self._range = high - low
        self._pixels = first.permute(2, 0, 1).flatten(1).contiguous()  # (784, networks · outputs)
        self._bias = bias.float().flatten()
        if low:  # what a pixel without ink adds
            self._bias += low * first.float().sum(-1).flatten()
        self._others = [
            (weight.float().mT.contiguous(), bias.float()[:, None])
            for weight, bias in zip(others, other_biases, strict=True)
        ]
        self._activations: list[nn.Module] = [
            ACTIVATIONS[layer.activation]() for layer in architecture.hidden
        ]

    @classmethod
    def of(cls, timeline: Timeline) -> "Reader":
        """A timeline's snapshots."""
        run = timeline.run
        return cls(run.architecture, timeline.weights, timeline.biases, input_range=run.recipe.input_range)

    def logits(self, images: Tensor) -> Tensor:
        """What every network says of every image, before softmax.

        Args:
            images: ink, shape (batch, 28, 28), 0 (paper) to 1 (full ink).

        Returns:
            Shape (networks, batch, 10).
        """
        ink = images.float().flatten(1) * self._range  # (batch, 784)
        inked = ink.any(0).nonzero()[:, 0]
        rows = self._pixels.index_select(0, inked).float()  # (inked, networks · outputs)
        values = torch.addmm(self._bias, ink.index_select(1, inked), rows)
        networks = len(self._others[0][0])
        values = values.view(len(ink), networks, -1).transpose(0, 1)  # (networks, batch, outputs)
        for activation, (weight, bias) in zip(self._activations, self._others, strict=True):
            values = torch.baddbmm(bias, activation(values), weight)
        return values

    def probabilities(self, images: Tensor) -> Tensor:
        """The softmax of `logits`: images (batch, 28, 28) to (networks, batch, 10), each row adding to 1."""
        return self.logits(images).softmax(-1)
