"""A page in use, and what must hold of it after every step."""

import json
from collections.abc import Callable
from dataclasses import replace

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
    Training,
    check_asks,
    check_details,
    check_hand,
    check_link,
    check_settings,
    check_training,
    check_writer,
    compared_runs,
)
from walk_python import Asked, PageState, Strokes, load, read_link, read_strokes, read_training, write_strokes
from walk_view_checks import check_unit, check_views, check_waiting
from walk_writer import HandDrawing, Writer

from mnist_core.runs.recipes import DEFAULT_RUN

PLAY_MS = 10_000  # more than Play takes
Past = tuple[
    Strokes, tuple[int, bytes] | None, Asked | None
]  # what lay on the pad: drawing, sample, digit asked


class Gate:
    """Holds back the checkpoints that the page asks for, until they are let through."""

    def __init__(self, page: Page) -> None:
        self.held: dict[str, Route] = {}
        self.open_for: set[str] = set()  # runs that are let through
        page.route("**/checkpoints/*/*.safetensors", self.hold)

    def hold(self, route: Route) -> None:
        run = route.request.url.split("/checkpoints/")[1].removesuffix(".safetensors")
        if run in self.open_for:
            route.continue_()
        else:
            self.held[run] = route

    def leave(self, go: Callable[[], object], open_for: set[str]) -> None:
        """Go to another page; what the one before has asked for is let go of once that is no more."""
        held, self.held, self.open_for = self.held, {}, open_for
        go()
        for route in held.values():
            route.abort()


class Walk:
    """The page in use. `state` is what the visitor made of it; what only the page knows is taken from it."""

    known_luck: dict[object, object] = {}  # noqa: RUF012

    def __init__(self, page: Page, gate: Gate, url: str, test_images: int) -> None:
        self.page, self.gate, self.url, self.test_images = page, gate, url, test_images
        self.state = opened_page()
        self.address = ""  # what stands in it after the page's own
        self.past: list[Past] = []  # what Undo brings back
        self.arrived = {DEFAULT_RUN}
        self.waited: set[str] = set()  # runs asked for and held back
        self.is_mouse_down = self.is_drawing = self.is_playing = False
        self.replayed: int | None = None  # the digit of an example that is being drawn
        self.replay_ms = 0
        self.before: Strokes = ()  # the strokes that were there when the pen came down
        self.path: list[tuple[float, float]] = []  # of the mouse since then
        self.is_steady = True  # whether the pad has stayed in its place since then
        self.cell: tuple[object, ...] | None = None  # run, snapshot and place of the confusion's open cell
        self.unit: int | None = None  # the one that is pressed in the view into the network
        self.inside_of = ""  # the run that was last shown there
        self.training: Training | None = None  # the last one
        self.changes: Json = {}  # of the tutorial's training
        self.trainings = 0
        self.earlier: list[OwnCard] = []  # of runs that were trained again
        self.files: list[tuple[OwnRun, str]] = []  # saved runs, and their files in base64
        self.writer: Writer | None = None  # until the view of the hand is opened
        self.given: list[HandDrawing] | None = None  # what a new order begins with, which is not known yet
        self.is_kept = False  # whether the hand is kept on the device, once its view is opened
        self.stored: list[HandDrawing] = []  # what is kept there
        self.take: Callable[[PageState], PageState] | None = None
        self.reading: Reading = {}

    def begin(self) -> None:
        """Open the page."""
        self.gate.leave(lambda: self.page.goto("about:blank"), {DEFAULT_RUN})
        self.page.faults.clear()  # type: ignore[attr-defined]
        self.page.set_viewport_size(LAPTOP)
        self.page.emulate_media(color_scheme="light")
        self.page.goto(self.url)
        self.wait_for_page()
        self.prepare()

    def prepare(self) -> None:
        """What comes first on every page."""

    def wait_for_page(self) -> None:
        """Wait until the page has loaded all that it loads by itself."""
        await_loaded(self.page)
        self.page.evaluate("walk.awake()")
        self.page.keyboard.press("Shift")  # the first touch: no drawing is faint on the pad any more

    # What must hold

    @property
    def is_pen_down(self) -> bool:
        """Whether something is being drawn, by hand or as an example."""
        return self.is_drawing or self.replayed is not None

    @property
    def is_waiting(self) -> bool:
        return self.state.run not in self.arrived

    def check(self) -> None:
        """All views agree."""
        reading = self.reading = json.loads(self.page.evaluate("walk.read()"))
        shown = self.read_state(reading)
        if self.take:
            self.state = self.take(shown)
            self.take = None
        self.follow_hand(reading)
        same("what the link says", shown, self.state)
        same("whether a network is on its way", reading["isLoading"], self.is_waiting)
        same("whether Undo can be pressed", reading["canUndo"], bool(self.past))
        check_pad(reading, self.state)
        check_luck(reading, self.state, self.known_luck, is_pen_down=self.is_pen_down)
        check_asks(reading, self.state, self.asked)
        check_training(reading, self.training, self.state.run, self.removed.id if self.removed else "")
        same("whether it asks before something is lost", reading["wouldAsk"], self.would_lose)
        self.close_what_has_gone(reading["views"])
        if self.is_waiting:
            check_waiting(reading, self.state, self.asked)
        else:
            self.check_answers(reading)
        self.check_own_views(reading["views"])
        same("what was logged as an error", self.page.faults, [])  # type: ignore[attr-defined]
        hosts = {url for url in self.page.asked if not url.startswith((self.url, "blob:", "about:"))}  # type: ignore[attr-defined]
        same("requests to other hosts", hosts, set())

    def close_what_has_gone(self, views: Reading) -> None:
        """A pressed number goes with its snapshot, a unit with its network, once their view shows others."""
        if "confusion" in views and self.cell and self.cell[:2] != (self.state.run, self.state.index):
            self.cell = None
        if "inside" in views and self.inside_of != self.state.run:
            self.inside_of, self.unit = self.state.run, None

    def check_answers(self, reading: Reading) -> None:
        check_run(reading, self.state)
        check_timeline(reading, self.state)
        check_answer(reading, self.state, self.asked, is_pen_down=self.is_pen_down)
        check_told(reading, self.state, is_at_rest=not self.is_pen_down, is_playing=self.is_playing)
        if "digits" in reading["views"]:
            check_samples(reading, self.state)
        check_views(reading, self.state, self.other_curves(), self.test_images)
        if is_own(self.state.run):
            check_details(reading, self.state)
        if "confusion" in reading["views"]:
            open_cells = [tuple(cell) for cell in reading["views"]["confusion"]["pressed"]]
            same("the open cell", open_cells, [self.cell[2:]] if self.cell else [])
        if "inside" in reading["views"]:
            check_unit(reading["views"]["inside"]["unit"], self.state, self.unit)

    def read_state(self, reading: Reading) -> PageState:
        """What a link says, and what it leaves out: drawings of the hand, and which of one's own runs."""
        shown, training = read_link(reading["link"]), read_training(reading["link"])
        strokes = to_strokes(reading["drawing"]["strokes"])
        asked = reading["drawing"]["asked"]
        same("the drawing in the link", shown.strokes, () if asked else strokes)
        wanted = self.state.asked
        same("what was drawn for", asked and (asked["label"], asked["isTest"]), wanted and wanted.words)
        shown = replace(shown, strokes=strokes, asked=wanted)
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
            assert self.writer
            check_writer(views["hand"], self.writer, self.stored, is_kept=self.is_kept)
            check_hand(views["hand"], self.state, self.writer, self.arrived, is_busy=is_busy)
            if views["hand"]["rows"]:
                self.waited |= {run for run in compared_runs(self.state) if not is_own(run)} - self.arrived

    # What follows from what the visitor does

    @property
    def asked(self) -> Asked | None:
        """The digit of the hand that is asked for."""
        return self.writer.asked if self.writer and "hand" in self.state.views else None

    @property
    def would_lose(self) -> bool:
        """Whether something would be gone with the page; the walk saves every network to read it."""
        is_unsaved = self.writer is not None and not self.writer.is_saved and bool(self.writer.drawings)
        return is_unsaved or (self.training is not None and self.training.is_busy)

    def put(
        self,
        strokes: Strokes,
        sample: tuple[int, bytes] | None,
        asked: Asked | None = None,
        *,
        keep: bool = True,
    ) -> None:
        """Something else lies on the pad now; `keep`: Undo brings back what lay there."""
        if keep:
            self.past.append((self.state.strokes, self.state.sample, self.state.asked))
        self.replayed = None
        self.is_drawing = False  # what is put on the pad ends a stroke
        self.state = replace(self.state, strokes=strokes, sample=sample, asked=asked)

    def put_back(self) -> None:
        """What lay on the pad before lies there again."""
        self.put(*self.past.pop(), keep=False)

    def follow_hand(self, reading: Reading) -> None:
        """The hand begins as its view opens; what comes back to the pad asks for what it was drawn for."""
        raise NotImplementedError

    def choose(self, run: str, index: int) -> None:
        if run != self.state.run:
            self.is_playing = self.is_steady = False  # a longer name moves the pad
            if "inside" in self.state.views:
                self.unit = None
        self.state = replace(self.state, run=run, index=index)

    def press(self, name: str) -> None:
        self.page.evaluate("name => walk.press(`[data-testid='${name}']`)", name)

    def end(self) -> None:
        """Play comes to its end."""
        if self.is_mouse_down:
            self.page.mouse.up()
        self.page.evaluate(f"walk.passTime({PLAY_MS})")
        play = json.loads(self.page.evaluate("walk.read()"))["play"]
        same("whether Play has come to its end", play, say("play"))


def opened_page() -> PageState:
    """The page as it opens."""
    last = len(load(DEFAULT_RUN)[0].steps) - 1
    return PageState(DEFAULT_RUN, last, (), None, frozenset({"digits"}), False)


def to_strokes(strokes: list[list[list[float]]]) -> Strokes:
    """Strokes as they are kept when the page goes, to a ten-thousandth of the pad's width."""
    given = tuple(tuple((x, y) for x, y in stroke) for stroke in strokes)
    return read_strokes(write_strokes(given)) if given else ()
