"""Validation by writer: every pen drawing read by a network that never saw its writer."""

from collections.abc import Callable, Iterator
from functools import partial

from mnist_core.checkpoints.card import Fold
from mnist_core.drawings.mnist import LabelledImages, images_of_drawings
from mnist_core.drawings.strokes import LabelledDrawing
from mnist_core.errors import DrawingError
from mnist_core.measuring.evaluation import evaluate
from mnist_core.runs.recipes import Run
from mnist_core.training.augmentation import Augmenter
from mnist_core.training.fitting import Progress
from mnist_core.training.run_training import train


def split_by_writer(drawings: list[LabelledDrawing], folds: int) -> list[list[str]]:
    """The writers of the drawings dealt into `folds` groups, in the order of their numbers.

    Raises:
        DrawingError: so many groups cannot be made.
    """
    writers = sorted({entry.writer for entry in drawings}, key=lambda name: (len(name), name))
    if not 2 <= folds <= len(writers):
        raise DrawingError(
            f"{len(writers)} writers cannot be dealt into {folds} groups; choose from 2 to {len(writers)}."
        )
    return [writers[number::folds] for number in range(folds)]


def validate_by_writer(
    runs: list[Run],
    mnist: LabelledImages,
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
        mnist: MNIST's training images.
        drawings: pen drawings, with their writers.
        folds: number of groups of writers.
        seed: of every training.
        device: where to train.
        report: called with what is being trained, and where it stands.
    """
    for number, writers in enumerate(split_by_writer(drawings, folds), 1):
        others = [entry for entry in drawings if entry.writer not in writers]
        unseen = images_of_drawings(entry for entry in drawings if entry.writer in writers)
        augmenter = Augmenter(mnist, others, device=device, report=report)
        for run in runs:
            trained = train(
                run,
                mnist,
                unseen,
                seed=seed,
                augmented=augmenter.make(run.recipe),
                device=device,
                report=partial(report, f"{run.id}, fold {number}"),
            )
            score = evaluate(trained.timeline, unseen.ink(), unseen.labels)[-1]
            yield run, Fold(writers, score.n, score.correct)
