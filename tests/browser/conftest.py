"""A running app and a real Chromium for the tests of what a person does."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import CHROMIUM, CHROMIUM_FLAGS, LAPTOP, Server, running_app
from hand import opened
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: others are faster, and Playwright's event loop would be in their way."""
    items.sort(key=lambda item: Path(__file__).parent in item.path.parents)


@pytest.fixture(scope="session")
def app(mnist: Path) -> Iterator[Server]:
    """The app with MNIST at hand."""
    with running_app(MNIST_DATA=str(mnist)) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one these tests are skipped, except in CI."""
    if not CHROMIUM.exists():
        message = f"no Chromium at {CHROMIUM}; on Debian: apt-get install chromium"
        pytest.fail(message) if "CI" in os.environ else pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def laptop(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor on a laptop who comes again for every test, with Gradio's scripts in the browser's cache."""
    context = browser.new_context(viewport=LAPTOP)
    yield context
    context.close()


@pytest.fixture
def page(laptop: BrowserContext, app: Server) -> Iterator[Page]:
    """The page on a laptop's screen; whatever it reports as an error fails the test."""
    page = opened(laptop, app.url)
    yield page
    faults = page.faults  # type: ignore[attr-defined]
    page.close()
    assert faults == []
