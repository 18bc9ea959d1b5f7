"""The tutorials' own training loop, kept for comparison: DataLoader, ToTensor, one Python step per batch."""

import time
from pathlib import Path

import torch

from mnist_core.drawings.mnist import torchvision_module
from mnist_core.networks.model import build_model
from mnist_core.runs.recipes import Run
from mnist_core.training.fitting import LOSSES


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
