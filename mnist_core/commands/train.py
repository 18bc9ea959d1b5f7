"""Commands that train runs: all seeds, or once for each fold of writers."""

import argparse
import json
import os
import platform
import statistics
from dataclasses import asdict, replace
from functools import partial

import torch
from tqdm import tqdm

from mnist_core.checkpoints.atomic_write import check_outputs
from mnist_core.checkpoints.card import Card, Fold, SeedResult, checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import LabelledImages, load_mnist
from mnist_core.errors import UnknownNameError
from mnist_core.measuring.evaluation import evaluate, score_on_training
from mnist_core.measuring.folds import validate_by_writer
from mnist_core.networks.timeline import Timeline
from mnist_core.progress import ProgressBars
from mnist_core.runs.recipes import Run, find_run
from mnist_core.training.augmentation import Augmenter, load_pen_drawings, pen_file
from mnist_core.training.run_training import TrainedRun, time_tutorial_epoch, train


def train_runs(arguments: argparse.Namespace) -> None:
    """Train each run from every seed and keep the one with the median accuracy."""
    runs, folder = [find_run(run_id) for run_id in arguments.runs], mnist_folder()
    check_outputs(map(checkpoint_path, runs))
    drawings = load_pen_drawings(pen_file()) if any(run.recipe.augmentation for run in runs) else []
    mnist, test = load_mnist(folder, "training"), load_mnist(folder, "test")
    with ProgressBars() as bars:
        augmenter = Augmenter(mnist, drawings, device=arguments.device, report=bars.report)
        for run in runs:
            augmented = augmenter.make(run.recipe) if run.recipe.augmentation else None
            trainings: dict[int, TrainedRun] = {}
            tutorial_seconds = []
            for seed in arguments.seeds:
                report = partial(bars.report, f"{run.id}, seed {seed}")
                trainings[seed] = train(
                    run, mnist, test, seed=seed, augmented=augmented, device=arguments.device, report=report
                )
                if run.recipe.published:
                    tutorial_seconds.append(time_tutorial_epoch(run, folder, seed=seed))
            timeline, card = choose_median(
                trainings, mnist, test, tutorial_seconds, augmented.seconds if augmented else 0.0
            )
            save_checkpoint(timeline, card, checkpoint_path(run))
            for result in card.seeds:
                print(f"{run.id}, seed {result.seed}: {result.test_accuracy:.2%} of the test images right")
            print(f"Kept seed {timeline.seed}, the median: {checkpoint_path(run)}", flush=True)


def choose_median(
    trainings: dict[int, TrainedRun],
    mnist: LabelledImages,
    test: LabelledImages,
    tutorial_seconds: list[float],
    augmentation_seconds: float,
) -> tuple[Timeline, Card]:
    """The timeline of the seed with the median accuracy on the test images, and its card.

    Args:
        trainings: of one run, by seed.
        mnist: MNIST's training images.
        test: the test images.
        tutorial_seconds: what an epoch took in the tutorial's own loop, if there is a tutorial.
        augmentation_seconds: what making the augmented images took.
    """
    scores = {
        seed: evaluate(training.timeline, test.ink(), test.labels) for seed, training in trainings.items()
    }
    learned = {seed: score_on_training(training.timeline, mnist) for seed, training in trainings.items()}
    results = [
        SeedResult(seed, snapshots[0].accuracy, snapshots[-1].accuracy, learned[seed][-1].accuracy)
        for seed, snapshots in scores.items()
    ]
    median = sorted(results, key=lambda result: result.test_accuracy)[(len(results) - 1) // 2].seed
    versions, machine = describe_machine()
    card = Card(
        scores=scores[median],
        epochs=trainings[median].epochs,
        seeds=results,
        training_seconds=round(sum(trainings[median].epoch_seconds), 2),
        epoch_seconds=statistics.median(s for training in trainings.values() for s in training.epoch_seconds),
        tutorial_epoch_seconds=statistics.median(tutorial_seconds) if tutorial_seconds else None,
        versions=versions,
        machine=machine,
        augmentation_seconds=round(augmentation_seconds, 2),
        training_scores=learned[median],
    )
    return trainings[median].timeline, card


def describe_machine() -> tuple[dict[str, str], str]:
    """Versions and hardware that a figure of speed depends on."""
    versions = {"python": platform.python_version(), "torch": torch.__version__}
    return versions, f"{os.cpu_count()} cores ({platform.machine()}), 1 thread used"


def validate_on_folds(arguments: argparse.Namespace) -> None:
    """Read every pen drawing with a network that never saw its writer, and note that in the card."""
    runs = [find_run(run_id) for run_id in arguments.runs]
    for run in runs:
        if not run.recipe.augmentation:
            raise UnknownNameError(f"{run.id} does not learn from pen strokes; choose a robust run.")
    paths = {run: path for run in runs if (path := checkpoint_path(run)).exists()}
    check_outputs(paths.values())
    networks = {run: load_checkpoint(path) for run, path in paths.items()}
    drawings = load_pen_drawings(pen_file())
    training = load_mnist(mnist_folder(), "training")
    results: dict[Run, list[Fold]] = {run: [] for run in runs}
    with ProgressBars() as bars:
        for run, fold in validate_by_writer(
            runs, training, drawings, folds=arguments.folds, device=arguments.device, report=bars.report
        ):
            results[run].append(fold)
            tqdm.write(f"{run.id}: {fold.correct:,} of {fold.n:,} right, writers {', '.join(fold.writers)}")
    for run, folds in results.items():
        n, correct = sum(fold.n for fold in folds), sum(fold.correct for fold in folds)
        report = {"run": run.id, "n": n, "correct": correct, "accuracy": correct / n}
        print(json.dumps({**report, "folds": [asdict(fold) for fold in folds]}))
        if run in networks:
            timeline, card = networks[run]
            save_checkpoint(timeline, replace(card, unseen_writers=folds), paths[run])
