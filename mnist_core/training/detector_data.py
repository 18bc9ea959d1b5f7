"""What detectors learn from and are asked, and who is left out of what."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path

from mnist_core.drawings.mnist import load_mnist
from mnist_core.drawings.strokes import Character, LabelledDrawing, read_handwritings
from mnist_core.training.augmentation import load_pen_drawings, pen_file
from mnist_core.training.characters import donor_of, load_characters
from mnist_core.training.detector_training import VARIANTS, Examples, Origin, draw_examples, draw_kinds
from mnist_core.training.nondigits import KINDS

LEARNT = 50_000  # of MNIST's training images: a detector learns from them, the other 10,000 validate
SHOWN, SHOWN_SEED = 30_000, 0  # made-up drawings that a detector learns from
ASKED, ASKED_SEED = 6_000, 2  # made-up drawings to test with
VALIDATING = 6  # of UNIPEN's writers of digits, every sixth validates
PEN_GROUPS = 5  # of pendigits' writers, one of which validates


@dataclass(frozen=True)
class Data:
    """Everything, drawn: `shown` to learn from, `asked` to choose thresholds on and to test with.

    What people drew is in both; splits tell who is left out of which.
    """

    shown: Examples
    asked: Examples


@dataclass(frozen=True)
class Split:
    """Whose drawings a detector is asked, whose choose its threshold, and whose it does not learn from."""

    asked: frozenset[Origin]
    validating: frozenset[Origin]
    left_out: frozenset[Origin]

    def learns(self, origin: Origin) -> bool:
        """Whether a detector of this split learns from it."""
        return origin not in self.left_out and origin not in self.validating


def load_data(folder: Path) -> Data:
    """Read and draw everything: MNIST from its folder, pendigits and UNIPEN from theirs."""
    training, test = load_mnist(folder, "training"), load_mnist(folder, "test")
    drawn = {
        "pens": _as_characters(load_pen_drawings(pen_file())),
        "unipen": load_characters("digits"),
        "letters": load_characters("letters"),
        "symbols": load_characters("symbols"),
    }
    learnt = Examples(training.images[:LEARNT], training.labels[:LEARNT], [("mnist", "learnt")] * LEARNT)
    others = len(training) - LEARNT
    validating = Examples(
        training.images[LEARNT:], training.labels[LEARNT:], [("mnist", "validating")] * others
    )
    shown = [learnt, *(draw_examples(source, entries, VARIANTS[source]) for source, entries in drawn.items())]
    asked = [
        validating,
        Examples(test.images, test.labels, [("mnist", "test")] * len(test)),
        draw_examples("handwritings", _as_characters(read_handwritings())),
        *(draw_examples(source, entries) for source, entries in drawn.items()),
    ]
    return Data(
        reduce(add, [*shown, draw_kinds(SHOWN, SHOWN_SEED)]),
        reduce(add, [*asked, draw_kinds(ASKED, ASKED_SEED)]),
    )


def _as_characters(drawings: list[LabelledDrawing]) -> list[Character]:
    return [Character(entry.drawing, str(entry.label), entry.hand) for entry in drawings]


def split_for_all(data: Data) -> Split:
    """The committed detector's: nobody is left out, but those who validate are not learned from."""
    origins = frozenset(data.asked.origins)
    validating = _validating(origins, 0)
    return Split(origins - validating, validating, frozenset())


def splits_by_donor(data: Data) -> Iterator[tuple[str, Split]]:
    """For each donor, a split without the donor, some of pendigits' writers and some of the kinds.

    Every donor, every writer and every kind is left out once, and asked where it is left out.
    """
    origins = frozenset(data.asked.origins)
    donors = sorted({donor_of(hand) for source, hand in origins if source == "unipen"})
    for number, donor in enumerate(donors):
        kinds = list(KINDS)[number :: len(donors)]
        left_out = _pens(origins, number) | {
            (source, hand)
            for source, hand in origins
            if (source in ("unipen", "letters", "symbols") and donor_of(hand) == donor)
            or (source == "kinds" and hand in kinds)
        }
        others = {(source, hand) for source, hand in origins if source == "handwritings" or hand == "test"}
        validating = _validating(origins, number + 1) - left_out
        yield donor, Split(left_out | others, validating, left_out)


def _validating(origins: frozenset[Origin], number: int) -> frozenset[Origin]:
    writers = sorted(origin for origin in origins if origin[0] == "unipen")[::VALIDATING]
    return frozenset(writers) | _pens(origins, number) | {("mnist", "validating")}


def _pens(origins: frozenset[Origin], number: int) -> frozenset[Origin]:
    writers = sorted(
        (origin for origin in origins if origin[0] == "pens"), key=lambda origin: (len(origin[1]), origin[1])
    )
    return frozenset(writers[number % PEN_GROUPS :: PEN_GROUPS])
