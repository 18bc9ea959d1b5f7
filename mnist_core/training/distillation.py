"""Distillation: a larger network, the teacher, and what it says of the images that robust runs learn from.

Source: Hinton et al. 2015, arXiv 1503.02531.
"""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor, nn

from mnist_core.drawings.mnist import LabelledImages
from mnist_core.runs.architectures import DIGITS
from mnist_core.runs.recipes import BASE, DISTORTION, Augmentation
from mnist_core.training.fitting import Progress, fit

SEED = 0  # of the teacher, whatever the seed of the runs that learn from it
BATCH = 512  # images that the teacher is asked about at a time
TEACHER = replace(BASE, epochs=2, augmentation=Augmentation(DISTORTION, copies=16, pen_variants=2))


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
