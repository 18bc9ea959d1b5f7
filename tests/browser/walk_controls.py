"""The walk's other steps: networks, sample grid, views, links, and the device."""

import json
from dataclasses import replace
from urllib.parse import urlencode

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from playwright.sync_api import ViewportSize
from visitor import LAPTOP, VIEWS
from walk_checks import levels_of, same
from walk_pad import EXAMPLES, DrawingWalk, digits
from walk_python import load, opened, write_strokes

from mnist_core.runs.recipes import RUNS

PHONE: ViewportSize = {"width": 390, "height": 844}


class PageWalk(DrawingWalk):
    """A visitor who uses every control of the page at random, two at a time."""

    # Networks

    @precondition(lambda self: not self.state.is_lesson)
    @rule(run=st.sampled_from(list(RUNS)))
    def choose_run(self, run: str) -> None:
        on_the_way = self.page.evaluate("options => walk.chooseRun(...options)", run.split("/"))
        same("the run chosen", on_the_way[-1], run)
        self.ask_for(*on_the_way)
        if run != self.state.run:
            self.choose(run, len(load(run)[0].steps) - 1)

    def ask_for(self, *runs: str) -> None:
        self.waited |= set(runs) - self.arrived
        if runs[-1] in self.arrived:
            self.page.evaluate("walk.loaded()")

    @precondition(lambda self: self.waited)
    @rule()
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
        self.put(self.state.strokes, None if is_on else (label, image))

    @precondition(lambda self: "digits" in self.state.views)
    @rule(at=st.integers(0, 29))
    def press_tile(self, at: int) -> None:
        tile = self.reading["tiles"][at]
        self.lay_sample(tile, int(tile["label"]), f"[data-testid=sample-grid] .tile:nth-child({at + 1})")

    @precondition(lambda self: "digits" in self.state.views)
    @rule()
    def press_others(self) -> None:
        self.press("sample-others")

    @rule()
    def press_luck(self) -> None:
        self.press("luck-button")
        self.state = replace(self.state, views=self.state.views ^ {"luck"})

    @precondition(lambda self: not self.is_drawing)  # on a phone it is drawn up over the pad
    @rule(name=st.sampled_from(sorted({*VIEWS.values()})))
    def open_view(self, name: str) -> None:
        self.page.evaluate("name => walk.openView(name)", name)
        self.state = replace(self.state, views=(self.state.views & {"luck"}) | {name})

    @precondition(lambda self: "input" in self.reading.get("views", {}))
    @rule()
    def step_through_input(self) -> None:
        steps = self.reading["views"]["input"]["steps"]
        self.press("given-step")
        shown = json.loads(self.page.evaluate("walk.read()"))["views"]["input"]["steps"]
        same("the stages shown", shown, steps % 4 + 1)

    @precondition(lambda self: "confusion" in self.reading.get("views", {}))
    @rule(side=st.integers(0, 1), label=digits, prediction=digits)
    def press_cell(self, side: int, label: int, prediction: int) -> None:
        table = f"[data-testid=confusion-{['untrained', 'trained'][side]}]"
        cell = f"tbody tr:nth-child({label + 1}) td:nth-child({prediction + 2}) button"
        if self.reading["views"]["confusion"]["matrices"][1][0][0] == "" and not self.is_waiting:
            return  # nothing has been counted yet
        self.page.evaluate("selector => walk.press(selector)", f"{table} {cell}")
        pressed = (self.state.run, self.state.index, side, label, prediction)
        self.cell = None if pressed == self.cell or self.is_waiting else pressed

    @precondition(lambda self: self.cell and self.reading.get("views", {}).get("confusion", {}).get("images"))
    @rule(at=st.integers(0, 59))
    def press_cell_image(self, at: int) -> None:
        images = self.reading["views"]["confusion"]["images"]
        at %= len(images)
        assert self.cell
        self.lay_sample(
            images[at], int(str(self.cell[3])), f"[data-testid=cell-images] .tile:nth-child({at + 1})"
        )

    # Links

    @rule()
    def copy_link(self) -> None:
        self.press("share")
        same("the address", self.page.evaluate("location.hash"), self.reading["link"])

    @rule(
        run=st.sampled_from(list(RUNS)),
        place=st.integers(0, 20),
        views=st.lists(st.sampled_from([*VIEWS]), max_size=3, unique=True),
        example=st.one_of(st.none(), digits),
        tile=st.one_of(st.none(), st.integers(0, 29)),
        is_lesson=st.sampled_from([False, False, False, True]),
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
        if tile is not None:
            shown = self.reading["tiles"][tile]
            sample = int(shown["label"]), levels_of(shown, "a tile")
            fields |= {
                "sample": f"{shown['label']}.{shown['levels'].translate(str.maketrans('+/', '-_', '='))}"
            }
        if (strokes, sample) == (self.state.strokes, self.state.sample) != ((), None):
            return
        if not self.page.evaluate(
            "link => walk.openLink(link)",
            "#" + urlencode({key: value for key, value in fields.items() if value}),
        ):
            return
        self.put(strokes, sample, keep=(strokes, sample) != (self.state.strokes, self.state.sample))
        self.is_playing = self.is_steady = False
        self.ask_for(run)
        self.choose(run, index)
        self.state = replace(self.state, views=opened(views), is_lesson=is_lesson)

    @rule(
        link=st.sampled_from(
            ["#run=relu-50/robust&step=-1", "#drawing=5.5", "#run=relu-50/robust&sample=3.x"]
        )
    )
    def open_damaged_link(self, link: str) -> None:
        self.page.evaluate("link => walk.openLink(link)", link)

    # The device

    @rule(size=st.sampled_from([LAPTOP, PHONE]))
    def resize(self, size: ViewportSize) -> None:
        self.page.set_viewport_size(size)
        self.is_steady = False
        if self.is_drawing:
            self.page.evaluate("walk.showPad()")
        self.page.evaluate("walk.frames()")

    @rule(scheme=st.sampled_from(["light", "dark"]))
    def change_colour_scheme(self, scheme: str) -> None:
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        self.page.evaluate("walk.frames()")
