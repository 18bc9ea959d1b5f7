"""Fit a model to images by a recipe: its steps, exactly, with as little around them as possible."""

import copy
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from mnist_core.drawings.mnist import LabelledImages
from mnist_core.runs.recipes import Distillation, Recipe

REPORT_EVERY = 50  # steps between two reports; reading the loss costs a little each time


@dataclass(frozen=True)
class Progress:
    """Where a training stands: `loss` and `accuracy` (0..1) of the current batch, before its step."""

    step: int
    total_steps: int
    epoch: int
    loss: float
    accuracy: float


@dataclass(frozen=True)
class State:
    """A model after a step, with what the step's batch gave before it: loss (), logits (batch, 10).

    `averaged`: the model with averaged weights, or the model itself if the recipe does not average.
    """

    step: int
    total_steps: int
    epoch: int
    images_seen: int
    averaged: nn.Sequential
    loss: Tensor
    logits: Tensor
    labels: Tensor

    @property
    def is_report_due(self) -> bool:
        """Whether progress is reported after this step."""
        return self.step % REPORT_EVERY == 0 or self.step == self.total_steps

    def progress(self) -> Progress:
        """The figures to report."""
        accuracy = (self.logits.argmax(1) == self.labels).float().mean().item()
        return Progress(self.step, self.total_steps, self.epoch, self.loss.item(), accuracy)


def fit(
    model: nn.Sequential,
    recipe: Recipe,
    images: LabelledImages,
    *,
    seed: int,
    teacher_logits: Tensor | None = None,
) -> Iterator[State]:
    """Train a model in place, one step at a time, by its recipe.

    Between the steps, PyTorch's random state and precision are those of the caller.

    Args:
        model: images (batch, 28, 28), ink 0..1, to logits.
        recipe: the optimiser's steps.
        images: to learn from.
        seed: orders the images and drops units.
        teacher_logits: what a teacher says of the images, (n, 10), if the recipe distils.
    """
    device = next(model.parameters()).device
    pixels, labels = images.images.to(device), images.labels.to(device)
    if teacher_logits is not None:
        teacher_logits = teacher_logits.to(device)
    optimizer = _optimizer(recipe, model)
    averaged = copy.deepcopy(model) if recipe.averaging else model
    total_steps = -(-len(labels) // recipe.batch_size) * recipe.epochs
    order = torch.Generator().manual_seed(seed)
    dropout_state = RandomState(seed, device)
    step = images_seen = 0
    for epoch in range(1, recipe.epochs + 1):
        for chosen in _batches(len(labels), recipe, order, device):
            with dropout_state.entered(), _precision(recipe):
                for group in optimizer.param_groups:
                    group["lr"] = learning_rate_at(step, total_steps, recipe)
                digits = labels[chosen]
                logits = model(pixels.index_select(0, chosen).float() / 255)
                loss = LOSSES[recipe.loss](logits, digits)
                if teacher_logits is not None and recipe.distillation:
                    loss = _distilled(loss, logits, teacher_logits[chosen].float(), recipe.distillation)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                step += 1
                images_seen += len(digits)
                if recipe.averaging:
                    _average(averaged, model, min(recipe.averaging, step / (step + 10)))
            yield State(
                step, total_steps, epoch, images_seen, averaged, loss.detach(), logits.detach(), digits
            )


class RandomState:
    """A random state for dropout; PyTorch's global one is put back after each use.

    Dropout draws from PyTorch's global random state; no layer takes a generator.
    """

    def __init__(self, seed: int, device: torch.device) -> None:
        self._sources: list[Any] = [torch.random]
        if device.type != "cpu":
            self._sources.append(torch.get_device_module(device))
        outside = self._read()
        torch.manual_seed(seed)
        self._inside = self._read()
        self._write(outside)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Draw from this state; what is drawn next time goes on from there."""
        outside = self._read()
        self._write(self._inside)
        try:
            yield
        finally:
            self._inside = self._read()
            self._write(outside)

    def _read(self) -> list[Tensor]:
        return [source.get_rng_state() for source in self._sources]

    def _write(self, states: list[Tensor]) -> None:
        for source, state in zip(self._sources, states, strict=True):
            source.set_rng_state(state)


@contextmanager
def _precision(recipe: Recipe) -> Iterator[None]:
    """Multiply matrices as precisely as the recipe asks."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(recipe.precision)
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def learning_rate_at(step: int, total_steps: int, recipe: Recipe) -> float:
    """The learning rate of the step after `step` others: a linear warm-up, then as scheduled."""
    warm_up = recipe.warm_up * total_steps
    if step < warm_up:
        return recipe.learning_rate * (step + 1) / (warm_up + 1)
    if recipe.schedule == "constant":
        return recipe.learning_rate
    return recipe.learning_rate * (1 + math.cos(math.pi * (step - warm_up) / (total_steps - warm_up))) / 2


def cross_entropy_of_probabilities(logits: Tensor, labels: Tensor) -> Tensor:
    """Softmax in the model, and once more in the loss, as the tutorial has it; mean, in nats."""
    return nn.functional.cross_entropy(logits.softmax(1), labels)


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross_entropy": nn.functional.cross_entropy,
    "cross_entropy_of_probabilities": cross_entropy_of_probabilities,
}


def _distilled(loss: Tensor, logits: Tensor, teacher_logits: Tensor, distillation: Distillation) -> Tensor:
    """Mix in the cross-entropy with the teacher's probabilities (Hinton et al. 2015, arXiv 1503.02531)."""
    temperature = distillation.temperature
    distance = nn.functional.cross_entropy(logits / temperature, (teacher_logits / temperature).softmax(1))
    return loss.lerp(distance * temperature**2, distillation.share)


def _average(averaged: nn.Module, model: nn.Module, kept: float) -> None:
    """Move the averaged weights towards the model's by 1 - kept."""
    with torch.no_grad():
        torch._foreach_lerp_(list(averaged.parameters()), list(model.parameters()), 1 - kept)


def _optimizer(recipe: Recipe, model: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimizer; `fused` makes the same update in one call for all parameters.

    Its learning rate is set anew before every step.
    """
    parameters, rate = model.parameters(), recipe.learning_rate
    if recipe.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=rate, fused=True)
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(parameters, lr=rate, weight_decay=recipe.weight_decay, fused=True)
    return torch.optim.SGD(parameters, lr=rate, momentum=recipe.momentum, fused=True)


def _batches(count: int, recipe: Recipe, order: torch.Generator, device: torch.device) -> tuple[Tensor, ...]:
    """One epoch's batches of indices; the last one may be smaller, as in the tutorials."""
    indices = torch.randperm(count, generator=order) if recipe.shuffled else torch.arange(count)
    return indices.to(device).split(recipe.batch_size)
