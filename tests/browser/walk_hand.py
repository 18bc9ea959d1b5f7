"""The walk's steps in the view of the own hand: drawings opened, and taught.

The hand is whole from the start, so that the pad is asked for no digit: see `test_page_hand.py` for that.
"""

import tempfile
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from made import write_unipen
from walk import NUMBERS
from walk_own_checks import HandDrawing
from walk_own_runs import OwnRunsWalk
from walk_python import Strokes
from walk_training import goes

from mnist_core.drawings.strokes import read_handwritings
from mnist_core.drawings.unipen import read_unipen


def hand_file(hand: str, digits: str) -> tuple[str, list[HandDrawing]]:
    """A UNIPEN file of one hand's digits, each twice, and what the page takes from it."""
    entries = [
        next(each for each in read_handwritings() if (each.writer, each.label) == (hand, int(digit)))
        for digit in digits
    ]
    with tempfile.TemporaryDirectory() as folder:
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


QUICK = ("relu-25-25/", "relu-50/")  # networks that are taught in seconds
FILES = [hand_file(hand, "0123456789") for hand in ("quick", "slanted")]


class HandWalk(OwnRunsWalk):
    """A visitor who has also drawn digits for a network to learn from."""

    @initialize(number=NUMBERS)
    def open_page(self, number: int) -> None:
        super().open_page(number)
        text, drawn = FILES[0]
        self.page.evaluate("text => localStorage.setItem('inkling-hand-1', text)", text)
        self.hand = list(drawn)

    @precondition(lambda self: "hand" in self.state.views)
    @rule(file=st.integers(0, 1), is_wanted=st.booleans())
    def open_hand_file(self, file: int, is_wanted: bool) -> None:
        text, drawn = FILES[file]
        is_asked = self.page.evaluate("given => walk.openHand(...given)", [text, is_wanted])
        assert is_asked
        if is_wanted:
            self.hand = list(drawn)

    @precondition(lambda self: self.state.run.startswith(QUICK) and self.can_train() and not self.is_waiting)
    @rule(is_paused=st.booleans(), goes=goes)
    def teach(self, is_paused: bool, goes: int) -> None:
        if "hand" not in self.state.views:
            self.open_view("hand")
        self.begin("[data-testid=teach]", None, goes=goes, is_paused=is_paused, source=self.state.run)
