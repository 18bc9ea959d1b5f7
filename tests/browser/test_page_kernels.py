"""The kernels that train compute the same in every browser; one that cannot have them says so."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from absent import skip_or_fail
from app_server import PROJECT
from engines import ENGINES, WAIT, NoEngineError, started
from node import run_node
from own_hand import LINES, draw_all, open_hand
from own_training import expect_state, page, press
from playwright.sync_api import Page, Route, expect
from selenium.webdriver.support.ui import WebDriverWait
from site_server import serving
from visitor import expect_verdict, say

pytestmark = pytest.mark.thorough

__all__ = ["page"]
WORKER, KERNELS = "**/training_worker.js", "**/kernels.wasm"


@pytest.fixture(scope="module")
def bits_page() -> Iterator[str]:
    """The address of a page whose title becomes what bits.js makes."""
    with serving(PROJECT) as url:
        yield f"{url}tests/engine/bits.html"


@pytest.fixture(scope="module")
def bits() -> str:
    """What bits.js makes under node."""
    return run_node("bits_under_node.js").decode()


def test_chromium_trains_the_same_bits_as_node(page: Page, bits_page: str, bits: str) -> None:
    page.goto(bits_page)
    expect(page).to_have_title(bits)


@pytest.mark.parametrize("engine", ENGINES)
def test_firefox_and_webkit_train_the_same_bits_as_node(
    engine: str, bits_page: str, bits: str, tmp_path: Path
) -> None:
    try:
        with started(engine, tmp_path) as driver:
            driver.get(bits_page)
            WebDriverWait(driver, WAIT).until(lambda driver: driver.title not in ("", "waiting"))
            assert driver.title == bits
    except NoEngineError as error:
        skip_or_fail(str(error))


def without_webassembly(route: Route) -> None:
    route.fulfill(response=route.fetch(), body=f"delete self.WebAssembly;\n{route.fetch().text()}")


def with_a_policy_that_forbids_it(route: Route) -> None:
    response = route.fetch()
    policy = {"content-security-policy": "script-src 'self'"}
    route.fulfill(response=response, headers={**response.headers, **policy})


def sign_in(route: Route) -> None:
    route.fulfill(body="<!doctype html><title>Sign in</title>", content_type="text/html")


DAMAGE: dict[str, tuple[str, Callable[[Route], None], str]] = {
    "no WebAssembly": (WORKER, without_webassembly, "training_no_kernels"),
    "a policy": (WORKER, with_a_policy_that_forbids_it, "training_no_kernels"),
    "no SIMD": (KERNELS, lambda route: route.fulfill(body=b"\0asm\1\0\0\0\xff"), "training_no_kernels"),
    "missing": (KERNELS, lambda route: route.fulfill(status=404), "training_unloaded"),
    "silent": (KERNELS, lambda route: route.abort(), "training_unloaded"),
    "a page of HTML": (KERNELS, sign_in, "training_unloaded"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_without_the_kernels_training_says_so_and_drawing_goes_on(page: Page, name: str) -> None:
    pattern, damage, sentence = DAMAGE[name]
    page.route(pattern, damage)
    press(page, "train")
    words = say("training_failed", problem=say(sentence))
    expect(page.get_by_test_id("train-state")).to_have_text(words)
    expect_state(page, "failed")
    page.locator("[data-example='3']").click()
    expect_verdict(page, 3)
    page.faults.clear()  # type: ignore[attr-defined]  # Chromium logs what was refused


def test_without_the_kernels_teaching_says_so(page: Page) -> None:
    page.route(WORKER, without_webassembly)
    open_hand(page)
    draw_all(page, LINES, skipped=set(range(1, 20)))
    press(page, "teach")
    problem = page.get_by_test_id("hand").get_by_role("alert").filter(has_text=say("training_no_kernels"))
    expect(problem).to_be_visible()
    expect_state(page, "failed")


def test_kernels_that_come_at_the_second_press_train(page: Page) -> None:
    page.route(KERNELS, lambda route: route.abort())
    press(page, "train")
    expect_state(page, "failed")
    page.unroute(KERNELS)
    press(page, "train")
    expect_state(page, "running")
    page.faults.clear()  # type: ignore[attr-defined]  # Chromium logs what was refused
