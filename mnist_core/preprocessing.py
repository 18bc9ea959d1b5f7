"""A drawing or a picture becomes an image the way MNIST's images were made.

Source: Yadav & Bottou 2019, arXiv 1905.10498, appendix, which rebuilds MNIST from its scans.
"""

import io
import math
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor

from mnist_core.architectures import SIDE
from mnist_core.drawing import Drawing
from mnist_core.errors import DrawingError, PictureError
from mnist_core.ink import Levels, Points, draw_strokes

BOX = 20  # pixels: MNIST fits the longer side of the ink into them
PEN = 2.4  # pixels: a stroke's width, which gives the mean ink of MNIST, 0.13 (docs/recipe.md)
DOT = PEN / SIDE  # of the pad: a drawing smaller than the pad's pen is a dot, and is not enlarged
MAX_PIXELS = 25_000_000  # of a picture; decoded, that is 100 MB
ENOUGH_PIXELS = 1_000_000  # for a digit: a larger picture is shrunk before its ink is looked for
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")  # no other of Pillow's: one starts a program
FAINT = 0.05  # of the strongest ink: what is fainter does not count towards the box around the ink

Ink = NDArray[np.float64]  # (height, width), 0 paper to 1 full ink
Number = TypeVar("Number", np.float64, np.uint8)


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
    return Stages(corner, extent, fitted / 255, shift, _to_image(_frame(fitted, *shift)))


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
    return _to_image(draw_strokes([stroke * SIDE for stroke in drawing.strokes], SIDE, PEN))


def _points(drawing: Drawing) -> Points:
    """All points of a drawing, (points, 2); DrawingError if there are none."""
    if drawing.is_empty:
        raise DrawingError("The drawing is empty, so there is nothing to predict; draw a digit first.")
    return np.concatenate(drawing.strokes)


def image_of_picture(picture: Image.Image) -> Tensor:
    """Find the ink in a picture, dark on light or light on dark, and make it an image like MNIST's.

    Returns:
        Ink in steps of 1/255, shape (28, 28), 0 (paper) to 1 (full ink).

    Raises:
        PictureError: the picture shows nothing but its background, or has pixels without a brightness.
    """
    ink = find_ink(picture)
    rows, columns = (np.flatnonzero((ink > FAINT).any(axis)) for axis in (1, 0))
    left, top, right, bottom = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    height, width = bottom - top, right - left
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    resampling = Image.Resampling.BOX if scale <= 1 else Image.Resampling.BILINEAR
    boxed = Image.fromarray(ink.astype(np.float32)).resize(size, resampling, (left, top, right, bottom))
    centered = center_by_mass(np.asarray(boxed, dtype=np.float64))
    return _to_image((centered * 255).round().clip(0, 255))


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


def find_ink(picture: Image.Image) -> Ink:
    """Tell ink from paper: paper is the most common grey, ink is what differs from it by more than noise.

    Transparent pixels are paper. The strongest ink becomes 1.

    Raises:
        PictureError: nothing differs from the paper, or a pixel has no brightness.
    """
    grey = _grey(_on_paper(_shrunk(picture)))
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


def _shrunk(picture: Image.Image) -> Image.Image:
    """A picture of hardly more than a million pixels: more take memory, and do not change 28×28."""
    factor = math.ceil(math.sqrt(picture.width * picture.height / ENOUGH_PIXELS))
    if factor <= 1:
        return picture
    deep = "F" if picture.mode.startswith(("I", "F")) else "L"
    return picture.convert("RGBA" if picture.has_transparency_data else deep).reduce(factor)


def _grey(picture: Image.Image) -> NDArray[np.float64]:
    """Grey levels, (height, width), 0 to 255; Pillow itself would cut off 16-bit levels at 255."""
    if picture.mode.startswith(("I", "F")):
        levels = np.asarray(picture, dtype=np.float64)
        if not np.isfinite(levels).all():
            raise PictureError(
                "The picture has pixels without a brightness (NaN or infinite); give them one."
            )
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


def open_picture(source: Path | bytes, *, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Decode a picture from a file or from its bytes, turned as its camera was held (EXIF).

    Raises:
        PictureError: no picture, a damaged one, or one of more than `max_pixels`.
    """
    name = "The given data" if isinstance(source, bytes) else str(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is checked here
            picture = Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS)
        if picture.width * picture.height > max_pixels:
            raise PictureError(
                f"{name} is a picture of {picture.width:,} × {picture.height:,} pixels; "
                f"at most {max_pixels:,} pixels are read. Make it smaller."
            )
        picture.load()
        return ImageOps.exif_transpose(picture)  # a camera notes how it was held, and turns no pixels
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(f"{name} is no picture that can be read; give a PNG or JPEG file.") from error


def _to_image(levels: NDArray[Number]) -> Tensor:
    """Levels 0..255 as ink 0..1, of the same shape."""
    return torch.from_numpy(levels).float() / 255
