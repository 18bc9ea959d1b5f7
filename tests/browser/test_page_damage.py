"""Files that are missing or damaged: each is a clear sentence, and all else works on."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from python_says import expect_bars, expect_no_bars, image_on, open_drawing
from visitor import (
    await_loaded,
    draw,
    example,
    expect_verdict,
    open_view,
    say,
)

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.detector.made_up_drawings import draw_made_up
from mnist_core.runs.recipes import RUNS

pytestmark = pytest.mark.thorough

OTHER = "relu-50/robust"
CONTENT = checkpoint_path(RUNS[OTHER]).read_bytes()
FIRST_TWO = 8 + int.from_bytes(CONTENT[:8], "little") + 2 * 2 * RUNS[OTHER].architecture.parameters  # bytes


DAMAGE: dict[str, Callable[[Route], None]] = {
    "missing": lambda route: route.fulfill(status=404, body="no such file"),
    "refused": lambda route: route.fulfill(status=500, body="oops"),
    "a page of HTML": lambda route: route.fulfill(body="<!doctype html><title>Sign in</title>" * 100),
    "empty": lambda route: route.fulfill(body=b""),
    "cut off in its header": lambda route: route.fulfill(body=CONTENT[:1000]),
    "cut off in its weights": lambda route: route.fulfill(body=CONTENT[: len(CONTENT) // 2]),
    "cut off after two snapshots": lambda route: route.fulfill(body=CONTENT[:FIRST_TWO]),
    "too long": lambda route: route.fulfill(body=CONTENT + bytes(100)),
    "a damaged header": lambda route: route.fulfill(body=CONTENT[:500] + b"\x00" * 50 + CONTENT[550:]),
    "weights that are no numbers": lambda route: route.fulfill(
        body=CONTENT[:FIRST_TWO] + b"\xff\x7f" * 50 + CONTENT[FIRST_TWO + 100 :]
    ),
    "of another network": lambda route: route.fulfill(
        body=checkpoint_path(RUNS["relu-25-25/robust"]).read_bytes()
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_checkpoint_that_is_no_good_is_a_sentence_and_other_networks_work_on(
    same_page: Page, name: str
) -> None:
    page = same_page.context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/relu-50/robust.safetensors", DAMAGE[name])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/checkpoints/")[2]))
    page.goto(f"{same_page.url.split('#')[0]}#run={OTHER}&drawing=1000.1000.5000.9000")
    verdict = page.get_by_test_id("verdict")
    words = {"network": say("network_relu-50"), "training": say("training_robust")}
    expect(verdict).to_contain_text(say("run_failure", **words))
    detail = verdict.locator(".verdict-detail").inner_text()
    assert detail[0].isupper()
    assert detail.endswith(".")
    assert not any(word in detail for word in ("Error", "undefined", "null", "NaN", "JSON", "at http"))
    assert detail != say("failed")
    expect_no_bars(page)
    await_loaded(page)
    assert asked.count(f"{OTHER}.safetensors") == 1, "the host is not asked again by itself"
    expect(page.get_by_test_id("play")).to_be_disabled()
    open_drawing(page, example(7).drawing)
    expect_verdict(page, 7)
    expect_bars(page, image_on(page))
    assert errors == []
    page.close()


LISTS = {
    "missing": None,
    "no JSON": "<!doctype html>",
    "empty": "",
    "another shape": "[]",
    "without runs": '{"default": "relu-50/robust", "runs": []}',
    "with a default that is not there": '{"default": "relu-26/robust", "runs": [{"id": "relu-50/robust"}]}',
    "with half an entry": '{"default": "relu-50/robust", "runs": [{"id": "relu-50/robust"}]}',
}


def test_a_list_of_networks_that_is_no_good_is_a_sentence(laptop: BrowserContext, site: str) -> None:
    errors: list[str] = []
    for name, text in LISTS.items():
        page = laptop.new_page()
        page.on("pageerror", lambda error, name=name: errors.append(f"{name}: {error}"))
        reply = {"status": 404 if text is None else 200, "body": text or ""}
        page.route("**/runs.json", partial(Route.fulfill, **reply))
        page.goto(site)
        alert = page.get_by_role("alert").filter(has_text="Inkling could not start")
        expect(alert, name).to_be_visible()
        words = alert.inner_text()
        technical = ("Error", "undefined", "Unexpected", "JSON", "at http")
        assert not any(word in words for word in technical), name
        assert words.endswith("Reload the page to try again."), name
        page.close()
    assert errors == []


def test_without_the_detector_nothing_is_refused_and_all_else_works(
    context: BrowserContext, site: str
) -> None:
    page = context.new_page()
    page.route("**/detector.safetensors", lambda route: route.fulfill(status=404))
    page.goto(site)
    await_loaded(page)
    open_drawing(page, draw_made_up(30, 0)[2][1])  # a heart, refused where the detector is
    expect(page.get_by_test_id("verdict")).not_to_contain_text(say("verdict_not_a_digit"))
    assert page.get_by_test_id("verdict").get_attribute("data-prediction") != ""
    expect_bars(page, image_on(page))


def test_without_the_example_drawings_all_else_works(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.route("**/handwritings.json", lambda route: route.fulfill(status=404))
    page.goto(site)
    await_loaded(page)
    expect(page.get_by_test_id("sample-source")).to_have_text(say("samples_mnist"))
    page.locator("[data-example='3']").click()
    expect(page.get_by_role("alert")).to_have_text(say("file_missing", name="handwritings.json", status=404))
    draw(page, example(5).drawing)
    expect_verdict(page, 5)


def test_mnist_that_could_not_be_had_once_is_asked_for_again(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.route("**/mnist/*", lambda route: route.abort())
    page.goto(site)
    await_loaded(page)
    page.unroute("**/mnist/*")
    open_view(page, "confusion")
    page.get_by_test_id("confusion-trained").locator("tbody button").first.click()
    expect(page.get_by_test_id("cell-line")).to_contain_text("Labelled 0, read as 0")


def test_a_start_that_fails_says_so_and_promises_nothing(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    broken = "export function createFirstScreen() { throw new Error('on purpose'); }"
    page.route(
        "**/views/first_screen.js", lambda route: route.fulfill(body=broken, content_type="text/javascript")
    )
    page.goto(site)
    expect(page.get_by_role("alert")).to_have_text(say("page_failed", reason=say("failed_start")))
    assert any("on purpose" in text for text in errors)  # in full, for whoever mends it


def test_without_what_brings_back_the_page_works_on(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.route("**/visit.js", DAMAGE["missing"])
    page.goto(site)
    await_loaded(page)
    draw(page, example(7).drawing)
    expect_verdict(page, 7)
    page.evaluate("location.hash = '#run=relu-50/published'")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/published")


@pytest.mark.parametrize("module", ["trainer.js", "views/rest.js", "text/later.js"])
@pytest.mark.parametrize("name", ["missing", "a page of HTML"])
def test_without_what_trains_or_a_view_a_sentence_says_so_and_the_first_screen_works(
    context: BrowserContext, site: str, module: str, name: str
) -> None:
    page = context.new_page()
    page.route(f"**/{module}", DAMAGE[name])
    page.goto(site)
    await_loaded(page)
    expect(page.get_by_role("alert").filter(has_text=say("rest_failed"))).to_be_visible()
    expect(page.get_by_test_id("train")).to_be_disabled()
    expect(page.get_by_test_id("sample-source")).to_have_text(say("samples_mnist"))
    draw(page, example(7).drawing)
    expect_verdict(page, 7)
