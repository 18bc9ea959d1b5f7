"""UNIPEN files: digits, such as pendigits-orig.tra, and characters of any label.

What is read of the format, here and in the page (webapp/page/engine/unipen.js), which say the same of every
file:

- A file is UTF-8, and may begin with a byte order mark; one before a keyword is passed over anywhere. LF, CR,
  CR LF, VT, FF, NEL, LS and PS end a line. Spaces and tabs, any number of them, stand between words; no other
  character is blank.
- A line whose first word begins with a dot, not followed by a digit, is a keyword and what belongs to it.
  Keywords are in capitals.
- `.SEGMENT` begins a drawing. Its label stands between the first and the last quote of the line. A file whose
  pen data all comes after the last of several segments does not say what belongs to which, so it is refused.
- `.COMMENT digit writer index` names the drawing's writer; of several the last one counts. A comment of fewer
  than two words names nobody. No comment lifts the pen: to the format it is free text without any effect.
- `.PEN_DOWN` begins a stroke; every keyword but a comment ends it. Strokes without points are left out.
- Every other line is a point while the pen is down, and is passed over while it is not. Of its words two are
  x and y, in decimal notation with ASCII digits (-12, 0.5, .5, 1e3), from -1e9 to 1e9; the others, such as
  time or pressure, are passed over.
- `.COORD` names the words of the points from here on, such as `.COORD T X Y`; before it they are X and Y.
  After one that does not name both, no line is a point.
- A drawing has at most 200 strokes and 10,000 points.

The page alone limits the size of a file, to what a browser should hold.

Source: Guyon et al. 1994, "UNIPEN project of on-line data exchange and recognizer benchmarks".
"""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.drawings.strokes import MAX_POINTS, MAX_STROKES, Character, Drawing, LabelledDrawing
from mnist_core.errors import DrawingError, brief

Segment = tuple[str, str, list[list[tuple[float, float]]]]  # label, writer, strokes of x and y
Columns = tuple[int, int]  # which of a point's words are x and y
Pad = tuple[NDArray[np.float64], NDArray[np.float64]]  # lower left and upper right corner, x and y each
# On one pad, writers use squares of which the largest is less than this many times the smallest: of the 30
# writers of pendigits, each uses at least 0.54 of the pad (tests/test_unipen.py).
ONE_PAD = 3
MAX_COORDINATE = 1e9
LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")  # str.splitlines knows more of them
WORD = re.compile(r"[^ \t]+")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")  # float takes more, such as 1_000
DIMENSION = re.compile(r"[ \t]*\.([XY])_DIM[ \t]+([1-9][0-9]{0,8})[ \t]*")
MARK = re.compile("^\ufeff+(?=[ \t]*\\.)")  # byte order marks before a keyword, where files were joined
KEYWORD = re.compile(r"\.(?![0-9])")  # what a keyword begins with


def read_unipen(path: Path) -> list[LabelledDrawing]:
    """Read the digits of a UNIPEN file, such as pendigits-orig.tra.

    Every `.SEGMENT` has a digit as its label, and y grows upwards. All drawings of a file share one pad: the
    one it names by equal `.X_DIM` and `.Y_DIM`, if all that is drawn lies on it, else the square around
    everything that is drawn. Where that square is more than three times as large as the one around a writer's
    drawings, the writers' tablets had scales of their own: then every writer has a pad, the square around
    their drawings.

    Raises:
        DrawingError: the file cannot be read, is damaged, holds no digits, or a label that is no digit.
    """
    characters = _read(path, re.compile("[0-9]"), "digits", 'labelled "0" to "9"')
    return [LabelledDrawing(entry.drawing, int(entry.label), entry.writer) for entry in characters]


def read_characters(path: Path) -> list[Character]:
    """Read the characters of a UNIPEN file, whatever their labels; of the form that `read_unipen` reads.

    Raises:
        DrawingError: the file cannot be read, is damaged, holds no characters, or one without a label.
    """
    return _read(path, re.compile(".+"), "characters", "with a label in quotes")


def _read(path: Path, labels: re.Pattern[str], name: str, expected: str) -> list[Character]:
    """The characters of a file whose labels are to match; `name` and `expected` say so in errors."""
    try:
        lines = [MARK.sub("", line) for line in LINE_END.split(path.read_bytes().decode("utf-8-sig"))]
    except (OSError, ValueError) as error:
        raise DrawingError(f"{path} is no UNIPEN file: {error}.") from error
    segments = [
        (label, writer, [stroke for stroke in strokes if stroke])  # a pen may be lifted before it moved
        for label, writer, strokes in _segments(lines, path, labels, expected)
    ]
    for label, _, strokes in segments:
        points = sum(map(len, strokes))
        if len(strokes) > MAX_STROKES or points > MAX_POINTS:
            raise DrawingError(
                f"{path}: a drawing has more than {MAX_STROKES} strokes or {MAX_POINTS:,} points, labelled "
                f"{brief(label)}, with {len(strokes):,} and {points:,}; give a file with a .SEGMENT for each."
            )
    is_each_drawn = [bool(strokes) for _, _, strokes in segments]
    if is_each_drawn == [False] * (len(segments) - 1) + [True] and len(segments) > 1:
        raise DrawingError(
            f"{path} holds no UNIPEN {name} that can be told apart: all pen data comes after the last "
            ".SEGMENT; give a file in which each one is followed by its own."
        )
    if not any(is_each_drawn):
        raise DrawingError(
            f'{path} holds no UNIPEN {name}; expected .SEGMENT lines with a label like "8", '
            "and points between .PEN_DOWN and .PEN_UP."
        )
    pads = _find_pads(lines, segments)
    return [
        Character(
            Drawing(tuple(_to_pad(np.array(stroke), pads[writer]) for stroke in strokes)), label, writer
        )
        for label, writer, strokes in segments
        if strokes
    ]


def _find_pads(lines: list[str], segments: list[Segment]) -> dict[str, Pad]:
    """The pad of every writer."""
    points: dict[str, list[tuple[float, float]]] = {}
    for _, writer, strokes in segments:
        points.setdefault(writer, []).extend(chain.from_iterable(strokes))
    own = {writer: _pad_around(np.array(drawn)) for writer, drawn in points.items() if drawn}
    shared = _pad_around(np.array(list(own.values())).reshape(-1, 2))
    named = _named_pad(lines)
    if named and (shared[0] >= named[0]).all() and (shared[1] <= named[1]).all():
        return dict.fromkeys(own, named)
    # A writer of a single point shows no scale.
    is_mixed = any(0 < _side(pad) < _side(shared) / ONE_PAD for pad in own.values())
    return own if is_mixed else dict.fromkeys(own, shared)


def _named_pad(lines: list[str]) -> Pad | None:
    """The square pad that a file names, if it does."""
    said = [match for line in lines if (match := DIMENSION.fullmatch(line))]
    if {match[1] for match in said} == {"X", "Y"} and len(sizes := {float(match[2]) for match in said}) == 1:
        return np.zeros(2), np.full(2, sizes.pop())
    return None


def _pad_around(points: NDArray[np.float64]) -> Pad:
    return points.min(0), points.max(0)


def _side(pad: Pad) -> float:
    return float((pad[1] - pad[0]).max())


def _to_pad(stroke: NDArray[np.float64], pad: Pad) -> NDArray[np.float64]:
    """UNIPEN's coordinates, y upwards, become the pad's, y downwards."""
    corner, far = pad
    x, y = stroke.T
    side = max(_side(pad), np.finfo(float).tiny)
    return np.clip(np.stack([x - corner[0], far[1] - y], axis=1) / side, 0, 1)


def _segments(lines: list[str], path: Path, labels: re.Pattern[str], expected: str) -> Iterator[Segment]:
    segment: Segment | None = None
    pen_is_down = False
    columns: Columns | None = (0, 1)
    for number, line in enumerate(lines, 1):
        keyword, *words = WORD.findall(line) or [""]
        if keyword == ".SEGMENT":
            if segment:
                yield segment
            label = re.search(r'"(.*)"', line)
            if not label or not labels.fullmatch(label[1]):
                raise DrawingError(
                    f"{path}, line {number}: expected a segment {expected}, found {_shown(line)}."
                )
            segment = (label[1], "", [])
            pen_is_down = False
        elif keyword == ".COMMENT":
            if segment and len(words) >= 2:
                segment = (segment[0], words[1], segment[2])
        elif keyword == ".PEN_DOWN" and segment:
            segment[2].append([])
            pen_is_down = True
        elif KEYWORD.match(keyword):
            pen_is_down = False
            if keyword == ".COORD":
                columns = (words.index("X"), words.index("Y")) if {"X", "Y"} <= set(words) else None
        elif keyword and segment and pen_is_down:
            point = _point([keyword, *words], columns)
            if not point:
                raise DrawingError(
                    f"{path}, line {number}: expected a point of two numbers, found {_shown(line)}."
                )
            segment[2][-1].append(point)
    if segment:
        yield segment


def _point(words: list[str], columns: Columns | None) -> tuple[float, float] | None:
    """A line's x and y, if it is a point."""
    if columns is None or max(columns) >= len(words):
        return None
    said = [words[column] for column in columns]
    if not all(map(NUMBER.fullmatch, said)):
        return None
    x, y = map(float, said)
    return (x, y) if max(abs(x), abs(y)) <= MAX_COORDINATE else None


def _shown(line: str) -> str:
    return brief(line.strip(" \t"))
