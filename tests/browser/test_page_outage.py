"""A server that is killed and comes back, and a slow network that loses requests, in a real browser."""

import os
import random
import signal

import pytest
from app_server import LAPTOP, OFFLINE, free_port, running_app
from hand import bars, draw, example, expect_verdict, open_panel, opened, page_drawing
from playwright.sync_api import Browser, Page, Route, expect

from mnist_core.drawing import Drawing
from mnist_core.recipes import DEFAULT_RUN
from webapp import handlers
from webapp.text import TEXT

DELAY_MS = 100  # of every reply
LOST = 0.03  # of all requests


def test_an_open_page_outlives_its_server(browser: Browser, tmp_path) -> None:
    port = free_port()
    without_mnist = {"MNIST_DATA": str(tmp_path), **OFFLINE}
    with running_app(port=port, **without_mnist) as server:
        page = opened(browser.new_context(viewport=LAPTOP), server.url)
        verdict = page.get_by_test_id("verdict")
        drawing = example(4).drawing
        draw(page, Drawing(drawing.strokes[:1]), lift=False)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(10)
        page.mouse.up()
        draw(page, Drawing(drawing.strokes[1:]))
        kept = page_drawing(page)
        expect(verdict).to_contain_text(TEXT["no_answer"])
        for view in ("confusion", "layers"):
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
        expect(page.get_by_test_id("confusion-trained").locator("td.hit")).to_have_count(10, timeout=10_000)
        expect(page.get_by_test_id("layers-summary")).to_contain_text("784", timeout=10_000)
        for view in ("confusion", "layers"):
            expect(page.get_by_test_id(view)).not_to_contain_text(TEXT["view_waits"])
        expect(page.get_by_test_id("sample-source")).to_have_text(
            TEXT["samples_handwritings"], timeout=10_000
        )
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
