"""What a visitor's hand does on the page, and what the eye reads off it."""

import json
import re
from pathlib import Path

from playwright.sync_api import BrowserContext, CDPSession, Locator, Page, ViewportSize, expect

from mnist_core.drawings.strokes import Drawing, LabelledDrawing, read_handwritings
from mnist_core.runs.recipes import DEFAULT_RUN

LAPTOP: ViewportSize = {"width": 1366, "height": 641}
INK = """canvas => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
  .filter((value, index) => index % 4 === 3)"""  # ink is opaque, paper transparent
VIEWS = {  # by name in a link, the stage's view that it opens
    "luck": "digits",  # and the marks in the columns
    "training": "settings",
    "hand": "hand",
    "learning": "training",
    "given": "input",
    "history": "training",
    "confusion": "confusion",
    "inside": "inside",
    "layers": "network",
}
SENTENCES = Path(__file__).parents[2] / "webapp" / "page" / "text"


def say(key: str, **values: object) -> str:
    """One of the page's sentences, with its names filled in."""
    texts = "".join(path.read_text("utf-8") for path in sorted(SENTENCES.glob("*.js")))
    found = re.search(rf'^  "?{re.escape(key)}"?: (".*"),$', texts, re.MULTILINE)
    assert found, f"no sentence called {key}"
    return re.sub(r"\b([Aa]) 8\b(?![.,]\d)", r"\1n 8", json.loads(found[1]).format(**values))


def count_images(images: int) -> str:
    """How many images were shown, as the page says it."""
    return f"{images:,}" if images < 1e6 else say("million", number=f"{images / 1e6:.3g}")


def watch_faults(page: Page) -> Page:
    """Keep a page's uncaught errors and console errors in `page.faults`."""
    faults: list[str] = []
    page.faults = faults  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: message.type == "error" and faults.append(message.text))
    return page


def open_page(context: BrowserContext, url: str) -> Page:
    """The page, with all that it loads loaded."""
    page = watch_faults(context.new_page())
    page.goto(url)
    await_loaded(page)
    return page


def await_loaded(page: Page) -> None:
    """Wait until the page has loaded all that it loads by itself."""
    page.locator("main[data-ready]").wait_for(state="attached", timeout=30_000)


def open_fragment(page: Page, fragment: str) -> None:
    """Open a lesson link in the open page, also one that is in the address bar already."""
    page.evaluate(
        """fragment => new Promise((resolve) => {
          history.replaceState(null, "", "#");
          addEventListener("hashchange", resolve, { once: true }); // after the page's own listener
          location.hash = fragment;
        })""",
        fragment,
    )


def reset(page: Page) -> None:
    """Put a page back to how it opens: no drawing, the default run at its end, the grid of digits."""
    page.keyboard.press("Escape")  # an open choice of networks
    page.mouse.up()
    open_fragment(page, f"#run={DEFAULT_RUN}")
    page.evaluate("scrollTo(0, 0)")


def draw(page: Page, drawing: Drawing, *, lift: bool = True) -> None:
    """Draw on the pad with the mouse; `lift=False` keeps the button pressed at the end."""
    box = page.get_by_test_id("pad").bounding_box()
    assert box
    for stroke in drawing.strokes:
        for number, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            if number == 0:
                page.mouse.down()
        if lift:
            page.mouse.up()


def bars(page: Page) -> tuple[list[float], list[float]]:
    """The ten probabilities before training and those at the moment shown, digits 0 to 9; NaN for none."""
    rows = page.get_by_test_id("bars").locator("[data-digit]")
    untrained, trained = rows.evaluate_all(
        "rows => ['untrained', 'trained'].map(name => rows.map(row => parseFloat(row.dataset[name])))"
    )
    return untrained, trained


def choose_run(page: Page, run_id: str) -> None:
    """Choose a network and its training, and wait until its whole timeline is there."""
    architecture, recipe = run_id.split("/")
    page.get_by_test_id("run").click()
    page.locator(f"[data-model='{architecture}']").click()
    page.locator(f"[data-recipe='{recipe}']").click()
    page.get_by_test_id("run-close").click()
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", run_id)
    expect(page.get_by_test_id("play")).to_be_enabled()


def move_slider(page: Page, snapshot: int) -> None:
    """Move the slider to a snapshot."""
    page.get_by_test_id("timeline").fill(str(snapshot))


def open_view(page: Page, name: str) -> Locator:
    """Open one of the stage's views."""
    stage = page.get_by_test_id("stage")
    stage.locator(f"[data-testid='stage-tab'][data-view='{name}']").click()
    expect(stage).to_have_attribute("data-view", name)
    return page.get_by_test_id(name)


def expect_view(page: Page, name: str) -> None:
    """Wait until this view of the stage is open, and no other."""
    expect(page.get_by_test_id("stage")).to_have_attribute("data-view", name)
    expect(page.get_by_test_id(name)).to_be_visible()
    expect(page.get_by_role("tabpanel")).to_have_count(1)


def tiles(page: Page, name: str) -> list[int]:
    """One of the numbers that every tile of the sample grid carries: label, untrained or prediction."""
    grid = page.get_by_test_id("sample-grid").locator("[data-label]")
    return grid.evaluate_all(f"tiles => tiles.map(tile => Number(tile.dataset.{name}))")


def inks(page: Page, grid: str = "sample-grid") -> list[list[int]]:
    """The 784 levels of ink of every canvas in a grid of tiles, as the page paints them."""
    canvases = page.get_by_test_id(grid).locator("canvas")
    return canvases.evaluate_all(f"canvases => canvases.map({INK})")


def model_input(page: Page) -> list[int]:
    """The 784 levels of ink that the network is given, as the page paints them."""
    return page.get_by_test_id("model-input").evaluate(INK)


def ink_at(canvas: Locator, point: tuple[float, float]) -> bool:
    """Whether a canvas holds ink at a point, in widths of it."""
    read = """(canvas, [x, y]) =>
      canvas.getContext("2d").getImageData(x * canvas.width, y * canvas.height, 1, 1).data[3] > 0"""
    return canvas.evaluate(read, list(point))


def example(digit: int) -> LabelledDrawing:
    """One of the project's own drawings of a digit."""
    return next(entry for entry in read_handwritings() if entry.label == digit)


def expect_verdict(page: Page, prediction: int | str) -> None:
    """Wait until the page's verdict is this digit, or empty."""
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-prediction", str(prediction))


class Fingers:
    """Fingers on a pad, each at a point in widths of the pad."""

    def __init__(self, page: Page, session: CDPSession, pad: str = "pad") -> None:
        box = page.get_by_test_id(pad).bounding_box()
        assert box
        self.box, self.session = box, session

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """All fingers that are down, one point each; none where they are lifted or taken away."""
        touches = [
            {
                "x": self.box["x"] + x * self.box["width"],
                "y": self.box["y"] + y * self.box["height"],
                "id": number,
            }
            for number, (x, y) in enumerate(points)
        ]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
