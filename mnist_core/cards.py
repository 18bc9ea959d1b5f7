"""Cards: what a checkpoint says of how it was made and how good it is."""

import math
import os
import platform
import statistics
from dataclasses import dataclass, field
from typing import Any

import torch

from mnist_core.data import LabelledImages
from mnist_core.evaluation import (
    Bin,
    Calibration,
    Fold,
    PenScores,
    Scores,
    Tally,
    evaluate,
    tally_training,
)
from mnist_core.refusal import Refusal, read_refusal
from mnist_core.timeline import Timeline
from mnist_core.training import Epoch, Training


@dataclass(frozen=True)
class SeedResult:
    """What one seed of a run came to; accuracies 0..1, on the 10,000 test images.

    `training_accuracy`: on the images that the run learned from; None in older cards.
    """

    seed: int
    untrained_accuracy: float
    test_accuracy: float
    training_accuracy: float | None = None


@dataclass(frozen=True)
class Card:
    """How a checkpoint was made and how good it is.

    `scores`: every snapshot on the 10,000 test images, measured on the weights as stored. `training_scores`:
    the same on the images that the run learned from, as MNIST has them, with the labels that the run was
    given; empty in older cards until `python -m mnist_core measure --training` has measured them.
    `epoch_seconds` and `tutorial_epoch_seconds`: medians of one epoch's steps, and of the tutorial's own
    loop, timed in turn on the same thread; None where there is no tutorial. `lessons_seconds`: what making
    the lessons took, teacher included. `unseen_writers`: pen drawings, read by networks of the same recipe
    and seed 0 that never saw their writers. `refusal` and `calibration` (of the last snapshot, on the test
    images), and `pens`, are None until `python -m mnist_core measure` has measured them.
    """

    scores: list[Scores]
    epochs: list[Epoch]
    seeds: list[SeedResult]
    training_seconds: float
    epoch_seconds: float
    tutorial_epoch_seconds: float | None
    versions: dict[str, str]
    machine: str
    lessons_seconds: float = 0.0
    unseen_writers: list[Fold] = field(default_factory=list)
    refusal: Refusal | None = None
    calibration: Calibration | None = None
    pens: PenScores | None = None
    training_scores: list[Tally] = field(default_factory=list)


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


def read_card(card: dict[str, Any], snapshots: int) -> Card:
    """The card that `dataclasses.asdict` made this value of; ValueError, TypeError or KeyError if it did not.

    `snapshots`: how many the checkpoint holds.
    """
    scores = [Scores(**entry) for entry in card.pop("scores")]
    training_scores = [Tally(**entry) for entry in card.pop("training_scores", [])]
    fit = len(scores) == snapshots and len(training_scores) in (0, snapshots)
    if not fit or not all(math.isfinite(entry.loss) for entry in [*scores, *training_scores]):
        raise ValueError("its scores do not fit its snapshots")
    refusal, calibration, pens = (card.pop(name, None) for name in ("refusal", "calibration", "pens"))
    return Card(
        scores=scores,
        training_scores=training_scores,
        epochs=[Epoch(**entry) for entry in card.pop("epochs")],
        seeds=[SeedResult(**entry) for entry in card.pop("seeds")],
        unseen_writers=[Fold(**entry) for entry in card.pop("unseen_writers", [])],
        refusal=refusal and read_refusal(refusal),
        calibration=calibration and Calibration([Bin(**entry) for entry in calibration["bins"]]),
        pens=pens and PenScores(**pens),
        **card,
    )
