"""The walk's steps that draw, and those that let time pass."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from walk import PLAY_MS, Walk
from walk_checks import same
from walk_python import PageState, Strokes

from mnist_core.drawings.strokes import read_handwritings

REPLAY_MS = 700  # in which an example is drawn
NEAR = 0.01  # of the pad's width: from a stroke to where the mouse was
EXAMPLES: dict[int, list[Strokes]] = {
    digit: [
        tuple(tuple((x, y) for x, y in stroke.tolist()) for stroke in entry.drawing.strokes)
        for entry in read_handwritings()
        if entry.label == digit
    ]
    for digit in range(10)
}
Path = list[tuple[float, float]]
digits = st.integers(0, 9)
on_pad = st.tuples(*[st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9])] * 2)
paths = st.lists(on_pad, min_size=1, max_size=4)
beyond = st.sampled_from([(-0.03, 0.5), (0.4, -0.03), (1.03, 0.6), (0.6, 1.03)])


def distance(point: tuple[float, float], path: Path) -> float:
    """How far a point lies from a path."""
    ends = np.array([*path, path[-1]])
    starts, along = ends[:-1], np.diff(ends, axis=0)
    length = (along**2).sum(1)
    share = ((np.array(point) - starts) * along).sum(1) / np.where(length, length, 1)
    nearest = starts + share.clip(0, 1)[:, None] * along
    return float(np.linalg.norm(nearest - point, axis=1).min())


class DrawingWalk(Walk):
    """A visitor who draws, undoes, takes examples, and plays the training."""

    def move_mouse(self, path: Path) -> None:
        left, top, width = self.page.evaluate("walk.padPlace()")  # the page may have scrolled
        for x, y in path:
            self.page.mouse.move(left + x * width, top + y * width)
        self.path += path

    def follow(self, shown: PageState) -> PageState:
        """The stroke is where the mouse was, and what was drawn before is still there."""
        kept, new = shown.strokes[: len(self.before)], shown.strokes[len(self.before) :]
        same("the strokes before", kept, self.before)
        if self.is_steady:
            far = [point for stroke in new for point in stroke if distance(point, self.path) > NEAR]
            same("points where the mouse was not", far, [])
            inside = [point for point in self.path if min(point) >= 0 and max(point) <= 1]
            missed = [
                point for point in inside if min(distance(point, list(stroke)) for stroke in new) > NEAR
            ]
            same("points where the mouse was", missed, [])
        return replace(self.state, strokes=shown.strokes)

    @precondition(lambda self: not self.is_mouse_down)
    @rule(path=paths)
    def begin_stroke(self, path: Path) -> None:
        self.page.evaluate("walk.showPad()")
        self.before = () if self.state.sample else self.state.strokes
        self.put(self.before, None)
        self.path, self.is_steady = [], True
        self.move_mouse(path[:1])
        self.page.mouse.down()
        self.move_mouse(path[1:])
        self.is_mouse_down = self.is_drawing = True
        self.take = self.follow

    @precondition(lambda self: self.is_mouse_down)
    @rule(path=paths)
    def go_on_with_stroke(self, path: Path) -> None:
        self.move_mouse(path)
        if self.is_drawing:
            self.take = self.follow

    @precondition(lambda self: self.is_mouse_down)
    @rule(way=st.tuples(beyond, on_pad))
    def leave_pad_and_come_back(self, way: tuple[tuple[float, float], tuple[float, float]]) -> None:
        self.go_on_with_stroke(list(way))

    @precondition(lambda self: self.is_mouse_down)
    @rule()
    def lift_pen(self) -> None:
        self.page.mouse.up()
        if self.is_drawing and not self.is_steady:
            self.take = self.follow  # the pad has moved away under the mouse
        self.is_mouse_down = self.is_drawing = False

    @rule(path=paths)
    def draw_stroke(self, path: Path) -> None:
        if not self.is_mouse_down:
            self.begin_stroke(path)
        self.lift_pen()

    # A stroke that another control has ended is no longer drawn, while the mouse is still down.
    @precondition(lambda self: self.is_mouse_down <= self.is_drawing)
    @rule()
    def undo(self) -> None:
        self.press("pad-undo")
        if self.past and not self.is_drawing:
            self.put(*self.past.pop(), keep=False)

    @precondition(lambda self: self.is_mouse_down <= self.is_drawing)
    @rule()
    def clear(self) -> None:
        self.press("pad-clear")
        if self.state.levels is not None and not self.is_drawing:
            self.put((), None)

    @precondition(lambda self: self.is_mouse_down <= self.is_drawing)
    @rule(digit=digits)
    def press_example(self, digit: int) -> None:
        self.page.evaluate("digit => walk.press(`[data-example='${digit}']`)", digit)
        if not self.is_drawing:
            self.put((), None)
            self.replayed, self.replay_ms = digit, 0
            self.take = self.replay

    def replay(self, shown: PageState) -> PageState:
        """The pad shows one of the digit's examples, as far as it has been drawn."""
        digit = self.replayed
        assert digit is not None
        if self.replay_ms >= REPLAY_MS:
            self.replayed = None
            same("whether an example is drawn in the end", shown.strokes in EXAMPLES[digit], True)
        drawn = [point for stroke in shown.strokes for point in stroke]
        beginnings = [
            [point for stroke in strokes for point in stroke][: len(drawn)] for strokes in EXAMPLES[digit]
        ]
        same("whether an example is being drawn", drawn in beginnings, True)
        return replace(self.state, strokes=shown.strokes)

    # The timeline

    @rule(milliseconds=st.sampled_from([16, 100, 400, REPLAY_MS, PLAY_MS]))
    def let_time_pass(self, milliseconds: int) -> None:
        self.page.evaluate("milliseconds => walk.passTime(milliseconds)", milliseconds)
        self.replay_ms += milliseconds
        is_over = milliseconds == PLAY_MS

        def take(shown: PageState) -> PageState:
            if self.replayed is not None:
                self.state = self.replay(shown)
            if not self.is_playing:
                return self.state
            same(
                "whether Play goes on from where it was",
                self.state.index <= shown.index <= self.state.last,
                True,
            )
            same("whether Play has come to its end", not is_over or shown.index == self.state.last, True)
            self.state = replace(self.state, index=shown.index)
            if shown.index == self.state.last:
                self.is_playing = False
            return self.state

        self.take = take

    @rule(place=st.integers(0, 20))
    def move_slider(self, place: int) -> None:
        if self.is_waiting:
            return
        index = min(place, self.state.last)
        self.page.evaluate("index => walk.moveSlider(index)", index)
        self.is_playing = False
        self.state = replace(self.state, index=index)

    @rule()
    def press_play_or_stop(self) -> None:
        self.press("play")
        if not self.is_waiting and self.state.last:  # one snapshot is nothing to play
            self.is_playing = not self.is_playing
            if self.is_playing and self.state.index == self.state.last:
                self.state = replace(self.state, index=0)
