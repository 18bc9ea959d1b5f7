"""Train one run: the recipe's steps, exactly, with as little around them as possible."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mnist_core.data import LabelledImages
from mnist_core.evaluation import mean_loss_and_accuracy
from mnist_core.model import build_model
from mnist_core.recipes import Recipe, Run
from mnist_core.timeline import Recorder, Timeline

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
class Epoch:
    """The network at the end of an epoch, on all training and all test images; losses in nats."""

    epoch: int
    training_loss: float
    training_accuracy: float
    test_loss: float
    test_accuracy: float


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
    device: str = "cpu",
    report: Callable[[Progress], None] = lambda progress: None,
) -> Training:
    """Train a run from its seed and keep its timeline.

    Args:
        run: what to train.
        training: images that the steps see.
        test: images that are only measured, after every epoch; nothing depends on them.
        seed: of weights, order of images and dropout. Equal seeds give equal weights on a CPU.
        device: where to train, as PyTorch names it.
        report: called every 50 steps and at the last one.
    """
    recipe = run.recipe
    ink, labels = training.ink().to(device), training.labels.to(device)
    test_ink, test_labels = test.ink().to(device), test.labels.to(device)
    model = build_model(run.architecture, seed=seed, input_range=recipe.input_range).to(device)
    optimizer = _optimizer(recipe, model)
    loss_of = LOSSES[recipe.loss]
    steps_per_epoch = -(-len(labels) // recipe.batch_size)
    total_steps = steps_per_epoch * recipe.epochs
    recorder = Recorder(run, seed, total_steps)
    recorder.observe(0, 0, model)
    order = torch.Generator().manual_seed(seed)
    epochs, epoch_seconds, step, images_seen = [], [], 0, 0
    with torch.random.fork_rng():
        torch.manual_seed(seed)  # dropout draws from the global random state
        for epoch in range(1, recipe.epochs + 1):
            started = time.perf_counter()
            for images, digits in _batches(ink, labels, recipe, order):
                logits = model(images)
                loss = loss_of(logits, digits)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                step += 1
                images_seen += len(digits)
                recorder.observe(step, images_seen, model)
                if step % REPORT_EVERY == 0 or step == total_steps:
                    accuracy = (logits.argmax(1) == digits).float().mean().item()
                    report(Progress(step, total_steps, epoch, loss.item(), accuracy))
            epoch_seconds.append(time.perf_counter() - started)
            on_training = mean_loss_and_accuracy(model, ink, labels)
            epochs.append(Epoch(epoch, *on_training, *mean_loss_and_accuracy(model, test_ink, test_labels)))
    return Training(recorder.timeline(), epochs, epoch_seconds)


def cross_entropy_of_probabilities(logits: Tensor, labels: Tensor) -> Tensor:
    """Softmax in the model, and once more in the loss, as the tutorial has it; mean, in nats."""
    return nn.functional.cross_entropy(logits.softmax(1), labels)


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross_entropy": nn.functional.cross_entropy,
    "cross_entropy_of_probabilities": cross_entropy_of_probabilities,
}


def _optimizer(recipe: Recipe, model: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimizer; `fused` makes the same update in one call for all parameters."""
    if recipe.optimizer == "adam":
        return torch.optim.Adam(model.parameters(), lr=recipe.learning_rate, fused=True)
    return torch.optim.SGD(model.parameters(), lr=recipe.learning_rate, momentum=recipe.momentum, fused=True)


def _batches(
    ink: Tensor, labels: Tensor, recipe: Recipe, order: torch.Generator
) -> Iterable[tuple[Tensor, Tensor]]:
    """One epoch's batches of images and labels; the last one may be smaller, as in the tutorials."""
    if not recipe.shuffled:
        return zip(ink.split(recipe.batch_size), labels.split(recipe.batch_size), strict=True)
    indices = torch.randperm(len(labels), generator=order).to(labels.device).split(recipe.batch_size)
    return ((ink.index_select(0, chosen), labels[chosen]) for chosen in indices)
