"""How the detector is trained: on digits, and on made-up drawings that are none."""

from collections.abc import Collection

import torch
from torch import Tensor, nn

from mnist_core.drawings.images import LabelledImages
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.networks.detector import SEED, build_detector
from mnist_core.runs.recipes import DISTORTION, Recipe
from mnist_core.training.augmentation import distorted_copies
from mnist_core.training.fitting import fit
from mnist_core.training.nondigits import nondigits

RECIPE = Recipe(
    *("adamw", 3e-3),
    batch_size=256,
    epochs=6,
    weight_decay=0.01,
    schedule="cosine",
    warm_up=0.05,
    averaging=0.999,
)


def draw_nondigits(count: int, seed: int) -> tuple[list[str], Tensor]:
    """Made-up non-digits drawn the pad's way: their kinds, and their images (count, 28, 28), uint8."""
    kinds, drawings = zip(*nondigits(count, seed), strict=True)
    ink = torch.stack([image_of_drawing(drawing) for drawing in drawings])
    return list(kinds), (ink * 255).round().to(torch.uint8)


def train_detector(digits: Tensor, others: Tensor) -> nn.Sequential:
    """Train a detector on digits and on things that are none, as they are and distorted.

    Args:
        digits, others: ink, shapes (n, 28, 28), uint8.

    Source: Hendrycks et al. 2019, arXiv 1812.04606: what was shown some outliers refuses others too.
    """
    labels = torch.tensor([1, 0]).repeat_interleave(torch.tensor([len(digits), len(others)]))
    images = LabelledImages(torch.cat([digits, others]), labels)
    both = images + distorted_copies(images, DISTORTION, 1, seed=SEED)
    detector = build_detector(SEED)
    for state in fit(detector, RECIPE, both, seed=SEED):
        averaged = state.averaged
    return averaged


def train_without(digits: Tensor, kinds: list[str], others: Tensor, unseen: Collection[str]) -> nn.Sequential:
    """Train a detector that is never shown the kinds in `unseen`."""
    return train_detector(digits, others[torch.tensor([kind not in unseen for kind in kinds])])
