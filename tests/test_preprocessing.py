"""Strokes leave ink by their distance, and drawings become images the way MNIST's were made."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_core.drawings.preprocessing import (
    BOX,
    PEN,
    SIDE,
    center_by_mass,
    draw_strokes,
    image_of_drawing,
    shift_to_center,
    shrink_drawing,
    stages_of_drawing,
)
from mnist_core.drawings.strokes import Drawing, parse_drawing, read_handwritings
from mnist_core.errors import DrawingError

# Points on a grid of 1/1024, in the pad's upper left quarter: moving them by the grid or halving them is
# exact in floating point, so that an image must not change in a single bit.
GRID = 1024
POINTS = st.tuples(st.integers(0, GRID // 2), st.integers(0, GRID // 2))
GRID_STROKES = st.lists(st.lists(POINTS, min_size=1, max_size=6), min_size=1, max_size=4)
SHIFTS = st.integers(0, GRID // 2)


def ink_up_to(side):
    """Ink in whole numbers, at most so many pixels wide: sums are exact, and so is a centre on a border."""
    sides = st.integers(1, side).flatmap(lambda side: arrays(np.uint8, (side, side)))
    return sides.filter(np.any).map(np.ndarray.tolist)


INK, HALF_AS_WIDE = ink_up_to(28), ink_up_to(14)

HANDWRITINGS = {f"{entry.label}-{entry.writer}": entry.drawing for entry in read_handwritings()}


def on_grid(strokes, *, scale=1.0, right=0, down=0):
    return Drawing(
        tuple(
            np.array([[(x + right) * scale, (y + down) * scale] for x, y in stroke]) / GRID
            for stroke in strokes
        )
    )


def center_of_mass(image):
    """Of ink (28, 28), as (down, right), with the centre of pixel i at i + 0.5."""
    places = torch.arange(28) + 0.5
    return [((image.double().sum(other) * places).sum() / image.double().sum()).item() for other in (1, 0)]


def longer_side(image):
    """Of the box around all ink, in pixels."""
    rows, columns = image.nonzero().T
    return max(rows.max() - rows.min(), columns.max() - columns.min()).item() + 1


@given(GRID_STROKES, SHIFTS, SHIFTS)
def test_moving_a_drawing_leaves_its_image_as_it_is(strokes, right, down):
    moved = on_grid(strokes, right=right, down=down)
    assert torch.equal(image_of_drawing(moved), image_of_drawing(on_grid(strokes)))


@given(GRID_STROKES.filter(lambda strokes: np.ptp(np.concatenate(strokes), axis=0).max() > 0.4 * GRID))
def test_halving_a_drawing_leaves_its_image_as_it_is(strokes):
    assert torch.equal(image_of_drawing(on_grid(strokes, scale=0.5)), image_of_drawing(on_grid(strokes)))


def test_shrinking_a_drawing_by_any_factor_hardly_changes_its_image():
    for name, drawing in HANDWRITINGS.items():
        shrunk = Drawing(tuple(stroke * 0.731 for stroke in drawing.strokes))
        one, other = image_of_drawing(drawing), image_of_drawing(shrunk)
        assert (one - other).abs().max() <= 1.001 / 255, name  # rounding alone


def test_the_order_of_strokes_does_not_matter():
    for name, drawing in HANDWRITINGS.items():
        backwards = Drawing(tuple(stroke for stroke in reversed(drawing.strokes)))
        assert torch.equal(image_of_drawing(backwards), image_of_drawing(drawing)), name


def test_the_longer_side_of_a_drawing_is_twenty_pixels():
    for name, drawing in HANDWRITINGS.items():
        assert longer_side(image_of_drawing(drawing)) == 20, name


def test_the_center_of_mass_of_a_drawing_lies_from_14_to_15():
    for name, drawing in HANDWRITINGS.items():
        levels = (image_of_drawing(drawing) * 255).round()
        assert all(14 <= place < 15 for place in center_of_mass(levels)), name


@given(GRID_STROKES)
def test_ink_of_a_drawing_is_in_steps_of_a_255th_from_paper_to_full_ink(strokes):
    levels = image_of_drawing(on_grid(strokes)) * 255
    torch.testing.assert_close(levels, levels.round().clamp(0, 255))


@given(GRID_STROKES)
def test_any_drawing_leaves_full_ink_somewhere(strokes):
    assert image_of_drawing(on_grid(strokes)).max() == 1


@pytest.mark.parametrize("place", [(0, 0), (1, 1), (0.3, 0.9)])
def test_a_dot_stays_a_dot_as_wide_as_the_pen(place):
    image = image_of_drawing(parse_drawing({"strokes": [[list(place)]]}))
    assert image.sum().item() == pytest.approx(np.pi * PEN**2 / 4, rel=0.1)


def test_a_trembling_dot_is_not_enlarged_to_a_scrawl():
    image = image_of_drawing(parse_drawing({"strokes": [[[0.5, 0.5], [0.501, 0.502], [0.502, 0.5]]]}))
    assert longer_side(image) <= 4


def test_a_vertical_line_is_as_wide_as_the_pen():
    image = image_of_drawing(parse_drawing({"strokes": [[[0.5, 0.2], [0.5, 0.8]]]}))
    assert image[14].sum().item() == pytest.approx(PEN, abs=0.15)


def test_mean_ink_of_the_handwritings_is_about_mnists():
    mean = torch.stack([image_of_drawing(drawing) for drawing in HANDWRITINGS.values()]).mean().item()
    assert mean == pytest.approx(0.13, abs=0.015)


def test_an_empty_drawing_is_refused():
    with pytest.raises(DrawingError) as caught:
        image_of_drawing(Drawing(()))
    assert str(caught.value) == "The drawing is empty, so there is nothing to predict; draw a digit first."


def test_the_box_of_the_stages_is_the_one_around_all_points():
    for name, drawing in HANDWRITINGS.items():
        stages = stages_of_drawing(drawing)
        xs, ys = zip(*(point for stroke in drawing.strokes for point in stroke.tolist()), strict=True)
        assert stages.corner.tolist() == [min(xs), min(ys)], name
        assert stages.extent.tolist() == [max(xs) - min(xs), max(ys) - min(ys)], name


def test_the_fitted_stage_fills_twenty_pixels_from_its_upper_left_corner():
    for name, drawing in HANDWRITINGS.items():
        fitted = torch.from_numpy(stages_of_drawing(drawing).fitted)
        assert fitted.shape == (20, 20), name
        assert longer_side(fitted) == 20, name
        assert fitted[0].any(), name
        assert fitted[:, 0].any(), name


def test_the_last_stage_is_the_fitted_one_shifted():
    for name, drawing in HANDWRITINGS.items():
        stages = stages_of_drawing(drawing)
        canvas = np.pad(stages.fitted, ((0, 8), (0, 8)))  # room for the shift: no ink of these falls outside
        shifted = np.roll(canvas, stages.shift, (0, 1))
        assert torch.equal(stages.image, torch.from_numpy((shifted * 255).round() / 255).float()), name


def test_mnists_own_images_already_lie_where_they_belong(test_images):
    assert {shift_to_center(levels) for levels in test_images.images.numpy()} == {(0, 0)}


@given(HALF_AS_WIDE)
def test_centering_loses_no_ink_of_what_is_half_as_wide(rows):
    ink = np.array(rows, dtype=float)
    assert center_by_mass(ink).sum() == ink.sum()


@given(INK, st.integers(0, 14), st.integers(0, 14))
def test_centering_undoes_any_translation(rows, down, right):
    ink = np.array(rows, dtype=float)
    moved = np.pad(ink, ((down, 0), (right, 0)))
    assert np.array_equal(center_by_mass(moved), center_by_mass(ink))


@given(INK)
def test_the_shift_is_the_same_in_whole_numbers(rows):
    mass = sum(map(sum, rows))
    down, right = (
        sum((2 * place + 1) * sum(line) for place, line in enumerate(lines))
        for lines in (rows, list(zip(*rows, strict=True)))
    )
    # rounding down the negative is rounding up: (28·mass − moment) / (2·mass), upwards
    expected = tuple(-((moment - 28 * mass) // (2 * mass)) for moment in (down, right))
    assert shift_to_center(np.array(rows, np.uint8)) == expected


@given(HALF_AS_WIDE)
def test_centering_puts_the_center_of_mass_from_14_to_15(rows):
    places = center_of_mass(torch.from_numpy(center_by_mass(np.array(rows, dtype=float))))
    assert all(14 <= place < 15 for place in places)


@pytest.mark.parametrize(
    ("columns", "shift"),
    [
        ({13: 3, 14: 2}, 1),  # centre of mass at 13.9: the nearest whole shift would be 0
        ({13: 1, 14: 1}, 0),  # 14.0
        ({14: 1}, 0),  # 14.5
        ({14: 9, 15: 1}, 0),  # 14.6: the nearest whole shift would be -1
        ({14: 1, 15: 1}, -1),  # 15.0
    ],
)
def test_the_shift_is_the_ceiling_not_the_nearest_whole_number(columns, shift):
    ink = np.zeros((28, 28))
    for column, weight in columns.items():
        ink[14, column] = weight
    assert np.array_equal(center_by_mass(ink), np.roll(ink, shift, 1))


def test_a_shrunk_drawing_stays_where_it_is_on_the_pad():
    corner = Drawing((np.array([[0.1, 0.1], [0.2, 0.2]]),))
    ink = shrink_drawing(corner)
    assert ink[:8, :8].count_nonzero() == ink.count_nonzero() > 0


def test_a_shrunk_drawing_has_the_pen_s_width():
    bar = Drawing((np.array([[0.5, 0.2], [0.5, 0.8]]),))
    assert shrink_drawing(bar)[14].sum().item() == pytest.approx(PEN, abs=0.15)


def test_an_empty_drawing_cannot_be_shrunk():
    with pytest.raises(DrawingError, match="The drawing is empty"):
        shrink_drawing(Drawing(()))


# Points of 64ths of a pixel, also outside of the image: sums of them are exact.
PIXEL_PARTS = 64
PIXEL_POINTS = st.tuples(*[st.integers(-2 * PIXEL_PARTS, (BOX + 2) * PIXEL_PARTS)] * 2)
PIXEL_STROKES = st.lists(st.lists(PIXEL_POINTS, min_size=1, max_size=6), min_size=1, max_size=4)
ANYWHERE = st.lists(
    st.lists(st.tuples(*[st.floats(-2, SIDE + 2)] * 2), min_size=1, max_size=6), min_size=1, max_size=4
)
PENS = st.floats(1, 4)


def in_pixels(strokes, down=0, right=0):
    """Strokes of 64ths as points in pixels, moved by whole pixels."""
    return [np.array(stroke) / PIXEL_PARTS + (right, down) for stroke in strokes]


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


@pytest.mark.parametrize("entry", read_handwritings()[::8], ids=lambda entry: f"{entry.label}-{entry.writer}")
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


@given(PIXEL_STROKES, st.integers(-3, 3), st.integers(-3, 3))
def test_strokes_moved_by_whole_pixels_move_their_ink(strokes, down, right):
    room, moved = in_pixels(strokes, 8, 8), in_pixels(strokes, 8 + down, 8 + right)
    ink = draw_strokes(room, BOX + 16, PEN)
    assert np.array_equal(draw_strokes(moved, BOX + 16, PEN), np.roll(ink, (down, right), (0, 1)))


@given(PIXEL_STROKES, st.randoms(use_true_random=False))
def test_the_order_of_strokes_does_not_matter_to_their_ink(strokes, random):
    shuffled = random.sample(strokes, len(strokes))
    assert np.array_equal(*(draw_strokes(in_pixels(each), BOX, PEN) for each in (strokes, shuffled)))


@given(PIXEL_STROKES)
def test_the_direction_of_a_stroke_moves_no_pixel_by_more_than_one_level(strokes):
    backwards = [stroke[::-1] for stroke in strokes]
    one, other = (draw_strokes(in_pixels(each), BOX, PEN).astype(int) for each in (strokes, backwards))
    assert np.abs(one - other).max() <= 1  # rounding alone


@given(PIXEL_STROKES)
def test_a_point_given_twice_changes_nothing(strokes):
    doubled = [[point for point in stroke for _ in range(2)] for stroke in strokes]
    assert np.array_equal(*(draw_strokes(in_pixels(each), BOX, PEN) for each in (strokes, doubled)))


@given(PIXEL_STROKES, PIXEL_STROKES)
def test_two_strokes_leave_the_stronger_ink_of_both(strokes, others):
    together = draw_strokes(in_pixels([*strokes, *others]), BOX, PEN)
    apart = [draw_strokes(in_pixels(each), BOX, PEN) for each in (strokes, others)]
    assert np.array_equal(together, np.maximum(*apart))
