"""Distortions: what they keep, what they change, and that they are drawn anew for every image."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from mnist_core.runs.recipes import RUNS, Distortion
from mnist_core.training.distortions import distort

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
