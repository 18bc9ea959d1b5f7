"""The share of a robust run's training time that its distortions take; needs neither MNIST nor pens.

python -m research.distortions [RUN]
"""

import argparse
import time
from itertools import pairwise

import torch

from mnist_core.drawings.mnist import LabelledImages
from mnist_core.networks.model import build_model
from mnist_core.runs.recipes import RUNS
from mnist_core.training.augmentation import distorted_copies
from mnist_core.training.distillation import teacher_logits, train_teacher
from mnist_core.training.fitting import fit

IMAGES = 20_000


def main() -> None:
    robust = {run_id: run for run_id, run in RUNS.items() if run.recipe.augmentation}
    parser = argparse.ArgumentParser(description="The share of a training's time that distortions take.")
    parser.add_argument("run", nargs="?", metavar="RUN", default="relu-96-256/robust", choices=robust)
    run = robust[parser.parse_args().run]
    torch.set_num_threads(1)
    augmentation = run.recipe.augmentation
    assert augmentation
    random = torch.Generator().manual_seed(0)
    images = torch.randint(256, (IMAGES, 28, 28), generator=random, dtype=torch.uint8)
    labels = torch.randint(10, (IMAGES,), generator=random)
    seconds = [time.perf_counter()]

    def lap() -> None:
        seconds.append(time.perf_counter())

    augmented = distorted_copies(LabelledImages(images, labels), augmentation.distortion, 2, seed=0)
    lap()
    teacher = train_teacher(augmented)
    lap()
    logits = teacher_logits(teacher, augmented.images)
    lap()
    model = build_model(run.architecture, seed=0)
    for _ in fit(model, run.recipe, augmented, seed=0, teacher_logits=logits):
        pass
    lap()
    spent = [after - before for before, after in pairwise(seconds)]
    per_image = [1e6 * s / len(augmented) for s in spent]  # µs for every distorted image
    for name, s, us in zip(("distortions", "teacher", "teacher asked", "run"), spent, per_image, strict=True):
        print(f"{name:<13} {us:8.1f} µs an image  {s / sum(spent):6.1%}")


if __name__ == "__main__":
    main()
