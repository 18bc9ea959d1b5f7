"""Ink: how much of it strokes leave on each pixel."""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # (points, 2), x and y
Levels = NDArray[np.uint8]  # (height, width), ink in steps of 1/255: 0 paper to 255 full ink
_SEGMENTS_AT_ONCE = 32  # larger arrays leave the processor's cache: 256 take twice as long


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
