"""Labelled images: what networks learn from and are measured on."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import LabelledDrawing


@dataclass(frozen=True)
class LabelledImages:
    """Images with what they show.

    `images`: ink, (n, 28, 28), uint8, 0 paper to 255 full ink. `labels`: digits, (n,), int64, 0..9.
    """

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def ink(self, dtype: torch.dtype = torch.float32) -> Tensor:
        """The images as ink from 0 (paper) to 1, (n, 28, 28)."""
        return self.images.to(dtype) / 255

    def __add__(self, others: "LabelledImages") -> "LabelledImages":
        """These images and then the others."""
        return LabelledImages(
            torch.cat([self.images, others.images]), torch.cat([self.labels, others.labels])
        )


def images_of_drawings(drawings: Iterable[LabelledDrawing]) -> LabelledImages:
    """The drawings as the pad's way makes them, to be read by a network."""
    entries = list(drawings)
    ink = torch.stack([image_of_drawing(entry.drawing) for entry in entries])
    labels = torch.tensor([entry.label for entry in entries])
    return LabelledImages((ink * 255).round().to(torch.uint8), labels)
