"""What each part of the robust recipe is worth, on validation data.

    python -m research.ablation           train, write research/ablation.json, print the table
    python -m research.ablation --print   print the table again

Trained on MNIST's first 50,000 training images and four fifths of the pen writers, measured on the other
10,000 and on the drawings of the other writers; MNIST's test images play no part. Two epochs instead of the
recipe's, three seeds. The teacher is the same in every row that has one.
"""

import argparse
import json
import statistics
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import LabelledImages, images_of_drawings, load_mnist
from mnist_core.measuring.folds import split_by_writer
from mnist_core.runs.recipes import DISTORTION, MILD_DISTORTION, Distortion, Recipe, Run, find_run
from mnist_core.training.augmentation import Augmenter, load_pen_drawings, pen_file
from mnist_core.training.run_training import train

RESULTS = Path("research/ablation.json")
RUNS = ("relu-25-25/robust", "relu-96-256/robust")
SEEDS = (0, 1, 2)
EPOCHS = 2
UNDISTORTED = Distortion(rotation=0, scale=0, shear=0, shift=0, displacement=0, thickness=0)


def variants(recipe: Recipe) -> dict[str, Recipe]:
    """The recipe, and the recipe without each of its parts; rows that share their images stand together."""
    recipe = replace(recipe, epochs=EPOCHS)
    augmentation = recipe.augmentation
    assert augmentation

    def augmented(**changes: Any) -> Recipe:  # noqa: ANN401
        return replace(recipe, augmentation=replace(augmentation, **changes))

    other = DISTORTION if augmentation.distortion == MILD_DISTORTION else MILD_DISTORTION
    return {
        "the recipe": recipe,
        "weights not averaged": replace(recipe, averaging=0.0),
        "matrix products in full precision": replace(recipe, precision="highest"),
        "with the architecture's dropout": replace(recipe, dropout=True),
        "without the teacher": replace(recipe, distillation=None),
        "without pens": augmented(pen_variants=0),
        "without distortions": augmented(distortion=UNDISTORTED),
        "the other networks' distortions": augmented(distortion=other),
    }


def measure() -> None:
    """Write accuracies 0..1 by run, row and data, one per seed; a row is kept as soon as it is measured."""
    mnist, drawings = load_mnist(mnist_folder(), "training"), load_pen_drawings(pen_file())
    fit = LabelledImages(mnist.images[:50_000], mnist.labels[:50_000])
    left = LabelledImages(mnist.images[50_000:], mnist.labels[50_000:])
    left_out = split_by_writer(drawings, 5)[0]
    pens = images_of_drawings(entry for entry in drawings if entry.writer in left_out)
    augmenter = Augmenter(fit, [entry for entry in drawings if entry.writer not in left_out])
    table: dict[str, dict[str, dict[str, list[float]]]] = {}
    for run_id in RUNS:
        table[run_id] = {}
        for name, recipe in variants(find_run(run_id).recipe).items():
            run = Run(run_id, find_run(run_id).architecture, recipe)
            if recipe.dropout and not any(layer.dropout for layer in run.architecture.hidden):
                continue
            if name == "without the teacher" and not find_run(run_id).recipe.distillation:
                continue
            row: dict[str, list[float]] = {"mnist": [], "pens": []}
            for seed in SEEDS:
                images = augmenter.make(recipe)
                last = train(run, left, pens, seed=seed, augmented=images).epochs[-1]  # both only measured
                row["mnist"].append(last.training_accuracy)
                row["pens"].append(last.test_accuracy)
            table[run_id][name] = row
            RESULTS.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def rendered(table: dict[str, dict[str, dict[str, list[float]]]]) -> str:
    """The table as Markdown: mean ± standard deviation in percent."""
    lines = ["| network | row | MNIST, 10,000 images | pens of unseen writers |", "|---|---|--:|--:|"]
    for run_id, rows in table.items():
        for name, row in rows.items():
            figures = (
                f"{statistics.mean(row[data]):.2%} ± {statistics.stdev(row[data]):.2%}"
                for data in ("mnist", "pens")
            )
            lines.append(f"| `{run_id.split('/')[0]}` | {name} | {' | '.join(figures)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="What each part of the robust recipe is worth.")
    parser.add_argument("--print", action="store_true", help="only print the table")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if not arguments.print:
        RESULTS.parent.mkdir(exist_ok=True)
        measure()
    print(rendered(json.loads(RESULTS.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main()
