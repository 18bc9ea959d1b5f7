"""Cards: what a checkpoint says of how it was made and how good it is, as plain records.

pydantic checks their types and ranges when they are read from a file. Importing them loads no PyTorch, which
takes longer than reading all cards.
"""

from dataclasses import field
from typing import Annotated

from pydantic import ConfigDict, Field, FiniteFloat, NonNegativeInt, PositiveInt
from pydantic.dataclasses import dataclass

Count = Annotated[int, Field(ge=0, le=2**53 - 1)]  # as large as the page reads exactly
Share = Annotated[float, Field(ge=0, le=1)]
Loss = Annotated[FiniteFloat, Field(ge=0)]
Seconds = Annotated[FiniteFloat, Field(ge=0)]
STRICT = ConfigDict(extra="forbid", strict=True)  # no entry that is unknown here, and no text for a number


@dataclass(frozen=True, config=STRICT)
class Tally:
    """One network on `n` labelled images; `loss`: mean cross-entropy of the logits, in nats."""

    n: PositiveInt
    correct: NonNegativeInt
    loss: Loss

    def __post_init__(self) -> None:
        if self.correct > self.n:
            raise ValueError(f"{self.correct:,} images read right of {self.n:,}")

    @property
    def accuracy(self) -> float:
        """Share of the images read right, 0..1."""
        return self.correct / self.n


@dataclass(frozen=True, config=STRICT)
class Scores(Tally):
    """A tally with its `confusion`: counts, row = label, column = prediction."""

    confusion: list[list[NonNegativeInt]]


@dataclass(frozen=True, config=STRICT)
class PenScores:
    """One network on `n` pen drawings: right when made like MNIST, and when the pad is merely shrunk."""

    n: PositiveInt
    correct: NonNegativeInt
    shrunk_correct: NonNegativeInt


@dataclass(frozen=True, config=STRICT)
class Fold:
    """The drawings of some writers, read by a network that never saw these writers."""

    writers: list[str]
    n: PositiveInt
    correct: NonNegativeInt


@dataclass(frozen=True, config=STRICT)
class Bin:
    """The `n` images of one interval of confidence: its mean there, and the share read right, both 0..1."""

    n: NonNegativeInt
    confidence: Share
    accuracy: Share


@dataclass(frozen=True, config=STRICT)
class Calibration:
    """A reliability chart: intervals of confidence, equally wide, from 0 to 1; an empty one holds zeros."""

    bins: list[Bin]

    @property
    def expected_error(self) -> float:
        """The expected calibration error, 0..1: how far confidence and accuracy are apart, on average."""
        n = sum(each.n for each in self.bins)
        return sum(each.n * abs(each.confidence - each.accuracy) for each in self.bins) / n


@dataclass(frozen=True, config=STRICT)
class Epoch:
    """The network at the end of an epoch, on all training and all test images; losses in nats."""

    epoch: PositiveInt
    training_loss: Loss
    training_accuracy: Share
    test_loss: Loss
    test_accuracy: Share


@dataclass(frozen=True, config=STRICT)
class Refused:
    """How many of `n` images were refused as no digits."""

    n: NonNegativeInt
    refused: NonNegativeInt


@dataclass(frozen=True, config=STRICT)
class RefusalRates:
    """What detectors refuse, counted over images that their thresholds were not chosen on.

    `mnist`: MNIST's test images; `pens`: pendigits; `unipen`: UNIPEN's digits; `handwritings`: the project's
    own. Of things that are none: `letters` and `symbols` of UNIPEN by what they are, `kinds` of made-up
    drawings.
    """

    mnist: Refused
    pens: Refused
    unipen: Refused
    handwritings: Refused
    letters: dict[str, Refused]
    symbols: dict[str, Refused]
    kinds: dict[str, Refused]


@dataclass(frozen=True, config=STRICT)
class SeedResult:
    """What one seed of a run came to; accuracies 0..1, on the 10,000 test images.

    `training_accuracy`: on the images that the run learned from; None in older cards.
    """

    seed: NonNegativeInt
    untrained_accuracy: Share
    test_accuracy: Share
    training_accuracy: Share | None = None


@dataclass(frozen=True, config=STRICT)
class Card:
    """How a checkpoint was made and how good it is.

    `scores`: every snapshot on the 10,000 test images, measured on the weights as stored. `training_scores`:
    the same on the images that the run learned from, as MNIST has them, with the labels that the run was
    given; empty in older cards until `python -m mnist_core measure --training RUN` has measured them.
    `epoch_seconds` and `tutorial_epoch_seconds`: medians of one epoch's steps, and of the tutorial's own
    loop, timed in turn on the same thread; None where there is no tutorial. `augmentation_seconds`: what
    making the augmented images took, teacher included. `unseen_writers`: pen drawings, read by networks of
    the same recipe and seed 0 that never saw their writers. `calibration` (of the last snapshot, on the test
    images) and `pens` are None until `python -m mnist_core measure RUN` has measured them.
    """

    scores: list[Scores]
    epochs: list[Epoch]
    seeds: list[SeedResult]
    training_seconds: Seconds
    epoch_seconds: Seconds
    tutorial_epoch_seconds: Seconds | None
    versions: dict[str, str]
    machine: str
    augmentation_seconds: Seconds = 0.0
    unseen_writers: list[Fold] = field(default_factory=list)
    calibration: Calibration | None = None
    pens: PenScores | None = None
    training_scores: list[Tally] = field(default_factory=list)
