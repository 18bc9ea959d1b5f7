"""How the detector is trained: on digits, letters and symbols, and on made-up drawings that are no digits."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from mnist_core.drawings.mnist import LabelledImages
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Character
from mnist_core.networks.detector import build_detector
from mnist_core.runs.recipes import BASE, DISTORTION
from mnist_core.training.augmentation import PEN_WIDTHS, distorted_copies, redraw
from mnist_core.training.characters import LETTERS, SYMBOLS
from mnist_core.training.fitting import Progress, fit
from mnist_core.training.nondigits import KINDS, nondigits

Origin = tuple[str, str]  # source, hand or kind
CLASSES = [*"0123456789", *LETTERS, *SYMBOLS, *KINDS]
SEED = 0  # of the detector, and of the variants and distortions that it learns from
# Of every drawing by a person: with other pens and speeds. There are fewer symbols than of the others.
VARIANTS = {"pens": 4, "unipen": 4, "letters": 4, "symbols": 8}
COPIES = 3  # of every image, distorted, beside itself
RECIPE = replace(BASE, epochs=7)


@dataclass(frozen=True)
class Examples:
    """Images with what they show and where they are from.

    `images`: ink, (n, 28, 28), uint8. `labels`: places in `CLASSES`, (n,). `origins`: of every image its
    source, a field of `RefusalRates`, and who drew it, or the kind that was made up.
    """

    images: Tensor
    labels: Tensor
    origins: list[Origin]

    def __add__(self, others: "Examples") -> "Examples":
        """These examples and then the others."""
        return Examples(
            torch.cat([self.images, others.images]),
            torch.cat([self.labels, others.labels]),
            self.origins + others.origins,
        )

    def where(self, is_wanted: Callable[[Origin], bool]) -> "Examples":
        """Those whose origins are wanted."""
        kept = [place for place, origin in enumerate(self.origins) if is_wanted(origin)]
        return Examples(self.images[kept], self.labels[kept], [self.origins[place] for place in kept])


def draw_examples(source: str, characters: list[Character], variants: int = 0) -> Examples:
    """Characters drawn the pad's way, and each `variants` times more with another pen, speed and jitter."""
    random = np.random.default_rng(SEED)
    images = [image_of_drawing(entry.drawing) for entry in characters]
    images += [
        image_of_drawing(redraw(entry.drawing, random), pen=random.uniform(*PEN_WIDTHS))
        for _ in range(variants)
        for entry in characters
    ]
    labels = torch.tensor([CLASSES.index(entry.label) for entry in characters])
    return Examples(
        (torch.stack(images) * 255).round().to(torch.uint8),
        labels.repeat(1 + variants),
        [(source, entry.hand) for entry in characters] * (1 + variants),
    )


def draw_kinds(count: int, seed: int) -> Examples:
    """Made-up drawings of things that are no digits."""
    return draw_examples(
        "kinds", [Character(drawing, kind, kind) for kind, drawing in nondigits(count, seed)]
    )


def train_detector(
    examples: Examples, report: Callable[[Progress], None] = lambda progress: None
) -> nn.Sequential:
    """Train a detector on examples as they are and distorted.

    It learns which digit, letter, symbol or kind an image shows; docs/refusal.md compares that with learning
    only that it shows no digit. Source: Hendrycks et al. 2019, arXiv 1812.04606: what was shown some outliers
    refuses others too.
    """
    images = LabelledImages(examples.images, examples.labels)
    images += distorted_copies(images, DISTORTION, COPIES, seed=SEED)
    detector = build_detector(len(CLASSES), SEED)
    for state in fit(detector, RECIPE, images, seed=SEED):
        averaged = state.averaged
        if state.is_report_due:
            report(state.progress())
    return averaged
