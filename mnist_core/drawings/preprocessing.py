"""A drawing becomes an image the way MNIST's images were made.

Source: Yadav & Bottou 2019, arXiv 1905.10498, appendix, which rebuilds MNIST from its scans.
"""

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_core.drawings.strokes import Drawing
from mnist_core.errors import DrawingError
from mnist_core.runs.architectures import SIDE

BOX = 20  # pixels: MNIST fits the longer side of the ink into them
PEN = 2.4  # pixels: a stroke's width, which gives the mean ink of MNIST, 0.13 (research/README.md)
DOT = PEN / SIDE  # of the pad: a drawing smaller than the pad's pen is a dot, and is not enlarged
Points = NDArray[np.float64]  # (points, 2), x and y
Levels = NDArray[np.uint8]  # (height, width), ink in steps of 1/255: 0 paper to 255 full ink
Ink = NDArray[np.float64]  # (height, width), 0 paper to 1 full ink
Number = TypeVar("Number", np.float64, np.uint8)
_SEGMENTS_AT_ONCE = 32  # larger arrays leave the processor's cache: 256 take twice as long


@dataclass(frozen=True)
class Stages:
    """A drawing on its way to an image like MNIST's, stage by stage.

    `corner` and `extent`: of the box around the strokes' points, (2,) each, x then y, in widths of the pad.
    `fitted`: ink in steps of 1/255, (20, 20), the box with its longer side, the pen's width included, fitted
    into these pixels. `shift`: by how many pixels, down and right, `fitted` is moved so that its centre of
    mass lies where MNIST puts it. `image`: what comes of it, ink in steps of 1/255, shape (28, 28).
    """

    corner: NDArray[np.float64]
    extent: NDArray[np.float64]
    fitted: Ink
    shift: tuple[int, int]
    image: Tensor


def stages_of_drawing(drawing: Drawing, *, pen: float = PEN) -> Stages:
    """Draw strokes as an image like MNIST's and keep every stage; takes and raises as `image_of_drawing`."""
    points = _points(drawing)
    corner = points.min(0)
    extent = points.max(0) - corner
    scale = (BOX - pen) / max(extent.max(), DOT)  # pixels for the pad's width
    fitted = draw_strokes([(stroke - corner) * scale + pen / 2 for stroke in drawing.strokes], BOX, pen)
    shift = shift_to_center(fitted)
    return Stages(corner, extent, fitted / 255, shift, to_image(_frame(fitted, *shift)))


def image_of_drawing(drawing: Drawing, *, pen: float = PEN) -> Tensor:
    """Draw strokes as an image like MNIST's.

    Args:
        drawing: the strokes.
        pen: width of a stroke, in pixels of the image.

    Returns:
        Ink in steps of 1/255, shape (28, 28), 0 (paper) to 1 (full ink).

    Raises:
        DrawingError: the drawing is empty.
    """
    return stages_of_drawing(drawing, pen=pen).image


def shrink_drawing(drawing: Drawing) -> Tensor:
    """Merely shrink the pad to 28×28 pixels: what a network gets where nothing is made like MNIST.

    Returns and raises as `image_of_drawing`.
    """
    _points(drawing)
    return to_image(draw_strokes([stroke * SIDE for stroke in drawing.strokes], SIDE, PEN))


def _points(drawing: Drawing) -> Points:
    """All points of a drawing, (points, 2); DrawingError if there are none."""
    if drawing.is_empty:
        raise DrawingError("The drawing is empty, so there is nothing to predict; draw a digit first.")
    return np.concatenate(drawing.strokes)


def draw_strokes(strokes: list[Points], side: int, pen: float) -> Levels:
    """Draw strokes; a pixel's ink depends on the distance from its centre to the nearest stroke alone.

    The page draws the same images bit for bit (engine/image.js), by the same floating-point operations in
    the same order.

    Args:
        strokes: their points in pixels; a stroke of one point is a dot.
        side: of the square image, in pixels.
        pen: width of a stroke, in pixels; its edge fades out over one pixel.

    Returns:
        Shape (side, side).
    """
    starts = np.concatenate([stroke[: max(1, len(stroke) - 1)] for stroke in strokes])
    ends = np.concatenate([stroke[min(1, len(stroke) - 1) :] for stroke in strokes])
    nearest = np.full((side, side), np.inf)
    for first in range(0, len(starts), _SEGMENTS_AT_ONCE):
        chunk = slice(first, first + _SEGMENTS_AT_ONCE)
        np.minimum(nearest, _squared_distances(starts[chunk], ends[chunk], side).min(0), out=nearest)
    ink = np.clip(pen / 2 + 0.5 - np.sqrt(nearest), 0, 1)
    return np.floor(255 * ink + 0.5).astype(np.uint8)


def _squared_distances(starts: Points, ends: Points, side: int) -> NDArray[np.float64]:
    """From the centre of every pixel to every segment: (segments, 2) twice to (segments, side, side)."""
    centers = np.arange(side) + 0.5
    x = centers - starts[:, 0, None, None]  # (segments, 1, side)
    y = centers[:, None] - starts[:, 1, None, None]  # (segments, side, 1)
    dx, dy = (ends - starts).T[:, :, None, None]  # (segments, 1, 1) each
    squared_length = dx * dx + dy * dy
    along = (x * dx + y * dy) / np.where(squared_length == 0, np.inf, squared_length)
    along = np.clip(along, 0, 1, out=along)  # 0 at the segment's start, 1 at its end
    x = x - along * dx
    y = y - along * dy
    return x * x + y * y


def center_by_mass(ink: Ink) -> Ink:
    """Place ink into 28×28 pixels so that its centre of mass lies where MNIST puts it, in [14, 15).

    Args:
        ink: (height, width), 0 (paper) to 1 (full ink), with some ink.

    Returns:
        The ink moved by whole pixels, (28, 28); what falls outside is lost, as in MNIST.
    """
    return _frame(ink, *shift_to_center(ink))


def shift_to_center(ink: Ink | Levels) -> tuple[int, int]:
    """By how many pixels, down and right, `center_by_mass` moves ink or levels (height, width)."""
    rows, columns = (ink.sum(axis, dtype=np.float64) for axis in (1, 0))  # of levels, whole numbers
    return _shift_along(rows), _shift_along(columns)


def _shift_along(sums: NDArray[np.float64]) -> int:
    """By how many pixels ink with these sums, (length,), moves along one axis."""
    # Pixel i has its centre at i + 0.5; MNIST shifts by the ceiling, not by the nearest whole number.
    mass, moment = sums.sum(), ((2 * np.arange(len(sums)) + 1) * sums).sum()
    return math.ceil((SIDE * mass - moment) / (2 * mass))


def _frame(ink: NDArray[Number], top: int, left: int) -> NDArray[Number]:
    """Place ink (height, width) in 28×28 pixels, with its upper left corner at `top` and `left`."""
    framed = np.zeros((SIDE, SIDE), ink.dtype)
    rows = slice(max(0, top), min(SIDE, top + ink.shape[0]))
    columns = slice(max(0, left), min(SIDE, left + ink.shape[1]))
    framed[rows, columns] = ink[
        rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
    ]
    return framed


def to_image(levels: NDArray[Number]) -> Tensor:
    """Levels 0..255 as ink 0..1, of the same shape."""
    return torch.from_numpy(levels).float() / 255
