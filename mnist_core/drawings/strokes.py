"""Drawings: strokes in unit coordinates, checked, and read from JSON."""

import json
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
class Character:
    """A drawing, the character that it shows, of any kind, and who drew it."""

    drawing: Drawing
    label: str
    writer: str


@dataclass(frozen=True)
class LabelledDrawing:
    """A drawing, the digit it shows, and who drew it."""

    drawing: Drawing
    label: int
    writer: str


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
        return parse_drawing(json.loads(path.read_bytes()))  # UTF-8, 16 or 32, with a byte order mark or none
    except (OSError, ValueError, RecursionError) as error:
        raise DrawingError(f"{path} is no JSON drawing: {error}.") from error


def read_handwritings() -> list[LabelledDrawing]:
    """The drawings that the project itself contains: every digit by several writers, made for it."""
    content = json.loads(HANDWRITINGS.read_text(encoding="utf-8"))
    return [
        LabelledDrawing(parse_drawing(entry), entry["label"], entry["hand"]) for entry in content["drawings"]
    ]
