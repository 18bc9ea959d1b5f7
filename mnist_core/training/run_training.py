"""Train one run from its seed, record its timeline, and measure it after every epoch.

The tutorials' own training loop is here too, to be compared with in speed: DataLoader, ToTensor, one Python
step for every batch.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mnist_core.checkpoints.card import Epoch
from mnist_core.drawings.mnist import LabelledImages, torchvision_module
from mnist_core.networks.model import build_model, linear_layers
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import Recipe, Run
from mnist_core.training.augmentation import AugmentedImages
from mnist_core.training.fitting import LOSSES, Progress, fit

SNAPSHOTS = 20  # asked for, besides step 0; early ones that fall on the same step are kept once


@dataclass(frozen=True)
class TrainedRun:
    """What a training leaves: the timeline, the end of every epoch, the seconds each epoch's steps took."""

    timeline: Timeline
    epochs: list[Epoch]
    epoch_seconds: list[float]


def train(
    run: Run,
    mnist: LabelledImages,
    test: LabelledImages,
    *,
    seed: int,
    augmented: AugmentedImages | None = None,
    device: str = "cpu",
    report: Callable[[Progress], None] = lambda progress: None,
) -> TrainedRun:
    """Train a run from its seed and keep its timeline.

    Args:
        run: what to train.
        mnist: MNIST's training images; what the recipe takes of them, the steps see, and it is measured
            after every epoch.
        test: images that are only measured, after every epoch; nothing depends on them.
        seed: of weights, order of images and dropout. Equal seeds give equal weights on a CPU.
        augmented: what the steps see in the place of MNIST's images, if given.
        device: where to train, as PyTorch names it.
        report: called every 50 steps and at the last one.
    """
    recipe = run.recipe
    model = build_model(
        run.architecture, seed=seed, input_range=recipe.input_range, dropout=recipe.dropout
    ).to(device)
    selected = select_images(recipe, mnist, seed=seed)
    shown = augmented or selected
    steps_per_epoch = -(-len(shown) // recipe.batch_size)
    total_steps = steps_per_epoch * recipe.epochs
    recorder = Recorder(run, seed, total_steps)
    recorder.observe(0, 0, model)
    measured = [(images.ink().to(device), images.labels.to(device)) for images in (selected, test)]
    teacher_logits = augmented.teacher_logits if augmented else None
    epochs, epoch_seconds, started = [], [], time.perf_counter()
    for state in fit(model, recipe, shown, seed=seed, teacher_logits=teacher_logits):
        recorder.observe(state.step, state.images_seen, state.averaged)
        if state.is_report_due:
            report(state.progress())
        if state.step % steps_per_epoch == 0:
            epoch_seconds.append(time.perf_counter() - started)
            on_training, on_test = (mean_loss_and_accuracy(state.averaged, *images) for images in measured)
            epochs.append(Epoch(state.epoch, *on_training, *on_test))
            started = time.perf_counter()
    return TrainedRun(recorder.timeline(), epochs, epoch_seconds)


def snapshot_steps(total_steps: int) -> list[int]:
    """Steps to keep: 0, then log-spaced from 1 to the last, so that early changes are seen."""
    spaced = np.geomspace(1, total_steps, SNAPSHOTS).round().astype(int)
    return [0, *sorted(set(spaced.tolist()))]


class Recorder:
    """Collects a run's snapshots while it trains; half precision keeps a checkpoint small."""

    def __init__(self, run: Run, seed: int, total_steps: int) -> None:
        self.run, self.seed = run, seed
        self.steps = snapshot_steps(total_steps)
        self._remaining = self.steps[::-1]
        self._images_seen: list[int] = []
        self._snapshots: list[list[Tensor]] = []

    def observe(self, step: int, images_seen: int, model: nn.Sequential) -> None:
        """Keep the model's weights if `step` is one of those to keep."""
        if self._remaining and step == self._remaining[-1]:
            self._remaining.pop()
            self._images_seen.append(images_seen)
            layers = linear_layers(model)
            tensors = [layer.weight for layer in layers] + [layer.bias for layer in layers]
            self._snapshots.append([tensor.detach().half().cpu() for tensor in tensors])

    def timeline(self) -> Timeline:
        """The finished timeline."""
        assert not self._remaining, "the run ended before its last snapshot"
        stacked = [torch.stack(tensors) for tensors in zip(*self._snapshots, strict=True)]
        maps = len(stacked) // 2
        return Timeline(
            self.run,
            self.seed,
            tuple(self.steps),
            tuple(self._images_seen),
            tuple(stacked[:maps]),
            tuple(stacked[maps:]),
        )


def select_images(recipe: Recipe, mnist: LabelledImages, *, seed: int) -> LabelledImages:
    """What a run learns from, of MNIST's training images: all of them, or what a control is given.

    Args:
        recipe: of the run.
        mnist: MNIST's training images.
        seed: of the run; shuffled labels are drawn from it.
    """
    images, labels = mnist.images[: recipe.training_images], mnist.labels[: recipe.training_images]
    if recipe.shuffled_labels:
        labels = labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))]
    return LabelledImages(images, labels)


def mean_loss_and_accuracy(model: nn.Module, ink: Tensor, labels: Tensor) -> tuple[float, float]:
    """Mean cross-entropy in nats and accuracy 0..1 of a model in training, without its dropout."""
    was_training = model.training
    model.eval()
    loss = correct = 0.0
    with torch.inference_mode():
        for images, digits in zip(ink.split(10_000), labels.split(10_000), strict=True):
            logits = model(images)
            loss += nn.functional.cross_entropy(logits, digits, reduction="sum").item()
            correct += (logits.argmax(1) == digits).sum().item()
    model.train(was_training)
    return loss / len(labels), correct / len(labels)


def time_tutorial_epoch(run: Run, folder: Path, *, seed: int) -> float:
    """Seconds that the steps of one epoch take in the tutorial's loop, on a CPU; MNIST lies in `folder`."""
    recipe = run.recipe
    transforms = torchvision_module("transforms")
    steps = [transforms.ToTensor()]
    if recipe.input_range != (0.0, 1.0):
        steps.append(transforms.Normalize((0.5,), (0.5,)))
    images = torchvision_module("datasets").MNIST(str(folder), transform=transforms.Compose(steps))
    loader = torch.utils.data.DataLoader(images, batch_size=recipe.batch_size, shuffle=recipe.shuffled)
    model = build_model(run.architecture, seed=seed)
    if recipe.optimizer == "adam":
        optimizer: torch.optim.Optimizer = torch.optim.Adam(model.parameters(), lr=recipe.learning_rate)
    else:
        optimizer = torch.optim.SGD(model.parameters(), lr=recipe.learning_rate, momentum=recipe.momentum)
    started = time.perf_counter()
    for batch, labels in loader:
        loss = LOSSES[recipe.loss](model(batch), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return time.perf_counter() - started
