"""Drawings of random strokes, and every stage of an image as Python makes it."""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from mnist_core.drawings.preprocessing import shrink_drawing, stages_of_drawing
from mnist_core.drawings.strokes import Drawing

RECORD = np.dtype(
    [
        ("image", np.uint8, 784),
        ("fitted", np.uint8, 400),
        ("shift", np.int8, 2),
        ("shrunk", np.uint8, 784),
        ("corner", np.float64, 2),
        ("extent", np.float64, 2),
    ]
)


def random_drawings(count: int) -> list[Drawing]:
    """Strokes of random points, some of them on a coarse grid, in random parts of the pad."""
    random = np.random.default_rng(9)
    drawings = []
    for number in range(count):
        scale = 10.0 ** random.uniform(-6, 0)
        corner = random.random(2) * (1 - scale)
        strokes = [random.random((random.integers(1, 12), 2)) for _ in range(random.integers(1, 5))]
        if number % 3 == 0:
            strokes = [(stroke * 4).round() / 4 for stroke in strokes]
        drawings.append(Drawing(tuple((stroke * scale + corner).clip(0, 1) for stroke in strokes)))
    return drawings


def levels(ink: Tensor | NDArray[np.float64]) -> NDArray[np.uint8]:
    """Levels 0..255 of ink 0..1, flat."""
    values = np.asarray(ink, dtype=np.float64).ravel() * 255
    assert np.allclose(values, values.round(), atol=1e-4), "ink is no whole number of levels"
    return values.round().astype(np.uint8)


def python_stages(drawings: list[Drawing]) -> NDArray[np.void]:
    """What Python makes of drawings, (n,) of RECORD."""
    records = np.zeros(len(drawings), RECORD)
    for record, drawing in zip(records, drawings, strict=True):
        stages = stages_of_drawing(drawing)
        record["image"], record["fitted"] = levels(stages.image), levels(stages.fitted)
        record["shrunk"], record["shift"] = levels(shrink_drawing(drawing)), stages.shift
        record["corner"], record["extent"] = stages.corner, stages.extent
    return records
