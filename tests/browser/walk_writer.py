"""Python's side of the visitor's hand: what is asked for, what was drawn, and what a file holds of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from made import write_unipen
from walk_checks import same
from walk_python import Asked, Strokes

from mnist_core.drawings.strokes import read_handwritings
from mnist_core.drawings.unipen import read_unipen

USE = re.compile(r"^\.COMMENT \d me \d+ (learn|test)$", re.MULTILINE)


@dataclass(frozen=True)
class HandDrawing:
    """A digit that the visitor has drawn."""

    label: int
    is_test: bool
    strokes: Strokes


@dataclass(frozen=True)
class Writer:
    """The digits in the order in which they are asked for, and what was drawn of the first of them.

    `drawn`: None for what was skipped. `is_saved`: whether a file, or the device, has what was drawn.
    """

    order: tuple[Asked, ...]
    drawn: tuple[Strokes | None, ...]
    is_saved: bool

    @property
    def asked(self) -> Asked | None:
        """What is asked for now."""
        return self.order[len(self.drawn)] if len(self.drawn) < len(self.order) else None

    @property
    def drawings(self) -> list[HandDrawing]:
        """All that was drawn, what is to learn from first."""
        return [*self.drawings_for(is_test=False), *self.drawings_for(is_test=True)]

    def drawings_for(self, *, is_test: bool) -> list[HandDrawing]:
        found = zip(self.order, self.drawn, strict=False)
        return [
            HandDrawing(asked.label, is_test, strokes)
            for asked, strokes in found
            if strokes and asked.is_test is is_test
        ]

    def go_on(self, strokes: Strokes | None) -> "Writer":
        """The next digit is asked for."""
        return replace(self, drawn=(*self.drawn, strokes), is_saved=False)

    def ask_for(self, at: int) -> "Writer":
        """The digit at a place of the order is asked for now; what was drawn of it goes."""
        drawn = self.drawn[:at] + self.drawn[at + 1 :]
        others = self.order[:at] + self.order[at + 1 :]
        order = (*others[: len(drawn)], self.order[at], *others[len(drawn) :])
        return Writer(order, drawn, is_saved=False)

    def place_of(self, asked: Asked) -> int | None:
        """Where a digit stands in the order; one of an earlier order, where the same is still to come."""
        for at, each in enumerate(self.order):
            if each is asked:
                return at
        to_come = range(len(self.drawn), len(self.order))
        same = [at for at in to_come if (self.order[at].label, self.order[at].is_test) == asked.words]
        return same[0] if same else None

    def ask_as_drawn(self, asked: Asked) -> "Writer":
        """Ask for what lies on the pad again, if it is in the order."""
        at = self.place_of(asked)
        if at is None:
            return self
        order = (*self.order[:at], asked, *self.order[at + 1 :])
        return replace(self, order=order).ask_for(at)


def writer_of(drawings: Sequence[HandDrawing], order: Sequence[tuple[int, bool]]) -> Writer:
    """A writer who has drawn these, and is asked in this order."""
    return Writer(
        tuple(Asked(label, is_test) for label, is_test in order),
        tuple(each.strokes for each in drawings),
        is_saved=True,
    )


def may_follow(order: Sequence[tuple[int, bool]], drawings: Sequence[HandDrawing], *, is_drawn: bool) -> bool:
    """Whether an order is what was drawn and then, in any order, what is missing: to learn from, to test on.

    `is_drawn`: whether one may come first, which was drawn on the pad before.
    """
    known = [(each.label, each.is_test) for each in drawings]
    digits = [(label, is_test) for is_test in (False, True) for label in range(10)]
    missing = [digit for digit in digits if digit not in known]
    begun, rest = [*order[: len(known)]], [*order[len(known) :]]
    uses = [is_test for _, is_test in rest]
    is_sorted = uses == sorted(uses) or (is_drawn and uses[1:] == sorted(uses[1:]))
    return begun == known and sorted(rest) == sorted(missing) and is_sorted


def read_hand(text: str) -> list[HandDrawing]:
    """The drawings of a file that the page has written."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hand.unipen"
        path.write_text(text)
        entries = read_unipen(path)
    uses = USE.findall(text)
    same("how many drawings of the hand's file say what they are for", len(uses), len(entries))
    return [
        HandDrawing(entry.label, use == "test", strokes_of(entry.drawing.strokes))
        for entry, use in zip(entries, uses, strict=True)
    ]


def hand_file(hand: str, digits: str) -> tuple[str, list[HandDrawing]]:
    """A UNIPEN file of one hand's digits, each twice, and what the page takes from it."""
    entries = [
        next(each for each in read_handwritings() if (each.writer, each.label) == (hand, int(digit)))
        for digit in digits
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hand.unipen"
        write_unipen(path, [*entries, *entries])
        found = read_unipen(path)
        drawn = [
            HandDrawing(entry.label, at >= len(entries), strokes_of(entry.drawing.strokes))
            for at, entry in enumerate(found)
        ]
        return path.read_text(), drawn


def strokes_of(strokes: tuple) -> Strokes:  # type: ignore[type-arg]
    """Strokes to a ten-thousandth of the pad's width."""
    return tuple(
        tuple((round(x * 1e4) / 1e4, round(y * 1e4) / 1e4) for x, y in stroke.tolist()) for stroke in strokes
    )
