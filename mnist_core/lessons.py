"""Lessons: distorted images for a robust run, with what a larger network, the teacher, says of them."""

import time
from collections.abc import Callable
from functools import cached_property, lru_cache, partial

import torch
from torch import Tensor, nn

from mnist_core.architectures import DIGITS
from mnist_core.data import LabelledImages
from mnist_core.distortions import distort
from mnist_core.drawing import LabelledDrawing
from mnist_core.pens import draw_with_pens
from mnist_core.recipes import DISTORTION, Distortion, Recipe, Teaching
from mnist_core.training import Lessons, Progress, fit

SEED = 0  # of the distortions and of the teacher, whatever the seed of the runs that learn from them
BATCH = 512  # images distorted at a time
TEACHER = Recipe(
    "adamw",
    3e-3,
    batch_size=256,
    epochs=2,
    weight_decay=0.01,
    schedule="cosine",
    warm_up=0.05,
    averaging=0.999,
    teaching=Teaching(DISTORTION, copies=16, pen_variants=2, distillation=0.0, temperature=1.0),
)


class LessonMaker:
    """Makes the lessons of one set of images and drawings, and keeps them for runs that learn alike.

    `training`: MNIST's images; `drawings`: pen drawings; nothing else is seen. `report` is called with
    what is being trained, and where it stands. Everything is seeded, so lessons made anew are the same.
    """

    def __init__(
        self,
        training: LabelledImages,
        drawings: list[LabelledDrawing],
        *,
        device: str = "cpu",
        report: Callable[[str, Progress], None] = lambda name, progress: None,
    ) -> None:
        self.training, self.drawings, self.device, self.report = training, drawings, device, report
        self._copies = lru_cache(maxsize=1)(self._make_copies)  # each fills a gigabyte
        self._lessons = lru_cache(maxsize=1)(self._make_lessons)

    def lessons(self, teaching: Teaching) -> Lessons:
        """Distort the images, train the teacher, ask it what it sees; made once for equal teachings."""
        return self._lessons(teaching)

    def _make_lessons(self, teaching: Teaching) -> Lessons:
        teacher, teacher_seconds = self._teacher if teaching.distillation else (None, 0.0)
        started = time.perf_counter()
        copies = self._copies(teaching.distortion, teaching.copies, teaching.pen_variants)
        logits = None if teacher is None else logits_of(teacher, copies.images, self.device)
        seconds = teacher_seconds + time.perf_counter() - started
        return Lessons(copies.images, copies.labels, logits, seconds)

    def _make_copies(self, distortion: Distortion, copies: int, pen_variants: int) -> Lessons:
        images = self.training
        if pen_variants:
            images += draw_with_pens(self.drawings, variants=pen_variants, seed=SEED)
        return distorted_copies(images, distortion, copies, seed=SEED)

    @cached_property
    def _teacher(self) -> tuple[nn.Module, float]:
        """The trained teacher, and the seconds that it took."""
        assert TEACHER.teaching
        started = time.perf_counter()
        lessons, report = self._make_lessons(TEACHER.teaching), partial(self.report, "teacher")
        return train_teacher(lessons, device=self.device, report=report), time.perf_counter() - started


def distorted_copies(images: LabelledImages, distortion: Distortion, copies: int, *, seed: int) -> Lessons:
    """Every image `copies` times, distorted anew each time, in random order."""
    generator = torch.Generator().manual_seed(seed)
    order = torch.cat([torch.randperm(len(images), generator=generator) for _ in range(copies)])
    distorted = torch.empty(len(order), *images.images.shape[1:], dtype=torch.uint8)
    for place, chosen in zip(distorted.split(BATCH), order.split(BATCH), strict=True):
        ink = images.images[chosen].float() / 255
        place.copy_((distort(ink, distortion, generator) * 255).round_())
    return Lessons(distorted, images.labels[order])


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
    lessons: Lessons,
    *,
    device: str = "cpu",
    report: Callable[[Progress], None] = lambda progress: None,
) -> nn.Module:
    """Train the teacher on the lessons' images and labels; returns its averaged weights."""
    averaged: nn.Module = nn.Identity()
    for state in fit(build_teacher(SEED).to(device), TEACHER, lessons, seed=SEED):
        averaged = state.averaged
        if state.is_report_due:
            report(state.progress())
    return averaged.eval()


def logits_of(teacher: nn.Module, images: Tensor, device: str = "cpu") -> Tensor:
    """What the teacher says of images (n, 28, 28), uint8: logits (n, 10) in half precision."""
    with torch.inference_mode():
        batches = [teacher(batch.to(device).float() / 255).half().cpu() for batch in images.split(BATCH)]
    return torch.cat(batches)
