"""Print the seconds that an epoch of each published recipe takes in the page's engine and in PyTorch.

PyTorch's loop is a plain one on one thread: all images one tensor of floats, its optimizers as they come.
Both take turns. Needs node and MNIST.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/training.py
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import torch
from torch import Tensor

from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import load_mnist
from mnist_core.networks.model import build_model
from mnist_core.runs.recipes import RUNS, Run
from mnist_core.training.fitting import LOSSES

sys.path.append(str(Path(__file__).parent.parent))
from engine_trainings import page_plan
from quick import is_quick

SCRIPT = Path(__file__).with_suffix(".js")
PUBLISHED = [run for run in RUNS.values() if run.id.endswith("/published")]
GOALS = {  # the page's time as a share of PyTorch's
    "relu-25-25/published": 1.6,
    "relu-50/published": 0.6,
    "relu-96-256/published": 0.4,
    "tanh-96-sigmoid-256/published": 0.6,
    "relu-128-128-64-64/published": 0.9,
}
TURNS = 5
IMAGES = 60_000


def page_epoch(run: Run, raw: Path, count: int) -> float:
    """Seconds that so many images take under node: those that an epoch begins with."""
    files = [raw / f"train-{name}-ubyte" for name in ("images-idx3", "labels-idx1")]
    command = ["node", SCRIPT, json.dumps(page_plan(run)), str(count), *files]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def pytorch_epoch(run: Run, images: Tensor, labels: Tensor, count: int) -> float:
    """Seconds that so many images take in PyTorch."""
    recipe = run.recipe
    model = build_model(run.architecture, seed=0, input_range=recipe.input_range)
    if recipe.optimizer == "adam":
        optimizer: torch.optim.Optimizer = torch.optim.Adam(model.parameters(), recipe.learning_rate)
    else:
        optimizer = torch.optim.SGD(model.parameters(), recipe.learning_rate, recipe.momentum)
    started = time.perf_counter()
    order = torch.randperm(len(labels)) if recipe.shuffled else torch.arange(len(labels))
    for chosen in order[:count].split(recipe.batch_size):
        loss = LOSSES[recipe.loss](model(images[chosen]), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return time.perf_counter() - started


def main() -> None:
    turns, count = (1, 600) if is_quick(__doc__) else (TURNS, IMAGES)
    torch.set_num_threads(1)
    data = load_mnist(mnist_folder(), "training")
    images, labels, raw = data.ink(), data.labels, mnist_folder() / "MNIST" / "raw"
    print(f"seconds an epoch of {count:,} images, median of {turns}; one thread each")
    print(f"{'':<32} {'page':>6} {'PyTorch':>8} {'ratio':>6} {'goal':>6}")
    for run in PUBLISHED:
        times = [
            (page_epoch(run, raw, count), pytorch_epoch(run, images, labels, count)) for _ in range(turns)
        ]
        page, pytorch = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{run.id:<32} {page:>6.2f} {pytorch:>8.2f} {page / pytorch:>6.2f} {GOALS[run.id]:>6}")


if __name__ == "__main__":
    main()
