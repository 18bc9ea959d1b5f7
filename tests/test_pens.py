"""Pen strokes as training images."""

import numpy as np
import pytest
import torch
from made import arc

from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing
from mnist_core.errors import DataError
from mnist_core.training.pens import draw_with_pens, load_pen_drawings, pen_file, redraw


def test_without_the_file_the_error_says_where_it_comes_from(tmp_path):
    path = tmp_path / "pendigits-orig.tra"
    with pytest.raises(DataError) as caught:
        load_pen_drawings(path)
    assert str(caught.value) == (
        f"No pen strokes at {path}; the robust recipe also trains on pendigits-orig.tra of UCI's "
        '"Pen-Based Recognition of Handwritten Digits" (https://archive.ics.uci.edu/dataset/81). '
        "Put the file there, or set PENDIGITS to its path."
    )


def test_the_environment_names_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv("PENDIGITS", str(tmp_path / "strokes"))
    assert pen_file() == tmp_path / "strokes"


def test_by_default_the_file_lies_with_the_data(monkeypatch):
    monkeypatch.delenv("PENDIGITS", raising=False)
    assert str(pen_file()) == "data/pendigits-orig.tra"


def test_every_drawing_is_drawn_in_every_variant():
    images = draw_with_pens([arc(3), arc(5)], variants=3, seed=0)
    assert images.images.shape == (6, 28, 28)
    assert images.labels.tolist() == [3, 5, 3, 5, 3, 5]
    assert len(images.images.flatten(1).unique(dim=0)) == 6


def test_equal_seeds_draw_equally():
    first, second = (draw_with_pens([arc()], variants=2, seed=7) for _ in range(2))
    assert torch.equal(first.images, second.images)


def test_a_faster_hand_leaves_fewer_points_but_the_ends():
    random = np.random.default_rng(0)
    drawings = [redraw(arc().drawing, random).strokes[0] for _ in range(20)]
    assert min(len(stroke) for stroke in drawings) < 20 <= max(len(stroke) for stroke in drawings)
    for stroke in drawings:
        assert np.abs(stroke[[0, -1]] - arc().drawing.strokes[0][[0, -1]]).max() < 0.05


def test_a_dot_can_be_redrawn():
    dot = Drawing((np.array([[0.5, 0.5]]),))
    assert redraw(dot, np.random.default_rng(0)).strokes[0].tolist() == [[0.5, 0.5]]


def test_a_wider_pen_leaves_more_ink_in_the_same_box():
    fine, bold = (image_of_drawing(arc().drawing, pen=pen) for pen in (1.5, 3.5))
    assert bold.sum() > 1.5 * fine.sum()
    for image in (fine, bold):
        rows = image.sum(1).nonzero()
        assert 19 <= rows.max() - rows.min() + 1 <= 20
