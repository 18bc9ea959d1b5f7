"""Augmentation: what robust runs learn from, distorted copies of MNIST's images and of redrawn pen drawings.

Distortions bend, turn and move a whole batch of images, and make them bolder or finer, in a few operations.
Pen drawings are redrawn with other pens, as by a faster and less steady hand.
"""

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mnist_core.drawings.mnist import LabelledImages
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, LabelledDrawing
from mnist_core.drawings.unipen import read_unipen
from mnist_core.errors import DataError
from mnist_core.runs.architectures import SIDE
from mnist_core.runs.recipes import Augmentation, Distortion, Recipe
from mnist_core.training.distillation import TEACHER, teacher_logits, train_teacher
from mnist_core.training.fitting import Progress

SEED = 0  # of every augmentation, whatever the seed of the runs that learn from it
BATCH = 512  # images distorted at a time
NODES = 4  # displacements are drawn on a grid of 4×4 nodes and interpolated between them
PEN_WIDTHS = (1.6, 3.4)  # pixels
KEPT_POINTS = (0.3, 1.0)  # share of a stroke's points that are kept, as from a faster hand
JITTER = 0.012  # of the drawing's longer side, at most: the hand's unsteadiness


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


class Augmenter:
    """Makes the augmented images of one set of images and drawings, and the teacher's logits if asked for.

    `images`: MNIST's training images; `drawings`: pen drawings. `report` is called with what is being
    trained, and where it stands. Only what was made last is kept: it fills a gigabyte.
    """

    def __init__(
        self,
        images: LabelledImages,
        drawings: list[LabelledDrawing],
        *,
        device: str = "cpu",
        report: Callable[[str, Progress], None] = lambda name, progress: None,
    ) -> None:
        self.images, self.drawings, self.device, self.report = images, drawings, device, report
        self._kept: tuple[tuple[Augmentation, bool], AugmentedImages] | None = None
        self._teacher: tuple[nn.Module, float] | None = None

    def make(self, recipe: Recipe) -> AugmentedImages:
        """What a recipe that augments learns from; made once for recipes in a row that ask for the same.

        If it distils, the teacher is trained first, and asked about every image.
        """
        assert recipe.augmentation, "only a recipe that augments learns from augmented images"
        key = recipe.augmentation, recipe.distillation is not None
        if self._kept and self._kept[0] == key:
            return self._kept[1]
        self._kept = None  # before the next ones are made: two do not fit into every memory
        if recipe.distillation and not self._teacher:
            self._teacher = self._train_teacher()
        started = time.perf_counter()
        images = augment(self.images, self.drawings, recipe.augmentation)
        logits, seconds = None, 0.0
        if recipe.distillation and self._teacher:
            teacher, seconds = self._teacher
            logits = teacher_logits(teacher, images.images, self.device)
        seconds += time.perf_counter() - started
        made = AugmentedImages(images.images, images.labels, logits, seconds)
        self._kept = key, made
        return made

    def _train_teacher(self) -> tuple[nn.Module, float]:
        """The trained teacher, and the seconds that it took."""
        assert TEACHER.augmentation, "the teacher learns from augmented images"
        started = time.perf_counter()
        images = augment(self.images, self.drawings, TEACHER.augmentation)
        teacher = train_teacher(images, device=self.device, report=partial(self.report, "teacher"))
        return teacher, time.perf_counter() - started


def pen_file() -> Path:
    """Where the pen strokes are kept: the file named by PENDIGITS, by default in `data`."""
    return Path(os.environ.get("PENDIGITS") or "data/pendigits-orig.tra")


def load_pen_drawings(path: Path) -> list[LabelledDrawing]:
    """Read the drawings of pendigits; DataError says where to get the file if it is not there."""
    if not path.is_file():
        raise DataError(
            f"No pen strokes at {path}; the robust recipe also trains on pendigits-orig.tra of UCI's "
            '"Pen-Based Recognition of Handwritten Digits" (https://archive.ics.uci.edu/dataset/81). '
            "Put the file there, or set PENDIGITS to its path."
        )
    return read_unipen(path)


def draw_with_pens(drawings: list[LabelledDrawing], *, variants: int, seed: int) -> LabelledImages:
    """Images of every drawing, `variants` of each, with another pen, speed and jitter every time."""
    random = np.random.default_rng(seed)
    images = [
        image_of_drawing(redraw(entry.drawing, random), pen=random.uniform(*PEN_WIDTHS))
        for _ in range(variants)
        for entry in drawings
    ]
    labels = torch.tensor([entry.label for entry in drawings]).repeat(variants)
    return LabelledImages((torch.stack(images) * 255).round().to(torch.uint8), labels)


def redraw(drawing: Drawing, random: np.random.Generator) -> Drawing:
    """The drawing by a faster and less steady hand: some points left out, the others moved a little."""
    points = np.concatenate(drawing.strokes)
    jitter = random.uniform(0, JITTER) * np.ptp(points, axis=0).max()
    kept = random.uniform(*KEPT_POINTS)
    strokes = []
    for stroke in drawing.strokes:
        keep = random.random(len(stroke)) < kept
        keep[[0, -1]] = True
        strokes.append(stroke[keep] + random.normal(0, jitter, (keep.sum(), 2)))
    return Drawing(tuple(strokes))


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


def distort(images: Tensor, distortion: Distortion, generator: torch.Generator) -> Tensor:
    """Distort every image in its own way.

    Args:
        images: ink, shape (batch, 28, 28), 0 (paper) to 1 (full ink).
        distortion: how far.
        generator: where the random values come from.

    Returns:
        The distorted images; same shape, same range.
    """
    coefficients = _coefficients(len(images), distortion, generator)  # (batch, 2, 3 + nodes)
    grid = (coefficients @ _basis()).view(-1, 2, SIDE, SIDE).permute(0, 2, 3, 1)  # (batch, 28, 28, 2)
    bent = nn.functional.grid_sample(images[:, None], grid, align_corners=False)[:, 0]
    amount = torch.rand(len(images), 1, 1, generator=generator) * distortion.thickness
    half = len(images) // 2  # the first half gets thicker, the rest thinner: the caller's order is random
    thicker = bent[:half].lerp(_widest(bent[:half]), amount[:half])
    thinner = bent[half:].lerp(1 - _widest(1 - bent[half:]), amount[half:])
    return torch.cat([thicker, thinner])


def _coefficients(count: int, distortion: Distortion, generator: torch.Generator) -> Tensor:
    """For every image, where its pixels come from: weights of the basis for x and for y, (count, 2, 19)."""

    def uniform(bound: float) -> Tensor:
        return (torch.rand(count, generator=generator) * 2 - 1) * bound

    angle = uniform(math.radians(distortion.rotation))
    cosine, sine = angle.cos(), angle.sin()
    across, down = 1 + uniform(distortion.scale), 1 + uniform(distortion.scale)
    shear = uniform(distortion.shear)
    pixel = 2 / SIDE  # grid_sample counts from -1 to 1
    x = torch.stack([cosine * across, cosine * shear - sine, uniform(distortion.shift * pixel)], 1)
    y = torch.stack([sine, (cosine + sine * shear) * down, uniform(distortion.shift * pixel)], 1)
    nodes = torch.randn(count, 2, NODES**2, generator=generator) * distortion.displacement * pixel
    return torch.cat([torch.stack([x, y], 1), nodes], 2)


@cache
def _basis() -> Tensor:
    """x, y and 1 at every pixel, as `affine_grid` has them, and each node's influence: (3 + nodes, 784)."""
    identity = torch.eye(3)[None, :2]  # (1, 2, 3)
    plain = nn.functional.affine_grid(identity, [1, 1, SIDE, SIDE], align_corners=False)
    x, y = plain.reshape(-1, 2).T
    nodes = torch.eye(NODES**2).view(1, -1, NODES, NODES)
    influence = nn.functional.interpolate(nodes, (SIDE, SIDE), mode="bicubic", align_corners=True)
    return torch.cat([torch.stack([x, y, torch.ones_like(x)]), influence.view(-1, SIDE * SIDE)])


def _widest(images: Tensor) -> Tensor:
    """The most ink among each pixel and its four neighbours; same shape."""
    widest = images.clone()
    widest[:, 1:] = widest[:, 1:].maximum(images[:, :-1])
    widest[:, :-1] = widest[:, :-1].maximum(images[:, 1:])
    widest[:, :, 1:] = widest[:, :, 1:].maximum(images[:, :, :-1])
    widest[:, :, :-1] = widest[:, :, :-1].maximum(images[:, :, 1:])
    return widest
