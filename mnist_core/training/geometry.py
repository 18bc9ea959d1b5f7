"""Lines, arcs and the geometric shapes that are made of them, as strokes before a hand draws them."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Stroke = NDArray[np.float64]  # (points, 2), x and y, y downwards; about 0..1 before a hand draws it
POINTS = 12  # for each straight line; what has more of them bends with the hand's wobble


def line(*corners: float) -> Stroke:
    """Straight lines through x, y, x, y, …"""
    points = np.array(corners).reshape(-1, 2)
    along = np.linspace(0, len(points) - 1, POINTS * (len(points) - 1) + 1)
    return np.stack([np.interp(along, range(len(points)), points[:, axis]) for axis in (0, 1)], axis=1)


def arc(x: float, y: float, width: float, height: float, start: float = 0, end: float = 360) -> Stroke:
    """Part of an ellipse around x, y; angles in degrees, 0 to the right, growing clockwise."""
    angle = np.radians(np.linspace(start, end, 3 * POINTS))
    return np.stack([x + width * np.cos(angle), y + height * np.sin(angle)], axis=1)


def outline(corners: list[tuple[float, float]], random: Generator) -> list[Stroke]:
    """The polygon with these corners, each moved a little, in one line from any of them or side by side."""
    moved = np.array(corners) + random.normal(0, 0.04, (len(corners), 2))
    moved = np.roll(moved, random.integers(len(moved)), axis=0)
    if random.random() < 0.5:
        moved = moved[::-1]
    following = np.roll(moved, -1, axis=0)
    if random.random() < 0.3:
        return [line(*start, *end) for start, end in zip(moved, following, strict=True)]
    return [line(*moved.ravel(), *moved[0])]


def triangle(random: Generator) -> list[Stroke]:
    """With one side below, or now and then above."""
    side, top = (1, 0) if random.random() < 0.8 else (0, 1)
    return outline([(random.uniform(0.2, 0.8), top), (1, side), (0, side)], random)


def square(random: Generator) -> list[Stroke]:
    """Or a rectangle that is nearly one."""
    height = random.uniform(0.6, 1.3)
    return outline([(0, 0), (1, 0), (1, height), (0, height)], random)


def diamond(random: Generator) -> list[Stroke]:
    """A square on its corner, more or less high."""
    height = random.uniform(0.8, 1.4)
    return outline([(0.5, 0), (1, height / 2), (0.5, height), (0, height / 2)], random)


def plus(random: Generator) -> list[Stroke]:
    """An upright cross."""
    x, y = random.uniform(0.4, 0.6, 2)
    half = random.uniform(0.4, 0.6)
    return [line(x, 0, x, 1), line(0.5 - half, y, 0.5 + half, y)]


def check(random: Generator) -> list[Stroke]:
    """A check mark: a short line down, a long one up."""
    return [line(0, random.uniform(0.4, 0.7), random.uniform(0.25, 0.4), 1, 1, random.uniform(0, 0.1))]


def house(random: Generator) -> list[Stroke]:
    """Walls and a roof, in one line with or without the ceiling, or in two; with or without a door."""
    eaves, left = random.uniform(0.3, 0.5), random.uniform(0.2, 0.6)
    ways = [
        [line(0, eaves, 0, 1, 1, 1, 1, eaves, 0, eaves, 0.5, 0, 1, eaves)],
        [line(0, eaves, 0, 1, 1, 1, 1, eaves, 0.5, 0, 0, eaves)],
        [line(0, eaves, 0, 1, 1, 1, 1, eaves, 0, eaves), line(0, eaves, 0.5, 0, 1, eaves)],
    ]
    door = [line(left, 1, left, 0.65, left + 0.2, 0.65, left + 0.2, 1)]
    return ways[random.integers(len(ways))] + (door if random.random() < 0.5 else [])


SHAPES: dict[str, Callable[[Generator], list[Stroke]]] = {
    shape.__name__: shape for shape in (house, triangle, square, diamond, plus, check)
}
