"""Variants of a drawing: strokes bent, enlarged, slanted and turned a little, and inked, many at a time."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_core.drawings.preprocessing import BOX, DOT, PEN
from mnist_core.drawings.strokes import Drawing
from mnist_core.runs.architectures import SIDE

ROTATION = math.radians(7)  # at most, either way
SCALE = 0.09  # at most, as a share, of width and height each
SHEAR = 0.15  # at most, as a slope
BEND = 0.3  # at most, either way: factors of x², xy and y², where x and y go from -1 to 1
_VALUES_AT_ONCE = 128_000  # in single precision they stay in the processor's cache


def draw_maps(count: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Quadratic maps of the plane, each drawn anew: bent, then enlarged, then slanted, then turned.

    Returns:
        Shape (count, 2, 5): factors of x, y, x², xy and y² in the new x and in the new y.

    The page draws its maps by the same definition (engine/distort.js).
    """
    angle, width, height, shear = random.uniform(-1, 1, (4, count)) * [[ROTATION], [SCALE], [SCALE], [SHEAR]]
    zero, width, height = np.zeros(count), 1 + width, 1 + height
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])  # (2, 2, count)
    enlarge_and_slant = np.array([[width, shear * height], [zero, height]])
    straight = np.broadcast_to(np.eye(2), (count, 2, 2))
    bend = np.concatenate([straight, random.uniform(-BEND, BEND, (count, 2, 3))], axis=2)
    return np.einsum("ijn,jkn,nkl->nil", turn, enlarge_and_slant, bend)


def move_points(drawing: Drawing, maps: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Every stroke under every map (maps, 2, 5): arrays (maps, points, 2).

    A map's x and y go from -1 to 1 along the longer side of the drawing's box; its middle becomes (0, 0).
    """
    points = np.concatenate(drawing.strokes)
    low, high = points.min(0), points.max(0)
    half = max((high - low).max() / 2, np.finfo(float).tiny)
    moved = []
    for stroke in drawing.strokes:
        x, y = ((stroke - (low + high) / 2) / half).T
        moved.append(half * np.stack([x, y, x * x, x * y, y * y], axis=1) @ maps.swapaxes(1, 2))
    return moved


def images_of_variants(drawing: Drawing, maps: NDArray[np.float64]) -> Tensor:
    """What `image_of_drawing` makes of the drawing under every map, in single precision.

    That is about ten times as fast as one by one; a pixel may differ by one level.

    Args:
        drawing: with strokes.
        maps: as `draw_maps` gives them, shape (maps, 2, 5).

    Returns:
        Levels, shape (maps, 28, 28), uint8, 0 paper to 255 full ink.
    """
    strokes = move_points(drawing, maps)
    points = np.concatenate(strokes, axis=1)
    corner = points.min(1)
    scale = (BOX - PEN) / np.maximum((points.max(1) - corner).max(1), DOT)  # (maps,)
    pixels = [
        torch.from_numpy((stroke - corner[:, None]) * scale[:, None, None] + PEN / 2) for stroke in strokes
    ]
    starts = torch.cat([stroke[:, : max(1, stroke.shape[1] - 1)] for stroke in pixels], 1)
    ends = torch.cat([stroke[:, min(1, stroke.shape[1] - 1) :] for stroke in pixels], 1)
    nearest = _squared_distances(starts, ends)
    ink = (PEN / 2 + 0.5 - nearest.sqrt()).clamp(0, 1)
    return _center((ink * 255 + 0.5).floor().to(torch.uint8))


def _squared_distances(starts: Tensor, ends: Tensor) -> Tensor:
    """From the centre of every pixel to the nearest segment: (maps, segments, 2) twice to (maps, 20, 20)."""
    vector = ends - starts
    length = vector.norm(dim=2, keepdim=True)  # (maps, segments, 1)
    along = torch.where(length == 0, torch.tensor([1.0, 0.0]), vector / length)  # of a dot: any will do
    across = torch.stack([-along[..., 1], along[..., 0]], 2)
    middle = (starts + ends) / 2
    half = (length / 2).float()[..., None]
    sums = [*_products(middle, along), *_products(middle, across)]
    at_once = max(1, _VALUES_AT_ONCE // (starts.shape[1] * BOX * BOX))
    beyond, beside = torch.empty(2, min(at_once, len(starts)), starts.shape[1], BOX, BOX)
    nearest = torch.empty(len(starts), BOX, BOX)
    for first in range(0, len(starts), at_once):
        chunk = slice(first, first + at_once)
        x_along, y_along, x_across, y_across = (part[chunk] for part in sums)
        a, b = beyond[: len(x_along)], beside[: len(x_along)]
        torch.add(x_along, y_along, out=a).abs_().sub_(half[chunk]).clamp_(min=0)  # beyond the segment's ends
        torch.add(x_across, y_across, out=b).square_().addcmul_(a, a)
        torch.amin(b, 1, out=nearest[chunk])
    return nearest


def _products(origin: Tensor, direction: Tensor) -> tuple[Tensor, Tensor]:
    """The scalar product of a direction and a pixel's place seen from an origin, as two terms to be added.

    `origin` and `direction` of shape (maps, segments, 2); returns the term of the pixel's column,
    (maps, segments, 1, 20), and that of its row, (maps, segments, 20, 1), in single precision.
    """
    centers = torch.arange(BOX) + 0.5
    terms = ((centers - origin[..., None]) * direction[..., None]).float()  # (maps, segments, 2, 20)
    return terms[:, :, :1, :], terms[:, :, 1, :, None]


def _center(fitted: Tensor) -> Tensor:
    """Place levels (maps, 20, 20) in 28×28 pixels as `center_by_mass` does."""
    levels = fitted.double()
    doubled = 2 * torch.arange(BOX, dtype=torch.float64) + 1  # twice the pixels' centres
    mass = levels.sum((1, 2))
    framed = torch.nn.functional.pad(fitted, (1, 1, 1, 1))  # what lies outside is paper
    places = []
    for sums in (levels.sum(2), levels.sum(1)):  # down, then right
        shift = ((SIDE * mass - sums @ doubled) / (2 * mass)).ceil().long()
        places.append((torch.arange(SIDE) - shift[:, None]).clamp(-1, BOX) + 1)  # (maps, 28)
    down, right = places
    return framed[torch.arange(len(fitted))[:, None, None], down[:, :, None], right[:, None, :]]
