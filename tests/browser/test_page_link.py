"""Lesson links: a page as it is, opened again elsewhere."""

import random

import pytest
from app_server import Server
from hand import bars, choose_run, draw, example, expect_verdict, opened, page_drawing
from playwright.sync_api import Browser, Page, expect

from mnist_core.recipes import DEFAULT_RUN
from webapp.text import TEXT


@pytest.fixture
def taught(page: Page) -> Page:
    """A page in the middle of a lesson: another network, a 5, an early snapshot, one view open."""
    choose_run(page, "relu-50/published")
    draw(page, example(5).drawing)
    expect_verdict(page, 5)
    page.wait_for_timeout(300)
    page.get_by_test_id("timeline").fill("12")
    page.get_by_test_id("learning").locator("summary").click()
    page.wait_for_function("inkling.state.open.length === 1")
    page.get_by_test_id("copy-link").click()
    return page


def reopened(browser: Browser, url: str) -> Page:
    return opened(browser.new_context(viewport={"width": 1280, "height": 800}), url)


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


@pytest.mark.parametrize(
    "fragment",
    [
        "nonsense",
        "run=relu-26/published",
        "run=relu-50/published&step=3",
        "run=relu-50/published&open=cockpit",
        "run=relu-50/published&drawing=1.2.3",
        "run=relu-50/published&drawing=20000.1",
        "run=relu-50/published&run=relu-25-25/published",
        "run=__proto__",
        "run=<img src=x onerror=alert(1)>",
    ],
)
def test_a_bad_link_opens_the_plain_page_and_says_so(browser: Browser, app: Server, fragment: str) -> None:
    page = reopened(browser, f"{app.url}/#{fragment}")
    expect(page.get_by_test_id("verdict")).to_contain_text(TEXT["link_bad"])
    assert page.evaluate("[inkling.state.run, inkling.state.snapshot, inkling.state.open]") == [
        DEFAULT_RUN,
        None,
        [],
    ]
    assert page.faults == []  # type: ignore[attr-defined]
    page.context.close()


def test_a_thousand_damaged_links_are_read_or_refused_without_an_error(taught: Page) -> None:
    """Random text, and the link of a real page with characters changed, cut out or repeated."""
    dice = random.Random(0)
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
    read = taught.evaluate("links => links.map(link => inkling.link.read('#' + link))", damaged)
    runs = taught.evaluate("Object.keys(inkling.runs)")
    for state in filter(None, read):
        assert state["run"] in runs
        assert all(0 <= value <= 1 for stroke in state["drawing"]["strokes"] for xy in stroke for value in xy)
    assert 100 < sum(state is None for state in read) < 1000
