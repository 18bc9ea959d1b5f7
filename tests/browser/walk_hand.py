"""The walk's steps in the view of the own hand: digits drawn, gone back to, saved, kept, opened, taught."""

from dataclasses import replace

from walk_checks import Reading, same
from walk_controls import can_look
from walk_own_runs import OwnRunsWalk
from walk_pad import Path, paths
from walk_steps import number, one_of, step
from walk_training import goes, is_true
from walk_writer import HandDrawing, Writer, hand_file, may_follow, read_hand, writer_of

QUICK = "relu-25-25/"  # a network that is taught in seconds
FILES = [hand_file("quick", "0123456789"), hand_file("slanted", "0123456789"), hand_file("slanted", "27")]


def shows_hand(walk: "HandWalk") -> bool:
    """Whether the hand's tools can be pressed."""
    return "hand" in walk.state.views and not walk.is_mouse_down and walk.replayed is None


def is_asked(walk: "HandWalk") -> bool:
    return shows_hand(walk) and walk.asked is not None


def has_begun(walk: "HandWalk") -> bool:
    """Whether something was drawn, or skipped, of the hand."""
    return shows_hand(walk) and walk.writer is not None and bool(walk.writer.drawn)


def can_teach(walk: "HandWalk") -> bool:
    return walk.state.run.startswith(QUICK) and can_look(walk) and walk.can_train()


class HandWalk(OwnRunsWalk):
    """A visitor who also draws digits for a network to learn from."""

    def begin(self) -> None:
        """Some digits are kept on the device; the others are asked for."""
        super().begin()
        text, self.stored = FILES[-1]
        self.page.evaluate("text => localStorage.setItem('inkling-hand-1', text)", text)

    def follow_hand(self, reading: Reading) -> None:
        """The hand begins as its view opens; what comes back to the pad asks for what it was drawn for."""
        view = reading["views"].get("hand")
        if not view:
            return
        if not self.writer:
            self.given, self.is_kept = self.stored, bool(self.stored)
        if self.given is not None:
            order = [(label, is_test) for label, is_test, *_ in view["tiles"]]
            is_drawn = bool(self.state.asked and self.state.strokes)
            same("whether the order may be this", may_follow(order, self.given, is_drawn=is_drawn), True)
            self.write(writer_of(self.given, order))
            self.given = None
        asked = self.state.asked
        if self.writer and asked and self.state.strokes and asked is not self.writer.asked:
            self.write(self.writer.ask_as_drawn(asked))

    def write(self, writer: Writer) -> None:
        """This is the hand now; where it is kept, the device has it."""
        self.writer = writer
        if self.is_kept:
            self.stored = writer.drawings
            self.writer = replace(writer, is_saved=True)

    @property
    def hand(self) -> Writer:
        """What there is of it, once its view was opened."""
        assert self.writer
        return self.writer

    @step(when=lambda self: not self.is_drawing, often=9)
    def open_hand(self) -> None:
        """More often than other views: it has more that can be pressed."""
        self.open_view("hand")

    # Drawing them

    @step(when=is_asked, often=3)
    def press_next(self) -> None:
        self.press("hand-next")
        if self.state.strokes and not self.state.sample and self.state.asked is self.asked:
            self.write(self.hand.go_on(self.state.strokes))
            self.put((), None)

    @step(when=is_asked, often=4, path=paths, is_by_finger=is_true)
    def draw_digit(self, path: Path, is_by_finger: bool) -> None:
        """Draw what is asked for, and go on."""
        if is_by_finger:
            self.draw_with_finger(path, "lifted")
        else:
            self.draw_stroke(path)
        self.check()
        self.press_next()

    @step(when=lambda self: is_asked(self) and self.past and self.past[-1][2], often=4)
    def bring_back_digit(self) -> None:
        """Undo brings back what was drawn for a digit, which is asked for again."""
        self.undo()

    @step(when=is_asked, often=2)
    def press_skip(self) -> None:
        self.press("hand-skip")
        is_for_it = self.state.asked is self.asked
        self.write(self.hand.go_on(None))
        if is_for_it:
            self.put((), self.state.sample, keep=self.state.levels is not None)

    def ask_again(self, at: int) -> None:
        """A digit is asked for, and what was drawn of it lies on the pad."""
        drawn, asked = self.hand.drawn, self.hand.order[at]
        strokes = (drawn[at] if at < len(drawn) else None) or ()
        self.write(self.hand.ask_for(at))
        self.put(strokes, None, asked, keep=bool(strokes) or self.state.levels is not None)

    @step(when=has_begun, often=2)
    def press_back(self) -> None:
        self.press("hand-back")
        self.ask_again(len(self.hand.drawn) - 1)

    @step(when=shows_hand, often=3, place=number(0, 19))
    def press_digit_of_hand(self, place: int) -> None:
        at = place % len(self.hand.order)
        self.page.evaluate("selector => walk.press(selector)", f"[data-testid=hand] [data-at='{at}']")
        if at != len(self.hand.drawn):
            self.ask_again(at)

    @step(when=has_begun, is_wanted=one_of(True, True, False))
    def start_over(self, is_wanted: bool) -> None:
        self.press("hand-restart")
        self.page.evaluate("isWanted => walk.answer(isWanted)", is_wanted)
        if not is_wanted:
            return
        self.begin_anew([])
        if self.state.asked:
            self.put((), self.state.sample, keep=self.state.levels is not None)

    def begin_anew(self, drawings: list[HandDrawing]) -> None:
        """The hand is this one, and what is missing is asked for in an order that the page has."""
        self.given = drawings

    # Files, and the device

    @step(when=lambda self: shows_hand(self) and self.writer.drawings)
    def save_hand(self) -> None:
        text = self.ask("walk.text('hand-save')")
        same("the hand's file", read_hand(text), self.hand.drawings)
        self.writer = replace(self.hand, is_saved=True)

    @step(when=shows_hand, often=2, file=number(0, len(FILES) - 1), is_wanted=one_of(True, True, False))
    def open_hand_file(self, file: int, is_wanted: bool) -> None:
        text, drawn = FILES[file]
        is_asked = self.ask("given => walk.openHand(...given)", [text, is_wanted])
        same("whether it asks before a hand is replaced", is_asked, bool(self.hand.drawings))
        if is_wanted or not is_asked:
            self.begin_anew(drawn)

    @step(when=shows_hand, often=2)
    def press_keep(self) -> None:
        self.press("hand-keep")
        self.is_kept = not self.is_kept
        self.stored = self.hand.drawings if self.is_kept else []
        self.writer = replace(self.hand, is_saved=self.is_kept)

    @step(when=can_teach, is_paused=is_true, goes=goes)
    def teach(self, is_paused: bool, goes: int) -> None:
        self.see("hand")
        if self.hand.drawings_for(is_test=False):
            source = self.state.run
            self.begin_training("[data-testid=teach]", None, goes=goes, is_paused=is_paused, source=source)
