"""Cells of the confusion matrices: a press opens the test images behind one."""

import base64
from pathlib import Path

import pytest
from app_server import OFFLINE, running_app
from hand import await_mnist, choose_run, inks, open_panel, opened
from playwright.sync_api import Browser, Locator, Page, expect

from mnist_core.checkpoints import checkpoint_path, load_head
from mnist_core.data import LabelledImages
from mnist_core.recipes import DEFAULT_RUN, RUNS
from webapp.cells import cell
from webapp.samples import SamplePool
from webapp.text import TEXT

SNAPSHOT = 9


def cell_of(page: Page, matrix: str, label: int, prediction: int) -> Locator:
    return (
        page.get_by_test_id(f"confusion-{matrix}")
        .locator("tbody tr")
        .nth(label)
        .locator("button")
        .nth(prediction)
    )


def line_of(page: Page) -> Locator:
    return page.get_by_test_id("cell-line")


def images_of(page: Page) -> Locator:
    return page.get_by_test_id("cell-images").get_by_role("button")


def counted(snapshot: int, label: int, prediction: int) -> int:
    """What the card of the default run counted."""
    return load_head(checkpoint_path(RUNS[DEFAULT_RUN])).card.scores[snapshot].confusion[label][prediction]


@pytest.fixture
def matrices(page: Page) -> Page:
    """The page with MNIST, an early snapshot and the confusion matrices."""
    await_mnist(page)
    page.get_by_test_id("timeline").fill(str(SNAPSHOT))
    open_panel(page, "confusion")
    expect(cell_of(page, "trained", 9, 9)).not_to_be_empty()
    return page


@pytest.mark.parametrize(
    ("matrix", "snapshot", "label", "prediction"), [("trained", SNAPSHOT, 4, 9), ("untrained", 0, 8, 8)]
)
def test_a_cell_opens_the_images_that_it_counts(
    matrices: Page, test_images: LabelledImages, matrix: str, snapshot: int, label: int, prediction: int
) -> None:
    cell_of(matrices, matrix, label, prediction).click()
    total = counted(snapshot, label, prediction)
    assert 1 < total < 60
    expect(images_of(matrices)).to_have_count(total)
    expect(line_of(matrices)).to_contain_text(
        f"Labelled {label}, read as {prediction}: {total} of the 10,000"
    )
    pool = SamplePool()
    pool._images, pool.source = test_images, "mnist"
    asked = {"run": DEFAULT_RUN, "snapshot": snapshot, "label": label, "prediction": prediction}
    expected = base64.b64decode(cell(asked, pool)["images"])
    assert b"".join(bytes(ink) for ink in inks(matrices, "cell-images")) == expected


def test_of_a_large_cell_sixty_are_shown_and_all_are_told(matrices: Page) -> None:
    cell_of(matrices, "trained", 1, 1).click()
    expect(images_of(matrices)).to_have_count(60)
    expect(line_of(matrices)).to_contain_text(f"{counted(SNAPSHOT, 1, 1):,} of the 10,000")
    expect(line_of(matrices)).to_contain_text("here are 60")


def test_an_empty_cell_says_that_there_is_none(matrices: Page) -> None:
    assert counted(0, 3, 9) == 0
    cell_of(matrices, "untrained", 3, 9).click()
    expect(line_of(matrices)).to_have_text(TEXT["cell_none"].format(label=3, prediction=9))
    expect(images_of(matrices)).to_have_count(0)


def test_an_image_of_a_cell_is_laid_on_the_pad(matrices: Page) -> None:
    cell_of(matrices, "trained", 4, 9).click()
    images_of(matrices).nth(2).click()
    expect(matrices.locator("#pad-heading")).to_have_text("A sample, labelled 4")
    expect(matrices.get_by_test_id("verdict")).to_have_attribute("data-prediction", "9")
    expect(matrices.locator(".verdict-line")).to_contain_text(TEXT["verdict_wrong"])


def test_pressing_an_open_cell_closes_it(matrices: Page) -> None:
    cell_of(matrices, "trained", 4, 9).click()
    expect(images_of(matrices)).not_to_have_count(0)
    cell_of(matrices, "trained", 4, 9).click()
    expect(images_of(matrices)).to_have_count(0)
    expect(line_of(matrices)).to_have_text(TEXT["cell_pick"])


def test_the_open_cell_is_marked(matrices: Page) -> None:
    cell_of(matrices, "trained", 4, 9).click()
    cell_of(matrices, "untrained", 8, 8).click()
    expect(matrices.locator(".matrix [aria-pressed=true]")).to_have_count(1)
    expect(cell_of(matrices, "untrained", 8, 8)).to_have_attribute("aria-pressed", "true")


def test_scrubbing_closes_the_cell_and_asks_nothing(matrices: Page) -> None:
    cell_of(matrices, "trained", 4, 9).click()
    expect(images_of(matrices)).not_to_have_count(0)
    requests: list[str] = []
    matrices.on("request", lambda request: requests.append(request.url))
    for index in range(SNAPSHOT + 1, 21):
        matrices.get_by_test_id("timeline").fill(str(index))
        expect(images_of(matrices)).to_have_count(0)
    matrices.wait_for_timeout(700)  # the slider rests
    assert requests == []
    expect(line_of(matrices)).to_have_text(TEXT["cell_pick"])


def test_choosing_a_network_closes_the_cell(matrices: Page) -> None:
    cell_of(matrices, "trained", 4, 9).click()
    expect(images_of(matrices)).not_to_have_count(0)
    choose_run(matrices, "relu-50/published")
    expect(images_of(matrices)).to_have_count(0)


@pytest.mark.parametrize("matrix", ["untrained", "trained"])
def test_a_matrix_is_one_stop_for_the_tab_key(matrices: Page, matrix: str) -> None:
    expect(matrices.get_by_test_id(f"confusion-{matrix}").locator("button[tabindex='0']")).to_have_count(1)


def test_a_cell_is_reached_and_opened_by_keyboard(matrices: Page) -> None:
    matrices.get_by_test_id("confusion").locator("summary").focus()
    for key in ["Tab", "Tab", *["ArrowDown"] * 4, *["ArrowRight"] * 9]:
        matrices.keyboard.press(key)
    expect(cell_of(matrices, "trained", 4, 9)).to_be_focused()
    matrices.keyboard.press("Enter")
    expect(images_of(matrices)).to_have_count(counted(SNAPSHOT, 4, 9))
    matrices.keyboard.press("Tab")
    expect(images_of(matrices).first).to_be_focused()


def test_without_mnist_a_cell_says_so(browser: Browser, tmp_path: Path) -> None:
    with running_app(MNIST_DATA=str(tmp_path), **OFFLINE) as server:
        page = opened(browser.new_context(), server.url)
        source = page.get_by_test_id("sample-source")
        expect(source).to_have_text(TEXT["samples_handwritings"], timeout=30_000)
        open_panel(page, "confusion")
        cell_of(page, "trained", 4, 9).click()
        expect(line_of(page)).to_have_text(TEXT["cell_handwritings"])
        page.context.close()
