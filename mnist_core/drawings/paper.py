"""Ink is told from paper: dark on light or light on dark, in any light, or cropped to the digit."""

import numpy as np
from PIL import Image

from mnist_core.drawings.blemishes import without_dirt, without_frame, without_rules, without_strangers
from mnist_core.drawings.filters import Levels, Mask, closed, local_median, opened, smoothed
from mnist_core.drawings.line_width import line_width
from mnist_core.drawings.preprocessing import Ink
from mnist_core.errors import PictureError

NO_INK = "The picture shows no ink, only its background; give one with a digit, darker or lighter than it."
WINDOW = 0.4  # of the longer side: no line is as wide
LINES = 4  # times a line's width: what is wider is a shadow
MUCH_INK, MOST_INK = 0.12, 0.65  # of a picture's pixels: where it is cropped to its digit
# Of the greys' variance: MNIST's digits cropped to their box have 0.72 and more, most uneven light has less.
SEPARATE = 0.71
TWO_LEVELS = 0.7  # of the range of levels: with a shadow, the classes' medians are less apart
PAPER_BORDER = 0.95  # of the border's pixels: paper, if a frame of ink lies inside of it
LEAST = 0.02  # of the light: what ink takes at least
NOISY = 1.5  # of 255 levels
OFFSET = 8  # of 255 levels: added before logarithms, so that black is not endlessly dark


def ink_of_grey(grey: Levels) -> Ink:
    """How much of the light of the paper around it every pixel lacks.

    Args:
        grey: (height, width), 0 to 255.

    Returns:
        0 (paper) to 1 (the strongest ink); where a frame was cut off, smaller than what was given.

    Raises:
        PictureError: nothing differs from the paper.
    """
    if np.ptp(grey) < 1:
        raise PictureError(NO_INK)
    inside = without_frame(grey)
    if inside is grey and (is_paper := _paper_of_cropped(grey)) is not None:
        return _scaled(without_strangers(_scaled(_ink_on_one_paper(grey, is_paper))))
    grey = smoothed(inside) if _noise_between_neighbours(inside) > NOISY else inside
    ink = _scaled(_ink_on_paper_around(grey if _is_dark_on_light(grey) else 255 - grey))
    for clean in (without_rules, without_dirt, without_strangers):
        ink = _scaled(clean(ink))
    return ink


def _scaled(ink: Levels) -> Ink:
    if ink.max() < LEAST:
        raise PictureError(NO_INK)
    return ink / ink.max()


def _ink_on_one_paper(grey: Levels, is_paper: Mask) -> Levels:
    paper = np.median(grey[is_paper])
    noise = _noise(grey[is_paper] - paper)
    darker, lighter = (np.clip(sign * (paper - grey) - noise, 0, None) for sign in (1, -1))
    return (darker if darker.sum() >= lighter.sum() else lighter) / 255


def _noise(deviations: Levels) -> float:
    """What noise may reach, by deviations most of which are noise."""
    sizes = np.abs(deviations)
    return float(min(5 * np.median(sizes), sizes.max()))


def _ink_on_paper_around(grey: Levels) -> Levels:
    """The share of the light that dark ink takes; of paper wider than the line around it.

    The line's width is measured on what a wide window shows; then shadows not much wider than a line are
    paper, too.
    """
    widest = _window(grey)
    ink = _darker_than_around(grey, widest)
    if not ink.any():
        return ink
    side = max(round(LINES * line_width(ink > 0.6 * ink.max())), widest // 4) | 1
    return _darker_than_around(grey, side) if side < widest else ink


def _darker_than_around(grey: Levels, side: int) -> Levels:
    slope = _slope(grey)  # without it a window at the border would lack what it needs to follow the light
    paper = closed(grey - slope, side) + slope
    ink = (paper - grey) / np.maximum(paper, 1)
    ink -= np.median(ink)  # noise lifts the paper
    return np.clip(ink - _noise(ink), 0, None)


def _slope(grey: Levels) -> Levels:
    """A plane as steep as most of the light, (height, width); edges of shadows do not tilt it."""
    small, factor = _small(grey)
    down, right = (
        np.median(np.diff(small, axis=axis)) / factor if small.shape[axis] > 1 else 0.0 for axis in (0, 1)
    )
    rows, columns = np.ogrid[: grey.shape[0], : grey.shape[1]]
    return down * rows + right * columns


def _small(grey: Levels) -> tuple[Levels, int]:
    """A copy of about 40 pixels a side, and the factor by which it is smaller."""
    factor = max(1, max(grey.shape) // 40)
    return np.asarray(Image.fromarray(grey.astype(np.float32)).reduce(factor), dtype=np.float64), factor


def _noise_between_neighbours(grey: Levels) -> float:
    """The standard deviation of noise; light that changes evenly, and lines, do not count."""
    if min(grey.shape) < 3:
        return 0.0
    twists = grey[:-1, :-1] + grey[1:, 1:] - grey[1:, :-1] - grey[:-1, 1:]
    return float(np.median(np.abs(twists))) * 1.4826 / 2  # of a normal distribution; of four pixels


def _is_dark_on_light(grey: Levels) -> bool:
    """Whether what differs from the paper is darker.

    Where a shadow may be, the paper is the median around; and squares of logarithms are added up, in which
    ink, which leaves little of the light, counts more than a shadow's edge.
    """
    is_light, separation = _two_classes(grey)
    if separation > SEPARATE and _are_two_levels(grey, is_light):
        return _are_mostly_below(grey - np.median(grey))
    small, _ = _small(grey)
    around = Image.fromarray(local_median(small, _window(small)).astype(np.float32))
    paper = np.asarray(around.resize(grey.shape[::-1], Image.Resampling.BILINEAR), dtype=np.float64)
    deviations = np.log((grey + OFFSET) / (paper + OFFSET))
    rows, columns = (slice(length // 10, length - length // 10) for length in grey.shape)
    return _are_mostly_below(deviations[rows, columns])


def _are_mostly_below(deviations: Levels) -> bool:
    """Whether deviations that are no noise are mostly below 0, by the sum of their squares."""
    beyond = np.clip(np.abs(deviations) - _noise(deviations), 0, None) ** 2
    return bool(beyond[deviations < 0].sum() >= beyond[deviations > 0].sum())


def _window(levels: Levels) -> int:
    return max(3, round(WINDOW * max(levels.shape)) | 1)


def _paper_of_cropped(grey: Levels) -> Mask | None:
    """Which pixels show paper, if a picture is cropped to its digit, so that much of it is ink; else None.

    Of two classes of pixels, the darker and the lighter ones, the one that the border is more like is paper;
    where a digit reaches to the border, its corners still show paper.
    """
    is_light, separation = _two_classes(grey)
    if separation <= SEPARATE:
        return None
    border = np.ones(grey.shape, dtype=bool)
    border[1:-1, 1:-1] = False
    corners = grey[[0, 0, -1, -1], [0, -1, 0, -1]]
    middle = (grey[is_light].mean() + grey[~is_light].mean()) / 2
    is_paper = is_light if 0.6 * grey[border].mean() + 0.4 * corners.mean() > middle else ~is_light
    ink_share = 1 - is_paper.mean()
    is_framed = ink_share > MOST_INK and is_paper[border].mean() > PAPER_BORDER  # paper lies inside
    least, widest = (MUCH_INK, 0.6) if _are_two_levels(grey, is_light) else (2 * MUCH_INK, 0.25)
    is_cropped = ink_share > least and not is_framed and _wide_share(~is_paper) <= widest
    return is_paper if is_cropped else None


def _two_classes(grey: Levels) -> tuple[Mask, float]:
    """Which pixels are the lighter ones, and how much of the greys' variance lies between both classes, 0..1.

    Source: Otsu 1979, "A threshold selection method from gray-level histograms".
    """
    low, high = grey.min(), grey.max()
    if low == high:
        return np.ones(grey.shape, dtype=bool), 0.0
    levels = ((grey - low) * (255 / (high - low))).round().astype(np.intp)
    counts = np.bincount(levels.ravel(), minlength=256)
    darker, sums = counts.cumsum()[:-1], (counts * np.arange(256)).cumsum()
    lighter = grey.size - darker
    difference = sums[:-1] / darker - (sums[-1] - sums[:-1]) / lighter
    between = darker * lighter * difference**2 / grey.size**2
    threshold = between.argmax()
    return levels > threshold, float(between[threshold] / levels.var())


def _are_two_levels(grey: Levels, is_light: Mask) -> bool:
    """Whether two classes are ink and paper, with nothing between them such as paper in a shadow."""
    return bool(np.median(grey[is_light]) - np.median(grey[~is_light]) > TWO_LEVELS * np.ptp(grey))


def _wide_share(mask: Mask) -> float:
    """How much of a mask is wider than any line, 0..1; beyond the border it is not set."""
    side = max(3, round(0.3 * max(mask.shape)) | 1)
    return float(opened(np.pad(mask.astype(np.float64), side), side).sum() / max(mask.sum(), 1))
