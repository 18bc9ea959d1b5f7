"""A visitor's training in the page: its settings changed, begun, waited for, and saved as a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from visitor import bars, draw, example, move_slider, open_page, open_view

RUN = "relu-50/published"
SMALL = {"count": 1000, "epochs": 2}  # 32 steps: a training that is over at once
LONG = {"epochs": 1000}  # one that is not over before it is stopped
WATCH_STATE = """state => {
  window.hasBegun = false;
  new MutationObserver(() => (window.hasBegun = true)).observe(state, { attributeFilter: ["data-state"] });
}"""


@pytest.fixture
def page(laptop: BrowserContext, training_site: str) -> Iterator[Page]:
    """The page with a small network and a 5 on the pad; what it reports as an error fails the test."""
    page = open_page(laptop, f"{training_site}#run={RUN}")
    draw(page, example(5).drawing)
    yield page
    faults = page.faults  # type: ignore[attr-defined]
    page.close()
    assert faults == []


def expect_state(page: Page, phase: str, seconds: float = 30) -> None:
    expect(page.get_by_test_id("train-state")).to_have_attribute("data-state", phase, timeout=seconds * 1000)


def expect_measured(page: Page, seconds: float = 60) -> None:
    """The training is done, and every snapshot was measured on all test images."""
    expect_state(page, "done", seconds)
    measuring = page.locator("[data-testid=train-state][data-measuring]")
    expect(measuring).to_have_count(0, timeout=60_000)


def press(page: Page, name: str) -> None:
    page.get_by_test_id(name).click()


def change(page: Page, **settings: object) -> None:
    """Change settings under "Change the training", as a visitor does, one after the other."""
    open_view(page, "settings")
    for name, value in settings.items():
        field = page.get_by_test_id(f"set-{name}")
        if name == "leftOut":
            for digit in value:  # type: ignore[attr-defined]
                field.locator(f"[data-leave-out='{digit}']").click()
        elif name in ("count", "optimizer", "source"):
            field.select_option(str(value))
        elif isinstance(value, bool):
            field.set_checked(value)
        else:
            field.fill(str(value))
            field.press("Enter")
            field.blur()


def train(page: Page, run: str = "relu-50/own-1", **settings: object) -> None:
    """Train with these settings, without waiting, to the end, and measure it."""
    if settings:
        change(page, **settings)
    press(page, "train")
    page.get_by_test_id("train-hurry").check()
    expect_measured(page, 120)
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", run)


def train_once_more(page: Page, start: str) -> None:
    """Train "again", from the same start, or from a "new" one, to the end."""
    page.get_by_test_id("train-state").evaluate(WATCH_STATE)
    press(page, f"train-{start}")
    page.wait_for_function("() => window.hasBegun")  # it may be over at the next look
    expect_state(page, "done")


def answers(page: Page) -> list[list[float]]:
    """The trained bars at every snapshot."""
    last = int(page.get_by_test_id("timeline").get_attribute("max") or 0)
    said = []
    for snapshot in range(last + 1):
        move_slider(page, snapshot)
        said.append(bars(page)[1])
    return said


def save(page: Page, folder: Path, number: int = 1) -> Path:
    """Save a run of one's own as a file."""
    open_view(page, "settings")
    with page.expect_download() as download:
        page.locator(f"[data-testid=own-save][data-own$='own-{number}']").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path
