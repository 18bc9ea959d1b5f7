"""Filters of pictures: the least and largest levels around a pixel, widened masks, and connected pieces."""

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Levels = NDArray[np.float64]  # (height, width)
Mask = NDArray[np.bool_]  # (height, width)
Cell = TypeVar("Cell", np.bool_, np.intp)
Labels = NDArray[np.intp]  # (height, width): the number of a pixel's piece, from 1; 0 outside of all pieces


def sliding(levels: Levels, side: int, extreme: np.ufunc) -> Levels:
    """The least or largest level (`np.minimum`, `np.maximum`) in the square around every pixel.

    Args:
        levels: (height, width).
        side: of the square, odd; beyond the border there is nothing.

    Source: van Herk 1992, "A fast algorithm for local minimum and maximum filters".
    """
    return _along_rows(_along_rows(levels, side, extreme).T, side, extreme).T


def _along_rows(levels: Levels, side: int, extreme: np.ufunc) -> Levels:
    height, width = levels.shape
    blocks = math.ceil((width + side - 1) / side)
    padded = np.full((height, blocks * side), -np.inf if extreme is np.maximum else np.inf)
    padded[:, side // 2 : side // 2 + width] = levels
    cut = padded.reshape(height, blocks, side)
    from_start = extreme.accumulate(cut, axis=2).reshape(height, -1)
    from_end = extreme.accumulate(cut[:, :, ::-1], axis=2)[:, :, ::-1].reshape(height, -1)
    return extreme(from_end[:, :width], from_start[:, side - 1 : side - 1 + width])


def closed(levels: Levels, side: int) -> Levels:
    """Levels without what is darker than all around it and narrower than `side`: paper without its ink."""
    return sliding(sliding(levels, side, np.maximum), side, np.minimum)


def opened(levels: Levels, side: int) -> Levels:
    """Levels without what is lighter than all around it and narrower than `side`."""
    return sliding(sliding(levels, side, np.minimum), side, np.maximum)


def smoothed(levels: Levels) -> Levels:
    """Every pixel with its neighbours, weighed 1, 2, 1 in both directions; noise becomes a third."""
    padded = np.pad(levels, 1, mode="edge")
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    return (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 16


def local_median(levels: Levels, side: int) -> Levels:
    """The median, to a 255th of the range, in the square around every pixel."""
    low, span = levels.min(), max(np.ptp(levels), 1.0)
    steps = ((levels - low) * (255 / span)).round().astype(np.uint8)
    half = side // 2
    padded = np.pad(steps, half, mode="reflect" if min(levels.shape) > half else "edge")
    filtered = Image.fromarray(padded).filter(ImageFilter.MedianFilter(2 * half + 1))
    return np.asarray(filtered, dtype=np.float64)[half:-half, half:-half] * (span / 255) + low


def widened(mask: Mask, radius: float) -> Mask:
    """A mask, and all pixels at most `radius` pixels away from it."""
    reach = math.floor(radius)
    height, width = mask.shape
    counts = np.pad(np.pad(mask, reach).cumsum(1), ((0, 0), (1, 0)))  # set pixels to the left of each
    result = np.zeros_like(mask)
    for down in range(2 * reach + 1):
        half = math.floor(math.sqrt(radius**2 - (down - reach) ** 2))
        rows, first = counts[down : down + height], reach - half
        last = reach + half + 1
        result |= rows[:, last : last + width] > rows[:, first : first + width]
    return result


def reduced(mask: Mask, longer: int) -> tuple[Mask, int]:
    """A mask of at most `longer` pixels a side, set where any pixel it stands for is; and the factor."""
    factor = math.ceil(max(mask.shape) / longer)
    height, width = (math.ceil(length / factor) for length in mask.shape)
    padded = np.zeros((height * factor, width * factor), dtype=bool)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    small: Mask = np.any(padded.reshape(height, factor, width, factor), axis=(1, 3))
    return small, factor


def enlarged(small: NDArray[Cell], factor: int, shape: tuple[int, ...]) -> NDArray[Cell]:
    """What was reduced by `factor`, as large as it was."""
    return small.repeat(factor, 0).repeat(factor, 1)[: shape[0], : shape[1]]


def pieces(mask: Mask) -> Labels:
    """The connected pieces of a mask; pixels that share a corner are connected."""
    framed = np.zeros((mask.shape[0] + 2, mask.shape[1] + 2), dtype=np.intp)
    labels = framed[1:-1, 1:-1]
    labels[mask] = np.arange(framed.size).reshape(framed.shape)[1:-1, 1:-1][mask]
    while True:  # each takes the largest number around it, and then the number which that place has by now
        before = labels.copy()
        most = np.maximum(np.maximum(framed[:-2], framed[1:-1]), framed[2:])
        most = np.maximum(np.maximum(most[:, :-2], most[:, 1:-1]), most[:, 2:])
        labels[...] = np.where(mask, most, 0)
        labels[...] = framed.ravel()[labels]
        if (labels == before).all():
            break
    _, numbers = np.unique(np.append(labels.ravel(), 0), return_inverse=True)
    return numbers[:-1].reshape(mask.shape)
