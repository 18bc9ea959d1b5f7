"""How often a run refuses digits, and how often things that are none: the data, and the counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from mnist_core.checkpoints.records import Refusal, Refused
from mnist_core.drawings.images import images_of_drawings
from mnist_core.drawings.mnist import load_mnist
from mnist_core.drawings.strokes import LabelledDrawing, read_handwritings
from mnist_core.measuring.evaluation import BATCH
from mnist_core.measuring.folds import split_by_writer
from mnist_core.networks.detector import detect
from mnist_core.networks.refusal import score
from mnist_core.networks.timeline import Timeline
from mnist_core.training.detector_training import draw_nondigits, train_without
from mnist_core.training.nondigits import KINDS

LEARNT = 50_000  # of MNIST's training images: the detector learns from them, the other 10,000 validate
SHOWN = 24_000  # made-up non-digits that the detector learns from
SHOWN_SEED, TEST_SEED = 0, 2  # of the made-up non-digits
COUNT = 2_000  # made-up non-digits to test with
KIND_FOLDS = 4  # groups of kinds, each unseen once


@dataclass(frozen=True)
class Digits:
    """Images of digits, shape (n, 28, 28), uint8; half of the pens' writers validate, the others test."""

    learnt: Tensor
    validation: list[Tensor]  # MNIST's last 10,000 training images, pens
    test: list[Tensor]  # MNIST's test images, pens, the project's own handwritings


def load_digits(folder: Path, drawings: list[LabelledDrawing]) -> Digits:
    """The digits that a detector learns from, that thresholds are chosen on, and that it is tested on."""
    training, test = load_mnist(folder, "training").images, load_mnist(folder, "test").images
    pens = [
        images_of_drawings(entry for entry in drawings if entry.hand in writers).images
        for writers in split_by_writer(drawings, 2)
    ]
    own = images_of_drawings(read_handwritings()).images
    return Digits(training[:LEARNT], [training[LEARNT:], pens[0]], [test, pens[1], own])


def detectors_of_unseen_kinds(digits: Tensor) -> list[tuple[list[str], nn.Sequential]]:
    """For every group of kinds, a detector that was never shown them, trained here on `digits`."""
    kinds, shown = draw_nondigits(SHOWN, SHOWN_SEED)
    groups = [list(KINDS)[number::KIND_FOLDS] for number in range(KIND_FOLDS)]
    return [(unseen, train_without(digits, kinds, shown, unseen)) for unseen in groups]


def measure_refusal(
    timeline: Timeline | None,
    detector: nn.Sequential,
    unseen: list[tuple[list[str], nn.Sequential]],
    digits: Digits,
) -> Refusal:
    """Choose a run's threshold on the validation digits, and count what it refuses of the test data.

    Args:
        timeline: of the run; None lets the detector judge alone.
        detector: that was shown every kind of non-digit.
        unseen: for groups of kinds, a detector that was not shown them; it gets a threshold of its own.
        digits: the digits to choose on and to test on.
    """
    kinds, others = draw_nondigits(COUNT, TEST_SEED)

    def said_of(images: Tensor) -> Tensor | None:
        return last_logits(timeline, images) if timeline else None

    *validation_logits, logits = map(said_of, (*digits.validation, others))

    def threshold_with(detector: nn.Sequential) -> float:
        pairs = zip(validation_logits, digits.validation, strict=True)
        return choose_threshold([score(logits, detections_of(detector, images)) for logits, images in pairs])

    def others_by_kind(detector: nn.Sequential) -> dict[str, Refused]:
        refused = score(logits, detections_of(detector, others)) < threshold_with(detector)
        return {kind: _count(refused[torch.tensor([each == kind for each in kinds])]) for kind in KINDS}

    threshold = threshold_with(detector)
    mnist, pens, handwritings = (
        _count(score(said_of(images), detections_of(detector, images)) < threshold) for images in digits.test
    )
    without: dict[str, Refused] = {}
    for group, blind in unseen:
        counts = others_by_kind(blind)
        without |= {kind: counts[kind] for kind in group}
    return Refusal(threshold, mnist, pens, handwritings, others_by_kind(detector), without)


def _count(refused: Tensor) -> Refused:
    return Refused(len(refused), int(refused.sum()))


def last_logits(timeline: Timeline, images: Tensor) -> Tensor:
    """What a run's last snapshot says of images (n, 28, 28), uint8: (n, 10), in double precision."""
    last = timeline.at(-1).to(torch.float64)
    return torch.cat([last.logits(batch.double() / 255)[0] for batch in images.split(BATCH)])


def detections_of(detector: nn.Sequential, images: Tensor) -> Tensor:
    """What a detector says of images (n, 28, 28), uint8: (n,)."""
    return detect(detector, images.float() / 255)


ALLOWED = 0.006  # of the validation digits of either source: a margin, so that a test stays below 1 %


def choose_threshold(validation: list[Tensor]) -> float:
    """The threshold below which at most `ALLOWED` of the scores (n,) of every source of digits lie."""
    return min(torch.quantile(scores, ALLOWED).item() for scores in validation)


def total(counts: Iterable[Refused]) -> Refused:
    """All counts together."""
    kept = list(counts)
    return Refused(sum(count.n for count in kept), sum(count.refused for count in kept))
