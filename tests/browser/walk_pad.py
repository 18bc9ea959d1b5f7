"""The walk's steps that draw, with the mouse and with fingers, and those that move through time."""

from dataclasses import replace

import numpy as np
from playwright.sync_api import CDPSession
from walk import PLAY_MS, Walk
from walk_checks import same
from walk_python import PageState, Strokes
from walk_steps import number, one_of, pair, several, step

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
KEYS = {"ArrowLeft": -1, "ArrowDown": -1, "ArrowRight": 1, "ArrowUp": 1, "Home": -99, "End": 99}
digits = number(0, 9)
on_pad = pair(*[one_of(0.1, 0.3, 0.5, 0.7, 0.9)] * 2)
paths = several(on_pad, 1, 4)
beyond = one_of((-0.03, 0.5), (0.4, -0.03), (1.03, 0.6), (0.6, 1.03))


def distance(point: tuple[float, float], path: Path) -> float:
    """How far a point lies from a path."""
    ends = np.array([*path, path[-1]])
    starts, along = ends[:-1], np.diff(ends, axis=0)
    length = (along**2).sum(1)
    share = ((np.array(point) - starts) * along).sum(1) / np.where(length, length, 1)
    nearest = starts + share.clip(0, 1)[:, None] * along
    return float(np.linalg.norm(nearest - point, axis=1).min())


def is_up(walk: Walk) -> bool:
    """Whether the mouse is not pressed."""
    return not walk.is_mouse_down


def is_down(walk: Walk) -> bool:
    return walk.is_mouse_down


def can_press(walk: Walk) -> bool:
    """Whether buttons are pressed: also during a stroke, but not once another button has ended it."""
    return walk.is_mouse_down <= walk.is_drawing


def can_move(walk: Walk) -> bool:
    return is_up(walk) and not walk.is_waiting


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

    def lay_on(self) -> None:
        """A stroke begins, on what lies there, unless that is a sample or was drawn for something else."""
        self.page.evaluate("walk.showPad()")
        is_aside = self.asked is not None and self.asked is not self.state.asked
        self.before = () if self.state.sample or is_aside else self.state.strokes
        self.put(self.before, None, self.asked)
        self.path, self.is_steady = [], True
        self.take = self.follow

    @step(when=is_up, path=paths)
    def begin_stroke(self, path: Path) -> None:
        self.lay_on()
        self.move_mouse(path[:1])
        self.page.mouse.down()
        self.move_mouse(path[1:])
        self.is_mouse_down = self.is_drawing = True

    @step(when=is_down, path=paths)
    def go_on_with_stroke(self, path: Path) -> None:
        self.move_mouse(path)
        if self.is_drawing:
            self.take = self.follow

    @step(when=is_down, way=pair(beyond, on_pad))
    def leave_pad_and_come_back(self, way: tuple[tuple[float, float], tuple[float, float]]) -> None:
        self.go_on_with_stroke(list(way))

    @step(when=is_down, often=2)
    def lift_pen(self) -> None:
        self.page.mouse.up()
        if self.is_drawing and not self.is_steady:
            self.take = self.follow  # the pad has moved away under the mouse
        self.is_mouse_down = self.is_drawing = False

    @step(when=is_up, often=2, path=paths)
    def draw_stroke(self, path: Path) -> None:
        self.begin_stroke(path)
        self.lift_pen()

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """All fingers that are down."""
        left, top, width = self.page.evaluate("walk.padPlace()")
        places = [
            {"x": left + x * width, "y": top + y * width, "id": each} for each, (x, y) in enumerate(points)
        ]
        self.fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    @step(when=is_up, often=2, path=paths, end=one_of("lifted", "lifted", "taken away", "a second finger"))
    def draw_with_finger(self, path: Path, end: str) -> None:
        self.lay_on()
        self.touch("touchStart", path[0])
        for point in path[1:]:
            self.touch("touchMove", point)
        if end == "a second finger":
            self.touch("touchStart", path[-1], (0.5, 0.2))
        self.touch("touchCancel" if end == "taken away" else "touchEnd")
        self.path = path
        if end != "lifted":  # it was no stroke
            self.put_back()
            self.take = None

    @property
    def fingers(self) -> CDPSession:
        """What touches the page, as a screen does."""
        if not hasattr(self.page, "fingers"):
            self.page.fingers = self.page.context.new_cdp_session(self.page)  # type: ignore[attr-defined]
        return self.page.fingers  # type: ignore[attr-defined,no-any-return]

    @step(when=can_press, often=2)
    def undo(self) -> None:
        self.press("pad-undo")
        if self.past and not self.is_drawing:
            self.put_back()

    @step(when=can_press, keys=one_of("Control+z", "Meta+Z"))
    def undo_by_keys(self, keys: str) -> None:
        self.page.keyboard.press(keys)
        if self.past and not self.is_drawing:
            self.put_back()

    @step(when=can_press)
    def clear(self) -> None:
        self.press("pad-clear")
        if self.state.levels is not None and not self.is_drawing:
            self.put((), None)

    @step(when=lambda self: can_press(self) and not self.asked, digit=digits)
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

    @step(often=2, milliseconds=one_of(16, 100, 400, REPLAY_MS, PLAY_MS))
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

    def move_to(self, index: int) -> None:
        self.is_playing = False
        self.state = replace(self.state, index=index)

    @step(when=lambda self: not self.is_waiting, place=number(0, 20))
    def move_slider(self, place: int) -> None:
        index = min(place, self.state.last)
        self.page.evaluate("index => walk.moveSlider(index)", index)
        self.move_to(index)

    @step(when=can_move, places=several(number(0, 20), 1, 3))
    def drag_time(self, places: list[int]) -> None:
        """Press the strip at a snapshot, and drag it to others."""
        self.is_steady = False
        indices = [min(place, self.state.last) for place in places]
        for count, index in enumerate(indices):
            self.page.mouse.move(*self.page.evaluate("index => walk.chipPlace(index)", index))
            if not count:
                self.page.mouse.down()
        self.page.mouse.up()
        self.move_to(indices[-1])

    @step(when=can_move, key=one_of(*KEYS))
    def move_by_key(self, key: str) -> None:
        self.page.evaluate("walk.focusTime()")
        self.page.keyboard.press(key)
        index = min(max(self.state.index + KEYS[key], 0), self.state.last)
        if index != self.state.index:  # at the end of the line nothing happens
            self.move_to(index)

    @step(often=2)
    def press_play_or_stop(self) -> None:
        self.press("play")
        if not self.is_waiting and self.state.last:  # one snapshot is nothing to play
            self.is_playing = not self.is_playing
            if self.is_playing and self.state.index == self.state.last:
                self.state = replace(self.state, index=0)
