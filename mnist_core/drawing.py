"""Drawings: strokes in unit coordinates, checked, read from JSON and from UNIPEN files."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import DrawingError, brief

MAX_STROKES = 200
MAX_POINTS = 10_000  # a minute of drawing with a fast pen
HANDWRITINGS = Path(__file__).parent / "handwritings.json"

Segment = tuple[int, str, list[list[tuple[float, float]]]]  # label, writer, strokes of x and y


@dataclass(frozen=True)
class Drawing:
    """Strokes on a pad of width 1: each a float array (points, 2) of x and y in 0..1, y downwards."""

    strokes: tuple[NDArray[np.float64], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been drawn."""
        return not self.strokes

    def to_json(self) -> dict[str, Any]:
        """The form in which drawings travel: {"strokes": [[[x, y], …], …]}."""
        return {"strokes": [stroke.tolist() for stroke in self.strokes]}


@dataclass(frozen=True)
class LabelledDrawing:
    """A drawing, the digit it shows, and who drew it."""

    drawing: Drawing
    label: int
    hand: str


def parse_drawing(value: object) -> Drawing:
    """Check a JSON drawing, {"strokes": [[[x, y], …], …]} with x and y in 0..1; no strokes is an empty one.

    Raises:
        DrawingError: wrong form, over 200 strokes or 10,000 points, a coordinate outside 0..1 or no number.
    """
    strokes = value.get("strokes") if isinstance(value, dict) else None
    if not isinstance(strokes, list):
        raise DrawingError(
            'A drawing has the form {"strokes": [[[x, y], …], …]}; '
            f"given was {brief(value)}. Send a list of strokes, each a list of points."
        )
    if len(strokes) > MAX_STROKES:
        raise DrawingError(f"A drawing has at most {MAX_STROKES} strokes; given were {len(strokes):,}.")
    points = sum(len(stroke) for stroke in strokes if isinstance(stroke, list))
    if points > MAX_POINTS:
        raise DrawingError(f"A drawing has at most {MAX_POINTS:,} points; given were {points:,}.")
    return Drawing(tuple(_parse_stroke(stroke, number) for number, stroke in enumerate(strokes, 1)))


def _parse_stroke(stroke: object, number: int) -> NDArray[np.float64]:
    well_formed = (
        isinstance(stroke, list)
        and stroke
        and all(isinstance(point, list | tuple) and len(point) == 2 for point in stroke)
        and set(map(type, chain.from_iterable(stroke))) <= {int, float}  # True is no number
    )
    if not well_formed or not isinstance(stroke, list):
        raise DrawingError(
            f"Stroke {number} is no list of points [x, y] with two numbers each; given was {brief(stroke)}."
        )
    for point in stroke:  # compared as Python numbers: NaN fails here, and no integer is too large
        x, y = point
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise DrawingError(
                f"Stroke {number} holds the point {brief(point)}; x and y must be numbers from 0 to 1."
            )
    return np.array(stroke, dtype=np.float64)


def read_drawing(path: Path) -> Drawing:
    """Read a JSON drawing from a file; DrawingError if it cannot be read or holds none."""
    try:
        return parse_drawing(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise DrawingError(f"{path} is no JSON drawing: {error}.") from error


def read_handwritings() -> list[LabelledDrawing]:
    """The drawings that the project itself contains: every digit in several hands, made for it."""
    content = json.loads(HANDWRITINGS.read_text(encoding="utf-8"))
    return [
        LabelledDrawing(parse_drawing(entry), entry["label"], entry["hand"]) for entry in content["drawings"]
    ]


def read_unipen(path: Path) -> list[LabelledDrawing]:
    """Read the digits of a UNIPEN file, such as pendigits-orig.tra.

    Every `.SEGMENT` has a quoted digit as its label, `.COMMENT digit writer index` names the writer, points
    with the pen down make strokes, and y grows upwards. All drawings of a file share one pad: the one it
    names by equal `.X_DIM` and `.Y_DIM`, if all that is drawn lies on it, else the square around everything
    that is drawn.

    Raises:
        DrawingError: the file cannot be read, holds no digits, or a label that is no digit.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise DrawingError(f"{path} is no UNIPEN file: {error}.") from error
    segments = [
        (label, writer, [stroke for stroke in strokes if stroke])  # a pen may be lifted before it moved
        for label, writer, strokes in _segments(lines, path)
    ]
    points = [point for _, _, strokes in segments for stroke in strokes for point in stroke]
    if not points:
        raise DrawingError(
            f'{path} holds no UNIPEN digits; expected .SEGMENT lines with a label like "8", '
            "and points between .PEN_DOWN and .PEN_UP."
        )
    corner, far = _find_pad(lines, points)
    side = max(*(far - corner), np.finfo(float).tiny)
    return [
        LabelledDrawing(
            Drawing(tuple(_to_pad(np.array(stroke), corner, far, side) for stroke in strokes)), label, writer
        )
        for label, writer, strokes in segments
        if strokes
    ]


def _find_pad(
    lines: list[str], points: list[tuple[float, float]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The pad's lower left and upper right corner, in the file's coordinates."""
    corner, far = np.min(points, axis=0), np.max(points, axis=0)
    said = [
        match for line in lines if (match := re.fullmatch(r"\.([XY])_DIM +([1-9][0-9]{0,8})", line.strip()))
    ]
    if {match[1] for match in said} == {"X", "Y"} and len(sizes := {float(match[2]) for match in said}) == 1:
        pad = np.zeros(2), np.full(2, sizes.pop())
        if (corner >= pad[0]).all() and (far <= pad[1]).all():
            return pad
    return corner, far


def _to_pad(
    stroke: NDArray[np.float64], corner: NDArray[np.float64], far: NDArray[np.float64], side: float
) -> NDArray[np.float64]:
    """UNIPEN's coordinates, y upwards, become the pad's, y downwards."""
    x, y = stroke.T
    return np.clip(np.stack([x - corner[0], far[1] - y], axis=1) / side, 0, 1)


def _segments(lines: list[str], path: Path) -> Iterator[Segment]:
    segment: Segment | None = None
    pen_is_down = False
    for number, line in enumerate(lines, 1):
        keyword, _, rest = line.strip().partition(" ")
        if keyword == ".SEGMENT":
            if segment:
                yield segment
            label = re.search(r'"(.*)"', rest)
            if not label or not re.fullmatch("[0-9]", label[1]):
                raise DrawingError(
                    f'{path}, line {number}: expected a segment labelled "0" to "9", '
                    f"found {brief(line.strip())}."
                )
            segment = (int(label[1]), "", [])
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
