"""A drawing or a picture becomes an image the way MNIST's images were made.

Source: Yadav & Bottou 2019, arXiv 1905.10498, appendix, which rebuilds MNIST from its scans.
"""

import io
import math
import warnings
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor

from mnist_core.architectures import SIDE
from mnist_core.drawing import Drawing
from mnist_core.errors import DrawingError, PictureError

BOX = 20  # pixels: MNIST fits the longer side of the ink into them
PEN = 2.3  # pixels: the width of a stroke that gives MNIST's mean ink of 0.13
DOT = PEN / SIDE  # of the pad: a drawing smaller than the pad's pen is a dot, and is not enlarged
SUPERSAMPLING = 10  # ten by ten samples a pixel
MAX_PIXELS = 25_000_000  # of a picture; decoded, that is 100 MB
FAINT = 0.05  # of the strongest ink: what is fainter does not count towards the box around the ink

Ink = NDArray[np.float64]  # (height, width), 0 paper to 1 full ink


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
    if drawing.is_empty:
        raise DrawingError("The drawing is empty, so there is nothing to predict; draw a digit first.")
    points = np.concatenate(drawing.strokes)
    corner = points.min(0)
    extent = (points.max(0) - corner).max()
    scale = (BOX - pen) / max(extent, DOT) * SUPERSAMPLING  # samples for the pad's width
    radius = pen / 2 * SUPERSAMPLING
    canvas = Image.new("L", (BOX * SUPERSAMPLING, BOX * SUPERSAMPLING))
    draw = ImageDraw.Draw(canvas)
    for stroke in drawing.strokes:
        path = [tuple(point) for point in (stroke - corner) * scale + radius]
        draw.line(path, fill=255, width=round(2 * radius), joint="curve")
        for end in (path[0], path[-1]):
            draw.circle(end, radius, fill=255)
    return _to_image(center_by_mass(np.asarray(canvas.reduce(SUPERSAMPLING)) / 255))


def image_of_picture(picture: Image.Image) -> Tensor:
    """Find the ink in a picture, dark on light or light on dark, and make it an image like MNIST's.

    Returns:
        Ink in steps of 1/255, shape (28, 28), 0 (paper) to 1 (full ink).

    Raises:
        PictureError: the picture shows nothing but its background.
    """
    ink = find_ink(picture)
    rows, columns = (np.flatnonzero((ink > FAINT).any(axis)) for axis in (1, 0))
    left, top, right, bottom = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    height, width = bottom - top, right - left
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    resampling = Image.Resampling.BOX if scale <= 1 else Image.Resampling.BILINEAR
    boxed = Image.fromarray(ink.astype(np.float32)).resize(size, resampling, (left, top, right, bottom))
    return _to_image(center_by_mass(np.asarray(boxed, dtype=np.float64)))


def center_by_mass(ink: Ink) -> Ink:
    """Place ink into 28×28 pixels so that its centre of mass lies where MNIST puts it, in [14, 15).

    Args:
        ink: (height, width), 0 (paper) to 1 (full ink), with some ink.

    Returns:
        The ink moved by whole pixels, (28, 28); what falls outside is lost, as in MNIST.
    """
    framed = np.zeros((SIDE, SIDE))
    top, left = (
        # Pixel i has its centre at i + 0.5; MNIST shifts by the ceiling, not by the nearest whole number.
        math.ceil(14 - np.average(np.arange(ink.shape[axis]) + 0.5, weights=ink.sum(1 - axis)))
        for axis in (0, 1)
    )
    rows = slice(max(0, top), min(SIDE, top + ink.shape[0]))
    columns = slice(max(0, left), min(SIDE, left + ink.shape[1]))
    framed[rows, columns] = ink[
        rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
    ]
    return framed


def find_ink(picture: Image.Image) -> Ink:
    """Tell ink from paper: paper is the most common grey, ink is what differs from it by more than noise.

    Transparent pixels are paper. The strongest ink becomes 1.

    Raises:
        PictureError: nothing differs from the paper.
    """
    grey = _grey(_on_paper(picture))
    paper = np.median(grey)
    noise = 5 * np.median(np.abs(grey - paper))
    darker = np.clip(paper - grey - noise, 0, None)
    lighter = np.clip(grey - paper - noise, 0, None)
    ink = darker if darker.sum() >= lighter.sum() else lighter
    if ink.max() < 1:  # of 255 levels
        raise PictureError(
            "The picture shows no ink, only its background; give one with a digit, darker or lighter than it."
        )
    return ink / ink.max()


def _grey(picture: Image.Image) -> NDArray[np.float64]:
    """Grey levels, (height, width), 0 to 255; Pillow itself would cut off 16-bit levels at 255."""
    if picture.mode.startswith(("I", "F")):
        levels = np.asarray(picture, dtype=np.float64)
        return levels / 257 if levels.max() > 255 else levels
    return np.asarray(picture.convert("L"), dtype=np.float64)


def _on_paper(picture: Image.Image) -> Image.Image:
    """Lay a picture with transparency on white paper if its opaque part is dark, else on black."""
    if not picture.has_transparency_data:
        return picture
    layers = picture.convert("RGBA")
    alpha = np.asarray(layers.getchannel("A"), dtype=np.float64)
    grey = np.asarray(layers.convert("L"), dtype=np.float64)
    is_dark = not alpha.any() or np.average(grey, weights=alpha) < 128
    paper = Image.new("RGBA", layers.size, "white" if is_dark else "black")
    return Image.alpha_composite(paper, layers)


def open_picture(source: Path | bytes) -> Image.Image:
    """Decode a picture from a file or from its bytes.

    Raises:
        PictureError: no picture, a damaged one, or one of more than 25 million pixels.
    """
    name = "The given data" if isinstance(source, bytes) else str(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is checked here
            picture = Image.open(io.BytesIO(source) if isinstance(source, bytes) else source)
        if picture.width * picture.height > MAX_PIXELS:
            raise PictureError(
                f"{name} is a picture of {picture.width:,} × {picture.height:,} pixels; "
                f"at most {MAX_PIXELS:,} pixels are read. Make it smaller."
            )
        picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(f"{name} is no picture that can be read; give a PNG or JPEG file.") from error
    return picture


def _to_image(ink: Ink) -> Tensor:
    return torch.from_numpy((ink * 255).round().clip(0, 255) / 255).float()
