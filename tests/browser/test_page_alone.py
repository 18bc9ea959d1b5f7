"""The page goes on by itself: without a server, asking nobody, also when its server is gone."""

import functools
import http.server
import socketserver
import threading
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from python_says import expect_bars, expect_no_bars, image_on, open_drawing
from site_server import QuietHandler
from visitor import (
    VIEWS,
    await_loaded,
    choose_run,
    draw,
    example,
    expect_verdict,
    move_slider,
    open_fragment,
    open_view,
    say,
)

from mnist_core.runs.recipes import DEFAULT_RUN

pytestmark = pytest.mark.thorough

OTHER = "relu-50/robust"


class Switch:
    """A web server that can be switched off and on again."""

    def __init__(self, folder: Path) -> None:
        self.handler = functools.partial(QuietHandler, directory=str(folder))
        self.port = 0
        self.server: socketserver.BaseServer | None = None
        self.on()

    def on(self) -> None:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), self.handler)
        self.port, self.server = server.server_address[1], server
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def off(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        self.server = None


def open_loaded(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    await_loaded(page)
    return page


def use_everything(page: Page, runs: tuple[str, ...]) -> None:
    """Draw, scrub, play, lay a sample on the pad, open all views and a cell, choose these networks."""
    draw(page, example(5).drawing)
    expect_bars(page, image_on(page))
    for snapshot in (0, 9, 17):
        move_slider(page, snapshot)
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("timeline")).to_have_value("20", timeout=15_000)
    page.get_by_test_id("card").get_by_role("button", name="Put away").click()
    page.get_by_test_id("sample-others").click()
    page.get_by_test_id("luck-button").click()
    for view in dict.fromkeys(VIEWS.values()):
        open_view(page, view)
    open_view(page, "confusion")
    page.get_by_test_id("confusion-trained").locator("tbody button").first.click()
    expect(page.get_by_test_id("cell-line")).to_contain_text("Labelled 0, read as 0")
    page.get_by_test_id("cell-images").locator("button").first.click()
    expect(page.get_by_test_id("verdict")).to_contain_text(say("verdict_right"))
    for run_id in (*runs, DEFAULT_RUN):
        choose_run(page, run_id)
    draw(page, example(3).drawing)
    expect_bars(page, image_on(page))


def test_once_loaded_the_page_asks_for_nothing_and_never_another_host(
    context: BrowserContext, site: str
) -> None:
    urls: list[str] = []
    # The browser asks for the icon as it likes, such as when the address changes.
    context.on("request", lambda request: request.url.endswith("icon.svg") or urls.append(request.url))
    page = open_loaded(context, site)
    choose_run(page, OTHER)
    choose_run(page, DEFAULT_RUN)
    loaded = len(urls)
    use_everything(page, (OTHER,))
    assert urls[loaded:] == []
    assert sorted(url.rsplit("/", 1)[1] for url in urls if "/mnist/" in url) == [
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]
    assert {url for url in urls if urls.count(url) > 1} == set()
    assert [url for url in urls if not url.startswith((site, "data:", "blob:"))] == []


def test_with_the_server_gone_all_of_it_goes_on_and_back_again_the_rest_too(
    context: BrowserContext, site_folder: Path
) -> None:
    server = Switch(site_folder)
    errors: list[str] = []
    page = open_loaded(context, f"http://127.0.0.1:{server.port}/")
    page.on("pageerror", lambda error: errors.append(str(error)))
    choose_run(page, OTHER)
    choose_run(page, DEFAULT_RUN)
    server.off()
    use_everything(page, (OTHER,))
    open_fragment(page, "#run=relu-25-25/robust&drawing=1000.1000.5000.9000")
    expect(page.get_by_test_id("verdict")).to_contain_text(say("file_silent"))
    expect_no_bars(page)
    open_drawing(page, example(7).drawing)
    expect_verdict(page, 7)
    server.on()
    choose_run(page, "relu-25-25/robust")
    expect_bars(page, image_on(page), "relu-25-25/robust")
    assert errors == []
    server.off()


def test_the_same_network_chosen_again_is_tried_again(same_page: Page) -> None:
    page = same_page.context.new_page()
    page.goto(same_page.url.split("#")[0])
    await_loaded(page)
    page.route("**/relu-50/robust.safetensors", lambda route: route.abort())
    page.get_by_test_id("run").click()
    page.locator("[data-model='relu-50']").click()
    expect(page.get_by_test_id("verdict")).to_contain_text(say("file_silent"))
    page.unroute("**/relu-50/robust.safetensors")
    page.locator("[data-model='relu-50']").click()
    page.get_by_test_id("run-close").click()
    draw(page, example(5).drawing)
    expect(page.get_by_test_id("play")).to_be_enabled()
    expect_bars(page, image_on(page), OTHER)
    page.close()
