"""Augmentation: the distorted copies and redrawn pen strokes that robust runs learn from."""

from dataclasses import dataclass

import torch
from torch import Tensor

from mnist_core.drawings.mnist import LabelledImages
from mnist_core.drawings.strokes import LabelledDrawing
from mnist_core.runs.recipes import Augmentation, Distortion
from mnist_core.training.distortions import distort
from mnist_core.training.pens import draw_with_pens

SEED = 0  # of every augmentation, whatever the seed of the runs that learn from it
BATCH = 512  # images distorted at a time


@dataclass(frozen=True)
class AugmentedImages(LabelledImages):
    """Images for a robust run to learn from; `teacher_logits`, if asked for: (n, 10), in half precision.

    `seconds`: what making them took, the teacher's training included.
    """

    teacher_logits: Tensor | None
    seconds: float


def augment(
    images: LabelledImages, drawings: list[LabelledDrawing], augmentation: Augmentation
) -> LabelledImages:
    """MNIST's images and redrawn pen drawings, distorted anew in every copy; always in the same way.

    Args:
        images: MNIST's training images.
        drawings: pen drawings.
        augmentation: how many copies of each, and how far they are distorted.
    """
    if augmentation.pen_variants:
        images += draw_with_pens(drawings, variants=augmentation.pen_variants, seed=SEED)
    return distorted_copies(images, augmentation.distortion, augmentation.copies, seed=SEED)


def distorted_copies(
    images: LabelledImages, distortion: Distortion, copies: int, *, seed: int
) -> LabelledImages:
    """Every image `copies` times, distorted anew each time, in random order."""
    generator = torch.Generator().manual_seed(seed)
    order = torch.cat([torch.randperm(len(images), generator=generator) for _ in range(copies)])
    distorted = torch.empty(len(order), *images.images.shape[1:], dtype=torch.uint8)
    for place, chosen in zip(distorted.split(BATCH), order.split(BATCH), strict=True):
        ink = images.images[chosen].float() / 255
        place.copy_((distort(ink, distortion, generator) * 255).round_())
    return LabelledImages(distorted, images.labels[order])
