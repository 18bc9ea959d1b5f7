"""Drawings: what is accepted, and the words in which anything else is refused."""

import json
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.drawings.strokes import Drawing, parse_drawing, read_drawing, read_handwritings
from mnist_core.errors import DrawingError

COORDINATES = st.one_of(st.floats(0, 1), st.integers(0, 1))
STROKES = st.lists(
    st.lists(st.tuples(COORDINATES, COORDINATES).map(list), min_size=1, max_size=5), max_size=5
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


def refusal(value):
    with pytest.raises(DrawingError) as caught:
        parse_drawing(value)
    return str(caught.value)


@given(STROKES)
def test_a_drawing_survives_the_round_trip_through_json(strokes):
    drawing = parse_drawing({"strokes": strokes})
    again = parse_drawing(json.loads(json.dumps(drawing.to_json())))
    assert again.to_json() == {"strokes": strokes}


@given(JSON)
def test_any_json_is_a_drawing_or_refused(value):
    with suppress(DrawingError):
        assert isinstance(parse_drawing({"strokes": value}), Drawing)


def test_strokes_are_arrays_of_points():
    stroke = parse_drawing({"strokes": [[[0, 1], [0.25, 0.5], [1, 0]]]}).strokes[0]
    assert np.array_equal(stroke, [[0, 1], [0.25, 0.5], [1, 0]])


def test_a_drawing_without_strokes_is_empty():
    assert parse_drawing({"strokes": []}).is_empty


def test_a_drawing_with_a_dot_is_not_empty():
    assert not parse_drawing({"strokes": [[[0.5, 0.5]]]}).is_empty


@pytest.mark.parametrize("value", [None, [], "strokes", 7, {}, {"strokes": None}, {"strokes": {"0": []}}])
def test_what_is_no_drawing_is_refused_with_the_form_of_one(value):
    assert refusal(value) == (
        'A drawing has the form {"strokes": [[[x, y], …], …]}; '
        f"given was {value!r}. Send a list of strokes, each a list of points."
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), -0.001, 1.001, -1, 10**30])
def test_a_coordinate_outside_the_pad_is_refused(value):
    assert refusal({"strokes": [[[0, 0]], [[0.5, 0.5], [0.5, value]]]}) == (
        f"Stroke 2 holds the point [0.5, {value}]; x and y must be numbers from 0 to 1."
    )


@pytest.mark.parametrize("value", ["0.5", True, None, [0.5], {}])
def test_a_coordinate_that_is_no_number_is_refused(value):
    assert refusal({"strokes": [[[0.5, value]]]}) == (
        f"Stroke 1 is no list of points [x, y] with two numbers each; given was {[[0.5, value]]!r}."
    )


@pytest.mark.parametrize(
    "stroke", [[], None, "0.5, 0.5", 0.5, [0.5, 0.5], [[0.5]], [[0.1, 0.2, 0.3]], {"x": 1}]
)
def test_what_is_no_stroke_is_refused_with_its_number(stroke):
    assert refusal({"strokes": [[[0.5, 0.5]], stroke]}) == (
        f"Stroke 2 is no list of points [x, y] with two numbers each; given was {stroke!r}."
    )


def test_a_million_points_are_refused():
    assert refusal({"strokes": [[[0.5, 0.5]] * 1_000_000]}) == (
        "A drawing has at most 10,000 points; given were 1,000,000."
    )


def test_points_are_counted_over_all_strokes():
    assert refusal({"strokes": [[[0.5, 0.5]] * 5_000, [[0.5, 0.5]] * 5_001]}) == (
        "A drawing has at most 10,000 points; given were 10,001."
    )


def test_ten_thousand_points_are_a_drawing():
    assert len(parse_drawing({"strokes": [[[0.5, 0.5]] * 10_000]}).strokes[0]) == 10_000


def test_too_many_strokes_are_refused():
    assert refusal({"strokes": [[[0.5, 0.5]]] * 201}) == (
        "A drawing has at most 200 strokes; given were 201."
    )


def test_two_hundred_strokes_are_a_drawing():
    assert len(parse_drawing({"strokes": [[[0.5, 0.5]]] * 200}).strokes) == 200


def test_an_integer_too_large_to_print_is_refused():
    assert refusal({"strokes": [[[10**5_000, 0]]]}) == (
        "Stroke 1 holds the point a list too large to show; x and y must be numbers from 0 to 1."
    )


def nested(depth):
    value = 0.5
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("wrap", [list, lambda deep: {"strokes": [deep]}, lambda deep: {"strokes": [[deep]]}])
def test_lists_in_lists_in_lists_are_refused(wrap):
    assert "too large to show" in refusal(wrap(nested(100_000)))


def test_a_long_value_is_shortened_in_the_error():
    text = refusal("x" * 1_000_000)
    assert f"given was '{'x' * 56}.... Send" in text


def test_a_json_file_is_read_as_its_drawing(tmp_path):
    (tmp_path / "one.json").write_text('{"strokes": [[[0.5, 0.1], [0.5, 0.9]]]}')
    assert read_drawing(tmp_path / "one.json").to_json() == {"strokes": [[[0.5, 0.1], [0.5, 0.9]]]}


@pytest.mark.parametrize("content", [b"", b"strokes", b"\xff\xfe", b"[" * 100_000, b'{"strokes": '])
def test_a_file_that_is_no_json_is_refused_by_name(tmp_path, content):
    path = tmp_path / "drawing.json"
    path.write_bytes(content)
    with pytest.raises(DrawingError) as caught:
        read_drawing(path)
    assert str(caught.value).startswith(f"{path} is no JSON drawing: ")


def test_a_missing_json_file_is_refused_by_name(tmp_path):
    with pytest.raises(DrawingError, match="No such file"):
        read_drawing(tmp_path / "none.json")


@pytest.mark.parametrize("digit", range(10))
def test_the_project_holds_at_least_six_handwritings_of_each_digit(digit):
    assert len({entry.writer for entry in read_handwritings() if entry.label == digit}) >= 6
