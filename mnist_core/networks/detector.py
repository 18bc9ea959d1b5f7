"""The detector: one small network that tells digits from things that are none, whichever run reads them."""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from mnist_core.runs.architectures import DIGITS, SIDE

HIDDEN = (256, 64)  # units


@dataclass(frozen=True)
class Detector:
    """The detector: its network, and the threshold that it judges by.

    `network`: images (batch, 28, 28) to logits (batch, classes); the first ten classes are the digits,
    the others kinds of things that are none. `threshold`: what is less probably a digit, 0..1, is refused.
    """

    network: nn.Sequential
    threshold: float


def build_detector(classes: int, seed: int) -> nn.Sequential:
    """An untrained network: images (batch, 28, 28) to logits (batch, classes)."""
    sizes = [SIDE * SIDE, *HIDDEN, classes]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layers: list[nn.Module] = [nn.Flatten()]
        for inputs, outputs in pairwise(sizes):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        return nn.Sequential(*layers[:-1])


def detect(network: nn.Sequential, images: Tensor) -> Tensor:
    """How probably images, ink 0..1 of shape (batch, 28, 28), are digits: (batch,), in double precision."""
    with torch.inference_mode():
        return network(images.float()).double().softmax(1)[:, :DIGITS].sum(1)


def is_refused(detector: Detector, images: Tensor) -> Tensor:
    """Whether images, ink 0..1 of shape (batch, 28, 28), are refused as no digits: (batch,)."""
    return detect(detector.network, images) < detector.threshold
