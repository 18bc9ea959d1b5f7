"""A server that is killed and comes back, and a slow network that loses requests, in a real browser."""

import os
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import httpx
import pytest
from app_server import LAPTOP, OFFLINE, free_port, running_app
from hand import bars, draw, example, expect_verdict, open_panel, opened, page_drawing
from playwright.sync_api import Browser, Page, Route, expect

from mnist_core.drawing import Drawing, read_handwritings
from mnist_core.recipes import DEFAULT_RUN
from webapp import handlers
from webapp.text import TEXT

DELAY_MS = 100  # of every reply
LOST = 0.03  # of all requests
OTHERS = 4  # visitors who draw besides
VIEWS = ["given", "confusion", "layers"]  # those that ask the server


@contextmanager
def load(url: str) -> Iterator[list[int]]:
    """Other visitors, who draw until the block ends, at most 50 times a second each.

    Yields the statuses they got, 0 where the server did not answer.
    """
    statuses: list[int] = []
    is_over = False

    def visit() -> None:
        with httpx.Client(base_url=url) as visitor:
            for entry in cycle(read_handwritings()):
                if is_over:
                    return
                time.sleep(0.02)
                request = {"run": DEFAULT_RUN, "drawing": entry.drawing.to_json()}
                try:
                    statuses.append(visitor.post("/ask/answer", json=request).status_code)
                except httpx.TransportError:
                    statuses.append(0)

    with ThreadPoolExecutor(OTHERS) as others:
        visits = [others.submit(visit) for _ in range(OTHERS)]
        try:
            yield statuses
        finally:
            is_over = True
    for finished in visits:
        finished.result()


def test_an_open_page_outlives_its_server_under_load(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    without_mnist = {"MNIST_DATA": str(tmp_path), **OFFLINE}
    with load(f"http://127.0.0.1:{port}") as others:
        with running_app(port=port, **without_mnist) as server:
            page = opened(browser.new_context(viewport=LAPTOP), server.url)
            verdict = page.get_by_test_id("verdict")
            drawing = example(4).drawing
            draw(page, Drawing(drawing.strokes[:1]), lift=False)
            assert 200 in others
            os.kill(server.process.pid, signal.SIGKILL)
            server.process.wait(10)
            page.mouse.up()
            draw(page, Drawing(drawing.strokes[1:]))
            kept = page_drawing(page)
            expect(verdict).to_contain_text(TEXT["no_answer"])
            for view in VIEWS:
                open_panel(page, view)
                expect(page.get_by_test_id(view)).to_contain_text(TEXT["view_waits"])
            page.get_by_test_id("sample-others").click()
            expect(page.get_by_test_id("sample-source")).to_have_text(TEXT["view_waits"])
            page.wait_for_timeout(2_500)  # some attempts fail
            assert page_drawing(page) == kept
        with running_app(port=port, **without_mnist):
            expect(verdict).not_to_contain_text(TEXT["no_answer"], timeout=10_000)
            expect_verdict(page, 4)
            assert bars(page, "trained") == pytest.approx(handlers.predict(kept)["trained"], abs=1e-4)
            assert page_drawing(page) == kept
            hits = page.get_by_test_id("confusion-trained").locator("td.hit")
            expect(hits).to_have_count(10, timeout=10_000)
            expect(page.get_by_test_id("layers-summary")).to_contain_text("784", timeout=10_000)
            expect(page.get_by_test_id("given-body")).to_be_visible(timeout=10_000)
            for view in VIEWS:
                expect(page.get_by_test_id(view)).not_to_contain_text(TEXT["view_waits"])
            source = page.get_by_test_id("sample-source")
            expect(source).not_to_have_text(TEXT["view_waits"], timeout=10_000)
            others.clear()
            page.wait_for_timeout(500)
            assert set(others) == {200}
    page.context.close()


def test_on_a_slow_network_the_last_stroke_s_answer_is_the_one_shown(page: Page) -> None:
    dice = random.Random(0)
    lost = 0

    def lose_some(route: Route) -> None:
        nonlocal lost
        if dice.random() < LOST:
            lost += 1
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/ask/**", lose_some)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": DELAY_MS, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    for digit in (1, 4, 7, 5, 2, 9, 3, 8, 6, 0):
        strokes = example(digit).drawing.strokes
        for stroke in (*strokes, *example(dice.randrange(10)).drawing.strokes[:1]):
            draw(page, Drawing((stroke,)))
            drawing = page_drawing(page)
            expected = handlers.answer({"run": DEFAULT_RUN, "drawing": drawing})["probabilities"][-1]
            page.wait_for_function(
                "expected => inkling.state.probabilities?.at(-1).every("
                "(value, digit) => Math.abs(value - expected[digit]) < 1e-4)",
                arg=expected,
                timeout=10_000,
            )
            page.wait_for_timeout(2 * DELAY_MS)  # whatever was under way has arrived
            assert bars(page, "trained") == pytest.approx(expected, abs=1e-4)
        page.get_by_test_id("pad-clear").click()
    assert lost >= 1
    page.unroute_all(behavior="ignoreErrors")
    page.faults.clear()  # type: ignore[attr-defined] - the lost requests
