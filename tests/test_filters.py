"""Filters of pictures, compared with plain counts over every pixel's surroundings."""

import numpy as np
import pytest

from mnist_core.drawings.filters import (
    closed,
    enlarged,
    opened,
    pieces,
    reduced,
    shrunk,
    sliding,
    smoothed,
    widened,
)

RANDOM = np.random.default_rng(0)


def around(levels, row, column, half):
    return levels[max(0, row - half) : row + half + 1, max(0, column - half) : column + half + 1]


@pytest.mark.parametrize("shape", [(1, 1), (7, 5), (20, 33), (3, 50)])
@pytest.mark.parametrize("side", [1, 3, 9, 41])
def test_the_extremes_around_a_pixel_are_those_of_its_square(shape, side):
    levels = RANDOM.normal(size=shape).astype(np.float32)  # as precise as the filters are
    for extreme, of in ((np.minimum, np.min), (np.maximum, np.max)):
        expected = [
            [of(around(levels, row, at, side // 2)) for at in range(shape[1])] for row in range(shape[0])
        ]
        assert (sliding(levels, side, extreme) == expected).all()


def test_closing_takes_narrow_dark_lines_and_opening_narrow_light_ones():
    levels = np.full((40, 40), 5.0)
    levels[:, 10:13], levels[20:35, 20:35] = 1, 2
    assert set(np.unique(closed(levels, 7))) == {2, 5}
    assert set(np.unique(opened(10 - levels, 7))) == {5, 8}


def test_smoothing_keeps_even_levels_and_weakens_noise():
    even, noise = np.full((50, 50), 7.0), RANDOM.normal(size=(50, 50))
    assert np.allclose(smoothed(even), even)
    assert smoothed(noise).std() == pytest.approx(0.375, abs=0.05)


@pytest.mark.parametrize("radius", [0.5, 1, 1.5, 4.2])
def test_a_widened_mask_holds_all_within_the_radius(radius):
    mask = RANDOM.random((30, 21)) < 0.01
    places, (down, right) = np.argwhere(mask), np.mgrid[0:30, 0:21]
    away = np.min([np.hypot(down - row, right - column) for row, column in places], axis=0)
    assert (widened(mask, radius) == (away <= radius)).all()


@pytest.mark.parametrize("share", [0, 0.1, 0.3, 0.6, 1])
def test_pieces_are_what_a_walk_over_neighbours_reaches(share):
    mask = RANDOM.random((24, 17)) < share
    labels = pieces(mask)
    assert ((labels > 0) == mask).all()
    for number in range(1, labels.max() + 1):
        piece = labels == number
        reached = np.zeros_like(piece)
        reached[tuple(np.argwhere(piece)[0])] = True
        while (more := widened(reached, 1.5) & mask).sum() > reached.sum():
            reached = more
        assert (reached == piece).all()


@pytest.mark.parametrize("shape", [(10, 10), (300, 200), (129, 1)])
def test_a_reduced_mask_loses_nothing(shape):
    mask = RANDOM.random(shape) < 0.02
    small, factor = reduced(mask, 128)
    assert max(small.shape) <= 128
    assert (enlarged(small, factor, shape) >= mask).all()
    assert small.sum() <= mask.sum()


@pytest.mark.parametrize("factor", [2, 3, 7])
@pytest.mark.parametrize("is_dark", [True, False])
def test_a_thin_line_keeps_half_of_its_strength_when_made_smaller(factor, is_dark):
    levels = np.full((200, 150), 200, np.uint8)
    levels[:, 70] = 40
    levels = levels if is_dark else 255 - levels
    small = shrunk(levels, factor)
    assert small.shape == (-(-200 // factor), -(-150 // factor))
    assert abs(small[:, 70 // factor] - levels[0, 0].astype(float)).min() >= 80
    others = np.delete(small, 70 // factor, axis=1)
    assert (others == levels[0, 0]).all()
    assert shrunk(255 - levels, factor) == pytest.approx(255 - small)


@pytest.mark.parametrize("factor", [2, 5])
def test_noise_is_averaged_when_made_smaller(factor):
    levels = RANDOM.normal(128, 10, (400, 350)).clip(0, 255).round().astype(np.uint8)
    assert shrunk(levels, factor).std() == pytest.approx(10 / factor, rel=0.1)
