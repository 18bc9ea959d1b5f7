"""UNIPEN files: digits, such as pendigits-orig.tra, and characters of any label."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.drawings.strokes import Character, Drawing, LabelledDrawing
from mnist_core.errors import DrawingError, brief

Segment = tuple[str, str, list[list[tuple[float, float]]]]  # label, writer, strokes of x and y
Pad = tuple[NDArray[np.float64], NDArray[np.float64]]  # lower left and upper right corner, x and y each
# On one pad, writers use squares of which the largest is less than this many times the smallest: of the 30
# writers of pendigits, each uses at least 0.54 of the pad (tests/test_unipen.py).
ONE_PAD = 3


def read_unipen(path: Path) -> list[LabelledDrawing]:
    """Read the digits of a UNIPEN file, such as pendigits-orig.tra.

    Every `.SEGMENT` has a quoted digit as its label, `.COMMENT digit writer index` names the writer, points
    with the pen down make strokes, and y grows upwards. All drawings of a file share one pad: the one it
    names by equal `.X_DIM` and `.Y_DIM`, if all that is drawn lies on it, else the square around everything
    that is drawn. Where that square is more than three times as large as the one around a writer's drawings,
    the writers' tablets had scales of their own: then every writer has a pad, the square around their
    drawings.

    Raises:
        DrawingError: the file cannot be read, holds no digits, or a label that is no digit.
    """
    characters = _read(path, re.compile("[0-9]"), "digits", 'labelled "0" to "9"')
    return [LabelledDrawing(entry.drawing, int(entry.label), entry.hand) for entry in characters]


def read_characters(path: Path) -> list[Character]:
    """Read the characters of a UNIPEN file, whatever their labels; of the form that `read_unipen` reads.

    Raises:
        DrawingError: the file cannot be read, holds no characters, or one without a label.
    """
    return _read(path, re.compile(".+"), "characters", "with a label in quotes")


def _read(path: Path, labels: re.Pattern[str], name: str, expected: str) -> list[Character]:
    """The characters of a file whose labels are to match; `name` and `expected` say so in errors."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise DrawingError(f"{path} is no UNIPEN file: {error}.") from error
    segments = [
        (label, writer, [stroke for stroke in strokes if stroke])  # a pen may be lifted before it moved
        for label, writer, strokes in _segments(lines, path, labels, expected)
    ]
    if not any(strokes for _, _, strokes in segments):
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
    said = [
        match for line in lines if (match := re.fullmatch(r"\.([XY])_DIM +([1-9][0-9]{0,8})", line.strip()))
    ]
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
    for number, line in enumerate(lines, 1):
        keyword, _, rest = line.strip().partition(" ")
        if keyword == ".SEGMENT":
            if segment:
                yield segment
            label = re.search(r'"(.*)"', rest)
            if not label or not labels.fullmatch(label[1]):
                raise DrawingError(
                    f"{path}, line {number}: expected a segment {expected}, found {brief(line.strip())}."
                )
            segment = (label[1], "", [])
            pen_is_down = False
        elif keyword == ".COMMENT" and segment and len(rest.split()) >= 2:
            segment = (segment[0], rest.split()[1], segment[2])
        elif keyword == ".PEN_DOWN" and segment:
            segment[2].append([])
            pen_is_down = True
        elif keyword.startswith("."):
            pen_is_down = False
        elif keyword and segment and pen_is_down:
            segment[2][-1].append(_point(line, number, path))
    if segment:
        yield segment


def _point(line: str, number: int, path: Path) -> tuple[float, float]:
    try:
        x, y = (float(value) for value in line.split()[:2])
        if not (np.isfinite(x) and np.isfinite(y)):
            raise ValueError
    except ValueError:
        raise DrawingError(
            f"{path}, line {number}: expected a point of two numbers, found {brief(line.strip())}."
        ) from None
    return x, y
