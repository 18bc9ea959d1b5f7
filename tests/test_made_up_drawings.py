"""Made-up drawings of things that are not digits: every kind is drawn, and drawn in many ways."""

from collections import Counter

import numpy as np
import pytest

from mnist_core.detector.made_up_drawings import KINDS, LETTER_STROKES, WORDS, draw_made_up
from mnist_core.drawings.preprocessing import DOT, image_of_drawing
from mnist_core.drawings.strokes import parse_drawing

EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
DRAWN = draw_made_up(10 * len(KINDS), seed=5)


def of_kind(kind):
    return [drawing for name, drawing in DRAWN if name == kind]


def test_there_are_many_kinds():
    assert len(KINDS) >= 10


def test_every_kind_is_drawn_as_often():
    assert Counter(kind for kind, _ in DRAWN) == dict.fromkeys(KINDS, 10)


def test_equal_seeds_draw_equally():
    first, second = ([drawing.to_json() for _, drawing in draw_made_up(30, seed=7)] for _ in range(2))
    assert first == second


def test_other_seeds_draw_otherwise():
    first, second = ([drawing.to_json() for _, drawing in draw_made_up(30, seed=seed)] for seed in (7, 8))
    assert all(one != other for one, other in zip(first, second, strict=True))


@EVERY_KIND
def test_the_page_accepts_what_is_drawn(kind):
    for drawing in of_kind(kind):
        parsed = parse_drawing(drawing.to_json())
        assert all(map(np.array_equal, parsed.strokes, drawing.strokes))


@EVERY_KIND
def test_no_two_drawings_of_a_kind_are_alike(kind):
    images = [image_of_drawing(drawing).numpy().tobytes() for drawing in of_kind(kind)]
    assert len(set(images)) > len(images) / 2  # dots are few pixels


@EVERY_KIND
def test_drawings_differ_in_size_and_place(kind):
    points = [np.concatenate(drawing.strokes) for drawing in of_kind(kind)]
    assert np.std([stroke.mean(0) for stroke in points], axis=0).min() > 0.03
    assert np.std([np.ptp(stroke, axis=0).max() for stroke in points]) > (0 if kind == "dot" else 0.03)


def test_a_dot_is_smaller_than_the_pen():
    assert all(np.ptp(np.concatenate(drawing.strokes), axis=0).max() < DOT / 2 for drawing in of_kind("dot"))


def test_a_spiral_turns_several_times():
    for drawing in of_kind("spiral"):
        steps = np.diff(drawing.strokes[0], axis=0)
        angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
        assert abs(angles[-1] - angles[0]) > 2 * 2 * np.pi


def test_words_have_letters_that_can_be_drawn():
    assert set("".join(WORDS)) <= set(LETTER_STROKES)
