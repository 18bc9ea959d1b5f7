"""Cards: what a checkpoint says of how it was made and how good it is, as plain records.

Importing them loads no PyTorch, which takes longer than reading all cards.
"""

import math
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Tally:
    """One network on `n` labelled images; `loss`: mean cross-entropy of the logits, in nats."""

    n: int
    correct: int
    loss: float

    @property
    def accuracy(self) -> float:
        """Share of the images read right, 0..1."""
        return self.correct / self.n


@dataclass(frozen=True)
class Scores(Tally):
    """A tally with its `confusion`: counts, row = label, column = prediction."""

    confusion: list[list[int]]


@dataclass(frozen=True)
class PenScores:
    """One network on `n` pen drawings: right when made like MNIST, and when the pad is merely shrunk."""

    n: int
    correct: int
    shrunk_correct: int


@dataclass(frozen=True)
class Fold:
    """The drawings of some writers, read by a network that never saw these writers."""

    writers: list[str]
    n: int
    correct: int


@dataclass(frozen=True)
class Bin:
    """The `n` images of one interval of confidence: its mean there, and the share read right, both 0..1."""

    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Calibration:
    """A reliability chart: intervals of confidence, equally wide, from 0 to 1; an empty one holds zeros."""

    bins: list[Bin]

    @property
    def expected_error(self) -> float:
        """The expected calibration error, 0..1: how far confidence and accuracy are apart, on average."""
        n = sum(each.n for each in self.bins)
        return sum(each.n * abs(each.confidence - each.accuracy) for each in self.bins) / n


@dataclass(frozen=True)
class Epoch:
    """The network at the end of an epoch, on all training and all test images; losses in nats."""

    epoch: int
    training_loss: float
    training_accuracy: float
    test_loss: float
    test_accuracy: float


@dataclass(frozen=True)
class Refused:
    """How many of `n` images a run refused."""

    n: int
    refused: int


@dataclass(frozen=True)
class Refusal:
    """What a run refuses: every image whose score is below `threshold`, and what that comes to.

    The counts are of data that the threshold was not chosen on. `nondigits`: made-up drawings, by kind;
    `unseen_kinds`: the same drawings, each judged with a detector that was never shown its kind.
    """

    threshold: float
    mnist: Refused
    pens: Refused
    handwritings: Refused
    nondigits: dict[str, Refused]
    unseen_kinds: dict[str, Refused]


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


def read_refusal(value: dict[str, Any]) -> Refusal:
    """The refusal that `dataclasses.asdict` made this value of; TypeError or KeyError if it did not."""
    return Refusal(
        float(value["threshold"]),
        Refused(**value["mnist"]),
        Refused(**value["pens"]),
        Refused(**value["handwritings"]),
        {kind: Refused(**counts) for kind, counts in value["nondigits"].items()},
        {kind: Refused(**counts) for kind, counts in value["unseen_kinds"].items()},
    )
