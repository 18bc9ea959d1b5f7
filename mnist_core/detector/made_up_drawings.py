"""Made-up drawings of things that are no digits, for the detector to learn from and to be tested on.

Every kind is a function that gives strokes, of lines, arcs and curves; `draw_by_hand` makes them look drawn.
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mnist_core.drawings.strokes import Drawing

Stroke = NDArray[np.float64]  # (points, 2), x and y, y downwards; about 0..1 before a hand draws it
POINTS = 12  # for each straight line; what has more of them bends with the hand's wobble
LETTER_STROKES: dict[str, list[tuple[str, list[float]]]] = {
    "a": [("arc", [0.45, 0.7, 0.35, 0.3, 0, 360]), ("line", [0.8, 0.4, 0.8, 1.0])],
    "c": [("arc", [0.5, 0.7, 0.45, 0.3, -50, -310])],
    "e": [("arc", [0.5, 0.7, 0.45, 0.3, 50, 360]), ("line", [0.95, 0.7, 0.1, 0.7])],
    "h": [
        ("line", [0.1, 0.0, 0.1, 1.0]),
        ("arc", [0.45, 0.75, 0.35, 0.3, 180, 360]),
        ("line", [0.8, 0.7, 0.8, 1.0]),
    ],
    "i": [("line", [0.5, 0.4, 0.5, 1.0]), ("line", [0.5, 0.1, 0.5, 0.12])],
    "k": [("line", [0.1, 0.0, 0.1, 1.0]), ("line", [0.8, 0.4, 0.1, 0.7, 0.8, 1.0])],
    "m": [("line", [0.0, 1.0, 0.1, 0.4, 0.5, 0.8, 0.9, 0.4, 1.0, 1.0])],
    "t": [("line", [0.5, 0.1, 0.5, 0.9, 0.8, 1.0]), ("line", [0.15, 0.4, 0.85, 0.4])],
    "w": [("line", [0.0, 0.4, 0.25, 1.0, 0.5, 0.5, 0.75, 1.0, 1.0, 0.4])],
    "x": [("line", [0.1, 0.4, 0.9, 1.0]), ("line", [0.9, 0.4, 0.1, 1.0])],
    "y": [("line", [0.1, 0.4, 0.5, 0.9]), ("line", [0.9, 0.4, 0.3, 1.3])],
}
WORDS = ("hi", "cat", "hey", "me", "max", "why", "eat", "tim", "yeah", "kiwi")


def draw_made_up(count: int, seed: int) -> list[tuple[str, Drawing]]:
    """Draw `count` things that are no digits, as many of every kind: each with its kind's name."""
    random = np.random.default_rng(seed)
    kinds = [list(KINDS)[number % len(KINDS)] for number in range(count)]
    return [(kind, draw_by_hand(KINDS[kind](random), random)) for kind in kinds]


def draw_by_hand(strokes: list[Stroke], random: Generator) -> Drawing:
    """The strokes stretched, slanted, turned, wobbling, and of any size anywhere on the pad."""
    points = np.concatenate(strokes)
    corner, extent = points.min(0), max(np.ptp(points, axis=0).max(), 0.1)  # a dot stays a dot
    angle, slant = random.uniform(-0.2, 0.2), random.uniform(-0.3, 0.3)  # radians, and a slope
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    shape = np.diag(random.uniform(0.8, 1.2, 2)) @ np.array([[1, 0], [slant, 1]]) @ turn
    frequencies, phases = random.uniform(0.3, 1.5, (2, 2)), random.uniform(0, 2 * np.pi, 2)
    drawn = []
    for stroke in strokes:
        moved = (stroke - corner) / extent
        wobble = 0.03 * np.sin(2 * np.pi * moved @ frequencies + phases)
        drawn.append(
            (moved + wobble + random.normal(0, 0.015, 2) + random.normal(0, 0.004, moved.shape)) @ shape
        )
    points = np.concatenate(drawn)
    size = random.uniform(0.3, 0.9) / max(np.ptp(points, axis=0).max(), 1)
    low, free = points.min(0) * size, 1 - np.ptp(points, axis=0) * size
    place = random.uniform(0, 1, 2) * free - low
    return Drawing(tuple(np.clip(stroke * size + place, 0, 1) for stroke in drawn))


def line(*corners: float) -> Stroke:
    """Straight lines through x, y, x, y, …"""
    points = np.array(corners).reshape(-1, 2)
    along = np.linspace(0, len(points) - 1, POINTS * (len(points) - 1) + 1)
    return np.stack([np.interp(along, range(len(points)), points[:, axis]) for axis in (0, 1)], axis=1)


def arc(x: float, y: float, width: float, height: float, start: float = 0, end: float = 360) -> Stroke:
    """Part of an ellipse around x, y; angles in degrees, 0 to the right, growing clockwise."""
    angle = np.radians(np.linspace(start, end, 3 * POINTS))
    return np.stack([x + width * np.cos(angle), y + height * np.sin(angle)], axis=1)


def _outline(corners: list[tuple[float, float]], random: Generator) -> list[Stroke]:
    """The polygon with these corners, each moved a little, in one line from any of them or side by side."""
    moved = np.array(corners) + random.normal(0, 0.04, (len(corners), 2))
    moved = np.roll(moved, random.integers(len(moved)), axis=0)
    if random.random() < 0.5:
        moved = moved[::-1]
    following = np.roll(moved, -1, axis=0)
    if random.random() < 0.3:
        return [line(*start, *end) for start, end in zip(moved, following, strict=True)]
    return [line(*moved.ravel(), *moved[0])]


def _triangle(random: Generator) -> list[Stroke]:
    """With one side below, or now and then above."""
    side, top = (1, 0) if random.random() < 0.8 else (0, 1)
    return _outline([(random.uniform(0.2, 0.8), top), (1, side), (0, side)], random)


def _square(random: Generator) -> list[Stroke]:
    """Or a rectangle that is nearly one."""
    height = random.uniform(0.6, 1.3)
    return _outline([(0, 0), (1, 0), (1, height), (0, height)], random)


def _diamond(random: Generator) -> list[Stroke]:
    """A square on its corner, more or less high."""
    height = random.uniform(0.8, 1.4)
    return _outline([(0.5, 0), (1, height / 2), (0.5, height), (0, height / 2)], random)


def _plus(random: Generator) -> list[Stroke]:
    """An upright cross."""
    x, y = random.uniform(0.4, 0.6, 2)
    half = random.uniform(0.4, 0.6)
    return [line(x, 0, x, 1), line(0.5 - half, y, 0.5 + half, y)]


def _check(random: Generator) -> list[Stroke]:
    """A check mark: a short line down, a long one up."""
    return [line(0, random.uniform(0.4, 0.7), random.uniform(0.25, 0.4), 1, 1, random.uniform(0, 0.1))]


def _house(random: Generator) -> list[Stroke]:
    """Walls and a roof, in one line with or without the ceiling, or in two; with or without a door."""
    eaves, left = random.uniform(0.3, 0.5), random.uniform(0.2, 0.6)
    ways = [
        [line(0, eaves, 0, 1, 1, 1, 1, eaves, 0, eaves, 0.5, 0, 1, eaves)],
        [line(0, eaves, 0, 1, 1, 1, 1, eaves, 0.5, 0, 0, eaves)],
        [line(0, eaves, 0, 1, 1, 1, 1, eaves, 0, eaves), line(0, eaves, 0.5, 0, 1, eaves)],
    ]
    door = [line(left, 1, left, 0.65, left + 0.2, 0.65, left + 0.2, 1)]
    return ways[random.integers(len(ways))] + (door if random.random() < 0.5 else [])


def _dot(random: Generator) -> list[Stroke]:
    return [random.uniform(0, 0.002, (random.integers(1, 4), 2))]


def _dots(random: Generator) -> list[Stroke]:
    return [point + np.zeros((1, 2)) for point in random.uniform(0, 1, (random.integers(3, 9), 2))]


def _scribble(random: Generator) -> list[Stroke]:
    if random.random() < 0.5:  # to and fro, as one fills an area
        sweeps = random.integers(6, 13)
        x = np.arange(sweeps) % 2 + random.normal(0, 0.15, sweeps)
        y = np.linspace(0, random.uniform(0.4, 1), sweeps) + random.normal(0, 0.05, sweeps)
        corners = np.stack([x, y], axis=1) @ np.linalg.qr(random.normal(0, 1, (2, 2)))[0]
        return [line(*corners.ravel())]
    time = np.linspace(0, 1, 10 * POINTS)  # loops over each other
    sizes, speeds, phases = random.uniform([[0.3], [1.0], [0.0]], [[1.0], [5.0], [1.0]], (3, 6))
    waves = sizes * np.sin(2 * np.pi * (time[:, None] * speeds + phases))  # (points, 6)
    return [np.stack([waves[:, :3].sum(1), waves[:, 3:].sum(1)], axis=1)]


def _heart(random: Generator) -> list[Stroke]:
    angle = np.linspace(0, 2 * np.pi, 5 * POINTS)
    depth = random.uniform(4, 6)  # of the notch
    y = -13 * np.cos(angle) + depth * np.cos(2 * angle) + 2 * np.cos(3 * angle) + np.cos(4 * angle)
    return [np.stack([16 * np.sin(angle) ** 3, y], axis=1)]


def _spiral(random: Generator) -> list[Stroke]:
    turns, start = random.uniform(2.5, 5), random.uniform(0, 2 * np.pi)
    distance = np.linspace(0.05, 1, 10 * POINTS)
    angle = start + random.choice([-1, 1]) * 2 * np.pi * turns * distance
    return [np.stack([distance * np.cos(angle), distance * np.sin(angle)], axis=1)]


def _zigzag(random: Generator) -> list[Stroke]:
    teeth = random.integers(6, 11)
    x, y = np.linspace(0, 1, teeth), np.arange(teeth) % 2 * random.uniform(0.2, 0.6)
    corners = np.stack([x, y + random.normal(0, 0.03, teeth)], axis=1)
    return [line(*(corners if random.random() < 0.5 else corners[:, ::-1]).ravel())]


def _star(random: Generator) -> list[Stroke]:
    if random.random() < 0.5:  # in one line through the middle
        angle, distance = np.arange(6) * 0.8 * np.pi, np.ones(6)
    else:  # its outline
        points = random.integers(5, 8)
        angle = np.arange(2 * points + 1) * np.pi / points
        distance = np.where(np.arange(2 * points + 1) % 2, random.uniform(0.35, 0.5), 1)
    return [line(*np.stack([distance * np.sin(angle), -distance * np.cos(angle)], axis=1).ravel())]


def _smiley(random: Generator) -> list[Stroke]:
    eye, mouth = random.uniform(0.03, 0.07), random.uniform(0.1, 0.25)
    face, smile = arc(0.5, 0.5, 0.5, 0.5), arc(0.5, 0.6, 0.25, mouth, 10, 170)
    return [face, arc(0.33, 0.35, eye, eye), arc(0.67, 0.35, eye, eye), smile]


def _word(random: Generator) -> list[Stroke]:
    strokes = []
    for place, letter in enumerate(random.choice(WORDS)):
        for curve, values in LETTER_STROKES[letter]:
            stroke = (arc if curve == "arc" else line)(*values)
            strokes.append(stroke * (0.7, 1) + (0.85 * place, 0))
    return strokes


def _arrow(random: Generator) -> list[Stroke]:
    head, width = random.uniform(0.2, 0.4), random.uniform(0.15, 0.3)
    strokes = [line(0, 0.5, 1, 0.5), line(1 - head, 0.5 - width, 1, 0.5, 1 - head, 0.5 + width)]
    quarters = random.integers(4)  # to the right, down, left or up
    turn = np.linalg.matrix_power(np.array([[0, 1], [-1, 0]]), int(quarters))
    return [stroke @ turn for stroke in strokes]


def _question(random: Generator) -> list[Stroke]:
    stem = random.uniform(0.65, 0.75)
    hook = np.concatenate([arc(0.5, 0.25, 0.3, 0.25, 180, 430), line(0.5, 0.55, 0.5, stem)])
    return [hook, line(0.5, 0.95, 0.5, 0.97)]


def _grid(random: Generator) -> list[Stroke]:
    places = np.linspace(0, 1, random.integers(4, 6))[1:-1]
    across = [line(0, place, 1, place) for place in places]
    return across + [line(place, 0, place, 1) for place in places]


def _wave(random: Generator) -> list[Stroke]:
    x, height = np.linspace(0, 1, 8 * POINTS), random.uniform(0.08, 0.25)
    return [np.stack([x, height * np.sin(2 * np.pi * (random.uniform(2, 4) * x + random.random()))], axis=1)]


def _figure(random: Generator) -> list[Stroke]:
    hands, hip = random.uniform(0.25, 0.6), random.uniform(0.6, 0.7)
    head, arms = arc(0.5, 0.15, 0.14, 0.15), line(0.15, hands, 0.5, 0.42, 0.85, hands)
    return [head, line(0.5, 0.3, 0.5, hip), arms, line(0.2, 1, 0.5, hip, 0.8, 1)]


def _tree(random: Generator) -> list[Stroke]:
    crown = [
        line(0.5, top, 0.5 - width, top + 0.3, 0.5 + width, top + 0.3, 0.5, top)
        for top, width in ((0, 0.2), (0.2, 0.3), (0.45, random.uniform(0.35, 0.45)))
    ]
    return [*crown, line(0.45, 0.75, 0.45, 1), line(0.55, 0.75, 0.55, 1)]


def _flower(random: Generator) -> list[Stroke]:
    petals = random.integers(5, 8)
    angles = np.arange(petals) * 2 * np.pi / petals
    around = [arc(0.5 + 0.25 * np.cos(a), 0.3 + 0.25 * np.sin(a), 0.13, 0.13) for a in angles]
    return [*around, arc(0.5, 0.3, 0.12, 0.12), line(0.5, 0.55, 0.5, 1.2)]


def _sun(random: Generator) -> list[Stroke]:
    rays = random.integers(6, 11)
    ends = [(np.cos(a), np.sin(a)) for a in np.arange(rays) * 2 * np.pi / rays]
    return [arc(0, 0, 0.5, 0.5), *(line(0.65 * x, 0.65 * y, 1.1 * x, 1.1 * y) for x, y in ends)]


def _cloud(random: Generator) -> list[Stroke]:
    bumps = random.integers(5, 8)
    angle = np.linspace(0, 2 * np.pi, 12 * POINTS)
    distance = 1 + 0.5 * np.abs(np.sin(bumps * angle / 2))
    return [np.stack([distance * np.cos(angle), 0.6 * distance * np.sin(angle)], axis=1)]


def _envelope(random: Generator) -> list[Stroke]:
    height, fold = random.uniform(0.55, 0.8), random.uniform(0.3, 0.5)
    return [line(0, 0, 1, 0, 1, height, 0, height, 0, 0), line(0, 0, 0.5, fold, 1, 0)]


def _cube(random: Generator) -> list[Stroke]:
    depth = random.uniform(0.25, 0.4)
    front, back = (np.array([0, 0, 1, 0, 1, 1, 0, 1, 0, 0]) + shift for shift in (0, depth))
    edges = [line(x, y, x + depth, y + depth) for x in (0, 1) for y in (0, 1)]
    return [line(*front), line(*back), *edges]


def _flash(random: Generator) -> list[Stroke]:
    width = random.uniform(0.2, 0.35)
    return [line(0.6, 0, 0.6 - width, 0.55, 0.55, 0.5, 0.35, 1, 0.6 + width, 0.4, 0.55, 0.4, 0.9, 0, 0.6, 0)]


def _cross(random: Generator) -> list[Stroke]:
    upper, lower = random.uniform(-0.1, 0.1, 2)
    return [line(0, upper, 1, 1 - upper), line(1, -lower, 0, 1 + lower)]


def _tangle(random: Generator) -> list[Stroke]:
    lines = [line(*random.uniform(0, 1, 4)) for _ in range(random.integers(3, 6))]
    low, high = (0.2, 0.2, 0.1, 0.1, 0.0), (0.8, 0.8, 0.4, 0.4, 360.0)
    arcs = random.uniform(low, high, (random.integers(2, 4), 5))  # x, y, width, height, start
    return [*lines, *(arc(x, y, width, height, start, start + 250) for x, y, width, height, start in arcs)]


KINDS: dict[str, Callable[[Generator], list[Stroke]]] = {
    function.__name__.removeprefix("_"): function
    for function in (
        *(_dot, _scribble, _heart, _spiral, _zigzag, _star, _smiley, _word),
        *(_arrow, _question, _grid, _wave, _figure, _dots, _tree),
        *(_flower, _sun, _cloud, _envelope, _cube, _flash, _cross, _tangle),
        *(_house, _triangle, _square, _diamond, _plus, _check),
    )
}
