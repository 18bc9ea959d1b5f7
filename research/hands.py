"""Ways to draw a digit otherwise than its writer did, for the benchmark `writers`."""

import math
from collections.abc import Callable

import numpy as np

from mnist_core.drawings.strokes import Drawing

Change = Callable[[Drawing, int, np.random.Generator], Drawing]  # a drawing of a digit, drawn otherwise


def mapped(change: Callable[[np.ndarray, np.random.Generator], np.ndarray]) -> Change:
    """A change of all points together, (points, 2), their box's longer side going from -1 to 1."""

    def changed(drawing: Drawing, label: int, random: np.random.Generator) -> Drawing:
        points = np.concatenate(drawing.strokes)
        low, high = points.min(0), points.max(0)
        middle, half = (low + high) / 2, max((high - low).max() / 2, np.finfo(float).tiny)
        points = change((points - middle) / half, random) * half + middle
        ends = np.cumsum([len(stroke) for stroke in drawing.strokes])[:-1]
        return Drawing(tuple(np.split(points, ends)))

    return changed


@mapped
def slanted(points: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Sheared by a slope of up to 0.5, either way."""
    return points + np.stack([random.uniform(-0.5, 0.5) * points[:, 1], 0 * points[:, 1]], 1)


@mapped
def stretched(points: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Up to 1.4 times as wide and as high, or as narrow and as low."""
    return points * np.exp(random.uniform(-0.35, 0.35, 2))


@mapped
def bent(points: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Quadratically, as variants for fine-tuning are."""
    x, y = points.T
    return points + np.stack([x * x, x * y, y * y], 1) @ random.uniform(-0.3, 0.3, (3, 2))


@mapped
def coarse(points: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Two of five on a tablet that tells only 12 to 50 places apart along the longer side."""
    step = random.uniform(0.04, 0.16)
    return np.round(points / step) * step if random.random() < 0.4 else points


def fast(drawing: Drawing, label: int, random: np.random.Generator) -> Drawing:
    """Once more only 30 to 100 % of the points."""
    share = random.uniform(0.3, 1)
    keeps = [random.random(len(stroke)) < share for stroke in drawing.strokes]
    for keep in keeps:
        keep[[0, -1]] = True
    return Drawing(tuple(stroke[keep] for stroke, keep in zip(drawing.strokes, keeps, strict=True)))


def hooked(drawing: Drawing, label: int, random: np.random.Generator) -> Drawing:
    """Two of five ends of strokes longer by up to 15 % of the longer side: hooks, a third drawn too far."""
    side = np.ptp(np.concatenate(drawing.strokes), axis=0).max()

    def with_hook(stroke: np.ndarray) -> np.ndarray:
        if len(stroke) < 2 or random.random() > 0.4:
            return stroke
        x, y = stroke[1] - stroke[0]
        angle = math.atan2(y, x) + random.normal(0, 0.9) + (math.pi if random.random() < 0.35 else 0)
        hook = random.uniform(0.025, 0.15) * side * np.array([math.cos(angle), math.sin(angle)])
        return np.concatenate([[stroke[0] + hook], stroke])

    return Drawing(tuple(with_hook(with_hook(stroke)[::-1])[::-1] for stroke in drawing.strokes))


def scattered(drawing: Drawing, label: int, random: np.random.Generator) -> Drawing:
    """Strokes moved apart, by 4 % of the longer side on average, if there are several."""
    if len(drawing.strokes) == 1:
        return drawing
    side = np.ptp(np.concatenate(drawing.strokes), axis=0).max()
    return Drawing(tuple(stroke + random.normal(0, 0.04 * side, 2) for stroke in drawing.strokes))


def styled(drawing: Drawing, label: int, random: np.random.Generator) -> Drawing:
    """Three of ten narrow 1s with a flag, a third of these with a foot; a fifth of 0s slashed, 7s crossed."""
    points = np.concatenate(drawing.strokes)
    (width, height), middle = np.ptp(points, axis=0), (points.min(0) + points.max(0)) / 2
    added: list[np.ndarray] = []
    if label == 1 and width < 0.4 * height and random.random() < 0.3:
        top, bottom = points[points[:, 1].argmin()], points[points[:, 1].argmax()]
        added.append(top + random.normal(0, 0.03 * height, 2) + line(random, (100, 165), (0, 0.5), height))
        if random.random() < 0.33:
            added.append(bottom + line(random, (-8, 8), (0.2, 0.4), height, both=True))
    if label == 0 and random.random() < 0.2:
        added.append(middle + line(random, (-70, -35), (0.3, 0.75), height, both=True))
    if label == 7 and len(drawing.strokes) == 1 and random.random() < 0.2:
        stem = points[len(points) // 2 :]
        crossing = stem[np.abs(stem[:, 1] - middle[1]).argmin()]
        added.append(crossing + line(random, (-20, 10), (0.15, 0.35), height, both=True))
    return Drawing((*drawing.strokes, *added))


def line(
    random: np.random.Generator,
    degrees: tuple[float, float],
    length: tuple[float, float],
    height: float,
    *,
    both: bool = False,
) -> np.ndarray:
    """A line from (0, 0), or as far to both sides, (2, 2); `degrees` from the right, clockwise."""
    angle, far = math.radians(random.uniform(*degrees)), random.uniform(*length) * height
    end = far * np.array([math.cos(angle), math.sin(angle)])
    return np.stack([-end if both else 0 * end, end])
