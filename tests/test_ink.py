"""Ink is a distance: every pixel holds what its centre's distance to the nearest stroke gives it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.drawings.ink import draw_strokes
from mnist_core.drawings.preprocessing import BOX, PEN, SIDE
from mnist_core.drawings.strokes import read_handwritings

# Points of 64ths of a pixel, also outside of the image: sums of them are exact.
GRID = 64
POINTS = st.tuples(*[st.integers(-2 * GRID, (BOX + 2) * GRID)] * 2)
STROKES = st.lists(st.lists(POINTS, min_size=1, max_size=6), min_size=1, max_size=4)
ANYWHERE = st.lists(
    st.lists(st.tuples(*[st.floats(-2, SIDE + 2)] * 2), min_size=1, max_size=6), min_size=1, max_size=4
)
PENS = st.floats(1, 4)


def on_grid(strokes, down=0, right=0):
    """Strokes of 64ths as points in pixels, moved by whole pixels."""
    return [np.array(stroke) / GRID + (right, down) for stroke in strokes]


def level_by_hand(strokes, row, column, pen):
    """One pixel's level, segment by segment, in plain Python; as the page's engine computes it."""
    px, py = column + 0.5, row + 0.5
    nearest = math.inf
    for stroke in strokes:
        points = stroke.tolist()
        for (ax, ay), (bx, by) in zip(points, points[1:] or points, strict=False):
            dx, dy = bx - ax, by - ay
            squared_length = dx * dx + dy * dy
            t = ((px - ax) * dx + (py - ay) * dy) / squared_length if squared_length else 0.0
            t = min(max(t, 0.0), 1.0)
            x, y = px - ax - t * dx, py - ay - t * dy
            nearest = min(nearest, math.sqrt(x * x + y * y))
    return math.floor(255 * min(max(pen / 2 + 0.5 - nearest, 0.0), 1.0) + 0.5)


def by_hand(strokes, side, pen):
    return [[level_by_hand(strokes, row, column, pen) for column in range(side)] for row in range(side)]


@given(ANYWHERE, st.sampled_from([BOX, SIDE]), PENS)
def test_every_pixel_is_what_it_is_by_hand(strokes, side, pen):
    arrays = [np.array(stroke, dtype=float) for stroke in strokes]
    assert draw_strokes(arrays, side, pen).tolist() == by_hand(arrays, side, pen)


@pytest.mark.parametrize("points", [2, 31, 32, 33, 34, 65, 200])
def test_a_stroke_of_many_points_is_what_it_is_by_hand(points):
    strokes = [np.random.default_rng(points).uniform(0, BOX, (points, 2))]
    assert draw_strokes(strokes, BOX, 1.1).tolist() == by_hand(strokes, BOX, 1.1)


@pytest.mark.parametrize("entry", read_handwritings()[::8], ids=lambda entry: f"{entry.label}-{entry.hand}")
def test_a_handwriting_is_what_it_is_by_hand(entry):
    strokes = [stroke * SIDE for stroke in entry.drawing.strokes]
    assert draw_strokes(strokes, SIDE, PEN).tolist() == by_hand(strokes, SIDE, PEN)


def test_a_dot_in_the_middle_of_a_pixel_fades_with_its_distance():
    # pen 2: full ink up to half a pixel from the dot, none from one and a half
    side, corner = 128, 22  # 255 · (1.5 − 1) + 0.5 and 255 · (1.5 − √2) + 0.5, cut off
    expected = np.zeros((7, 7), int)
    expected[2:5, 2:5] = [[corner, side, corner], [side, 255, side], [corner, side, corner]]
    assert draw_strokes([np.array([[3.5, 3.5]])], 7, 2).tolist() == expected.tolist()


def test_a_horizontal_line_between_two_rows_fills_just_these():
    expected = np.zeros((6, 9), int)
    expected[2:4, 1:8] = 255  # pen 2, from the middle of pixel 1 to that of pixel 7
    expected[2:4, [0, 8]] = 97  # 255 · (1.5 − √1.25) + 0.5, cut off
    line = np.array([[1.5, 3.0], [7.5, 3.0]])
    assert draw_strokes([line], 9, 2)[:6].tolist() == expected.tolist()


def test_a_horizontal_line_through_pixels_middles_fades_above_and_below():
    line = np.array([[0.0, 3.5], [9.0, 3.5]])
    # pen 2.3: the rows beside it are one pixel away, 255 · (1.15 + 0.5 − 1) + 0.5 = 166.25
    assert draw_strokes([line], 9, 2.3)[:, 4].tolist() == [0, 0, 166, 255, 166, 0, 0, 0, 0]


@given(STROKES, st.integers(-3, 3), st.integers(-3, 3))
def test_strokes_moved_by_whole_pixels_move_their_ink(strokes, down, right):
    room, moved = on_grid(strokes, 8, 8), on_grid(strokes, 8 + down, 8 + right)
    ink = draw_strokes(room, BOX + 16, PEN)
    assert np.array_equal(draw_strokes(moved, BOX + 16, PEN), np.roll(ink, (down, right), (0, 1)))


@given(STROKES, st.randoms(use_true_random=False))
def test_the_order_of_strokes_does_not_matter(strokes, random):
    shuffled = random.sample(strokes, len(strokes))
    assert np.array_equal(*(draw_strokes(on_grid(each), BOX, PEN) for each in (strokes, shuffled)))


@given(STROKES)
def test_the_direction_of_a_stroke_moves_no_pixel_by_more_than_one_level(strokes):
    backwards = [stroke[::-1] for stroke in strokes]
    one, other = (draw_strokes(on_grid(each), BOX, PEN).astype(int) for each in (strokes, backwards))
    assert np.abs(one - other).max() <= 1  # rounding alone


@given(STROKES)
def test_a_point_given_twice_changes_nothing(strokes):
    doubled = [[point for point in stroke for _ in range(2)] for stroke in strokes]
    assert np.array_equal(*(draw_strokes(on_grid(each), BOX, PEN) for each in (strokes, doubled)))


@given(STROKES, STROKES)
def test_two_strokes_leave_the_stronger_ink_of_both(strokes, others):
    together = draw_strokes(on_grid([*strokes, *others]), BOX, PEN)
    apart = [draw_strokes(on_grid(each), BOX, PEN) for each in (strokes, others)]
    assert np.array_equal(together, np.maximum(*apart))
