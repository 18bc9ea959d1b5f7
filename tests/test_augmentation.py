"""Distortions and redrawn pens: what they keep, what they change, and that they are drawn anew every time."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from made import arc
from torch import nn

from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing
from mnist_core.errors import DataError
from mnist_core.runs.recipes import RUNS, Distortion
from mnist_core.training.augmentation import distort, draw_with_pens, load_pen_drawings, pen_file, redraw

NONE = Distortion(rotation=0, scale=0, shear=0, shift=0, displacement=0, thickness=0)
STRONG = Distortion(rotation=15, scale=0.2, shear=0.3, shift=2, displacement=1, thickness=1)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def squares():
    """Eight images of a filled square, ten pixels wide, in the middle."""
    images = torch.zeros(8, 28, 28)
    images[:, 9:19, 9:19] = 1
    return images


def test_no_distortion_leaves_an_image_as_it_is():
    images = torch.rand(6, 28, 28, generator=seeded())
    assert torch.allclose(distort(images, NONE, seeded()), images, atol=1e-4)


@pytest.mark.parametrize("field", ["rotation", "scale", "shear", "shift", "displacement", "thickness"])
def test_every_part_changes_the_images(squares, field):
    one = replace(NONE, **{field: getattr(STRONG, field)})
    assert not torch.allclose(distort(squares, one, seeded()), squares, atol=0.05)


def test_ink_stays_between_paper_and_full_ink():
    images = torch.rand(64, 28, 28, generator=seeded()).round()
    distorted = distort(images, STRONG, seeded())
    assert distorted.shape == images.shape
    assert distorted.min() >= 0
    assert distorted.max() <= 1 + 1e-6


def test_equal_images_are_distorted_differently(squares):
    distorted = distort(squares, STRONG, seeded())
    assert all(not torch.equal(distorted[0], other) for other in distorted[1:])


def test_equal_seeds_distort_equally(squares):
    assert torch.equal(distort(squares, STRONG, seeded(3)), distort(squares, STRONG, seeded(3)))


def test_a_shift_moves_the_center_of_mass_by_no_more_than_asked(squares):
    shifted = distort(squares, replace(NONE, shift=3), seeded())
    rows = (shifted.sum(2) * torch.arange(28)).sum(1) / shifted.sum((1, 2))  # (8,)
    assert (rows - 13.5).abs().max() <= 3 + 1e-3
    assert (rows - 13.5).abs().max() > 0.5


def test_a_rotation_is_the_one_that_affine_grid_makes(squares):
    angle = (torch.rand(8, generator=seeded()) * 2 - 1) * torch.tensor(40.0).deg2rad()  # drawn first
    rows = [torch.stack([angle.cos(), -angle.sin(), angle * 0], 1)]
    rows.append(torch.stack([angle.sin(), angle.cos(), angle * 0], 1))
    grid = nn.functional.affine_grid(torch.stack(rows, 1), [8, 1, 28, 28], align_corners=False)
    expected = nn.functional.grid_sample(squares[:, None], grid, align_corners=False)[:, 0]
    assert torch.allclose(distort(squares, replace(NONE, rotation=40), seeded()), expected, atol=1e-4)


def test_thickness_makes_half_of_the_batch_bolder_and_half_finer(squares):
    ink = distort(squares, replace(NONE, thickness=1), seeded()).sum((1, 2))
    assert (ink[:4] > 100).all()
    assert (ink[4:] < 100).all()


@pytest.mark.parametrize("count", [1, 3])
def test_odd_batches_are_distorted_whole(squares, count):
    assert distort(squares[:count], STRONG, seeded()).shape == (count, 28, 28)


@pytest.mark.parametrize(
    "run", [run for run in RUNS.values() if run.recipe.augmentation], ids=lambda run: run.id
)
def test_a_recipe_keeps_most_of_the_ink(squares, run):
    ink = distort(squares.repeat(25, 1, 1), run.recipe.augmentation.distortion, seeded()).sum((1, 2))
    assert 80 < ink.mean() < 125


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


def test_equal_seeds_draw_pens_equally():
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
