"""A page in use, and what must hold of it after every step."""

import json
from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from playwright.sync_api import Page, Route
from visitor import LAPTOP, await_loaded, say
from walk_checks import (
    Reading,
    check_answer,
    check_luck,
    check_pad,
    check_run,
    check_samples,
    check_timeline,
    check_told,
    same,
)
from walk_own import Json, OwnCard, OwnRun, is_own, own_runs
from walk_own_checks import (
    HandDrawing,
    Training,
    check_details,
    check_hand,
    check_link,
    check_settings,
    check_training,
    compared_runs,
)
from walk_python import PageState, Strokes, load, read_link, read_training
from walk_view_checks import check_views, check_waiting

from mnist_core.runs.recipes import DEFAULT_RUN

PLAY_MS = 10_000  # more than Play takes
NUMBERS = st.integers(0, 2**64 - 1)


class Gate:
    """Holds back the checkpoints that the page asks for, until they are let through."""

    def __init__(self, page: Page) -> None:
        self.held: dict[str, Route] = {}
        page.route("**/checkpoints/*/*.safetensors", self.hold)

    def hold(self, route: Route) -> None:
        run = route.request.url.split("/checkpoints/")[1].removesuffix(".safetensors")
        if run == DEFAULT_RUN:
            route.continue_()
        else:
            self.held[run] = route

    def clear(self) -> None:
        """Let go of what a page that is no more has asked for."""
        while self.held:
            self.held.popitem()[1].abort()


class Walk(RuleBasedStateMachine):
    """The page in use. `state` is what the visitor has made of it; what only the page knows is taken from it.

    `steps` counts all steps of all walks.
    """

    steps = 0
    known_luck: dict[object, object] = {}  # noqa: RUF012

    def __init__(self, page: Page, gate: Gate, url: str) -> None:
        super().__init__()
        self.page, self.gate, self.url = page, gate, url
        self.state = PageState(
            DEFAULT_RUN, len(load(DEFAULT_RUN)[0].steps) - 1, (), None, frozenset({"digits"}), False
        )
        self.past: list[tuple[Strokes, tuple[int, bytes] | None]] = []  # what Undo brings back
        self.arrived = {DEFAULT_RUN}
        self.waited: set[str] = set()  # runs asked for and held back
        self.is_mouse_down = self.is_drawing = self.is_playing = False
        self.replayed: int | None = None  # the digit of an example that is being drawn
        self.replay_ms = 0
        self.before: Strokes = ()  # the strokes that were there when the pen came down
        self.path: list[tuple[float, float]] = []  # of the mouse since then
        self.is_steady = True  # whether the pad has stayed in its place since then
        self.cell: tuple[object, ...] | None = None  # run, snapshot and place of the confusion's open cell
        self.training: Training | None = None  # the last one
        self.changes: Json = {}  # of the tutorial's training
        self.trainings = 0
        self.earlier: list[OwnCard] = []  # of runs that were trained again
        self.files: list[tuple[OwnRun, str]] = []  # saved runs, and their files in base64
        self.hand: list[HandDrawing] = []
        self.take: Callable[[PageState], PageState] | None = None
        self.reading: Reading = {}

    @initialize(number=NUMBERS)
    def open_page(self, number: int) -> None:
        """`number` is for Hypothesis alone.

        It takes walks that begin alike for one, and it is an error to it if timing lets them go on
        differently, as when a training has ended in one of them.
        """
        self.page.goto("about:blank")
        self.gate.clear()
        self.page.faults.clear()  # type: ignore[attr-defined]
        self.page.set_viewport_size(LAPTOP)
        self.page.emulate_media(color_scheme="light")
        self.page.goto(self.url)
        await_loaded(self.page)
        self.page.keyboard.press("Shift")  # the first touch: no drawing is faint on the pad any more

    # What must hold

    @property
    def is_pen_down(self) -> bool:
        """Whether something is being drawn, by hand or as an example."""
        return self.is_drawing or self.replayed is not None

    @property
    def is_waiting(self) -> bool:
        return self.state.run not in self.arrived

    @invariant()
    def all_views_agree(self) -> None:
        type(self).steps += 1
        reading = self.reading = json.loads(self.page.evaluate("walk.read()"))
        shown = self.read_state(reading)
        if self.take:
            self.state = self.take(shown)
            self.take = None
        same("what the link says", shown, self.state)
        same("whether a network is on its way", reading["isLoading"], self.is_waiting)
        same("whether Undo can be pressed", reading["canUndo"], bool(self.past))
        check_pad(reading, self.state)
        check_luck(reading, self.state, self.known_luck, is_pen_down=self.is_pen_down)
        if (
            "confusion" in reading["views"]
            and self.cell
            and self.cell[:2] != (self.state.run, self.state.index)
        ):
            self.cell = None  # the numbers around it have gone
        check_training(reading, self.training, self.state.run)
        if self.is_waiting:
            check_waiting(reading, self.state)
        else:
            self.check_answers(reading)
        self.check_own_views(reading["views"])
        same("what was logged as an error", self.page.faults, [])  # type: ignore[attr-defined]
        hosts = {url for url in self.page.asked if not url.startswith((self.url, "blob:", "about:"))}  # type: ignore[attr-defined]
        same("requests to other hosts", hosts, set())

    def check_answers(self, reading: Reading) -> None:
        check_run(reading, self.state)
        check_timeline(reading, self.state)
        check_answer(reading, self.state, is_pen_down=self.is_pen_down)
        check_told(reading, self.state, is_at_rest=not self.is_pen_down, is_playing=self.is_playing)
        if "digits" in reading["views"]:
            check_samples(reading, self.state)
        check_views(reading, self.state, self.other_curves())
        if is_own(self.state.run):
            check_details(reading, self.state)
        if "confusion" in reading["views"]:
            open_cells = [tuple(cell) for cell in reading["views"]["confusion"]["pressed"]]
            same("the open cell", open_cells, [self.cell[2:]] if self.cell else [])

    def read_state(self, reading: Reading) -> PageState:
        """What a link says; which of one's own runs is shown, and at which snapshot, it does not say."""
        shown, training = read_link(reading["link"]), read_training(reading["link"])
        if not is_own(self.state.run):
            same("the training in the link", training, None)
            return shown
        check_link(self.state, shown, training)
        return replace(shown, run=self.state.run, index=reading["slider"]["value"])

    def other_curves(self) -> list[OwnCard]:
        """The curves that stand beside that of an own run."""
        return [*self.earlier, *(run.card for run in own_runs.values() if run.id != self.state.run)]

    def check_own_views(self, views: Reading) -> None:
        if "settings" in views:
            check_settings(views["settings"], self.state, self.changes, self.training)
        if "hand" in views:
            is_busy = self.training is not None and self.training.is_busy
            check_hand(views["hand"], self.state, self.hand, self.arrived, is_busy=is_busy)
            if views["hand"]["rows"]:
                self.waited |= {run for run in compared_runs(self.state) if not is_own(run)} - self.arrived

    def put(self, strokes: Strokes, sample: tuple[int, bytes] | None, *, keep: bool = True) -> None:
        """Something else lies on the pad now; `keep`: Undo brings back what lay there."""
        if keep:
            self.past.append((self.state.strokes, self.state.sample))
        self.replayed = None
        self.is_drawing = False  # what is put on the pad ends a stroke
        self.state = replace(self.state, strokes=strokes, sample=sample)

    def choose(self, run: str, index: int) -> None:
        if run != self.state.run:
            self.is_playing = False
        self.state = replace(self.state, run=run, index=index)

    def press(self, name: str) -> None:
        self.page.evaluate("name => walk.press(`[data-testid='${name}']`)", name)

    def teardown(self) -> None:
        if self.is_mouse_down:
            self.page.mouse.up()
        if self.reading:
            self.page.evaluate(f"walk.passTime({PLAY_MS})")
            play = json.loads(self.page.evaluate("walk.read()"))["play"]
            same("whether Play has come to its end", play, say("play"))
