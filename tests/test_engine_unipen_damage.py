"""Python and the page say the same of every UNIPEN file, however damaged."""

import base64
import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from damaged_unipen import damaged_files
from node import run_node
from unipen_files import MADE

from mnist_core.drawings.unipen import read_unipen
from mnist_core.errors import DrawingError

SAID = {  # in Python, and on the page, of a file that is refused
    "no text": ("is no UNIPEN file: ", "This file is no text"),
    "no digits": ("holds no UNIPEN digits", "This file holds no UNIPEN digits"),
    "label": ('expected a segment labelled "0" to "9"', 'has no label between "0" and "9"'),
    "point": ("expected a point of two numbers", "is no point of two numbers"),
    "too long": ("has more than 200 strokes or 10,000 points", "has more than 200 strokes or 10,000 points"),
}
Drawn = list[list[Any]]  # of each digit label, writer and strokes


def refusal(message: str) -> str:
    """What is wrong with a file, in the same words for Python and the page: the kind, and the line."""
    [kind] = [kind for kind, texts in SAID.items() if any(text in message for text in texts)]
    line = re.search(r"line (\d+)", message)
    return f"{kind}, line {line[1]}" if line else kind


def read_in_python(files: list[bytes], path: Path) -> list[Drawn | str]:
    """What Python reads in each file, or what it says is wrong."""
    outcomes: list[Drawn | str] = []
    for content in files:
        path.write_bytes(content)
        try:
            digits = read_unipen(path)
            outcomes.append([[each.label, each.writer, each.drawing.to_json()["strokes"]] for each in digits])
        except DrawingError as error:
            outcomes.append(refusal(str(error)))
    return outcomes


def read_on_page(files: list[bytes], path: Path) -> list[Drawn | str]:
    """What the page reads in each file, or what it says is wrong."""
    path.write_text(json.dumps([base64.b64encode(content).decode() for content in files]), encoding="utf-8")
    outcomes = json.loads(run_node("unipen.js", "drawings", path))
    return [refusal(outcome) if isinstance(outcome, str) else outcome for outcome in outcomes]


def test_2000_damaged_files_are_the_same_drawings_in_python_and_on_the_page(tmp_path):
    files = damaged_files(2_000, seed=6)
    python, page = (read(files, tmp_path / "file") for read in (read_in_python, read_on_page))
    different = [pair for pair in zip(files, python, page, strict=True) if pair[1] != pair[2]]
    assert not different, f"{len(different)} files, the first: {different[0]}"
    kinds = Counter(said.split(",")[0] for said in python if isinstance(said, str))
    assert kinds.keys() == SAID.keys()  # so that every way to refuse a file is compared
    assert 500 < kinds.total() < 1_500


SEVEN, ONE = [3, 2], [2]  # points of each stroke of MADE's digits
# Both labels first, then all strokes.
LABELS_FIRST = "".join(sorted(MADE.splitlines(keepends=True), key=lambda line: ".SEGMENT" not in line))
NO_STROKE = MADE.replace(".PEN_DOWN\n 150", ".pen_down\n 150")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (MADE, [SEVEN, ONE]),
        (MADE.replace(" 300  400", ".COMMENT here\n 300  400"), [SEVEN, ONE]),
        (MADE.replace(" 300  400", ".COMMENT\n 300  400"), [SEVEN, ONE]),
        (MADE.replace(" 300  400", ".COMMENT 7 12 224\n 300  400"), [SEVEN, ONE]),
        (MADE.replace(" 300  400", ".DT 100\n 300  400"), [[1, 2], ONE]),
        (NO_STROKE, [[3], ONE]),
        (MADE.replace(" ", "\t"), [SEVEN, ONE]),
        (MADE.replace("\n", "\v"), [SEVEN, ONE]),
        (MADE.replace("\n", "\x85"), [SEVEN, ONE]),
        (MADE.replace("\n", "\x1c"), "no digits"),
        (MADE.replace(" 300  400", ".5 .5"), [SEVEN, ONE]),
        (MADE.replace(" 300  400", ".x .5"), [[1, 2], ONE]),
        (MADE.replace(" 300  400", "-0 1e9"), [SEVEN, ONE]),
        (MADE.replace(" 300  400", "1 1000000001"), "point, line 9"),
        (MADE.replace(" 300  400", "1_000 400"), "point, line 9"),
        (MADE.replace(" 300  400", "\uff13\uff10\uff10 400"), "point, line 9"),
        (MADE.replace(" 300  400", "300\xa0400"), "point, line 9"),
        (MADE.replace(" 300  400", "\x1f300 400"), "point, line 9"),
        (MADE.replace(" 300  400", "\ufeff300 400"), "point, line 9"),
        (f"\ufeff{MADE[MADE.index('.SEGMENT') :]}", [SEVEN, ONE]),
        (MADE.replace(".DT 100", ".PEN_DOWN\n1 1\n" * 198), [[3, *[1] * 198, 2], ONE]),
        (MADE.replace(".DT 100", ".PEN_DOWN\n1 1\n" * 199), "too long"),
        (MADE.replace(".DT 100", ".PEN_DOWN\n" + "1 1\n" * 9_995), [[3, 9_995, 2], ONE]),
        (MADE.replace(".DT 100", ".PEN_DOWN\n" + "1 1\n" * 9_996), "too long"),
        (f"\ufeff\ufeff{MADE[MADE.index('.SEGMENT') :]}", [SEVEN, ONE]),
        (MADE.replace(".SEGMENT", "\ufeff.SEGMENT"), [SEVEN, ONE]),
        (MADE.replace(".PEN_DOWN", "\t\ufeff.PEN_DOWN"), "no digits"),
        (f".COORD Y\n{MADE}", "point, line 9"),
        (f".COORD\n{MADE}", "point, line 9"),
        (f".COORD x y\n{MADE}", "point, line 9"),
        (f".COORD X Y T\n{MADE}", [SEVEN, ONE]),
        (f".COORD T X Y\n{MADE}", "point, line 9"),
        (MADE.replace(".DT 100", ".COORD Y X"), [SEVEN, ONE]),
        (MADE.replace(" 300  400", " 1e308 400"), "point, line 9"),
        (MADE.replace(" 300  400", " 300 -1e308"), "point, line 9"),
        (MADE.replace(" 300  400", " 300 nan"), "point, line 9"),
        (MADE.replace(" 300  400", " inf 400"), "point, line 9"),
        (MADE.replace(" 300  400", f" {'9' * 400} 400"), "point, line 9"),
        (MADE.replace(" 300  400", " 0x12c 400"), "point, line 9"),
        (MADE.replace(" 300  400", " 1_0 400"), "point, line 9"),
        (MADE.replace(" 300  400", " 1e-320 400"), [SEVEN, ONE]),
        (LABELS_FIRST, "no digits"),
        (LABELS_FIRST.replace(".SEGMENT DIGIT    0", ".SEGMENTS DIGIT 0"), [[3, 2, 2]]),
    ],
    ids=range(43),
)
def test_what_is_said_of_the_format_is_read_in_python_and_on_the_page(content, expected, tmp_path):
    for read in (read_in_python, read_on_page):
        [outcome] = read([content.encode()], tmp_path / "file")
        if isinstance(outcome, list):
            outcome = [[len(stroke) for stroke in strokes] for _, _, strokes in outcome]
        assert outcome == expected


def test_a_drawing_of_too_many_strokes_is_refused_with_its_label(tmp_path):
    path = tmp_path / "long.unipen"
    path.write_text(MADE.replace(".DT 100", ".PEN_DOWN\n1 1\n" * 199))
    with pytest.raises(DrawingError) as caught:
        read_unipen(path)
    assert str(caught.value) == (
        f"{path}: a drawing has more than 200 strokes or 10,000 points, labelled '7', with 201 and 204; "
        "give a file with a .SEGMENT for each."
    )


def test_a_million_digits_that_end_in_a_letter_are_refused_at_once(tmp_path):
    content = MADE.replace(" 300  400", f"{'3' * 1_000_000}x 400").encode()
    started = time.perf_counter()
    for read in (read_in_python, read_on_page):
        assert read([content], tmp_path / "file") == ["point, line 9"]
    assert time.perf_counter() - started < 10  # hours where every split of the digits is tried


@pytest.mark.parametrize(
    ("names", "form"),
    [
        ("T X Y", "5 {0} {1}"),
        ("Y X", "{1} {0}"),
        ("X T Y", "{0} 0.25 {1}"),
        ("T B Y P X", "1 x {1} 2 {0}"),
        ("X Y P T", "{0} {1} 7 8"),
        ("T\tX\tY", "5\t{0}\t{1}"),
    ],
)
def test_coordinates_lie_where_a_file_says(names, form, tmp_path):
    lines = [form.format(*line.split()) if line.strip()[:1].isdigit() else line for line in MADE.splitlines()]
    plain, named = MADE.encode(), "\n".join([f".COORD {names}", *lines]).encode()
    for read in (read_in_python, read_on_page):
        expected, got = read([plain, named], tmp_path / "file")
        assert got == expected
