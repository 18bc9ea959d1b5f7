"""The page makes the same images as Python, bit for bit."""

import json
import math
from pathlib import Path

import numpy as np
from absent import required
from engine_images import RECORD, python_stages, random_drawings
from node import run_node
from numpy.typing import NDArray

from mnist_core.detector.made_up_drawings import draw_made_up
from mnist_core.drawings.preprocessing import PEN
from mnist_core.drawings.strokes import Drawing, parse_drawing, read_handwritings
from mnist_core.training.augmentation import load_pen_drawings, pen_file

HOSTILE = {
    "a dot": [[[0.5, 0.5]]],
    "a dot in a corner": [[[0, 0]]],
    "dots in all corners": [[[0, 0]], [[1, 0]], [[0, 1]], [[1, 1]]],
    "a repeated point": [[[0.3, 0.7]] * 20],
    "repeated points in a line": [[[0.1, 0.2], [0.1, 0.2], [0.8, 0.9], [0.8, 0.9]]],
    "collinear points": [[[step / 10, step / 10] for step in range(11)]],
    "a line there and back": [[[0.2, 0.5], [0.8, 0.5], [0.2, 0.5]]],
    "the whole pad's edge": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]],
    "a hair's width": [[[0.5, 0], [0.5 + 1e-12, 1]]],
    "hardly larger than a dot": [[[0.5, 0.5], [0.5 + PEN / 28 + 1e-9, 0.5]]],
    "smaller than a dot": [[[0.5, 0.5], [0.5 + PEN / 28 - 1e-9, 0.5]]],
    "subnormal steps": [[[0, 0], [5e-324, 5e-324], [1e-160, 0], [0, 1e-170]]],
    "next to the smallest double": [[[0.5, 0.5], [math.nextafter(0.5, 1), math.nextafter(0.5, 0)]]],
    "ink far on one side": [[[0, 0]], [[0.9, step / 50] for step in range(51)]],
}


def made_up() -> list[Drawing]:
    """2,000 drawings: non-digits, random strokes and the hostile ones."""
    hostile = [parse_drawing({"strokes": strokes}) for strokes in HOSTILE.values()]
    others = [drawing for _, drawing in draw_made_up(1000, seed=9)]
    return [*hostile, *others, *random_drawings(1000 - len(hostile))]


def page_stages(drawings: list[Drawing], tmp_path: Path) -> NDArray[np.void]:
    """What the page makes of drawings, (n,) of RECORD."""
    file = tmp_path / "drawings.json"
    file.write_text(json.dumps([drawing.to_json()["strokes"] for drawing in drawings]), encoding="utf-8")
    return np.frombuffer(run_node("images.js", file), RECORD)


def assert_equal(drawings: list[Drawing], tmp_path: Path) -> None:
    page, python = page_stages(drawings, tmp_path), python_stages(drawings)
    assert len(page) == len(python) > 0
    for field in RECORD.names:
        differ = (page[field] != python[field]).reshape(len(page), -1).any(1)
        assert not differ.any(), f"{field} of drawing {differ.argmax()} and {differ.sum() - 1} others"


def test_every_handwriting_has_the_same_image_in_both_languages(tmp_path):
    assert_equal([entry.drawing for entry in read_handwritings()], tmp_path)


def test_2000_made_up_drawings_have_the_same_images_in_both_languages(tmp_path):
    drawings = made_up()
    assert len(drawings) == 2000
    assert_equal(drawings, tmp_path)


def test_every_fifth_pen_drawing_has_the_same_image_in_both_languages(tmp_path):
    drawings = [entry.drawing for entry in load_pen_drawings(required(pen_file()))[::5]]
    assert len(drawings) == 1499
    assert_equal(drawings, tmp_path)


def test_a_drawing_that_grows_has_the_images_that_are_made_anew(tmp_path):
    drawings = [*random_drawings(200), *(entry.drawing for entry in read_handwritings())]
    file = tmp_path / "drawings.json"
    file.write_text(json.dumps([drawing.to_json()["strokes"] for drawing in drawings]), encoding="utf-8")
    counted = json.loads(run_node("growing_images.js", file))
    assert counted["made"] > 5_000
    assert counted["different"] == 0


def test_a_pixel_on_a_stroke_is_full_ink_and_one_out_of_the_pens_reach_is_paper(tmp_path):
    page = page_stages([parse_drawing({"strokes": [[[0, 0.5], [1, 0.5]]]})], tmp_path)[0]
    rows = page["image"].reshape(28, 28)[:, 14]
    assert rows[14] == 255
    assert rows[12] == rows[16] == 0
    assert np.array_equal(page["shrunk"].reshape(28, 28)[:, 0], page["shrunk"].reshape(28, 28)[:, 27])


def test_an_empty_drawing_is_refused_with_the_words_of_python(tmp_path):
    assert run_node("empty.js").decode() == (
        "InklingError: The drawing is empty, so there is nothing to predict; draw a digit first."
    )
