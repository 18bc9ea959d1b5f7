"""Distillation: a larger network, the teacher, and what it says of the images that robust runs learn from.

Source: Hinton et al. 2015, arXiv 1503.02531.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor, nn

from mnist_core.drawings.mnist import LabelledImages
from mnist_core.drawings.strokes import LabelledDrawing
from mnist_core.runs.architectures import DIGITS
from mnist_core.runs.recipes import BASE, DISTORTION, Augmentation, Recipe
from mnist_core.training.augmentation import AugmentedImages, augment
from mnist_core.training.fitting import Progress, fit

SEED = 0  # of the teacher, whatever the seed of the runs that learn from it
BATCH = 512  # images that the teacher is asked about at a time
TEACHER = replace(BASE, epochs=2, augmentation=Augmentation(DISTORTION, copies=16, pen_variants=2))


class Augmenter:
    """Makes the augmented images of one set of images and drawings, and the teacher's logits if asked for.

    `images`: MNIST's training images; `drawings`: pen drawings; nothing else is seen. `report` is called with
    what is being trained, and where it stands. Only what was made last is kept: it fills a gigabyte.
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


def build_teacher(seed: int) -> nn.Sequential:
    """A small convolutional network, images (batch, 28, 28) to logits (batch, 10); 220,000 parameters."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(
            nn.Unflatten(1, (1, 28)),
            nn.Conv2d(1, 16, 5, stride=2, padding=2),
            nn.ReLU(),  # (batch, 16, 14, 14)
            nn.Conv2d(16, 32, 3, stride=2, padding=1),
            nn.ReLU(),  # (batch, 32, 7, 7)
            nn.Flatten(),
            nn.Linear(32 * 7 * 7, 128),
            nn.ReLU(),
            nn.Linear(128, DIGITS),
        )


def train_teacher(
    images: LabelledImages,
    *,
    device: str = "cpu",
    report: Callable[[Progress], None] = lambda progress: None,
) -> nn.Module:
    """Train the teacher on augmented images and their labels; returns its averaged weights."""
    averaged: nn.Module = nn.Identity()
    for state in fit(build_teacher(SEED).to(device), TEACHER, images, seed=SEED):
        averaged = state.averaged
        if state.is_report_due:
            report(state.progress())
    return averaged.eval()


def teacher_logits(teacher: nn.Module, images: Tensor, device: str = "cpu") -> Tensor:
    """What the teacher says of images (n, 28, 28), uint8: logits (n, 10) in half precision."""
    with torch.inference_mode():
        batches = [teacher(batch.to(device).float() / 255).half().cpu() for batch in images.split(BATCH)]
    return torch.cat(batches)
