"""Distorted drawings: the maps against a hand computation, the images against those made one by one."""

import math

import numpy as np
import pytest
import torch

from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, parse_drawing, read_handwritings
from mnist_core.training.variants import draw_maps, images_of_variants, move_points

DEGREE = math.pi / 180
DRAWINGS = [entry.drawing for entry in read_handwritings()]
DOT = parse_drawing({"strokes": [[[0.3, 0.4]]]})
TWO_DOTS = parse_drawing({"strokes": [[[0.3, 0.4]], [[0.6, 0.9], [0.6, 0.9], [0.7, 0.9]]]})


class Always:
    """A generator whose numbers are all this share of their bound."""

    def __init__(self, number):
        self.number = number

    def uniform(self, low, high, shape):
        assert low == -high
        return np.full(shape, self.number * high)


def parts_of(maps):
    """Rotation in degrees, width, height and shear of maps that enlarge, then slant, then turn."""
    angle = np.arctan2(maps[:, 1, 0], maps[:, 0, 0])
    cosine, sine = np.cos(angle), np.sin(angle)
    slant = cosine * maps[:, 0, 1] + sine * maps[:, 1, 1]
    height = cosine * maps[:, 1, 1] - sine * maps[:, 0, 1]
    return angle / DEGREE, np.hypot(maps[:, 0, 0], maps[:, 1, 0]), height, slant / height


def test_a_map_bends_then_enlarges_then_slants_then_turns():
    x, y = 0.5, -1.0
    bend = 0.3 * (x * x + x * y + y * y)
    x, y = 1.09 * (x + bend), 1.09 * (y + bend)
    x += 0.15 * y
    cosine, sine = math.cos(7 * DEGREE), math.sin(7 * DEGREE)
    moved = draw_maps(1, Always(1))[0] @ [0.5, -1.0, 0.25, -0.5, 1.0]
    assert moved == pytest.approx([cosine * x - sine * y, sine * x + cosine * y])


def test_the_middle_of_all_maps_leaves_a_drawing_as_it_is():
    assert draw_maps(1, Always(0))[0] == pytest.approx(np.eye(2, 5))


def test_bends_are_uniform_within_their_bounds():
    maps = draw_maps(20_000, np.random.default_rng(0))
    bends = np.linalg.solve(maps[:, :, :2], maps[:, :, 2:]) / 0.3
    counts, _ = np.histogram(bends, bins=10, range=(-1, 1))
    assert abs(bends).max() <= 1 + 1e-9
    assert counts == pytest.approx(np.full(10, 12_000), abs=500)


@pytest.mark.parametrize(
    ("part", "middle", "bound"), [(0, 0, 7), (1, 1, 0.09), (2, 1, 0.09), (3, 0, 0.15)], ids=str
)
def test_rotation_width_height_and_shear_are_uniform_within_their_bounds(part, middle, bound):
    values = (parts_of(draw_maps(20_000, np.random.default_rng(0)))[part] - middle) / bound
    counts, _ = np.histogram(values, bins=10, range=(-1, 1))
    assert abs(values).max() <= 1 + 1e-9
    assert counts == pytest.approx(np.full(10, 2_000), abs=200)


def test_the_parts_of_a_map_are_drawn_independently():
    parts = np.corrcoef(parts_of(draw_maps(20_000, np.random.default_rng(0))))
    assert parts == pytest.approx(np.eye(4), abs=0.03)


def test_points_move_around_the_middle_of_the_box_in_half_its_longer_side():
    drawing = parse_drawing({"strokes": [[[0.2, 0.1], [0.6, 0.1]], [[0.4, 0.5]]]})  # middle: (0.4, 0.3)
    quarter_turn_and_bend = np.array([[[0.0, -1.0, 0, 0, 0], [1.0, 0.0, 0.5, 0, 0]]])  # half a side is 0.2
    line, dot = (stroke[0].tolist() for stroke in move_points(drawing, quarter_turn_and_bend))
    assert line == [pytest.approx([0.2, -0.2 + 0.1]), pytest.approx([0.2, 0.2 + 0.1])]
    assert dot == [pytest.approx([-0.2, 0.0])]


@pytest.mark.parametrize("drawing", [*DRAWINGS[::8], DOT, TWO_DOTS])
def test_many_variants_at_once_are_the_images_of_each_drawing_alone(drawing):
    maps = draw_maps(40, np.random.default_rng(1))
    strokes = move_points(drawing, maps)
    alone = [image_of_drawing(Drawing(tuple(stroke[n] for stroke in strokes))) for n in range(len(maps))]
    levels = (torch.stack(alone) * 255).round().int()
    difference = (images_of_variants(drawing, maps).int() - levels).abs()
    assert difference.max() <= 1
    assert (difference > 0).sum() <= 4  # of 31,360 pixels: single precision


def test_variants_of_one_drawing_all_differ():
    images = images_of_variants(DRAWINGS[0], draw_maps(50, np.random.default_rng(0)))
    assert len(images.flatten(1).unique(dim=0)) == 50
