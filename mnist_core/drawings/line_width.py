"""The width of a digit's line is measured, and brought to MNIST's where it is far from it.

A line of one pixel in a picture of 1,000 would otherwise vanish when the digit is made 20 pixels long.
"""

import math

import numpy as np
from PIL import Image

from mnist_core.drawings.filters import Mask, widened
from mnist_core.drawings.preprocessing import BOX, PEN, Ink

# Pixels of an image. Of MNIST's test images, as they are and ten times as large, 99.8 % lie between.
THIN, WIDE = 1.3, 5.2
FINE = 8  # times: how much finer than an image the line is while its width is changed
CERTAIN = 0.3  # of the strongest ink: from here on a pixel belongs to the line
FULL = 0.5  # of the strongest ink: this counts as full where the width is measured


def with_width_of_mnist(ink: Ink) -> Ink:
    """Ink, cropped to its box, with a line as wide as MNIST's are when the box becomes 20 pixels long.

    A line that already is comes back as it was. Any other one becomes as wide as the page's pen.
    """
    longer, width = max(ink.shape), line_width(ink)
    if THIN <= width * BOX / longer <= WIDE:
        return ink
    scale = FINE * (BOX - PEN) / max(longer - width, longer / 4)  # of the box around the line's middle
    line = _resized(ink > CERTAIN, scale)
    radius = (FINE * PEN - width * scale) / 2
    if radius > 0:
        return widened(np.pad(line, math.ceil(radius)), radius).astype(np.float64)
    thinned = ~widened(np.pad(~line, 1, constant_values=True), -radius)[1:-1, 1:-1]
    return thinned.astype(np.float64) if thinned.any() else ink


def line_width(ink: Ink) -> float:
    """Pixels, at least about 2: twice the ink over the length of its edges, which are a line's two sides."""
    line = np.pad(np.clip(ink / FULL, 0, 1), 1)
    down, right = np.gradient(line)
    return float(2 * line.sum() / np.hypot(down, right).sum())


def _resized(mask: Mask, scale: float) -> Mask:
    """A mask made larger or smaller; where it is made smaller, no thin line gets lost."""
    height, width = (max(1, round(length * scale)) for length in mask.shape)
    method, least = (Image.Resampling.BOX, 1e-3) if scale <= 1 else (Image.Resampling.BILINEAR, 0.5)
    return np.asarray(Image.fromarray(mask.astype(np.float32)).resize((width, height), method)) > least
