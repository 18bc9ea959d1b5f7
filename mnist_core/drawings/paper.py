"""Ink is told from paper: dark on light or light on dark, in any light, or cropped to the digit."""

import numpy as np
from PIL import Image

from mnist_core.drawings.blemishes import without_dirt, without_frame, without_rules, without_strangers
from mnist_core.drawings.filters import (
    NOISY,
    Levels,
    Mask,
    closed,
    local_median,
    noise_between_neighbours,
    opened,
    smoothed,
)
from mnist_core.drawings.line_width import line_width
from mnist_core.drawings.preprocessing import Ink
from mnist_core.errors import PictureError

NO_INK = "The picture shows no ink, only its background; give one with a digit, darker or lighter than it."
WINDOW = 0.4  # of the longer side: no line is as wide
LINES = 4  # times a line's width: what is wider is a shadow
MUCH_INK = 0.18  # of a picture's pixels: where it is cropped to its digit
WIDE = 0.2  # of the longer side: hardly a line is as wide
MOST = 0.7  # of a picture's pixels, even where it is cropped to its digit: are rather paper than ink
# Of the greys' variance: MNIST's digits cropped to their box have 0.72 and more, most uneven light has less.
SEPARATE = 0.71
# Of the range of levels: how far the medians of ink and paper are apart; more so, the more of both is wide.
APART, APART_IF_WIDE = 0.5, 0.6
LEAST = 0.02  # of the light: what ink takes at least
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
    grey = without_frame(grey)
    is_paper = _paper_in_even_light(grey)
    if not _is_dark_on_light(grey, is_paper):
        grey = 255 - grey
    if is_paper is not None and is_paper.mean() < 1 - MUCH_INK:
        ink = without_rules(_scaled(_ink_of_cropped(grey, is_paper)))
    else:
        ink = without_dirt(_scaled(without_rules(_scaled(_ink_on_paper_around(grey)))))
    return _scaled(without_strangers(_scaled(ink)))


def _scaled(ink: Levels) -> Ink:
    if ink.max() < LEAST:
        raise PictureError(NO_INK)
    return ink / ink.max()


def _noise(deviations: Levels) -> float:
    """What noise may reach, by deviations most of which are noise."""
    sizes = np.abs(deviations)
    return float(min(5 * np.median(sizes), sizes.max()))


def _ink_of_cropped(grey: Levels, is_paper: Mask) -> Levels:
    """As `_ink_on_paper_around`, of a picture that lacks the paper around its digit."""
    margin = _window(grey) // 2
    paper = np.quantile(grey[is_paper], 0.9)  # beside a line's soft edges
    around = np.pad(grey, margin, constant_values=paper)
    return _ink_on_paper_around(around)[margin:-margin, margin:-margin]


def _ink_on_paper_around(grey: Levels) -> Levels:
    """The share of the light that dark ink takes; of paper wider than the line around it.

    The line's width is measured on what a wide window shows; then shadows not much wider than a line are
    paper, too.
    """
    if noise_between_neighbours(grey) > NOISY:
        grey = smoothed(grey)
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
    level, noise = _commonest(ink)  # noise lifts the paper
    return np.clip(ink - level - noise, 0, None)


def _commonest(ink: Levels) -> tuple[float, float]:
    """The level of most of the paper, and how far noise reaches beyond it; below it there is noise alone."""
    most = ink.max()
    if most <= 0:
        return 0.0, 0.0
    bins = 512
    counts = np.bincount((ink.clip(0) * ((bins - 1) / most)).astype(np.intp).ravel(), minlength=bins)
    level = np.convolve(counts, [1, 2, 3, 2, 1], "same")[: bins // 2].argmax() * most / (bins - 1)
    below = level - ink[ink < level]
    return float(level), float(5 * np.median(below)) if below.size > 0.05 * ink.size else 0.0


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


def _is_dark_on_light(grey: Levels, is_paper: Mask | None) -> bool:
    """Whether what differs from the paper is darker.

    Where the paper is not known, it is the median around; and squares of logarithms are added up, in which
    ink, which leaves little of the light, counts more than a shadow's edge.
    """
    if is_paper is not None:
        return bool(grey[is_paper].mean() > grey[~is_paper].mean())
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


def _paper_in_even_light(grey: Levels) -> Mask | None:
    """Which pixels are paper, if all are either ink or paper and none lies in a shadow; else None.

    Of two classes of pixels, paper is that of most pixels, or if both have many, the border's. Where a digit
    reaches to the border, its corners still show paper.
    """
    is_light, separation = _two_classes(grey)
    if separation <= SEPARATE or _is_in_shadow(grey, is_light):
        return None
    border = np.ones(grey.shape, dtype=bool)
    border[1:-1, 1:-1] = False
    corners = is_light[[0, 0, -1, -1], [0, -1, 0, -1]]
    share = is_light.mean()
    if 1 - MOST < share < MOST:
        share = 0.6 * is_light[border].mean() + 0.4 * corners.mean()
    return is_light if share > 0.5 else ~is_light


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


def _is_in_shadow(grey: Levels, is_light: Mask) -> bool:
    """Whether two classes are rather light and shadow than paper and ink.

    Light and shadow are both wide, and as ink is darker still, their levels are not far apart.
    """
    wide = min(_wide_share(is_light), _wide_share(~is_light))
    apart = (np.median(grey[is_light]) - np.median(grey[~is_light])) / np.ptp(grey)
    return bool(wide > 0 and apart < APART + APART_IF_WIDE * wide)


def _wide_share(mask: Mask) -> float:
    """How much of a mask is as wide as hardly a line is, 0..1; beyond the border it is not set."""
    small, _ = _small(mask.astype(np.float64))
    side = max(3, round(WIDE * max(small.shape)) | 1)
    return float(opened(np.pad(small, side), side).sum() / max(small.sum(), 1))
