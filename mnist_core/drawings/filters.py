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
NOISY = 1.5  # of 255 levels
LINED_PIXELS = 64  # of the shorter side: of a smaller picture, lines may be as many as noise


def sliding(levels: Levels, side: int, extreme: np.ufunc) -> Levels:
    """The least or largest level (`np.minimum`, `np.maximum`) in the square around every pixel.

    Args:
        levels: (height, width).
        side: of the square, odd; beyond the border there is nothing.

    Returns:
        The same shape, as precise as single-precision numbers, which take half the time.
    """
    nothing = -np.inf if extreme is np.maximum else np.inf
    padded = np.pad(levels.astype(np.float32), side // 2, constant_values=nothing)
    return _of_following(_of_following(padded, side, extreme).T, side, extreme).T.astype(np.float64)


def _of_following(levels: NDArray[np.float32], count: int, extreme: np.ufunc) -> NDArray[np.float32]:
    """Of each row and those that follow it, `count` in all; as many rows fewer as no `count` follow."""
    done = 1
    while done < count:  # the extreme of twice as many rows is that of two which are known
        step = min(done, count - done)
        levels = extreme(levels[:-step], levels[step:])
        done += step
    return levels


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


def noise_between_neighbours(levels: Levels) -> float:
    """The standard deviation of noise; even changes of light and a large picture's lines do not count."""
    if min(levels.shape) < LINED_PIXELS:
        return 0.0
    twists = levels[:-1, :-1] + levels[1:, 1:] - levels[1:, :-1] - levels[:-1, 1:]
    return float(np.median(np.abs(twists))) * 1.4826 / 2  # of a normal distribution; of four pixels


def shrunk(levels: NDArray[np.uint8], factor: int) -> Levels:
    """Levels made smaller by a whole factor, so that thin lines hardly fade.

    A pixel is halfway between the mean of those it stands for and the one farthest from the mean; where the
    middle of the picture is noisy, it is their mean.
    """
    height, width = levels.shape
    whole = np.pad(levels, ((0, -height % factor), (0, -width % factor)), mode="edge")
    rows = whole.reshape(whole.shape[0] // factor, factor, -1)
    cells = len(rows), whole.shape[1] // factor, factor
    total, least, most = (
        of(of(rows, 1).reshape(cells), 2).astype(np.float64) for of in (np.sum, np.min, np.max)
    )
    mean = total / factor**2
    down, right = (length // (2 * factor) for length in levels.shape)
    middle = levels[height // 2 - down : height // 2 + down, width // 2 - right : width // 2 + right]
    if noise_between_neighbours(middle.astype(np.float64)) > NOISY:
        return mean
    balance = mean - least - (most - mean)
    return (mean + np.select([balance > 0, balance < 0], [least, most], mean)) / 2


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
    is_used = np.bincount(labels.ravel()) > 0
    is_used[0] = False
    return is_used.cumsum()[labels]
