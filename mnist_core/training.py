"""Train one run: the recipe's steps, exactly, with as little around them as possible."""

import copy
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mnist_core.cards import Epoch
from mnist_core.data import LabelledImages, images_given
from mnist_core.evaluation import mean_loss_and_accuracy
from mnist_core.model import build_model
from mnist_core.recipes import Recipe, Run, Teaching
from mnist_core.timeline import Recorder, Timeline

REPORT_EVERY = 50  # steps between two reports; reading the loss costs a little each time


@dataclass(frozen=True)
class Lessons(LabelledImages):
    """Images to learn from and, if there is a teacher, its `logits`, (n, 10), in half precision.

    `seconds`: what making them took, the teacher's training included.
    """

    logits: Tensor | None = None
    seconds: float = 0.0


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


@dataclass(frozen=True)
class Training:
    """What a training leaves: the timeline, the end of every epoch, the seconds each epoch's steps took."""

    timeline: Timeline
    epochs: list[Epoch]
    epoch_seconds: list[float]


def train(
    run: Run,
    training: LabelledImages,
    test: LabelledImages,
    *,
    seed: int,
    lessons: Lessons | None = None,
    device: str = "cpu",
    report: Callable[[Progress], None] = lambda progress: None,
) -> Training:
    """Train a run from its seed and keep its timeline.

    Args:
        run: what to train.
        training: MNIST's training images; what the recipe takes of them, the steps see, and it is measured
            after every epoch.
        test: images that are only measured, after every epoch; nothing depends on them.
        seed: of weights, order of images and dropout. Equal seeds give equal weights on a CPU.
        lessons: what the steps see in the place of training images, if given.
        device: where to train, as PyTorch names it.
        report: called every 50 steps and at the last one.
    """
    recipe = run.recipe
    model = build_model(
        run.architecture, seed=seed, input_range=recipe.input_range, dropout=recipe.dropout
    ).to(device)
    given = images_given(recipe, training, seed=seed)
    shown = lessons or Lessons(given.images, given.labels)
    steps_per_epoch = -(-len(shown) // recipe.batch_size)
    total_steps = steps_per_epoch * recipe.epochs
    recorder = Recorder(run, seed, total_steps)
    recorder.observe(0, 0, model)
    measured = [(images.ink().to(device), images.labels.to(device)) for images in (given, test)]
    epochs, epoch_seconds, started = [], [], time.perf_counter()
    for state in fit(model, recipe, shown, seed=seed):
        recorder.observe(state.step, state.images_seen, state.averaged)
        if state.is_report_due:
            report(state.progress())
        if state.step % steps_per_epoch == 0:
            epoch_seconds.append(time.perf_counter() - started)
            on_training, on_test = (mean_loss_and_accuracy(state.averaged, *images) for images in measured)
            epochs.append(Epoch(state.epoch, *on_training, *on_test))
            started = time.perf_counter()
    return Training(recorder.timeline(), epochs, epoch_seconds)


def fit(model: nn.Sequential, recipe: Recipe, lessons: Lessons, *, seed: int) -> Iterator[State]:
    """Train a model in place, one step at a time, by its recipe; `seed` orders images and drops units."""
    device = next(model.parameters()).device
    images, labels = lessons.images.to(device), lessons.labels.to(device)
    advice = None if lessons.logits is None else lessons.logits.to(device)
    optimizer = _optimizer(recipe, model)
    averaged = copy.deepcopy(model) if recipe.averaging else model
    total_steps = -(-len(labels) // recipe.batch_size) * recipe.epochs
    order = torch.Generator().manual_seed(seed)
    step = images_seen = 0
    with torch.random.fork_rng(), _precision(recipe):
        torch.manual_seed(seed)  # dropout draws from the global random state
        for epoch in range(1, recipe.epochs + 1):
            for chosen in _batches(len(labels), recipe, order, device):
                for group in optimizer.param_groups:
                    group["lr"] = learning_rate_at(step, total_steps, recipe)
                digits = labels[chosen]
                logits = model(images.index_select(0, chosen).float() / 255)
                loss = LOSSES[recipe.loss](logits, digits)
                if advice is not None and recipe.teaching:
                    loss = _with_advice(loss, logits, advice[chosen].float(), recipe.teaching)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                step += 1
                images_seen += len(digits)
                if recipe.averaging:
                    _average(averaged, model, min(recipe.averaging, step / (step + 10)))
                yield State(
                    *(step, total_steps, epoch, images_seen, averaged),
                    *(loss.detach(), logits.detach(), digits),
                )


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


def _with_advice(loss: Tensor, logits: Tensor, advice: Tensor, teaching: Teaching) -> Tensor:
    """Mix in the cross-entropy with the teacher's probabilities (Hinton et al. 2015, arXiv 1503.02531)."""
    temperature = teaching.temperature
    distance = nn.functional.cross_entropy(logits / temperature, (advice / temperature).softmax(1))
    return loss.lerp(distance * temperature**2, teaching.distillation)


def _average(averaged: nn.Module, model: nn.Module, kept: float) -> None:
    """Move the averaged weights towards the model's by 1 - kept."""
    with torch.no_grad():
        torch._foreach_lerp_(list(averaged.parameters()), list(model.parameters()), 1 - kept)


def _optimizer(recipe: Recipe, model: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimizer; `fused` makes the same update in one call for all parameters."""
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
