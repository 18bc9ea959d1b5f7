"""The walk's steps in the view of the own hand: drawings opened, taken back, skipped, and taught."""

import tempfile
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from made import write_unipen
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
FILES = [hand_file("quick", "0123456789"), hand_file("quick", "47")]


class HandWalk(OwnRunsWalk):
    """A visitor who also draws digits for a network to learn from."""

    @precondition(lambda self: "hand" in self.state.views)
    @rule(file=st.integers(0, 1), is_wanted=st.booleans())
    def open_hand_file(self, file: int, is_wanted: bool) -> None:
        text, drawn = FILES[file]
        is_asked = self.page.evaluate("given => walk.openHand(...given)", [text, is_wanted])
        assert is_asked == any(each.strokes for each in self.hand)
        if is_wanted or not is_asked:
            self.hand, self.on_hand_pad = list(drawn), None

    @precondition(lambda self: "hand" in self.state.views and self.hand)
    @rule(action=st.sampled_from(["back", "next", "skip"]))
    def press_in_hand(self, action: str) -> None:
        if action == "back":
            self.on_hand_pad = self.hand.pop()
        elif not self.on_hand_pad or (action == "next" and not self.on_hand_pad.strokes):
            return  # it would ask for one more, in random order
        else:
            kept = self.on_hand_pad
            self.hand.append(kept if action == "next" else HandDrawing(kept.label, kept.is_test, None))
            self.on_hand_pad = None
        self.press(f"hand-{action}")

    @precondition(lambda self: self.state.run.startswith(QUICK) and self.can_train() and not self.is_waiting)
    @rule(is_paused=st.booleans(), goes=goes)
    def teach(self, is_paused: bool, goes: int) -> None:
        if "hand" not in self.state.views:
            self.open_view("hand")
        if not any(each.strokes and not each.is_test for each in self.hand):
            self.open_hand_file(0, is_wanted=True)
        self.begin("[data-testid=teach]", None, goes=goes, is_paused=is_paused, source=self.state.run)
