"""What detectors learn from and are tested with, and whose drawings are left out of which training.

People drew the digits, letters and symbols (MNIST, pendigits, UNIPEN); other kinds of things are made up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase

import numpy as np
import torch
from torch import Tensor

from mnist_core.detector.made_up_drawings import KINDS, draw_made_up
from mnist_core.drawings.mnist import load_mnist
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Character, LabelledDrawing, read_handwritings
from mnist_core.drawings.unipen import read_characters
from mnist_core.drawings.unipen_archive import unipen_folder
from mnist_core.errors import DataError
from mnist_core.training.augmentation import PEN_WIDTHS, load_pen_drawings, pen_file, redraw

Origin = tuple[str, str]  # source, writer or kind
# What is drawn like a digit is neither learned as not a digit nor counted as such: by reason.
LIKE_A_DIGIT = {
    "a closed loop, as a 0": "oOD",
    "a loop with a tail, as a 0, a 2 or a 9": "Q",
    "a stroke, with or without a dot, a bar or a hook, as a 1": "lIi!|j",
    "two bars on a diagonal, as a 2 or a 7": "zZ",
    "the curve of a 5": "sS",
    "a 6 or its mirror's curve, as a 6": "bG",
    "a loop with a tail to the right or to the left, as a 9": "gq",
    "two loops on a stem, as an 8": "B",
    "a fork on a tail, as a 4 or a 9": "y",
    "a stem with a bar, as a 4, a 7 or a 1": "tT",
    "a stroke, straight, bent or lying, which fills the box as a 1 does": "'`,/-_()",
    "dots, which many drew as strokes": ".:;",
    "brackets, as a 1 with bars or a 3": "[]{}",
}
_EXCLUDED = set("".join(LIKE_A_DIGIT.values()))
LETTERS = [letter for letter in ascii_uppercase + ascii_lowercase if letter not in _EXCLUDED]
SYMBOLS = list("#$%&*+<=>?@^~")
CLASSES = [*"0123456789", *LETTERS, *SYMBOLS, *KINDS]
# Of every drawing by a person: with other pens and speeds. There are fewer symbols than of the others.
VARIANTS = {"pens": 4, "unipen": 4, "letters": 4, "symbols": 8}
VARIANTS_SEED = 0
LEARNT = 50_000  # of MNIST's training images: a detector learns from them, the other 10,000 validate
SHOWN, SHOWN_SEED = 30_000, 0  # made-up drawings that a detector learns from
ASKED, ASKED_SEED = 6_000, 2  # made-up drawings to test with
VALIDATING = 6  # of UNIPEN's writers of digits, every sixth validates
PEN_GROUPS = 5  # of pendigits' writers, one of which validates


@dataclass(frozen=True)
class Examples:
    """Images with what they show and where they are from.

    `images`: ink, (n, 28, 28), uint8. `labels`: places in `CLASSES`, (n,). `origins`: of every image its
    source, a field of `NotADigitRates`, and who drew it, or the kind that was made up.
    """

    images: Tensor
    labels: Tensor
    origins: list[Origin]

    def __add__(self, others: "Examples") -> "Examples":
        """These examples and then the others."""
        return Examples(
            torch.cat([self.images, others.images]),
            torch.cat([self.labels, others.labels]),
            self.origins + others.origins,
        )

    def where(self, is_wanted: Callable[[Origin], bool]) -> "Examples":
        """Those whose origins are wanted."""
        kept = [place for place, origin in enumerate(self.origins) if is_wanted(origin)]
        return Examples(self.images[kept], self.labels[kept], [self.origins[place] for place in kept])


def draw_examples(source: str, characters: list[Character], variants: int = 0) -> Examples:
    """Images of characters, and `variants` more of each, with another pen, speed and jitter."""
    random = np.random.default_rng(VARIANTS_SEED)
    images = [image_of_drawing(entry.drawing) for entry in characters]
    images += [
        image_of_drawing(redraw(entry.drawing, random), pen=random.uniform(*PEN_WIDTHS))
        for _ in range(variants)
        for entry in characters
    ]
    labels = torch.tensor([CLASSES.index(entry.label) for entry in characters])
    return Examples(
        (torch.stack(images) * 255).round().to(torch.uint8),
        labels.repeat(1 + variants),
        [(source, entry.writer) for entry in characters] * (1 + variants),
    )


def draw_kinds(count: int, seed: int) -> Examples:
    """Made-up drawings of things that are no digits."""
    return draw_examples(
        "kinds", [Character(drawing, kind, kind) for kind, drawing in draw_made_up(count, seed)]
    )


def load_characters(name: str) -> list[Character]:
    """Read UNIPEN's digits, letters or symbols, but for what is drawn like a digit and is not one.

    Args:
        name: "digits", "letters" or "symbols".

    Raises:
        DataError: the file is not there; the text says what it must hold.
    """
    path = unipen_folder() / f"{name}.unipen"
    if not path.is_file():
        raise DataError(
            f"No characters at {path}; the detector learns from UNIPEN's digits, letters and symbols. Make "
            'the files with "python -m mnist_core unipen ARCHIVE FOLDER", or set UNIPEN to their folder.'
        )
    return [entry for entry in read_characters(path) if entry.label not in _EXCLUDED]


def donor_of(writer: str) -> str:
    """Who gave a writer's file to UNIPEN: the first part of its name."""
    return writer.split("/")[0]


@dataclass(frozen=True)
class Data:
    """All examples: `shown` to learn from, `asked` to choose thresholds on and to test with.

    What people drew is in both; a `Split` says whose drawings are used for what.
    """

    shown: Examples
    asked: Examples


@dataclass(frozen=True)
class Split:
    """Whose drawings test a detector, whose choose its threshold, and whose it does not learn from."""

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
    return [Character(entry.drawing, str(entry.label), entry.writer) for entry in drawings]


def split_for_all(data: Data) -> Split:
    """The committed detector's: it learns from all but those whose drawings choose its threshold."""
    origins = frozenset(data.asked.origins)
    validating = _validating(origins, 0)
    return Split(origins - validating, validating, frozenset())


def splits_by_donor(data: Data) -> Iterator[tuple[str, Split]]:
    """For each donor, a split without the donor, some of pendigits' writers and some of the kinds.

    Every donor, every writer and every kind is left out once, and tests the detector that it is left out of.
    """
    origins = frozenset(data.asked.origins)
    donors = sorted({donor_of(name) for source, name in origins if source == "unipen"})
    for number, donor in enumerate(donors):
        kinds = list(KINDS)[number :: len(donors)]
        left_out = _pens(origins, number) | {
            (source, name)
            for source, name in origins
            if (source in ("unipen", "letters", "symbols") and donor_of(name) == donor)
            or (source == "kinds" and name in kinds)
        }
        others = {(source, name) for source, name in origins if source == "handwritings" or name == "test"}
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
