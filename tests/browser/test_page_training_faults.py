"""What trains cannot be loaded, or breaks off: a sentence says so, nothing hangs, and all else goes on."""

from collections.abc import Callable

import pytest
from own_hand import LINES, draw_all, open_hand
from own_training import change, expect_state, page, press
from playwright.sync_api import Page, Route, expect
from visitor import expect_verdict, move_slider, say

pytestmark = pytest.mark.thorough

__all__ = ["page"]
WORKER, IMPORTED = "**/training_worker.js", "**/engine/training_job.js"


def missing(route: Route) -> None:
    route.fulfill(status=404)


def sign_in(route: Route) -> None:
    route.fulfill(body="<!doctype html><title>Sign in</title>", content_type="text/html")


DAMAGE: dict[str, tuple[str, Callable[[Route], None]]] = {
    "missing": (WORKER, missing),
    "a page of HTML": (WORKER, sign_in),
    "blocked": (WORKER, lambda route: route.abort("blockedbyclient")),
    "cut off": (WORKER, lambda route: route.fulfill(body="import {", content_type="text/javascript")),
    "an import missing": (IMPORTED, missing),
    "an import a page of HTML": (IMPORTED, sign_in),
    "an import silent": (IMPORTED, lambda route: route.abort()),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_worker_that_cannot_be_loaded_is_said_at_every_press_and_all_else_goes_on(
    same_page: Page, name: str
) -> None:
    asked: list[str] = []
    same_page.on("request", lambda request: asked.append(request.url))
    same_page.route(*DAMAGE[name])
    for presses in (1, 2):
        press(same_page, "train")
        words = say("training_failed", problem=say("training_unloaded"))
        expect(same_page.get_by_test_id("train-state")).to_have_text(words)
        expect_state(same_page, "failed")
        assert sum(url.endswith("/training_worker.js") for url in asked) == presses
    same_page.unroute(DAMAGE[name][0])
    same_page.locator("[data-example='3']").click()
    expect_verdict(same_page, 3)
    move_slider(same_page, 0)
    expect(same_page.get_by_test_id("timeline-moment")).to_contain_text("Not trained yet")


def test_a_browser_without_workers_is_said(same_page: Page) -> None:
    same_page.evaluate("() => { window.kept = Worker; window.Worker = undefined; }")
    press(same_page, "train")
    words = say("training_failed", problem=say("training_no_worker"))
    expect(same_page.get_by_test_id("train-state")).to_have_text(words)
    same_page.evaluate("() => { window.Worker = window.kept; }")


def test_a_worker_that_throws_as_it_starts_is_said_and_one_that_works_again_trains(page: Page) -> None:
    page.route(WORKER, lambda route: route.fulfill(body="throw Error('x')", content_type="text/javascript"))
    change(page, count=100, epochs=1)
    press(page, "train")
    expect(page.get_by_test_id("train-state")).to_contain_text(say("training_broken"))
    assert "Error: x" in page.faults.pop()  # type: ignore[attr-defined]
    page.unroute(WORKER)
    press(page, "train")
    expect_state(page, "done")


BREAKS = {
    "an error": "setTimeout(() => { throw Error('x') })",
    "a message that it cannot read": "dispatchEvent(new MessageEvent('messageerror'))",
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_worker_that_breaks_off_ends_the_training_which_keeps_its_snapshots(page: Page, name: str) -> None:
    change(page, count=1000, batchSize=500, epochs=2)
    press(page, "train")
    press(page, "train-pause")
    expect_state(page, "paused")
    page.workers[0].evaluate(BREAKS[name])
    words = say("training_failed", problem=say("training_broken"))
    expect(page.get_by_test_id("train-state")).to_have_text(words)
    page.faults.clear()  # type: ignore[attr-defined]
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    expect(page.get_by_test_id("own-save")).to_be_enabled()
    press(page, "train-again")
    expect_state(page, "done")


def test_an_error_of_a_worker_at_rest_ends_no_training(page: Page) -> None:
    change(page, count=100, epochs=1)
    press(page, "train")
    expect_state(page, "done")
    (worker,) = page.workers
    with page.expect_console_message():
        worker.evaluate(BREAKS["an error"])
    page.faults.clear()  # type: ignore[attr-defined]
    expect_state(page, "done")
    press(page, "train-again")
    expect_state(page, "running")
    expect_state(page, "done")


def test_teaching_says_that_the_worker_cannot_be_loaded_and_teaches_once_it_can(page: Page) -> None:
    open_hand(page)
    draw_all(page, LINES, skipped=set(range(1, 20)))
    page.route(WORKER, missing)
    press(page, "teach")
    problem = page.get_by_test_id("hand").get_by_role("alert").filter(has_text=say("training_unloaded"))
    expect(problem).to_be_visible()
    expect_state(page, "failed")
    page.unroute(WORKER)
    press(page, "teach")
    expect(problem).to_have_count(0)
    expect_state(page, "done")


def test_teaching_without_mnists_training_images_says_so_until_the_next_training(page: Page) -> None:
    page.route("**/mnist/train-*", missing)
    open_hand(page)
    draw_all(page, LINES, skipped=set(range(1, 20)))
    press(page, "teach")
    said = page.get_by_test_id("train-state")
    expect(said).to_contain_text("MNIST's training images are not here. Try again later")
    expect_state(page, "failed")
    problem = page.get_by_test_id("hand").get_by_role("alert").filter(has_text="not here")
    expect(problem).to_be_visible()
    page.faults.clear()  # type: ignore[attr-defined]  # Chromium logs every 404
    page.unroute("**/mnist/train-*")
    change(page, count=100, epochs=1)
    press(page, "train")
    expect_state(page, "done")
    expect(problem).to_have_count(0)


def test_a_worker_that_does_not_come_is_given_up_by_stop_and_asked_for_anew(page: Page) -> None:
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:  # never the first time
            route.continue_()

    page.route(WORKER, answer)
    change(page, count=100, epochs=1)
    press(page, "train")
    expect_state(page, "loading")
    press(page, "train-stop")
    expect_state(page, "idle")
    press(page, "train")
    expect_state(page, "done")


def test_stop_ends_a_worker_that_distorts_drawings(page: Page) -> None:
    change(page, count=60_000, source="handwritings")
    press(page, "train")
    expect_state(page, "loading")
    with page.workers[0].expect_event("close"):
        press(page, "train-stop")
    expect_state(page, "idle")
