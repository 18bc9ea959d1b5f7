"""The static site, served by Python's own web server, and a real Chromium for what a person does with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from absent import skip_or_fail
from chromium import NoChromiumError, launch_chromium
from own_hand import open_hand, start_over
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from site_server import serving, write_static_site
from visitor import LAPTOP, open_page, reset

expect.set_options(timeout=15_000)  # ms; a busy machine may take more than the usual five seconds


@pytest.fixture(scope="session")
def site_folder(mnist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static site, with MNIST."""
    return write_static_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """The address of the static site."""
    with serving(site_folder) as url:
        yield url


@pytest.fixture(scope="session")
def short_site(mnist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site with 1,000 test images, on which a training is soon measured."""
    with serving(write_static_site(tmp_path_factory.mktemp("site"), test_images=1000)) as url:
        yield url


@pytest.fixture
def training_site(request: pytest.FixtureRequest) -> str:
    """The address of the site for tests that train: the short one, unless they ask for all test images."""
    is_whole = request.node.get_closest_marker("all_test_images")
    return request.getfixturevalue("site" if is_whole else "short_site")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one these tests are skipped, except in CI."""
    with sync_playwright() as playwright:
        try:
            chromium = launch_chromium(playwright)
        except NoChromiumError as error:
            skip_or_fail(str(error))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def laptop(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor on a laptop who comes again for every test, and asks for no motion: a third less to paint."""
    context = browser.new_context(viewport=LAPTOP, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor who comes for the first time."""
    context = browser.new_context(viewport=LAPTOP)
    yield context
    context.close()


@pytest.fixture
def page(laptop: BrowserContext, site: str) -> Iterator[Page]:
    """The page on a laptop's screen, all loaded; whatever it reports as an error fails the test."""
    page = open_page(laptop, site)
    yield page
    faults = page.faults  # type: ignore[attr-defined]
    page.close()
    assert faults == []


@pytest.fixture(scope="module")
def module_page(laptop: BrowserContext, site: str) -> Iterator[Page]:
    """One page for all tests of a module; they take it as `same_page`."""
    page = open_page(laptop, site)
    yield page
    page.close()


@pytest.fixture
def same_page(module_page: Page) -> Iterator[Page]:
    """The module's page as it opens, in half the time of a fresh one; what it reports fails the test."""
    faults = module_page.faults  # type: ignore[attr-defined]
    faults.clear()
    reset(module_page)
    yield module_page
    assert faults == []


@pytest.fixture
def hand(same_page: Page) -> Page:
    """The module's page with the view of the hand open, and nothing drawn in it."""
    open_hand(same_page)
    if same_page.get_by_test_id("hand-restart").is_enabled():
        start_over(same_page)
    return same_page


@pytest.fixture
def visitor(page: Page) -> Page:
    """A fresh page with that view open, on a device that keeps nothing."""
    page.evaluate("localStorage.clear()")
    open_hand(page)
    return page
