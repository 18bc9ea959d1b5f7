"""What a picture shows beside its digit: frames, ruled lines, dirt, specks, what lies beside the sheet."""

import functools
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mnist_core.drawings.filters import Labels, Levels, Mask, enlarged, pieces, reduced, sliding
from mnist_core.drawings.preprocessing import Ink

Cell = TypeVar("Cell", np.float64, np.bool_)
FAINT = 0.05  # of the strongest ink: what is fainter does not count towards the box around the ink
STRONG = 0.5  # of the strongest ink: paper's lines and the edges of shadows are fainter, a pen mostly is not
SMALL = 128  # pixels of the longer side, at which pieces of ink are told apart
SPECK = 0.04  # of the largest piece's ink
DIGIT = 0.12  # of the longer side: how long a piece is at least that is taken for the digit
NEAR = 0.06  # of the longer side
CROPPED = 0.02  # of the height: how far strong ink is at most from the border
SMALLEST_FRAMED = 32  # pixels of the shorter side: in a smaller picture, a frame may be a digit's bar
FRAME = 0.95  # of a row's pixels
STRANGE = 0.3  # of the range of levels: how far from the paper a frame is
SLOPES = np.arange(-0.06, 0.0601, 0.004)  # of ruled lines
RULED = 0.8  # of the picture's width, along which a ruled line shows
RULED_PIXELS = 64  # of the shorter side: a smaller picture's ruled lines are no longer lines


def without_frame(grey: Levels) -> Levels:
    """Grey levels without the rows and columns at the border that are of another level than most."""
    if min(grey.shape) < SMALLEST_FRAMED:
        return grey
    spread = np.ptp(grey)
    is_strange = np.abs(grey - np.median(grey)) > max(STRANGE * spread, 4)
    top, bottom = _frames(is_strange.mean(1))
    left, right = _frames(is_strange[top : len(grey) - bottom].mean(0))
    inside = slice(top, len(grey) - bottom), slice(left, grey.shape[1] - right)
    shows_something = np.ptp(grey[inside]) > 0.2 * spread
    has_paper_in_corners = np.count_nonzero(is_strange[inside][[0, 0, -1, -1], [0, -1, 0, -1]]) < 2
    return grey[inside] if shows_something and has_paper_in_corners else grey


def _frames(shares: Levels) -> tuple[int, int]:
    """How many rows at the start and at the end are a frame, by the strange share of each, (rows,)."""
    ends = [0, 0]
    for end, side in enumerate((shares, shares[::-1])):
        count = int(np.argmin(side > FRAME))
        soft = 2 + count // 8  # rows that its edge may take
        if 0 < count < len(side) // 4 and (side[count + soft :][:3] < 0.5).all():
            ends[end] = count + soft
    return ends[0], ends[1]


def without_rules(ink: Ink) -> Ink:
    """Ink without straight lines, upright or not, that go all across the picture, however dark they are."""
    if min(ink.shape) < RULED_PIXELS:
        return ink
    labels = pieces(reduced(ink > 2 * FAINT, SMALL)[0])
    if _both(labels[:, 0], labels[:, -1]):
        ink = _without_rows(ink)
    return _without_rows(ink.T).T if _both(labels[0], labels[-1]) else ink


def _both(one: Labels, other: Labels) -> bool:
    """Whether a piece reaches from one side to the other."""
    return bool(np.intersect1d(one[one > 0], other).size)


def _without_rows(ink: Ink) -> Ink:
    height, width = ink.shape
    slope, is_rule = _find_rules(ink)
    if not is_rule.any():
        return ink
    tilts = slope * (np.arange(width) - width / 2)
    straight = _sheared(ink, tilts)
    bounds = np.flatnonzero(np.diff(np.pad(is_rule.astype(np.int8), 1))).reshape(-1, 2)
    if len(bounds) == 1 and _is_cropped(ink):
        return ink  # the line is the digit's own, such as the bar of a 7
    for start, end in bounds:
        if end - start <= 0.04 * height + 3:
            straight[start:end] = _without_rule(straight, start, end)
    back = _sheared(straight, -tilts)
    is_outside = np.abs(_sheared(np.ones_like(ink), -tilts)) < 1
    return np.where(is_outside, ink, back)


def _is_cropped(ink: Ink) -> bool:
    """Whether strong ink reaches both to the top and to the bottom."""
    reach = 1 + round(CROPPED * len(ink))
    return bool((ink[:reach] > STRONG).any() and (ink[-reach:] > STRONG).any())


def _find_rules(ink: Ink) -> tuple[float, Mask]:
    """The slope along which most rows are ruled lines; which rows are, with one on each side, (height,)."""
    height, width = ink.shape
    columns = np.arange(0, width, 4)
    mask = ink[:, columns] > 2 * FAINT
    best, found = (0.0, 0.0), np.zeros(height, dtype=bool)
    for slope in SLOPES:
        shares = _sheared(mask, slope * (columns - width / 2)).mean(1)
        is_rule = shares > RULED
        score = float(shares[is_rule].sum())
        if is_rule.mean() < 0.3 and score > best[0]:
            best, found = (score, float(slope)), is_rule
    return best[1], np.convolve(found, [1, 1, 1], "same") > 0


def _sheared(levels: NDArray[Cell], tilts: Levels) -> NDArray[Cell]:
    """Levels of which every column is moved up by so many pixels, rounded; 0 comes in from outside."""
    height, width = levels.shape
    rows = np.rint(np.arange(height)[:, None] + tilts).astype(np.intp)
    return np.pad(levels, ((1, 1), (0, 0)))[rows.clip(-1, height) + 1, np.arange(width)]


def _without_rule(straight: Ink, start: int, end: int) -> Ink:
    """Rows from `start` to before `end`, where a line lies: a darker pen stays, all else is filled anew.

    Ink is taken to go on where there is some both above and below.
    """
    band = straight[start:end]
    level = np.median(band, axis=1, keepdims=True)
    above, below = np.zeros((2, straight.shape[1]))
    if start:
        above = straight[start - 1]
    if end < len(straight):
        below = straight[end]
    above, below = (sliding(row[None], 5, np.maximum)[0] for row in (above, below))
    return np.where(band > np.maximum(1.25 * level, 2 * FAINT), band, np.minimum(above, below))


def without_dirt(ink: Ink) -> Ink:
    """Ink less the level of what is faint and comes in from the border up to it: lines, edges of shadows."""
    strong, factor = reduced(ink > STRONG, SMALL)
    near = sliding(strong.astype(np.float64), 5, np.maximum) > 0
    labels = pieces(reduced(ink > FAINT, SMALL)[0] & ~near)
    beside = sliding(near.astype(np.float64), 3, np.maximum) > 0
    dirt = np.intersect1d(_at_border(labels), labels[beside])
    is_dirt = enlarged(np.isin(labels, dirt), factor, ink.shape) & (ink > FAINT)
    return np.clip(ink - np.quantile(ink[is_dirt], 0.98), 0, None) if is_dirt.any() else ink


def without_strangers(ink: Ink) -> Ink:
    """Ink without specks; and if there is a digit inside, without what is at the border or all around it."""
    small, factor = reduced(ink > FAINT, SMALL)
    labels = pieces(small)
    whole = enlarged(labels, factor, ink.shape)
    masses = np.bincount(whole.ravel(), ink.ravel(), labels.max() + 1)
    masses[0] = 0
    free = masses.copy()
    free[_at_border(labels)] = free[_all_around(labels)] = 0
    if free.any() and _length(labels == free.argmax()) > DIGIT * max(labels.shape):
        masses = free
    is_kept = masses > SPECK * masses.max()
    is_kept[0] = True  # what is fainter than any piece
    return np.where(is_kept[whole], ink, 0)


def _at_border(labels: Labels) -> Labels:
    """The numbers of the pieces that reach to the border."""
    found = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return found[found > 0]


def _all_around(labels: Labels) -> list[int]:
    """The numbers of the pieces that go along all four sides near to the border, as a box does."""
    reach = round(NEAR * max(labels.shape))
    sides = labels[:reach], labels[-reach:], labels[:, :reach].T, labels[:, -reach:].T
    near = functools.reduce(np.intersect1d, sides)
    return [each for each in near if all((side == each).any(0).mean() > RULED for side in sides)]


def _length(mask: Mask) -> int:
    """The longer side of the box around a mask."""
    return int(np.ptp(np.argwhere(mask), axis=0).max()) + 1
