"""Lesson links: a page as it is, opened again elsewhere."""

import base64
import random
from collections.abc import Iterator

import pytest
from app_server import LAPTOP, Server
from committed import load_timeline
from hand import (
    await_mnist,
    bars,
    choose_run,
    draw,
    example,
    expect_verdict,
    open_panel,
    opened,
    page_drawing,
    tile,
)
from playwright.sync_api import Browser, Page, expect

from mnist_core.recipes import DEFAULT_RUN
from webapp.components import PANELS
from webapp.text import TEXT


@pytest.fixture
def taught(page: Page) -> Page:
    """A page in the middle of a lesson: another network, a 5, an early snapshot, one view open."""
    choose_run(page, "relu-50/published")
    draw(page, example(5).drawing)
    expect_verdict(page, 5)
    page.wait_for_timeout(300)
    page.get_by_test_id("timeline").fill("12")
    open_panel(page, "learning")
    page.wait_for_function("inkling.state.open.length === 1")
    page.get_by_test_id("copy-link").click()
    return page


def reopened(browser: Browser, url: str) -> Page:
    return opened(browser.new_context(viewport=LAPTOP), url)


@pytest.fixture(scope="module")
def plain(browser: Browser, app: Server) -> Iterator[Page]:
    """A page opened without a link."""
    page = reopened(browser, app.url)
    yield page
    page.context.close()


def everything(page: Page) -> tuple[dict, list[str]]:
    """The page's state and all that can be read on it, menus included."""
    await_mnist(page)
    menus = [menu.input_value() for menu in page.locator("#masthead input").all()]
    return page.evaluate("inkling.state"), menus + page.locator("#views").inner_text().splitlines()


def test_a_link_opens_the_same_page_in_another_browser(taught: Page, browser: Browser) -> None:
    other = reopened(browser, taught.url)
    expect(other.get_by_test_id("timeline")).to_have_value("12")
    other.wait_for_function("inkling.state.probabilities")
    assert page_drawing(other) == page_drawing(taught)
    assert bars(other, "trained") == bars(taught, "trained")
    assert bars(other, "untrained") == bars(taught, "untrained")
    expect(other.get_by_test_id("learning")).to_have_attribute("open", "")
    expect(other.locator("#model input")).to_have_value(taught.locator("#model input").input_value())
    other.context.close()


def test_a_link_lays_the_same_tile_on_the_pad(taught: Page, browser: Browser) -> None:
    await_mnist(taught)
    tile(taught, 8).click()
    taught.wait_for_function("inkling.state.label !== null")
    taught.get_by_test_id("copy-link").click()
    other = reopened(browser, taught.url)
    other.wait_for_function("inkling.state.probabilities")
    assert other.evaluate("inkling.state.sample") == taught.evaluate("inkling.state.sample")
    assert page_drawing(other) == page_drawing(taught)
    assert bars(other, "trained") == bars(taught, "trained")
    expect(other.locator("#pad-heading")).to_have_text(taught.locator("#pad-heading").inner_text())
    other.context.close()


def test_an_image_of_noise_in_a_link_is_no_digit(browser: Browser, app: Server) -> None:
    noise = base64.urlsafe_b64encode(random.Random(0).randbytes(784)).decode().rstrip("=")
    page = reopened(browser, f"{app.url}/#run={DEFAULT_RUN}&sample=3.{noise}")
    expect(page.get_by_test_id("verdict")).to_contain_text(TEXT["verdict_refused"])
    expect_verdict(page, "")
    page.context.close()


def test_the_server_sees_nothing_of_the_link(taught: Page, browser: Browser) -> None:
    page = browser.new_page()
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(taught.url)
    expect_verdict(page, int(taught.get_by_test_id("verdict").get_attribute("data-prediction") or -1))
    fragment = taught.url.split("#")[1]
    assert [url for url in urls if fragment in url.split("#")[0]] == []
    page.close()


def test_a_lesson_hides_the_menu(browser: Browser, app: Server) -> None:
    page = reopened(browser, f"{app.url}/#run=relu-50/published&lesson=1")
    expect(page.locator("#model")).to_be_hidden()
    assert page.evaluate("inkling.state.run") == "relu-50/published"
    page.context.close()


def test_a_link_copied_in_a_lesson_opens_a_lesson(browser: Browser, app: Server) -> None:
    page = reopened(browser, f"{app.url}/#run=relu-50/published&lesson=1")
    page.get_by_test_id("timeline").fill("3")
    page.get_by_test_id("copy-link").click()
    other = reopened(browser, page.url)
    expect(other.get_by_test_id("timeline")).to_have_value("3")
    expect(other.locator("#model")).to_be_hidden()
    page.context.close()
    other.context.close()


@pytest.mark.parametrize(
    "fragment",
    [
        "nonsense",
        "run=relu-26/published",
        "run=relu-50/published&step=3",
        "run=relu-50/published&open=cockpit",
        "run=relu-50/published&drawing=1.2.3",
        "run=relu-50/published&drawing=20000.1",
        f"run=relu-50/published&sample=7.{'A' * 1046}",  # no ink
        f"run=relu-50/published&sample=7.{'x' * 1045}",
        f"run=relu-50/published&sample=10.{'x' * 1046}",
        f"run=relu-50/published&sample=7.{'x' * 1045}*",
        f"run=relu-50/published&sample={'x' * 1046}",
        "run=relu-50/published&run=relu-25-25/published",
        "run=__proto__",
        "run=<img src=x onerror=alert(1)>",
    ],
)
def test_a_bad_link_changes_nothing_but_the_one_line(
    browser: Browser, app: Server, plain: Page, fragment: str
) -> None:
    page = reopened(browser, f"{app.url}/#{fragment}")
    plain_state, plain_text = everything(plain)
    state, text = everything(page)
    assert state == plain_state | {"badLink": True}
    assert text == [TEXT["link_bad"] if line == TEXT["verdict_empty"] else line for line in plain_text]
    assert page.faults == []  # type: ignore[attr-defined]
    page.context.close()


def test_no_text_of_a_link_becomes_part_of_the_page_or_runs(browser: Browser, app: Server) -> None:
    context = browser.new_context()
    context.add_init_script("window.ran = 0; window.alert = () => { window.ran += 1; };")
    page = context.new_page()
    for field in ("run", "step", "open", "drawing", "lesson", "other"):
        text = """<img src=x onerror=alert(1)>${alert(1)}"><script>alert(1)</script>"""
        rest = "" if field == "run" else "run=relu-50/published&"
        page.goto(f"{app.url}/?{field}#{rest}{field}={text}")
        page.locator("[data-example='9']").wait_for()
        expect(page.get_by_test_id("verdict")).to_contain_text(TEXT["link_bad"])
        assert page.locator("img[src=x]").count() == 0
        assert page.evaluate("window.ran") == 0
        assert "alert(1)" not in page.locator("#views").inner_html()
    context.close()


@pytest.mark.parametrize("sample", [False, True])
def test_a_thousand_damaged_links_are_read_or_refused_without_an_error(taught: Page, sample: bool) -> None:
    """Random text, and the link of a real page with characters changed, cut out or repeated."""
    dice = random.Random(0)
    if sample:
        await_mnist(taught)
        tile(taught, 8).click()
        taught.get_by_test_id("copy-link").click()
    whole = taught.url.split("#")[1]
    letters = "".join(map(chr, range(32, 127))) + "é漢\U0001f600"
    damaged = []
    for number in range(1000):
        if number % 4 == 0:
            damaged.append("".join(dice.choices(letters, k=dice.randrange(80))))
            continue
        start = dice.randrange(len(whole))
        end = start + dice.randrange(1, 8)
        middle = ["", dice.choice(letters), whole[start:end] * 2][number % 4 - 1]
        damaged.append(whole[:start] + middle + whole[end:])
    before = taught.evaluate("inkling.state")
    read = taught.evaluate("links => links.map(link => inkling.link.read('#' + link))", damaged)
    assert taught.evaluate("inkling.state") == before
    for state in filter(None, read):
        assert state["snapshot"] in [None, *range(len(load_timeline(state["run"]).steps) - 1)]
        assert set(state["open"]) <= set(PANELS)
        assert state["sample"] is None or len(base64.b64decode(state["sample"]["ink"], validate=True)) == 784
        assert all(0 <= value <= 1 for stroke in state["drawing"]["strokes"] for xy in stroke for value in xy)
    assert 100 < sum(state is None for state in read) < 1000
    taught.evaluate("states => states.forEach(inkling.set)", [state for state in read if state])
    expect(taught.get_by_test_id("verdict")).not_to_have_attribute("data-prediction", "")
