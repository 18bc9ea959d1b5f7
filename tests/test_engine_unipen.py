"""The page reads UNIPEN files as Python does, writes files that Python reads, and refuses what is none."""

import base64
import json
import random
from pathlib import Path
from typing import Any

import pytest
from absent import required
from engine_images import python_stages, random_drawings
from made import scale_writers, write_unipen
from node import run_node
from unipen_files import MADE, PEN_DIGITS, UNIPEN_DIGITS, two_writers

from mnist_core.drawings.strokes import Drawing, LabelledDrawing, parse_drawing, read_handwritings
from mnist_core.drawings.unipen import read_unipen


def rounded(drawing: Drawing) -> Drawing:
    """The drawing as the page keeps it, to a ten-thousandth of the pad."""
    return Drawing(tuple((stroke * 1e4).round() / 1e4 for stroke in drawing.strokes))


def on_the_page(drawings: list[Drawing]) -> list[dict[str, Any]]:
    """Drawings as the page holds them: labels one after the other, every third kept for testing."""
    return [
        {"label": number % 10, "isTest": number % 3 == 0, "strokes": drawing.to_json()["strokes"]}
        for number, drawing in enumerate(drawings)
    ]


def write_on_page(drawings: list[dict[str, Any]], tmp_path: Path) -> Path:
    """The file that the page writes of drawings."""
    given, written = tmp_path / "drawings.json", tmp_path / "hand.unipen"
    given.write_text(json.dumps(drawings), encoding="utf-8")
    written.write_text(json.loads(run_node("unipen.js", "write", given)), encoding="utf-8")
    return written


def read_on_page(path: Path) -> list[Any]:
    """Of every digit of a file label, writer, use and strokes, as the page reads them."""
    return json.loads(run_node("unipen.js", "read", path))


def assert_read_as_by_python(path: Path) -> int:
    """Assert that the page reads the same digits as Python, bit for bit; how many."""
    page = [(label, hand, strokes) for label, hand, _, strokes in read_on_page(path)]
    python = [(entry.label, entry.writer, entry.drawing.to_json()["strokes"]) for entry in read_unipen(path)]
    assert page == python
    return len(page)


@pytest.fixture
def drawings() -> list[Drawing]:
    """500 drawings of all sizes, dots among them, and the handwritings."""
    return [rounded(drawing) for drawing in random_drawings(420)] + [
        rounded(entry.drawing) for entry in read_handwritings()
    ]


def test_what_the_page_writes_it_reads_again(drawings, tmp_path):
    given = on_the_page(drawings)
    read = read_on_page(write_on_page(given, tmp_path))
    assert [
        {"label": label, "isTest": use == "test", "strokes": strokes} for label, _, use, strokes in read
    ] == given
    assert {hand for _, hand, _, _ in read} == {"me"}


def test_what_the_page_writes_is_the_same_drawings_and_images_in_python(drawings, tmp_path):
    read = read_unipen(write_on_page(on_the_page(drawings), tmp_path))
    assert [entry.label for entry in read] == [number % 10 for number in range(500)]
    assert [entry.drawing.to_json() for entry in read] == [drawing.to_json() for drawing in drawings]
    images, expected = python_stages([entry.drawing for entry in read]), python_stages(drawings)
    assert (images["image"] == expected["image"]).all()


def test_a_small_drawing_keeps_its_place_and_size(tmp_path):
    dot = parse_drawing({"strokes": [[[0.25, 0.75], [0.2512, 0.75]]]})
    [entry] = read_unipen(write_on_page(on_the_page([dot]), tmp_path))
    assert entry.drawing.to_json() == dot.to_json()


def test_a_file_made_by_hand_is_read_as_by_python(tmp_path):
    path = tmp_path / "made.unipen"
    path.write_text(MADE)
    assert assert_read_as_by_python(path) == 2


@pytest.mark.parametrize(
    "pad",
    [
        ".X_DIM 500\n.Y_DIM 500",
        ".X_DIM 400\n.Y_DIM 400",
        ".X_DIM 399\n.Y_DIM 399",
        ".X_DIM 500\n.Y_DIM 600",
        ".X_DIM 500",
        ".X_DIM 500\n.X_DIM 500",
        ".X_DIM 500\n.Y_DIM 500\n.X_DIM 600",
        ".X_DIM 0\n.Y_DIM 0",
    ],
    ids=repr,
)
def test_the_pad_that_a_file_names_counts_if_it_is_a_square_around_all_that_is_drawn(pad, tmp_path):
    path = tmp_path / "made.unipen"
    path.write_text(f"{pad}\n{MADE}")
    assert_read_as_by_python(path)
    [[x, y], *_] = read_on_page(path)[0][3][0]
    size = {".X_DIM 500\n.Y_DIM 500": 500, ".X_DIM 400\n.Y_DIM 400": 400}.get(pad)
    assert [x, y] == ([100 / size, (size - 400) / size] if size else [0, 0])


@pytest.mark.parametrize("pad", ["", ".X_DIM 100000\n.Y_DIM 100000\n"], ids=["no pad", "pad"])
@pytest.mark.parametrize("size", [0, 1, 66, 67, 200, 600, 601, 50_000])
def test_writers_with_tablets_of_other_scales_are_read_as_by_python(pad, size, tmp_path):
    path = tmp_path / "made.unipen"
    path.write_text(pad + two_writers(size))
    assert assert_read_as_by_python(path) == 2


@pytest.mark.thorough
def test_a_file_of_many_scales_is_read_as_by_python(tmp_path):
    mixed = tmp_path / "mixed.unipen"
    scale_writers(required(UNIPEN_DIGITS), mixed, seed=0)
    assert assert_read_as_by_python(mixed) == 5545


@pytest.mark.parametrize(
    "changed",
    [
        MADE.replace("\n", "\r\n"),
        MADE.replace(".PEN_DOWN\n", ".PEN_DOWN\n.PEN_UP\n.PEN_DOWN\n"),
        MADE.replace(" 300  400", "\t+300.0 4e2  87"),
        MADE.replace(".COMMENT 1 30  3\n", ""),
        MADE + '.SEGMENT DIGIT 2 ? "5"\n.COMMENT 5 1 1\n',
        MADE.replace("\n", "\u2028"),
        "\ufeff" + MADE,
        MADE.replace(" 200  350\n 200  250\n", " -7 -7\n"),
    ],
)
def test_unusual_forms_are_read_as_by_python(changed, tmp_path):
    path = tmp_path / "made.unipen"
    path.write_bytes(changed.encode())
    assert_read_as_by_python(path)


def test_one_point_makes_a_dot_in_a_corner_as_in_python(tmp_path):
    path = tmp_path / "dot.unipen"
    write_unipen(path, [LabelledDrawing(parse_drawing({"strokes": [[[0.3, 0.7]]]}), 1, "me")])
    assert assert_read_as_by_python(path) == 1
    assert read_on_page(path)[0][3] == [[[0, 0]]]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("path", "count"), [(PEN_DIGITS, 7494), (UNIPEN_DIGITS, 5545)], ids=["pens", "unipen"]
)
def test_files_of_many_writers_are_read_as_by_python(path, count):
    assert assert_read_as_by_python(required(path)) == count


def outcomes(files: list[bytes], tmp_path: Path) -> list[dict[str, Any]]:
    """What becomes of files on the page: a number of digits, or an error's name and message."""
    path = tmp_path / "files.json"
    path.write_text(json.dumps([base64.b64encode(content).decode() for content in files]), encoding="utf-8")
    return json.loads(run_node("unipen.js", "variants", path))


def test_600_damaged_files_are_refused_with_a_sentence_or_read(tmp_path):
    sound = write_on_page(
        on_the_page([entry.drawing for entry in read_handwritings()[:20]]), tmp_path
    ).read_bytes()
    dice = random.Random(1)
    places = [dice.randrange(len(sound)) for _ in range(600)]
    damaged = [
        [
            sound[:place] + bytes([sound[place] ^ 1 << dice.randrange(8)]) + sound[place + 1 :],
            sound[:place],
            sound[:place] + dice.randbytes(dice.randrange(1, 40)) + sound[place:],
            sound[:place] + sound[place : place + 30] * 2 + sound[place + 30 :],
            sound[:place] + sound[place + dice.randrange(1, 200) :],
            dice.randbytes(dice.randrange(2_000)),
        ][number % 6]
        for number, place in enumerate(places)
    ]
    results = outcomes(damaged, tmp_path)
    assert len(results) == 600
    refused = [result for result in results if "error" in result]
    assert 200 < len(refused) < 600
    for result in refused:
        assert result["error"] == "InklingError"
        assert result["message"].startswith(("This file ", "A digit in this file "))
        assert result["message"].endswith(".")
    assert all(1 <= result["digits"] <= 21 for result in results if "digits" in result)


NO_DIGITS = "This file holds no UNIPEN digits; open one that was saved here."
NO_TEXT = "This file is no text, so it is no UNIPEN file; open one that was saved here."
NO_LABEL = 'This file cannot be read: its line 5 has no label between "0" and "9".'
NO_POINT = "This file cannot be read: its line 8 is no point of two numbers."
TOO_LONG = "A digit in this file has more than 200 strokes or 10,000 points."


def assert_refused(content: str | bytes, message: str, tmp_path: Path) -> None:
    """Assert that the page refuses a file with this sentence."""
    content = content if isinstance(content, bytes) else content.encode()
    assert outcomes([content], tmp_path) == [{"error": "InklingError", "message": message}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", NO_DIGITS),
        (b"not unipen", NO_DIGITS),
        (b"\0" * 1000, NO_DIGITS),
        (b"\n" * 5_000_000, NO_DIGITS),
        (b'.SEGMENT DIGIT 0 ? "8"\n', NO_DIGITS),
        (b".PEN_DOWN\n1 1\n", NO_DIGITS),
        (b"<!doctype html><script>alert(1)</script>", NO_DIGITS),
        (b"\xff\xfe\x00", NO_TEXT),
        (MADE.encode("utf-16"), NO_TEXT),
        (MADE.encode() + b"\x80", NO_TEXT),
        (b" " * 5_000_001, "This file is larger than 5 MB; open a smaller file of digits."),
        (MADE.replace(" 100  400", "1 1\n" * 10_001), TOO_LONG),
        (MADE.replace(".DT 100", ".PEN_DOWN\n1 1\n" * 201), TOO_LONG),
        (b'.SEGMENT DIGIT 0 ? "8"\n' * 20_001, "This file has more than 20,000 digits."),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_is_no_file_of_digits_is_refused_with_a_sentence(content, message, tmp_path):
    assert_refused(content, message, tmp_path)


@pytest.mark.parametrize("label", ['"A"', '"77"', "7", '""', '"\u0667"', '"-1"'])
def test_a_label_that_is_no_digit_is_refused(label, tmp_path):
    assert_refused(MADE.replace('"7"', label), NO_LABEL, tmp_path)


@pytest.mark.parametrize(
    "point", ["100", "1 x", "x 1", "nan 1", "1e999 1", "1e10 1", "0x10 1", "1,5 2", "5 ."]
)
def test_a_point_that_is_none_is_refused(point, tmp_path):
    assert_refused(MADE.replace(" 100  400", point), NO_POINT, tmp_path)
