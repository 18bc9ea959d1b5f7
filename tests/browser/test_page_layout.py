"""The page is laid out for where it is used: what is in sight, legible, within reach, and where it stays."""

from collections.abc import Iterator

import pytest
from layout import CAN_BE_HIT, layout_faults, places, small_targets, unseen
from playwright.sync_api import Browser, Locator, Page, expect
from visitor import (
    await_loaded,
    draw,
    example,
    expect_verdict,
    move_slider,
    open_page,
    open_view,
    say,
    watch_faults,
)

from mnist_core.drawings.strokes import Drawing, parse_drawing

pytestmark = pytest.mark.thorough

TOUCH = [(360, 640), (390, 844), (844, 390), (768, 1024), (1024, 768), (1180, 820)]
WINDOWS = [(width, 800) for width in (721, 800, 900, 1100, 1200)]
MOUSE = [*WINDOWS, (1000, 600), (1366, 641), (683, 320), (342, 160), (1280, 559), (1920, 1080)]
SIZES = [
    size for size in TOUCH + MOUSE if size != (342, 160)
]  # 1366 x 641, enlarged to 400 %, is seen in parts
VIEWS = ["given", "history", "confusion", "inside", "layers", "hand", "training"]  # as links call them
TEXTS = {"training": "settings", "history": "training", "given": "input", "layers": "network"}  # their tabs
NO_DIGIT = parse_drawing({"strokes": [[[x, y] for x in (0.1, 0.9) for y in (0.1, 0.9)] * 3]})
Devices = dict[bool, Page]


@pytest.fixture(scope="module")
def devices(browser: Browser, site: str) -> Iterator[Devices]:
    """The page twice: with a mouse, and on a device with a touch screen (True)."""
    contexts = {touch: browser.new_context(has_touch=touch, is_mobile=touch) for touch in (False, True)}
    pages = {touch: open_page(context, site) for touch, context in contexts.items()}
    for page in pages.values():
        page.set_default_timeout(3000)
    yield pages
    for context in contexts.values():
        context.close()


@pytest.fixture
def device(devices: Devices, size: tuple[int, int]) -> Iterator[Page]:
    """The plain page with an empty pad, on a screen of the size that the test is given."""
    page = devices[size in TOUCH]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.mouse.move(0, 0)
    visit(page, "run=relu-96-256/robust")
    page.evaluate("scrollTo(0, 0)")
    page.get_by_test_id("run-choice").evaluate("dialog => dialog.close()")
    yield page
    assert page.faults == []  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def large_letters(browser: Browser, site: str) -> Iterator[Page]:
    """The page on a phone whose letters are set to twice their usual size, 32 px."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = watch_faults(context.new_page())
    sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
    context.new_cdp_session(page).send("Page.setFontSizes", sizes)
    page.goto(site)
    await_loaded(page)
    yield page
    faults = page.faults  # type: ignore[attr-defined]
    context.close()
    assert faults == []


FEWER = [*TOUCH[:5], (721, 800), *MOUSE[-6:]]  # of every kind of layout one
at_all_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
at_fewer_sizes = pytest.mark.parametrize("size", FEWER, ids=lambda size: f"{size[0]}x{size[1]}")


def visit(page: Page, fragment: str) -> None:
    """Open the page's state by its link, without loading it again, also where the link has not changed."""
    page.evaluate(
        """fragment => {
          location.hash = fragment;
          dispatchEvent(new HashChangeEvent("hashchange"));
        }""",
        fragment,
    )


def link_of(drawing: Drawing, run: str = "relu-96-256/robust", **rest: object) -> str:
    """The link to a drawing."""
    numbers = [(stroke.ravel() * 1e4).round().astype(int) for stroke in drawing.strokes]
    strokes = "_".join(".".join(map(str, stroke)) for stroke in numbers)
    return "&".join(f"{key}={value}" for key, value in {"run": run, "drawing": strokes, **rest}.items())


def faults(page: Page, size: tuple[int, int]) -> dict[str, list]:
    """All that is wrong with the page's layout."""
    found = layout_faults(page)
    small = small_targets(page) if size in TOUCH else []
    return found | ({"too small for a finger": small} if small else {})


def is_wide(size: tuple[int, int]) -> bool:
    """Whether bench, answer and stage stand side by side."""
    return size[0] >= 1000 and size[1] >= 560


def height_of(page: Page) -> float:
    """How much higher than the window the page is."""
    return page.evaluate("document.documentElement.scrollHeight - innerHeight")


@at_all_sizes
def test_pad_and_answer_and_time_are_in_sight_while_one_draws(device: Page, size: tuple[int, int]) -> None:
    stage = ["stage"] if is_wide(size) else []
    assert unseen(device, *stage) == []
    draw(device, example(3).drawing, lift=False)
    assert unseen(device, *stage) == []
    assert faults(device, size) == {}
    device.mouse.up()
    assert unseen(device, *stage) == []
    assert faults(device, size) == {}
    if is_wide(size):
        assert height_of(device) == 0


@at_all_sizes
def test_pad_is_square_and_large_and_columns_stand_on_one_line(device: Page, size: tuple[int, int]) -> None:
    box = device.get_by_test_id("pad").bounding_box()
    assert box
    assert box["width"] == pytest.approx(box["height"], abs=0.6)
    assert box["width"] >= min(300, size[0] * 0.29 if is_wide(size) else size[0] * 0.4, size[1] * 0.4)
    tracks = device.get_by_test_id("bars").locator("li .track")
    boxes = tracks.evaluate_all(
        """tracks => tracks.map((track) => {
          const { width, top, bottom } = track.getBoundingClientRect();
          return [Math.round(width), Math.round(top), Math.round(bottom)];
        })"""
    )
    assert len({tuple(place[1:]) for place in boxes}) == 1
    assert max(width for width, *_ in boxes) - min(width for width, *_ in boxes) <= 1


@at_fewer_sizes
def test_whatever_the_answer_says_nothing_else_moves(device: Page, size: tuple[int, int]) -> None:
    still = places(device)
    moved = {}

    def look(moment: str) -> None:
        now = places(device)
        if now != still:
            moved[moment] = [(was, new) for was, new in zip(still, now, strict=True) if was != new]

    detail = device.get_by_test_id("verdict").locator(".verdict-detail")
    draw(device, example(3).drawing, lift=False)
    look("drawing")
    device.mouse.up()
    last = int(device.get_by_test_id("timeline").get_attribute("max") or 0)
    for snapshot in range(last + 1):
        move_slider(device, snapshot)
        look(f"snapshot {snapshot}")
    visit(device, link_of(NO_DIGIT))
    expect_verdict(device, "")
    look("refused")
    visit(device, link_of(example(8).drawing))
    expect_verdict(device, 8)
    long_detail = dict(trained=">99.9 %", before=8, untrained="10.6 %")
    set_text(detail, f"{say('verdict_wrong')} {say('detail_after', **long_detail)}")
    look("long verdict")
    device.get_by_test_id("sample-grid").locator("button").first.evaluate("tile => tile.click()")
    look("sample")
    assert moved == {}


def set_text(place: Locator, text: str) -> None:
    """Write a text of the page's where it stands."""
    place.evaluate("(element, text) => { element.textContent = text; }", text)


@at_fewer_sizes
def test_choice_of_networks_is_usable(device: Page, size: tuple[int, int]) -> None:
    device.get_by_test_id("run").click()
    dialog = device.get_by_test_id("run-choice")
    box = dialog.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["y"] + box["height"] <= size[1]
    assert dialog.get_by_role("button").evaluate_all(CAN_BE_HIT) == []
    found = layout_faults(device)
    found.pop("controls overlap", None)  # the page lies under the dialog
    found.pop("texts overlap", None)
    assert found == {}
    expect(device.get_by_test_id("run-close")).to_be_in_viewport()
    device.get_by_test_id("run-close").click()


@pytest.mark.parametrize("view", [*VIEWS, "luck"])
@pytest.mark.parametrize("size", [*TOUCH[:5], (683, 320), (1366, 641), (1920, 1080)], ids=str)
def test_nothing_is_cut_off_in_a_view(device: Page, size: tuple[int, int], view: str) -> None:
    visit(device, link_of(example(5).drawing, open=view))
    look = device.get_by_test_id("stage-look")
    if view in ("luck", "hand") and look.is_visible():  # these go with the answer
        look.click()
    place = device.get_by_test_id(TEXTS.get(view, "digits" if view == "luck" else view))
    expect(place).to_be_visible()
    if view == "confusion":
        device.get_by_test_id("confusion-trained").get_by_role("button").nth(94).click()
        expect(device.get_by_test_id("cell-images").get_by_role("button").first).to_be_visible()
    device.wait_for_timeout(100)  # charts are drawn once their place is known
    height, shown = place.evaluate("place => [place.scrollHeight, place.clientHeight]")
    for top in range(0, height, max(120, shown - 20)):
        place.evaluate("(place, top) => place.scrollTo(0, top)", top)
        assert faults(device, size) == {}
    if is_wide(size):
        assert unseen(device, "stage") == []
        assert height_of(device) == 0
    if view == "confusion":
        device.get_by_test_id("confusion-trained").get_by_role("button").nth(94).click()


@pytest.mark.parametrize("size", [(360, 640), (390, 844), (844, 390)], ids=str)
def test_on_a_phone_the_stage_is_drawn_up_and_put_back(device: Page, size: tuple[int, int]) -> None:
    draw(device, example(5).drawing)
    pad, stage = device.get_by_test_id("pad"), device.get_by_test_id("stage")
    is_upright = size[0] < size[1]
    if is_upright:
        open_view(device, "inside")
        expect(pad).to_be_hidden()  # the answer stays above the stage
        assert set(unseen(device, "stage")) == {"pad"}
        device.get_by_test_id("stage-lower").click()
        expect(pad).to_be_visible()
    else:
        expect(stage).to_be_hidden()
        device.get_by_test_id("stage-look").click()
        expect(stage).to_be_in_viewport(ratio=1)  # in the answer's place
        expect(pad).to_be_in_viewport(ratio=1)
        expect(device.get_by_test_id("bars")).to_be_hidden()
        device.get_by_test_id("stage-look").click()
    assert unseen(device) == []


@pytest.mark.parametrize("size", [(390, 844), (1200, 800)], ids=str)
def test_slider_keeps_its_length_for_every_network(device: Page, size: tuple[int, int]) -> None:
    lengths = set()
    for run in ("relu-96-256/robust", "relu-50/shuffled-labels", "tanh-96-sigmoid-256/published"):
        visit(device, f"run={run}")
        expect(device.get_by_test_id("play")).to_be_enabled()
        box = device.get_by_test_id("timeline").bounding_box()
        assert box
        lengths.add(box["width"])
    assert len(lengths) == 1


@pytest.mark.parametrize("size", [(1366, 641)], ids=str)
def test_charts_are_drawn_anew_for_another_width(device: Page, size: tuple[int, int]) -> None:
    visit(device, link_of(example(5).drawing, open="history", step=0))
    labels = device.locator("svg .chart-label")
    expect(device.get_by_test_id("history-loss").locator("svg")).to_be_visible()
    cursor = device.get_by_test_id("history-accuracy").locator(".chart-cursor")
    left = cursor.get_attribute("x1")
    for width in (390, 1366):
        device.set_viewport_size({"width": width, "height": 800})
        device.wait_for_timeout(100)
        scales = labels.evaluate_all("labels => labels.map(label => label.getScreenCTM().a)")
        assert scales == pytest.approx([1] * len(scales), abs=0.03)
        assert cursor.get_attribute("x1") == left  # still at the first snapshot


@pytest.mark.parametrize("view", ["", *VIEWS])
def test_nothing_is_cut_off_on_a_phone_whose_letters_are_twice_as_large(
    large_letters: Page, view: str
) -> None:
    open_part = {"open": view} if view else {}
    visit(large_letters, link_of(example(5).drawing, **open_part))
    expect(large_letters.get_by_test_id("verdict")).to_have_attribute("data-prediction", "5")
    large_letters.wait_for_timeout(200)
    assert layout_faults(large_letters) == {}


@pytest.mark.parametrize("canvas", ["pad", "network-picture"])
def test_a_canvas_is_painted_again_on_a_screen_of_another_density(page: Page, canvas: str) -> None:
    visit(page, link_of(example(5).drawing, open="layers"))
    place = page.get_by_test_id(canvas)
    has_ink = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
      .data.some((level) => level)"""
    expect(place).to_be_visible()
    screen = page.context.new_cdp_session(page)
    for number, density in enumerate((2, 1, 1.5, 1)):
        # Chromium tells the page of another density only with another size of the window.
        size = {"width": 1366, "height": 1100 + number, "mobile": False}
        screen.send("Emulation.setDeviceMetricsOverride", {**size, "deviceScaleFactor": density})
        page.wait_for_timeout(100)
        width, shown = place.evaluate("canvas => [canvas.width, canvas.getBoundingClientRect().width]")
        assert width == pytest.approx(shown * density, abs=1)
        assert place.evaluate(has_ink)
