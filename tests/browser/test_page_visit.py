"""A visit loses nothing without a question: Back, a reload, and leaving with what is nowhere else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from own_hand import LINES, draw_all, open_hand
from own_training import RUN, change, expect_state, press, save
from playwright.sync_api import BrowserContext, Page, expect
from visitor import (
    await_loaded,
    draw,
    example,
    expect_verdict,
    expect_view,
    open_fragment,
    open_page,
    open_view,
)

pytestmark = pytest.mark.thorough


@pytest.fixture
def page(context: BrowserContext, short_site: str) -> Iterator[Page]:
    """A page of its own, whose questions before it goes are noted in `questions` and answered with yes."""
    page = open_page(context, short_site)
    questions: list[str] = []
    page.questions = questions  # type: ignore[attr-defined]
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    yield page
    assert page.faults == []  # type: ignore[attr-defined]


def reload(page: Page) -> list[str]:
    """Load the page again; the kinds of questions that were asked before."""
    page.questions.clear()  # type: ignore[attr-defined]
    page.reload()
    await_loaded(page)
    return page.questions  # type: ignore[attr-defined]


def follow(page: Page, link: str) -> None:
    """Follow a link of the page, as a press on it does."""
    page.evaluate("link => (location.hash = link)", link)


def test_back_after_a_link_shows_what_was_there_before_it(page: Page) -> None:
    draw(page, example(5).drawing)
    open_view(page, "training")
    expect_verdict(page, 5)
    run = page.get_by_test_id("run").get_attribute("data-run")
    follow(page, "#run=relu-25-25/published&drawing=2000.5000.8000.5000")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-25-25/published")
    page.go_back()
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", run or "")
    expect_verdict(page, 5)
    expect_view(page, "training")
    page.go_forward()
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-25-25/published")


def test_a_link_followed_twice_opens_as_it_says_each_time(page: Page) -> None:
    link = "#run=relu-50/published&drawing=2000.5000.8000.5000"
    follow(page, link)
    page.get_by_test_id("pad-clear").click()
    follow(page, "#run=relu-25-25/published")
    follow(page, link)
    expect(page.get_by_test_id("pad-clear")).to_be_enabled()


def test_a_link_that_was_followed_while_the_visit_is_not_kept_yet_is_opened(page: Page) -> None:
    """Its entry in the history is marked then as the page's own, before the page is told of the address."""
    page.evaluate(
        """fragment => {
          history.replaceState(history.state, "", fragment);
          dispatchEvent(new HashChangeEvent("hashchange"));
        }""",
        "#run=relu-50/published&example=7.0",
    )
    expect_verdict(page, 7)
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/published")


def test_back_to_a_run_that_was_removed_shows_the_present_one(page: Page) -> None:
    follow(page, f"#run={RUN}")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", RUN)
    change(page, count=100, epochs=1)
    press(page, "train")
    expect_state(page, "done")
    own = page.get_by_test_id("run").get_attribute("data-run") or ""
    follow(page, "#run=relu-25-25/published&open=training")
    press(page, "own-remove")
    page.go_back()
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-25-25/published")
    assert own.startswith("relu-50/own-")


def test_a_drawing_survives_a_reload_in_its_tab_and_in_no_other(page: Page, short_site: str) -> None:
    draw(page, example(7).drawing)
    expect_verdict(page, 7)
    assert reload(page) == []  # nothing would be lost
    expect_verdict(page, 7)
    other = open_page(page.context, short_site)
    expect(other.get_by_test_id("verdict")).to_have_attribute("data-prediction", "")
    page.get_by_test_id("pad-clear").click()
    reload(page)
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-prediction", "")


def test_after_a_reload_there_is_nothing_to_undo_where_nothing_was_drawn(page: Page) -> None:
    page.get_by_test_id("sample-grid").locator("button").first.click()
    press(page, "share")
    expect(page).to_have_url(re.compile("sample="))
    reload(page)
    expect(page.get_by_test_id("pad-clear")).to_be_enabled()  # the image is there
    expect(page.get_by_test_id("pad-undo")).to_be_disabled()


def test_a_drawing_gives_way_to_the_drawing_of_a_link(page: Page, short_site: str) -> None:
    draw(page, example(7).drawing)
    expect_verdict(page, 7)
    page.goto("about:blank")
    page.goto(f"{short_site}#run={RUN}&drawing=2000.5000.8000.5000")
    await_loaded(page)
    expect(page.get_by_test_id("pad-clear")).to_be_enabled()
    assert page.get_by_test_id("verdict").get_attribute("data-prediction") != "7"


def test_it_asks_before_a_network_is_lost_and_not_once_it_is_saved(page: Page, tmp_path: Path) -> None:
    open_fragment(page, f"#run={RUN}")
    change(page, count=100, epochs=1)
    press(page, "train")
    expect_state(page, "done")
    save(page, tmp_path)
    assert reload(page) == []
    change(page, count=100, epochs=1)
    press(page, "train")
    expect_state(page, "done")
    assert reload(page) == ["beforeunload"]


def test_it_asks_while_a_network_is_trained(page: Page) -> None:
    open_fragment(page, f"#run={RUN}")
    press(page, "train")
    expect_state(page, "running")
    assert reload(page) == ["beforeunload"]


def test_it_asks_before_the_digits_of_a_writer_are_lost_and_not_where_they_are_kept(page: Page) -> None:
    open_hand(page)
    draw_all(page, LINES, skipped=set(range(1, 20)))
    page.get_by_test_id("hand-keep").check()
    assert reload(page) == []
    open_hand(page)
    page.get_by_test_id("hand-keep").uncheck()
    assert reload(page) == ["beforeunload"]
