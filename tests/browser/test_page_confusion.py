"""The confusion matrices, and the test images behind each of their numbers."""

import itertools

import numpy as np
import pytest
from committed import load_timeline
from playwright.sync_api import Locator, Page, expect
from python_says import (
    card_of,
    hardest_of,
    images_seen,
    levels_of,
)
from visitor import (
    choose_run,
    inks,
    move_slider,
    open_view,
    say,
)

from mnist_core.drawings.mnist import LabelledImages
from mnist_core.runs.recipes import DEFAULT_RUN

pytestmark = pytest.mark.thorough

LAST = 20
SMALL = "relu-50/published"


def cell(page: Page, matrix: str, label: int, prediction: int) -> Locator:
    rows = page.get_by_test_id(f"confusion-{matrix}").locator("tbody tr")
    return rows.nth(label).locator("button").nth(prediction)


@pytest.mark.parametrize("index", [0, 9, LAST])
@pytest.mark.parametrize("run_id", [DEFAULT_RUN, SMALL])
def test_the_confusion_matrices_are_the_card_s(same_page: Page, run_id: str, index: int) -> None:
    choose_run(same_page, run_id)
    at = min(index, len(images_seen(run_id)) - 1)
    move_slider(same_page, at)
    open_view(same_page, "confusion")
    for matrix, snapshot in (("untrained", 0), ("trained", at)):
        counts = same_page.get_by_test_id(f"confusion-{matrix}").locator("tbody button").all_inner_texts()
        assert list(map(int, counts)) == list(itertools.chain(*card_of(run_id).scores[snapshot].confusion))
    captions = same_page.get_by_test_id("confusion").locator("figcaption").all_inner_texts()
    assert captions[0] == "Before training"
    assert captions[1] != captions[0]


SHADES = """cells => cells.map((cell) => Number(cell.style.getPropertyValue("--shade")))"""


@pytest.mark.parametrize("index", [0, 5, 9, LAST])
def test_what_is_misread_most_is_named_and_shaded_most(same_page: Page, index: int) -> None:
    move_slider(same_page, index)
    open_view(same_page, "confusion")
    counts = np.array(card_of(DEFAULT_RUN).scores[index].confusion)
    expect(same_page.get_by_test_id("confusion-hardest")).to_have_text(hardest_of(counts.tolist()))
    np.fill_diagonal(counts, 0)  # what was read right has no shade
    shades = same_page.get_by_test_id("confusion-trained").locator("tbody td").evaluate_all(SHADES)
    assert shades == pytest.approx(np.sqrt(counts / counts.max()).flatten(), abs=1e-9)


@pytest.mark.parametrize("room", [340, 520, 900])
def test_both_matrices_stand_side_by_side_where_cells_are_22_px_wide(same_page: Page, room: int) -> None:
    view = open_view(same_page, "confusion")
    pair = view.locator(".matrices")
    pair.evaluate("(pair, room) => { pair.style.width = `${room}px`; }", room)
    before, now = [
        view.get_by_test_id(f"confusion-{name}").bounding_box() for name in ("untrained", "trained")
    ]
    button = cell(same_page, "trained", 1, 1).bounding_box()
    pair.evaluate("pair => pair.removeAttribute('style')")
    assert before
    assert now
    assert button
    assert (before["y"] == now["y"]) == (room >= 520)
    assert now["x"] + now["width"] <= before["x"] + room
    assert button["width"] >= 22


@pytest.mark.parametrize(
    ("matrix", "label", "prediction"), [("trained", 4, 9), ("trained", 8, 3), ("untrained", 8, 8)]
)
def test_a_cell_opens_exactly_the_images_that_python_finds(
    same_page: Page, test_images: LabelledImages, matrix: str, label: int, prediction: int
) -> None:
    move_slider(same_page, 9)
    open_view(same_page, "confusion")
    cell(same_page, matrix, label, prediction).click()
    snapshot = 9 if matrix == "trained" else 0
    labelled = test_images.ink()[test_images.labels == label]
    said = load_timeline(DEFAULT_RUN).at(snapshot).logits(labelled)[0].argmax(1)
    found = [levels_of(image) for image in labelled[said == prediction]]
    total = card_of(DEFAULT_RUN).scores[snapshot].confusion[label][prediction]
    assert len(found) == total
    key, shown = ("cell_all", total) if total <= 60 else ("cell_some", 60)
    said = say(key, total=f"{total:,}", shown=shown, label=label, prediction=prediction)
    expect(same_page.get_by_test_id("cell-line")).to_have_text(f"{said} {say('cell_press')}")
    assert inks(same_page, "cell-images") == found[:60]


def test_a_moved_slider_closes_the_cell(same_page: Page) -> None:
    open_view(same_page, "confusion")
    cell(same_page, "trained", 4, 9).click()
    expect(same_page.get_by_test_id("cell-images").locator("button")).not_to_have_count(0)
    move_slider(same_page, 9)
    expect(same_page.get_by_test_id("cell-images").locator("button")).to_have_count(0)
    expect(same_page.get_by_test_id("cell-line")).to_have_text(say("cell_pick"))
