"""A visitor's hand in the view of that name: what it draws there, and what Python says of it."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from committed import load_timeline
from made import write_unipen
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect
from visitor import draw, open_view, say

from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, LabelledDrawing, parse_drawing, read_handwritings
from mnist_core.drawings.unipen import read_unipen


@dataclass(frozen=True)
class Row:
    """A row of the view's table: whose it is, how many digits are read right, and what is said of each."""

    run: str
    snapshot: int  # 0 or -1
    correct: int
    n: int
    labels: list[int]
    predictions: list[int]


LINES = {digit: parse_drawing({"strokes": [[[0.5, 0.2], [0.4, 0.8]]]}) for digit in range(10)}


def leaning(hand: str, degrees: float) -> dict[int, Drawing]:
    """The project's own drawings by one hand, by digit, turned about the pad's centre, with fewer points."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return {
        entry.label: parse_drawing(
            {"strokes": [(thinned(stroke) @ turn.T * 0.8 + 0.5).tolist() for stroke in entry.drawing.strokes]}
        )
        for entry in read_handwritings()
        if entry.writer == hand
    }


def thinned(stroke: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every third point of a stroke, and its last, about the pad's centre."""
    return np.concatenate([stroke[:-1:3], stroke[-1:]]) - 0.5


LEANING = leaning("quick", 33)  # so far that no network reads all of them
ANGULAR = {  # of every stroke the ends and one point between, which are soon drawn
    digit: parse_drawing({"strokes": [each[[0, len(each) // 2, -1]].tolist() for each in drawing.strokes]})
    for digit, drawing in LEANING.items()
}


def open_hand(page: Page) -> Locator:
    """Open the view."""
    return open_view(page, "hand")


def open_digits(page: Page, folder: Path) -> None:
    """Open a file of digits in the view, each drawn twice."""
    drawings = {entry.label: entry.drawing for entry in read_handwritings() if entry.writer == "quick"}
    open_hand(page)
    give(page, folder, learn=drawings, test=drawings)


def give(page: Page, folder: Path, **given: dict[int, Drawing]) -> None:
    """Open a file of digits to `learn` from and to `test` in the open view; drawing them takes far longer."""
    drawn = [
        LabelledDrawing(drawing, label, f"me 0 {use}")  # the word after the writer and a number says the use
        for use, drawings in given.items()
        for label, drawing in drawings.items()
    ]
    write_unipen(folder / "given.unipen", drawn)
    page.get_by_test_id("hand-file").set_input_files(folder / "given.unipen")
    kept = say("hand_kept", **{use: len(given.get(use, {})) for use in ("learn", "test")})
    expect(page.get_by_test_id("hand-kept")).to_have_text(kept)


def draw_asked(page: Page, drawing: Drawing = LINES[1]) -> None:
    """Draw what is asked for, and go on."""
    draw(page, drawing)
    page.get_by_test_id("hand-next").click()


def start_over(page: Page) -> None:
    """Throw away all that is drawn."""
    page.get_by_test_id("hand-restart").click()
    page.get_by_test_id("hand-yes").click()
    expect(page.get_by_test_id("hand-prompt")).to_contain_text("1 of 20")


def asked(page: Page, number: int | None = None) -> int:
    """The digit that is asked for, which is the first, or so many-th, of the twenty if `number` is given."""
    prompt = page.get_by_test_id("hand-prompt").inner_text()
    found = re.search(r"(\d)\.$", prompt)
    assert found, prompt
    assert prompt.startswith(f"{number} of 20") or number is None, prompt
    return int(found[1])


def draw_all(page: Page, drawings: dict[int, Drawing], *, skipped: set[int] | None = None) -> None:
    """Draw all that is asked for, except at these positions, 0 to 19."""
    for position in range(20):
        if position in (skipped or set()):
            page.get_by_test_id("hand-skip").click()
        else:
            draw_asked(page, drawings[asked(page, position + 1)])


def save(page: Page, folder: Path) -> Path:
    """The file that the view saves."""
    with page.expect_download() as download:
        page.get_by_test_id("hand-save").click()
    assert download.value.suggested_filename == "hand.unipen"
    path = folder / "hand.unipen"
    download.value.save_as(path)
    return path


def rows(page: Page) -> list[Row]:
    """The table's rows, all of which have their numbers."""
    table = page.get_by_test_id("hand-table").locator("li")
    expect(table.locator("b", has_text="–")).to_have_count(0)
    found = table.evaluate_all(
        """rows => rows.map(row => {
          const tiles = [...row.querySelectorAll("[data-label]")];
          const numbers = (name) => tiles.map(tile => Number(tile.dataset[name]));
          return [row.dataset.run, row.dataset.snapshot, Number(row.dataset.correct), Number(row.dataset.n),
            numbers("label"), numbers("prediction"), row.querySelector("b").textContent];
        })"""
    )
    for *_, correct, n, labels, predictions, words in found:
        assert words == say("hand_row", correct=correct, n=n)
        assert sum(map(int.__eq__, labels, predictions)) == correct
    return [Row(run, {"first": 0, "last": -1}[at], *values) for run, at, *values, _ in found]


def kept_for_testing(path: Path) -> list[LabelledDrawing]:
    """Those of a saved file that are kept for testing."""
    uses = re.findall(r"^\.COMMENT \d me \d+ (learn|test)$", path.read_text(), re.MULTILINE)
    return [entry for entry, use in zip(read_unipen(path), uses, strict=True) if use == "test"]


def python_reads(drawings: list[LabelledDrawing], run_id: str, snapshot: int) -> list[int]:
    """What a snapshot of a run reads in drawings, by Python."""
    images = torch.stack([image_of_drawing(entry.drawing) for entry in drawings]).float()
    return load_timeline(run_id).logits(images)[snapshot].argmax(1).tolist()
