"""The page by keyboard, by ear and by any eye."""

import re
from collections.abc import Iterator

import pytest
from accessibility import violations
from playwright.sync_api import Browser, Page, expect
from python_says import link_of
from visitor import draw, example, expect_verdict, model_input, move_slider, open_page, open_view, say

from mnist_core.drawings.strokes import parse_drawing

pytestmark = pytest.mark.thorough

VIEWS = ["digits", "input", "training", "confusion", "inside", "network", "hand", "settings"]
NO_DIGIT = parse_drawing({"strokes": [[[x, y] for x in (0.1, 0.9) for y in (0.1, 0.9)] * 3]})
# The element that has the focus, also within the page's shadow root: what it is called there.
FOCUSED = """() => {
  const element = document.activeElement.shadowRoot?.activeElement;
  return !element ? "" : element.dataset.testid ?? (element.closest(".grid") ? "tile"
    : element.dataset.example ? "example" : element.textContent);
}"""


@pytest.fixture(scope="module")
def pages(browser: Browser, site: str) -> Iterator[dict[str, Page]]:
    """The page in light, dark and forced colours, with a digit on the pad."""
    schemes: dict[str, dict] = {
        "light": {"color_scheme": "light"},
        "dark": {"color_scheme": "dark"},
        "forced": {"color_scheme": "dark", "forced_colors": "active"},
    }
    contexts = {
        name: browser.new_context(viewport={"width": 1280, "height": 800}, **scheme)
        for name, scheme in schemes.items()
    }
    opened = {}
    for name, context in contexts.items():
        page = open_page(context, site)
        draw(page, example(4).drawing)
        expect_verdict(page, 4)
        opened[name] = page
    yield opened
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("scheme", ["light", "dark", "forced"])
def test_axe_finds_nothing_in_any_view(pages: dict[str, Page], scheme: str, view: str) -> None:
    page = pages[scheme]
    page.set_viewport_size({"width": 390 if scheme == "light" else 1280, "height": 800})
    open_view(page, view)
    if view == "digits":
        page.get_by_test_id("luck-button").click()
    if view == "inside":
        page.get_by_test_id("units").locator("button").first.click()
    if view == "confusion":
        page.get_by_test_id("confusion-trained").get_by_role("button").nth(94).click()
        expect(page.get_by_test_id("cell-images").get_by_role("button")).not_to_have_count(0)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark", "forced"])
def test_axe_finds_nothing_whatever_the_answer_is(pages: dict[str, Page], scheme: str) -> None:
    page = pages[scheme]
    page.set_viewport_size({"width": 1280, "height": 800})
    open_view(page, "digits")
    page.get_by_test_id("sample-grid").locator("button").first.click()
    expect(page.get_by_test_id("pad-sample")).to_be_visible()
    move_slider(page, 0)
    assert violations(page) == []
    page.get_by_test_id("run").click()
    assert violations(page) == []
    page.get_by_test_id("run-close").click()
    move_slider(page, 20)
    draw(page, NO_DIGIT)
    expect(page.get_by_test_id("bars")).to_have_class("bars of-2 not-a-digit")
    assert violations(page) == []
    page.get_by_test_id("pad-clear").click()
    draw(page, example(4).drawing)


def test_answer_is_read_aloud_at_rest_only(page: Page) -> None:
    page.get_by_test_id("announcer").evaluate(
        """announcer => {
          window.announced = [];
          new MutationObserver(() => announced.push(announcer.textContent))
            .observe(announcer, { childList: true, characterData: true, subtree: true });
        }"""
    )

    def said() -> list[str]:
        return page.evaluate("announced.splice(0)")

    draw(page, example(3).drawing, lift=False)
    expect_verdict(page, 3)
    assert said() == []
    page.mouse.up()
    [verdict] = said()
    assert verdict.startswith(say("verdict", digit=3))
    page.get_by_test_id("play").click()
    page.wait_for_timeout(1500)
    moved = int(page.get_by_test_id("timeline").input_value())
    assert moved > 0
    assert said() == []
    page.get_by_test_id("play").click()  # stops
    page.wait_for_function("() => announced.length > 0")
    assert len(said()) == 1
    move_slider(page, 0)
    assert len(said()) == 1


def test_every_control_is_reached_by_keyboard_in_reading_order(page: Page) -> None:
    draw(page, example(4).drawing)
    page.evaluate("document.body.focus()")
    page.mouse.click(5, 5)
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(FOCUSED)
        if name in ("", "run") and reached:
            break
        reached.append(name)
        style = page.evaluate(
            "getComputedStyle(document.activeElement.shadowRoot.activeElement).outlineStyle"
        )
        assert style == "solid", f"the focus on {name} cannot be seen"
    bench = ["pad", "pad-undo", "pad-clear", *["example"] * 10]
    stage = ["stage-tab", "digits", "tile", "sample-others", "luck-button"]
    assert reached == [
        "run",
        "lesson",
        "projector",
        "share",
        *bench,
        "play",
        "timeline",
        "train",
        "many",
        *stage,
    ]


def test_slider_and_tiles_and_matrix_work_by_arrow_keys(page: Page) -> None:
    slider = page.get_by_test_id("timeline")
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_value("0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("2")
    expect(slider).to_have_attribute("aria-valuetext", page.get_by_test_id("timeline-moment").inner_text())
    tiles = page.get_by_test_id("sample-grid").locator("button")
    tiles.first.focus()
    for key, reached in [("ArrowRight", 1), ("ArrowDown", 7), ("End", 29), ("ArrowUp", 23), ("Home", 0)]:
        page.keyboard.press(key)
        expect(tiles.nth(reached)).to_be_focused()
    page.locator("[role=tab]").first.focus()
    for key, tab in [("ArrowRight", "input"), ("End", "settings"), ("Home", "digits")]:
        page.keyboard.press(key)
        expect(page.locator(f"[role=tab][data-view={tab}]")).to_be_focused()
    open_view(page, "confusion")
    cells = page.get_by_test_id("confusion-trained").get_by_role("button")
    cells.first.focus()
    for key, reached in [("ArrowDown", 10), ("ArrowRight", 11)]:
        page.keyboard.press(key)
        expect(cells.nth(reached)).to_be_focused()
    page.keyboard.press("Enter")
    expect(cells.nth(11)).to_have_attribute("aria-pressed", "true")


def test_choice_of_networks_works_by_keyboard_and_opens_again_after_escape(page: Page) -> None:
    dialog, run = page.get_by_test_id("run-choice"), page.get_by_test_id("run")
    run.focus()
    for _ in range(2):
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(run).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("[data-model='relu-50']").focus()
    page.keyboard.press("Enter")
    expect(run).to_have_attribute("data-run", "relu-50/robust")


def test_examples_are_there_at_once_for_who_wants_no_motion(browser: Browser, site: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = open_page(context, site)
    page.locator("[data-example='6']").click()
    expect_verdict(page, 6)
    page.get_by_test_id("bars").locator("[data-digit='7']").evaluate(
        """row => {
          window.drawn = [];
          const observer = new MutationObserver((changes) => drawn.push(...changes));
          observer.observe(row, { attributeFilter: ["data-trained"] });
        }"""
    )
    page.locator("[data-example='7']").click()
    expect_verdict(page, 7)
    page.wait_for_timeout(200)
    assert page.evaluate("drawn.length") == 1
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_right_and_wrong_tiles_differ_without_colour(pages: dict[str, Page], scheme: str) -> None:
    page = pages[scheme]
    open_view(page, "digits")
    move_slider(page, 0)
    looks = {}
    for name in ("right", "wrong"):
        tile = page.get_by_test_id("sample-grid").locator(f".{name}").first
        looks[name] = tile.evaluate(
            """tile => {
              const { borderTopStyle, backgroundImage } = getComputedStyle(tile);
              return [borderTopStyle, backgroundImage.split("(")[0]];
            }"""
        )
    assert looks == {"right": ["solid", "none"], "wrong": ["dashed", "repeating-linear-gradient"]}


# What carries data in colour, what lies behind it, and what stands beside it: how each looks.
FORCED = """page => {
  const root = page.shadowRoot;
  const style = (name, pseudo) => getComputedStyle(root.querySelector(name), pseudo);
  const look = (name, pseudo) => style(name, pseudo).backgroundColor + style(name, pseudo).backgroundImage;
  return {
    paper: look(".answer"), after: look(".bar.trained"), keyAfter: look(".key.trained", "::before"),
    before: style(".bar.untrained").borderTopStyle,
    keyBefore: style(".key.untrained", "::before").borderTopStyle,
    raises: style(".scale.raises").color, lowers: style(".scale.lowers").color,
    right: look(".tile.right"), wrong: look(".tile.wrong"),
    pad: style("[data-testid=pad]").outlineStyle,
  };
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_colours_that_the_system_forces_everything_is_told_apart(
    browser: Browser, site: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme, forced_colors="active")  # type: ignore[arg-type]
    page = open_page(context, site)
    draw(page, example(4).drawing)
    expect_verdict(page, 4)
    move_slider(page, 7)
    for name in ("inside", "confusion", "digits"):
        open_view(page, name)
    look = page.locator("inkling-page").evaluate(FORCED)
    assert look["paper"] != look["after"] == look["keyAfter"]
    assert (look["before"], look["keyBefore"]) == ("dashed", "dashed")
    assert look["raises"] != look["lowers"]
    assert look["right"] != look["wrong"]
    assert look["pad"] == "solid"
    assert violations(page) == []
    context.close()


def test_on_paper_there_is_dark_ink_and_every_bar(browser: Browser, site: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = open_page(context, site)
    draw(page, example(4).drawing)
    expect_verdict(page, 4)
    ink = """canvas => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return Math.max(...data.filter((_, at) => at % 4 < 3 && data[at - (at % 4) + 3] === 255));
    }"""
    pad = page.get_by_test_id("pad")
    assert pad.evaluate(ink) > 200  # light on the dark screen
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert pad.evaluate(ink) < 100
    bar = page.get_by_test_id("bars").locator(".bar.trained").first
    assert bar.evaluate("bar => getComputedStyle(bar).printColorAdjust") == "exact"
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert pad.evaluate(ink) > 200
    context.close()


def test_a_drawing_is_made_without_a_pointer(page: Page) -> None:
    keys = page.keyboard
    page.locator("[data-example='7']").focus()
    keys.press("Enter")
    expect_verdict(page, 7)
    before = link_of(page)["drawing"]
    page.get_by_test_id("pad").focus()
    for key in ["ArrowLeft", "ArrowUp", "+", "]", "ArrowDown", "ArrowRight", "-", "["]:
        was = link_of(page)["drawing"]
        keys.press(key)
        assert link_of(page)["drawing"] != was, key
    now, then = (re.findall(r"\d+", text) for text in (link_of(page)["drawing"], before))
    moves = [abs(int(one) - int(other)) for one, other in zip(now, then, strict=True)]
    assert max(moves) <= 60  # ten-thousandths: it is turned around the middle of what lies there then
    page.locator("[data-testid=sample-grid] button").first.focus()
    keys.press("Enter")
    sample = model_input(page)
    page.get_by_test_id("pad").focus()
    keys.press("ArrowRight")
    assert model_input(page)[1:] == [level if at % 28 != 27 else 0 for at, level in enumerate(sample)][:-1]
    keys.press("Control+z")
    assert model_input(page) == sample
