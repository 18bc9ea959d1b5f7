"""Pen strokes as training images: the digits of 30 writers, redrawn with other pens."""

import os
from pathlib import Path

import numpy as np
import torch

from mnist_core.drawings.mnist import LabelledImages
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, LabelledDrawing
from mnist_core.drawings.unipen import read_unipen
from mnist_core.errors import DataError

PEN_WIDTHS = (1.6, 3.4)  # pixels
KEPT_POINTS = (0.3, 1.0)  # share of a stroke's points that are kept, as from a faster hand
JITTER = 0.012  # of the drawing's longer side, at most: the hand's unsteadiness


def pen_file() -> Path:
    """Where the pen strokes are kept: the file named by PENDIGITS, by default in `data`."""
    return Path(os.environ.get("PENDIGITS") or "data/pendigits-orig.tra")


def load_pen_drawings(path: Path) -> list[LabelledDrawing]:
    """Read the drawings of pendigits; DataError says where to get the file if it is not there."""
    if not path.is_file():
        raise DataError(
            f"No pen strokes at {path}; the robust recipe also trains on pendigits-orig.tra of UCI's "
            '"Pen-Based Recognition of Handwritten Digits" (https://archive.ics.uci.edu/dataset/81). '
            "Put the file there, or set PENDIGITS to its path."
        )
    return read_unipen(path)


def draw_with_pens(drawings: list[LabelledDrawing], *, variants: int, seed: int) -> LabelledImages:
    """Every drawing `variants` times, each time with another pen, speed and jitter, on the pad's way."""
    random = np.random.default_rng(seed)
    images = [
        image_of_drawing(redraw(entry.drawing, random), pen=random.uniform(*PEN_WIDTHS))
        for _ in range(variants)
        for entry in drawings
    ]
    labels = torch.tensor([entry.label for entry in drawings]).repeat(variants)
    return LabelledImages((torch.stack(images) * 255).round().to(torch.uint8), labels)


def redraw(drawing: Drawing, random: np.random.Generator) -> Drawing:
    """The drawing by a faster and less steady hand: some points left out, the others moved a little."""
    points = np.concatenate(drawing.strokes)
    jitter = random.uniform(0, JITTER) * np.ptp(points, axis=0).max()
    kept = random.uniform(*KEPT_POINTS)
    strokes = []
    for stroke in drawing.strokes:
        keep = random.random(len(stroke)) < kept
        keep[[0, -1]] = True
        strokes.append(stroke[keep] + random.normal(0, jitter, (keep.sum(), 2)))
    return Drawing(tuple(strokes))
