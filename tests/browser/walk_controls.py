"""The walk's other steps: networks, sample grid, views, links, and the device."""

import json
from dataclasses import replace
from urllib.parse import urlencode

from playwright.sync_api import ViewportSize
from visitor import LAPTOP, VIEWS
from walk import Walk, opened_page
from walk_checks import levels_of, same
from walk_own_checks import compared_runs
from walk_pad import EXAMPLES, DrawingWalk, digits, is_up
from walk_python import Asked, load, opened, read_link, write_strokes
from walk_steps import maybe, number, one_of, several, step

from mnist_core.runs.recipes import RUNS

PHONE: ViewportSize = {"width": 390, "height": 844}
DAMAGED = ("#run=relu-50/robust&step=-1", "#drawing=5", "#run=relu-50/robust&sample=3.x")
runs = one_of(*RUNS)


def can_open(walk: Walk) -> bool:
    """Whether views are opened: not during a stroke, for on a phone the stage is drawn up over the pad."""
    return not walk.is_drawing


def can_look(walk: Walk) -> bool:
    """Whether views are opened, and the network is there that they show."""
    return not walk.is_drawing and not walk.is_waiting


def can_choose(walk: Walk) -> bool:
    return not walk.state.is_lesson


class PageWalk(DrawingWalk):
    """A visitor who uses every control of the page at random, two at a time."""

    # Networks

    @step(when=can_choose, often=2, run=runs)
    def choose_run(self, run: str) -> None:
        on_the_way = self.page.evaluate("options => walk.chooseRun(...options)", run.split("/"))
        same("the run chosen", on_the_way[-1], run)
        self.ask_for(*on_the_way)
        if run != self.state.run:
            self.choose(run, len(load(run)[0].steps) - 1)

    @step(when=lambda self: can_choose(self) and can_look(self) and self.state.last, run=runs)
    def choose_run_while_playing(self, run: str) -> None:
        if not self.is_playing:
            self.press_play_or_stop()
            self.check()
        self.choose_run(run)

    def ask_for(self, *runs: str) -> None:
        self.waited |= set(runs) - self.arrived
        if runs[-1] in self.arrived:
            self.page.evaluate("walk.loaded()")

    @step(when=lambda self: self.waited, often=4)
    def let_networks_arrive(self) -> None:
        while not self.waited <= self.gate.held.keys():
            self.page.wait_for_timeout(5)
        for run in list(self.gate.held):
            self.gate.held.pop(run).continue_()
            self.arrived.add(run)
        self.waited = set()
        self.page.evaluate("walk.loaded()")
        self.page.evaluate("walk.rowsFilled()")

    # The sample grid and the views

    def lay_sample(self, tile: dict[str, object], label: int, selector: str) -> None:
        self.page.evaluate("selector => walk.press(selector)", selector)
        image = levels_of(tile, "a tile")
        is_on = self.state.sample is not None and self.state.sample[1] == image
        self.put(self.state.strokes, None if is_on else (label, image), self.state.asked)

    @step(when=can_open, at=number(0, 29))
    def press_tile(self, at: int) -> None:
        self.see("digits")
        tile = self.reading["tiles"][at]
        self.lay_sample(tile, int(tile["label"]), f"[data-testid=sample-grid] .tile:nth-child({at + 1})")

    @step(when=can_open)
    def press_others(self) -> None:
        self.see("digits")
        self.press("sample-others")

    @step()
    def press_luck(self) -> None:
        self.press("luck-button")
        self.state = replace(self.state, views=self.state.views ^ {"luck"})

    @step(when=can_open, often=4, name=one_of(*sorted({*VIEWS.values()})))
    def open_view(self, name: str) -> None:
        self.page.evaluate("name => walk.openView(name)", name)
        self.state = replace(self.state, views=(self.state.views & {"luck"}) | {name})

    def see(self, name: str) -> None:
        """Open a view, unless it is open."""
        if name not in self.state.views:
            self.open_view(name)
            self.check()

    @step(when=can_open)
    def step_through_input(self) -> None:
        self.see("input")
        steps = self.reading["views"]["input"]["steps"]
        self.press("given-step")
        shown = json.loads(self.page.evaluate("walk.read()"))["views"]["input"]["steps"]
        same("the stages shown", shown, steps % 4 + 1)

    @step(when=can_open, side=number(0, 1), label=digits, prediction=digits)
    def press_cell(self, side: int, label: int, prediction: int) -> None:
        self.see("confusion")
        table = f"[data-testid=confusion-{['untrained', 'trained'][side]}]"
        cell = f"tbody tr:nth-child({label + 1}) td:nth-child({prediction + 2}) button"
        if self.reading["views"]["confusion"]["matrices"][1][0][0] == "" and not self.is_waiting:
            return  # nothing has been counted yet
        self.page.evaluate("selector => walk.press(selector)", f"{table} {cell}")
        pressed = (self.state.run, self.state.index, side, label, prediction)
        self.cell = None if pressed == self.cell or self.is_waiting else pressed

    @step(when=lambda self: can_look(self) and self.cell, often=3, at=number(0, 59))
    def press_cell_image(self, at: int) -> None:
        self.see("confusion")
        images = self.reading["views"]["confusion"]["images"]
        if not images or not self.cell:
            return
        at %= len(images)
        self.lay_sample(
            images[at], int(str(self.cell[3])), f"[data-testid=cell-images] .tile:nth-child({at + 1})"
        )

    @step(when=can_look, often=2, at=number(0, 999))
    def press_unit(self, at: int) -> None:
        self.see("inside")
        self.press_this_unit(at % load(self.state.run)[0].run.architecture.sizes[1])

    @step(when=lambda self: can_look(self) and self.unit is not None)
    def close_unit(self) -> None:
        self.see("inside")
        if self.unit is not None:
            self.press_this_unit(self.unit)

    def press_this_unit(self, unit: int) -> None:
        self.is_steady = False  # it may be brought into sight
        self.page.evaluate("unit => walk.pressUnit(unit)", unit)
        self.unit = None if unit == self.unit else unit

    @step(when=can_look)
    def show_untrained_units_beside(self) -> None:
        self.see("inside")
        self.press("inside-beside")

    # Links

    @step()
    def copy_link(self) -> None:
        self.press("share")
        self.address = self.reading["link"]
        same("the address", self.page.evaluate("location.hash"), self.address)
        same("what was copied", self.page.evaluate("walk.copied()"), self.page.url)

    @step(
        run=runs,
        place=number(0, 20),
        views=several(one_of(*VIEWS), 0, 3),
        example=maybe(digits),
        tile=maybe(number(0, 29)),
        is_lesson=one_of(False, False, False, True),
    )
    def open_link(
        self, run: str, place: int, views: list[str], example: int | None, tile: int | None, is_lesson: bool
    ) -> None:
        steps = load(run)[0].steps
        index = min(place, len(steps) - 1)
        strokes = EXAMPLES[example][0] if example is not None else ()
        fields = {
            "run": run,
            "step": str(steps[index]),
            "open": ".".join(views),
            "lesson": "1" * is_lesson,
        }
        fields |= {"drawing": write_strokes(strokes)}
        sample = None
        if tile is not None and self.reading["tiles"]:  # there are none before the digits were shown
            shown = self.reading["tiles"][tile]
            sample = int(shown["label"]), levels_of(shown, "a tile")
            fields |= {
                "sample": f"{shown['label']}.{shown['levels'].translate(str.maketrans('+/', '-_', '='))}"
            }
        if (strokes, sample) == (self.state.strokes, self.state.sample) != ((), None):
            return
        if not self.follow_link("#" + urlencode({key: value for key, value in fields.items() if value})):
            return
        self.put(strokes, sample, keep=(strokes, sample) != (self.state.strokes, self.state.sample))
        self.is_playing = self.is_steady = False
        self.ask_for(run)
        self.choose(run, index)
        self.state = replace(self.state, views=opened(views), is_lesson=is_lesson)

    @step(link=one_of(*DAMAGED))
    def open_damaged_link(self, link: str) -> None:
        self.follow_link(link)

    def follow_link(self, link: str) -> bool:
        """Whether it is another address than the present one."""
        self.address = link
        return bool(self.page.evaluate("link => walk.openLink(link)", link))

    # The device

    @step(when=is_up, often=0.7)
    def reload(self) -> None:
        """Load the page again: it shows what its address says, and the drawing unless the address has one."""
        before = self.state
        self.forget_visit()
        is_whole = self.address and self.address not in DAMAGED
        self.state = read_link(self.address) if is_whole else opened_page()
        has_rows = "hand" in self.state.views and self.stored
        self.arrived = {self.state.run, *(compared_runs(self.state) if has_rows else ())}
        self.gate.leave(self.page.reload, self.arrived)
        self.wait_for_page()
        if "train=" in self.address:
            self.press("link-leave")
        if has_rows:
            self.page.evaluate("walk.rowsFilled()")
        if before.strokes and not self.state.strokes:
            asked = before.asked and Asked(*before.asked.words)
            self.put(before.strokes, self.state.sample, asked)
        self.prepare()

    def forget_visit(self) -> None:
        """What goes with the page."""
        self.past, self.waited = [], set()
        self.is_drawing = self.is_playing = self.is_kept = False
        self.replayed = self.take = self.cell = self.unit = self.writer = self.given = None
        self.inside_of = ""

    @step(size=one_of(LAPTOP, PHONE))
    def resize(self, size: ViewportSize) -> None:
        self.page.set_viewport_size(size)
        self.is_steady = False
        if self.is_drawing:
            self.page.evaluate("walk.showPad()")
        self.page.evaluate("walk.frames()")

    @step(scheme=one_of("light", "dark"))
    def change_colour_scheme(self, scheme: str) -> None:
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        self.page.evaluate("walk.frames()")
