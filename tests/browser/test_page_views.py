"""The menu, the sample grid and the page as a whole, in a real browser."""

import re
from pathlib import Path
from urllib.parse import urlparse

import pytest
import torch
from app_server import OFFLINE, Server, running_app
from committed import load_timeline
from hand import (
    await_mnist,
    bars,
    choose_run,
    draw,
    example,
    expect_verdict,
    inks,
    open_panel,
    opened,
    page_drawing,
    tiles,
)
from playwright.sync_api import Browser, Page, expect

from mnist_core.data import load_mnist
from mnist_core.drawing import parse_drawing
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import DEFAULT_RUN, RUNS
from webapp.components import PANELS
from webapp.text import TEXT


@pytest.mark.parametrize("run_id", RUNS)
def test_choosing_a_network_answers_at_once_for_the_drawing(page: Page, run_id: str) -> None:
    draw(page, example(3).drawing)
    choose_run(page, run_id)
    image = image_of_drawing(parse_drawing(page_drawing(page)))
    expected = load_timeline(run_id).before_and_after(image)
    page.wait_for_function(
        "untrained => Math.abs(inkling.state.probabilities[0][0] - untrained) < 1e-5",
        arg=expected["untrained"][0],
    )
    assert bars(page, "trained") == pytest.approx(expected["trained"], abs=1e-4)


def test_every_network_in_the_menu_says_what_it_is(page: Page) -> None:
    page.locator("#model input").click()
    for run in filter(lambda run: run.recipe.published, RUNS.values()):
        entry = page.get_by_role("option", name=f"{run.architecture.id} ·")
        expect(entry).to_contain_text(f"{run.architecture.parameters:,} parameters")
        expect(entry).to_contain_text(f"tutorial {run.recipe.published}")


def test_the_grid_shows_thirty_test_images_of_mnist(page: Page, mnist: Path) -> None:
    await_mnist(page)
    known = {image.numpy().tobytes() for image in load_mnist(mnist, "test").images}
    assert len({bytes(ink) for ink in inks(page)} & known) == 30


def test_the_tiles_carry_what_the_networks_say(page: Page, mnist: Path) -> None:
    await_mnist(page)
    images = torch.tensor(inks(page)).view(30, 28, 28) / 255
    predictions = load_timeline(DEFAULT_RUN).probabilities(images).argmax(-1)
    assert tiles(page, "untrained") == predictions[0].tolist()
    assert tiles(page, "prediction") == predictions[-1].tolist()


@pytest.mark.parametrize("name", ["untrained", "trained"])
def test_the_counts_count_the_tiles(page: Page, name: str) -> None:
    await_mnist(page)
    answers = tiles(page, "untrained" if name == "untrained" else "prediction")
    right = sum(answer == label for answer, label in zip(answers, tiles(page, "label"), strict=True))
    expect(page.get_by_test_id(f"count-{name}")).to_contain_text(f"{right} of 30 right")


def test_right_and_wrong_are_marked_by_more_than_colour(page: Page) -> None:
    await_mnist(page)
    for tile in page.get_by_test_id("sample-grid").locator("[data-label]").all()[:10]:
        label = tile.get_attribute("data-label")
        answers = [tile.get_attribute("data-untrained"), tile.get_attribute("data-prediction")]
        marks = "".join(f"{answer}{'✓' if answer == label else '✗'}" for answer in answers)
        expect(tile).to_have_text(marks)


def test_the_same_thirty_stay_for_another_network(page: Page) -> None:
    await_mnist(page)
    labels, untrained = tiles(page, "label"), tiles(page, "untrained")
    choose_run(page, "relu-25-25/published")
    expect(page.get_by_test_id("count-trained")).to_be_visible()
    page.wait_for_timeout(500)
    assert tiles(page, "label") == labels
    assert tiles(page, "untrained") != untrained


def test_the_button_shows_thirty_others(page: Page) -> None:
    await_mnist(page)
    labels = tiles(page, "label")
    page.get_by_test_id("sample-others").click()
    page.wait_for_timeout(500)
    assert tiles(page, "label") != labels
    assert len(tiles(page, "label")) == 30


def test_without_mnist_the_page_works_and_shows_its_own_drawings(browser: Browser, tmp_path: Path) -> None:
    with running_app(MNIST_DATA=str(tmp_path), **OFFLINE) as server:
        page = opened(browser.new_context(), server.url)
        draw(page, example(2).drawing)
        expect_verdict(page, 2)
        expect(page.get_by_test_id("sample-source")).to_have_text(
            TEXT["samples_handwritings"], timeout=30_000
        )
        assert len(tiles(page, "label")) == 30
        page.context.close()


def test_mnist_appears_when_it_has_arrived(browser: Browser, mnist: Path, tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for archive in (mnist / "MNIST" / "raw").glob("*.gz"):
        (raw / archive.name).write_bytes(archive.read_bytes())  # unpacked by the app, in the background
    with running_app(MNIST_DATA=str(tmp_path)) as server:
        page = opened(browser.new_context(), server.url)
        await_mnist(page)
        page.context.close()


def test_an_unanswered_request_says_so_and_is_asked_again(browser: Browser, app: Server) -> None:
    page = opened(browser.new_context(), app.url)
    page.route(re.compile("/ask/"), lambda route: route.abort())
    draw(page, example(9).drawing)
    expect(page.get_by_test_id("verdict")).to_contain_text(TEXT["no_answer"])
    page.unroute(re.compile("/ask/"))
    expect_verdict(page, 9)
    expect(page.get_by_test_id("verdict")).not_to_contain_text(TEXT["no_answer"])
    page.context.close()


def test_nothing_is_fetched_from_another_host(browser: Browser, app: Server) -> None:
    page = browser.new_page()
    hosts = set()
    page.on("request", lambda request: hosts.add(urlparse(request.url).hostname))
    page.goto(app.url)
    draw(page, example(1).drawing)
    expect_verdict(page, 1)
    await_mnist(page)
    for name in PANELS:
        open_panel(page, name)
    expect(page.get_by_test_id("given-body")).to_be_visible()
    expect(page.get_by_test_id("confusion-trained").locator("td.hit")).to_have_count(10)
    choose_run(page, "relu-50/published")
    page.get_by_test_id("timeline-play").click()
    page.get_by_test_id("copy-link").click()
    assert hosts - {None} == {"127.0.0.1"}  # None: pictures within the page
    page.close()


@pytest.mark.parametrize("width", [360, 390, 768])
def test_a_narrow_screen_needs_no_sideways_scrolling(browser: Browser, app: Server, width: int) -> None:
    page = opened(browser.new_context(viewport={"width": width, "height": 740}), app.url)
    await_mnist(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_on_a_laptop_everything_is_seen_without_scrolling(page: Page) -> None:
    await_mnist(page)
    draw(page, example(8).drawing)
    for name in (
        "pad",
        "bars-untrained",
        "bars-trained",
        "verdict",
        "model-input",
        "sample-grid",
        "timeline",
    ):
        box = page.get_by_test_id(name).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_on_its_background(browser: Browser, app: Server, scheme: str) -> None:
    """WCAG AA asks for a contrast of 4.5 for text of this size."""
    page = opened(browser.new_context(color_scheme=scheme), app.url)  # type: ignore[arg-type]
    await_mnist(page)
    draw(page, example(8).drawing)
    expect_verdict(page, 8)
    worst = page.evaluate(CONTRAST)
    assert worst["contrast"] >= 4.5, worst
    page.context.close()


CONTRAST = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => channels(colour).slice(0, 3).map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((channels(colour)[3] ?? 1) > 0.99) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  let worst = { contrast: 21 };
  for (const element of document.querySelectorAll("#masthead *, #views *, footer *")) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!text || !element.checkVisibility() || element.disabled) continue;
    const [front, back] = [getComputedStyle(element).color, background(element)].map(luminance);
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (contrast < worst.contrast) worst = { contrast, text: element.textContent.trim() };
  }
  return worst;
}"""
