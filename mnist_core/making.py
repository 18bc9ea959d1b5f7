"""The commands that make what the project keeps: checkpoints, the detector, and the figures in the cards."""

import argparse
import json
import os
import platform
import statistics
from dataclasses import asdict, replace
from functools import partial

import torch
from tqdm import tqdm

from mnist_core.archives import mnist_folder
from mnist_core.cards import Card, Fold, PenScores, SeedResult
from mnist_core.checkpoints import checkpoint_path, load_checkpoint, save_checkpoint
from mnist_core.data import LabelledImages, load_mnist
from mnist_core.detector import (
    Detector,
    draw_nondigits,
    load_detector,
    save_detector,
    train_without,
)
from mnist_core.drawing import LabelledDrawing
from mnist_core.errors import UnknownNameError
from mnist_core.evaluation import calibrate, evaluate, tally_training
from mnist_core.folds import validate_by_writer
from mnist_core.lessons import LessonMaker
from mnist_core.pens import load_pen_drawings, pen_file
from mnist_core.preprocessing import image_of_drawing, shrink_drawing
from mnist_core.progress import Bars
from mnist_core.recipes import Run, find_run
from mnist_core.refusal_rates import (
    SHOWN,
    SHOWN_SEED,
    detectors_of_unseen_kinds,
    load_digits,
    logits_of,
    measure_refusal,
)
from mnist_core.timeline import Timeline
from mnist_core.training import Training, train
from mnist_core.tutorial import time_tutorial_epoch


def train_runs(arguments: argparse.Namespace) -> None:
    """Train each run from every seed and keep the one with the median accuracy."""
    runs, folder = [find_run(run_id) for run_id in arguments.runs], mnist_folder()
    drawings = load_pen_drawings(pen_file()) if any(run.recipe.teaching for run in runs) else []
    training, test = load_mnist(folder, "training"), load_mnist(folder, "test")
    with Bars() as bars:
        maker = LessonMaker(training, drawings, device=arguments.device, report=bars.report)
        for run in runs:
            lessons = maker.lessons(run.recipe.teaching) if run.recipe.teaching else None
            trainings: dict[int, Training] = {}
            tutorial_seconds = []
            for seed in arguments.seeds:
                report = partial(bars.report, f"{run.id}, seed {seed}")
                trainings[seed] = train(
                    run, training, test, seed=seed, lessons=lessons, device=arguments.device, report=report
                )
                if run.recipe.published:
                    tutorial_seconds.append(time_tutorial_epoch(run, folder, seed=seed))
            timeline, card = choose_median(
                trainings, training, test, tutorial_seconds, lessons.seconds if lessons else 0.0
            )
            save_checkpoint(timeline, card, checkpoint_path(run))
            for result in card.seeds:
                print(f"{run.id}, seed {result.seed}: {result.test_accuracy:.2%} of the test images right")
            print(f"Kept seed {timeline.seed}, the median: {checkpoint_path(run)}", flush=True)


def describe_machine() -> tuple[dict[str, str], str]:
    """Versions and hardware that a figure of speed depends on."""
    versions = {"python": platform.python_version(), "torch": torch.__version__}
    return versions, f"{os.cpu_count()} cores ({platform.machine()}), 1 thread used"


def choose_median(
    trainings: dict[int, Training],
    mnist: LabelledImages,
    test: LabelledImages,
    tutorial_seconds: list[float],
    lessons_seconds: float,
) -> tuple[Timeline, Card]:
    """The timeline of the seed with the median accuracy on the test images, and its card.

    Args:
        trainings: of one run, by seed.
        mnist: MNIST's training images.
        test: the test images.
        tutorial_seconds: what an epoch took in the tutorial's own loop, if there is a tutorial.
        lessons_seconds: what making the lessons took.
    """
    scores = {
        seed: evaluate(training.timeline, test.ink(), test.labels) for seed, training in trainings.items()
    }
    learned = {seed: tally_training(training.timeline, mnist) for seed, training in trainings.items()}
    results = [
        SeedResult(seed, kept[0].accuracy, kept[-1].accuracy, learned[seed][-1].accuracy)
        for seed, kept in scores.items()
    ]
    median = sorted(results, key=lambda result: result.test_accuracy)[(len(results) - 1) // 2].seed
    versions, machine = describe_machine()
    card = Card(
        scores=scores[median],
        epochs=trainings[median].epochs,
        seeds=results,
        training_seconds=round(sum(trainings[median].epoch_seconds), 2),
        epoch_seconds=statistics.median(s for kept in trainings.values() for s in kept.epoch_seconds),
        tutorial_epoch_seconds=statistics.median(tutorial_seconds) if tutorial_seconds else None,
        versions=versions,
        machine=machine,
        lessons_seconds=round(lessons_seconds, 2),
        training_scores=learned[median],
    )
    return trainings[median].timeline, card


def validate_on_folds(arguments: argparse.Namespace) -> None:
    """Read every pen drawing with a network that never saw its writer, and note that in the card."""
    runs = [find_run(run_id) for run_id in arguments.runs]
    for run in runs:
        if not run.recipe.teaching:
            raise UnknownNameError(f"{run.id} does not learn from pen strokes; choose a robust run.")
    drawings = load_pen_drawings(pen_file())
    training = load_mnist(mnist_folder(), "training")
    results: dict[Run, list[Fold]] = {run: [] for run in runs}
    with Bars() as bars:
        for run, fold in validate_by_writer(
            runs, training, drawings, folds=arguments.folds, device=arguments.device, report=bars.report
        ):
            results[run].append(fold)
            tqdm.write(f"{run.id}: {fold.correct:,} of {fold.n:,} right, writers {', '.join(fold.writers)}")
    for run, folds in results.items():
        n, correct = sum(fold.n for fold in folds), sum(fold.correct for fold in folds)
        report = {"run": run.id, "n": n, "correct": correct, "accuracy": correct / n}
        print(json.dumps({**report, "folds": [asdict(fold) for fold in folds]}))
        if checkpoint_path(run).exists():
            timeline, card = load_checkpoint(checkpoint_path(run))
            save_checkpoint(timeline, replace(card, unseen_writers=folds), checkpoint_path(run))


def make_detector(arguments: argparse.Namespace) -> None:
    """Train the detector that tells digits from things that are none, for all runs, and choose its threshold.

    It prints what the detector refuses where it judges alone, as JSON.
    """
    digits = load_digits(mnist_folder(), load_pen_drawings(pen_file()))
    if arguments.measure:
        network = load_detector().network
    else:
        network = train_without(digits.learnt, *draw_nondigits(SHOWN, SHOWN_SEED), unseen=())
    refusal = measure_refusal(None, network, detectors_of_unseen_kinds(digits.learnt), digits)
    save_detector(Detector(network, refusal.threshold))
    print(json.dumps({"run": "detector", "refusal": asdict(refusal)}))


def measure(arguments: argparse.Namespace) -> None:
    """Measure finished runs, and note that in their cards."""
    runs = [find_run(run_id) for run_id in arguments.runs]
    if arguments.training:
        measure_training(runs)
    else:
        measure_refusals(runs)


def measure_training(runs: list[Run]) -> None:
    """Note how runs read the images that they learned from."""
    training = load_mnist(mnist_folder(), "training")
    for run in runs:
        timeline, card = load_checkpoint(checkpoint_path(run))
        scores = tally_training(timeline, training)
        save_checkpoint(timeline, replace(card, training_scores=scores), checkpoint_path(run))
        print(json.dumps({"run": run.id, "training": asdict(scores[-1])}), flush=True)


def measure_refusals(runs: list[Run]) -> None:
    """Note what runs refuse, their calibration and how they read pens."""
    for run in runs:
        if run.recipe.is_control:
            raise UnknownNameError(
                f"{run.id} is a control, judged by the detector alone; choose another run."
            )
    folder, detector = mnist_folder(), load_detector()
    drawings = load_pen_drawings(pen_file())
    digits, test = load_digits(folder, drawings), load_mnist(folder, "test")
    timelines = {run: load_checkpoint(checkpoint_path(run)) for run in runs}
    unseen = detectors_of_unseen_kinds(digits.learnt)
    for run, (timeline, card) in timelines.items():
        refusal = measure_refusal(timeline, detector.network, unseen, digits)
        calibration = calibrate(logits_of(timeline, test.images).softmax(1), test.labels)
        pens = measure_pens(timeline, drawings)
        measured = replace(card, refusal=refusal, calibration=calibration, pens=pens)
        save_checkpoint(timeline, measured, checkpoint_path(run))
        report = {"run": run.id, "refusal": asdict(refusal), "calibration": asdict(calibration)}
        error = {"expected_calibration_error": calibration.expected_error}
        print(json.dumps({**report, "pens": asdict(pens), **error}), flush=True)


def measure_pens(timeline: Timeline, drawings: list[LabelledDrawing]) -> PenScores:
    """How the finished network reads pen drawings, made like MNIST and merely shrunk."""
    labels = torch.tensor([entry.label for entry in drawings])
    made, shrunk = (
        evaluate(timeline.at(-1), torch.stack([way(entry.drawing) for entry in drawings]), labels)[0]
        for way in (image_of_drawing, shrink_drawing)
    )
    return PenScores(len(drawings), made.correct, shrunk.correct)
