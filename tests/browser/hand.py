"""What a visitor's hand does on the page, and what the eye reads off it."""

from playwright.sync_api import BrowserContext, Locator, Page, expect

from mnist_core.drawing import Drawing, LabelledDrawing, read_handwritings
from webapp.text import RECIPES, TEXT

INK = """canvas => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
  .filter((value, index) => index % 4 === 3)"""  # ink is opaque, paper transparent


def watched(page: Page) -> Page:
    """A page whose uncaught errors and console errors are kept in `page.faults`."""
    page.faults = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.faults.append(str(error)))  # type: ignore[attr-defined]
    page.on(
        "console",
        lambda message: (
            message.type == "error" and page.faults.append(f"{message.text} {message.location['url']}")
        ),  # type: ignore[attr-defined]
    )
    return page


def opened(context: BrowserContext, url: str) -> Page:
    """The app's page, loaded and ready to be drawn on."""
    page = watched(context.new_page())
    page.goto(url)
    page.locator("[data-example='9']").wait_for()  # the pad's script has run
    page.locator("#model input").wait_for(state="attached")
    return page


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


def bars(page: Page, name: str) -> list[float]:
    """The ten probabilities that a chart shows, digits 0 to 9."""
    rows = page.get_by_test_id(f"bars-{name}").locator("[data-digit]")
    return rows.evaluate_all("rows => rows.map(row => parseFloat(row.dataset.probability))")


def choose_run(page: Page, run_id: str) -> None:
    """Pick a network and its recipe from the two menus, and wait until they are chosen."""
    model, recipe = run_id.split("/")
    page.locator("#model input").click()
    page.get_by_role("option", name=f"{model} ·").click()
    page.locator("#recipe input").click()
    page.get_by_role("option", name=RECIPES[recipe]).click()
    page.wait_for_function("run => inkling.state.run === run", arg=run_id)


def open_panel(page: Page, name: str) -> None:
    """Open one of the views that open on request, and wait until the page knows."""
    page.get_by_test_id(name).locator("summary").click()
    page.wait_for_function("name => inkling.state.open.includes(name)", arg=name)


def tiles(page: Page, name: str) -> list[int]:
    """One of the numbers that every tile of the sample grid carries."""
    grid = page.get_by_test_id("sample-grid").locator("[data-label]")
    return grid.evaluate_all(f"tiles => tiles.map(tile => Number(tile.dataset.{name}))")


def tile(page: Page, number: int) -> Locator:
    """One tile of the sample grid, counted from 0."""
    return page.get_by_test_id("sample-grid").get_by_role("button").nth(number)


def await_mnist(page: Page) -> None:
    """Wait until the sample grid shows MNIST's images."""
    expect(page.get_by_test_id("sample-source")).to_have_text(TEXT["samples_mnist"], timeout=20_000)


def inks(page: Page, grid: str = "sample-grid") -> list[list[int]]:
    """The 784 bytes of ink of every canvas in a grid of tiles, as the page paints them."""
    canvases = page.get_by_test_id(grid).locator("canvas")
    return canvases.evaluate_all(f"canvases => canvases.map({INK})")


def example(digit: int) -> LabelledDrawing:
    """One of the project's own drawings of a digit."""
    return next(entry for entry in read_handwritings() if entry.label == digit)


def expect_verdict(page: Page, prediction: int | str) -> None:
    """Wait until the page's verdict is this digit, or empty."""
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-prediction", str(prediction))


def page_drawing(page: Page) -> dict:
    """The drawing on the pad, as the page sends it."""
    return page.evaluate("inkling.state.drawing")


def requests_for(page: Page, name: str) -> list[str]:
    """A list that grows with every request the page makes, from now on, to this function of the server."""
    made: list[str] = []
    page.on(
        "request",
        lambda request: (request.url.endswith(f"/ask/{name}")) and made.append(request.url),
    )
    return made
