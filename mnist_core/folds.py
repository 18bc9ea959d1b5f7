"""Validation by writer: every pen drawing read by a network that never saw its writer."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import torch

from mnist_core.cards import Fold
from mnist_core.data import LabelledImages
from mnist_core.drawing import LabelledDrawing
from mnist_core.errors import DrawingError
from mnist_core.evaluation import evaluate
from mnist_core.lessons import LessonMaker
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import Run
from mnist_core.training import Progress, train


def split_by_writer(drawings: list[LabelledDrawing], folds: int) -> list[list[str]]:
    """The writers of the drawings dealt into `folds` groups, in the order of their numbers.

    Raises:
        DrawingError: so many groups cannot be made.
    """
    writers = sorted({entry.hand for entry in drawings}, key=lambda hand: (len(hand), hand))
    if not 2 <= folds <= len(writers):
        raise DrawingError(
            f"{len(writers)} writers cannot be dealt into {folds} groups; choose from 2 to {len(writers)}."
        )
    return [writers[number::folds] for number in range(folds)]


def images_of_drawings(drawings: Iterable[LabelledDrawing]) -> LabelledImages:
    """The drawings as the pad's way makes them, to be read by a network."""
    entries = list(drawings)
    ink = torch.stack([image_of_drawing(entry.drawing) for entry in entries])
    labels = torch.tensor([entry.label for entry in entries])
    return LabelledImages((ink * 255).round().to(torch.uint8), labels)


def validate_by_writer(
    runs: list[Run],
    training: LabelledImages,
    drawings: list[LabelledDrawing],
    *,
    folds: int,
    seed: int = 0,
    device: str = "cpu",
    report: Callable[[str, Progress], None] = lambda name, progress: None,
) -> Iterator[tuple[Run, Fold]]:
    """Train every run once per fold, without the fold's writers, and let it read their drawings.

    Args:
        runs: robust runs.
        training: MNIST's training images.
        drawings: pen drawings, with their writers.
        folds: number of groups of writers.
        seed: of every training.
        device: where to train.
        report: called with what is being trained, and where it stands.
    """
    for number, writers in enumerate(split_by_writer(drawings, folds), 1):
        others = [entry for entry in drawings if entry.hand not in writers]
        unseen = images_of_drawings(entry for entry in drawings if entry.hand in writers)
        maker = LessonMaker(training, others, device=device, report=report)
        for run in runs:
            assert run.recipe.teaching, "only a run that learns from pens can be validated on them"
            trained = train(
                run,
                training,
                unseen,
                seed=seed,
                lessons=maker.lessons(run.recipe.teaching),
                device=device,
                report=partial(report, f"{run.id}, fold {number}"),
            )
            score = evaluate(trained.timeline, unseen.ink(), unseen.labels)[-1]
            yield run, Fold(writers, score.n, score.correct)
