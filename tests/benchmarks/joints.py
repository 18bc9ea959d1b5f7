"""What discs at a stroke's joints save, and change, beside Pillow's own `joint="curve"`.

    PYTHONPATH=. python tests/benchmarks/joints.py

Draws pen strokes (pendigits, see the README) both ways in turn: milliseconds a drawing, how far the images
differ, and how many drawings every run reads right from either.
"""

import statistics
import time
from unittest.mock import patch

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from mnist_core import preprocessing
from mnist_core.checkpoints import checkpoint_path, load_checkpoint
from mnist_core.drawing import LabelledDrawing
from mnist_core.pens import load_pen_drawings, pen_file
from mnist_core.preprocessing import SUPERSAMPLING
from mnist_core.recipes import RUNS
from mnist_core.refusal_rates import logits_of

ROUNDS, TIMED = 5, 500  # drawings of a round


def draw_with_curves(paths: list[np.ndarray], side: int, pen: float) -> np.ndarray:
    """As `preprocessing._draw`, with Pillow's joints."""
    canvas = Image.new("L", (side * SUPERSAMPLING, side * SUPERSAMPLING))
    draw = ImageDraw.Draw(canvas)
    for path in paths:
        points = [tuple(point) for point in path.tolist()]
        draw.line(points, fill=255, width=round(pen * SUPERSAMPLING), joint="curve")
        for end in (points[0], points[-1]):
            draw.circle(end, pen / 2 * SUPERSAMPLING, fill=255)
    return np.asarray(canvas.reduce(SUPERSAMPLING)) / 255


WAYS = {"discs": preprocessing._draw, "curves": draw_with_curves}


def images_of(way: str, drawings: list[LabelledDrawing]) -> tuple[Tensor, float]:
    """The drawings' images, (n, 28, 28), and the milliseconds that one took."""
    started = time.perf_counter()
    with patch.object(preprocessing, "_draw", WAYS[way]):
        images = torch.stack([preprocessing.image_of_drawing(entry.drawing) for entry in drawings])
    return images, (time.perf_counter() - started) / len(drawings) * 1000


def main() -> None:
    """Time both ways in turn, then compare what comes of them."""
    torch.set_num_threads(1)
    drawings = load_pen_drawings(pen_file())
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    for turn in range(ROUNDS):
        for way in WAYS:
            times[way].append(images_of(way, drawings[turn * TIMED : (turn + 1) * TIMED])[1])
    discs, curves = (statistics.median(times[way]) for way in WAYS)
    print(f"a drawing: {discs:.2f} ms with discs, {curves:.2f} with curves, {curves / discs:.1f} x")
    images = {way: images_of(way, drawings)[0] for way in WAYS}
    levels = (images["discs"] - images["curves"]).abs().mean().item() * 255
    print(f"the images differ by {levels:.2f} of 255 levels on average (n {len(drawings):,})")
    labels = torch.tensor([entry.label for entry in drawings])
    for run in RUNS.values():
        timeline = load_checkpoint(checkpoint_path(run))[0]
        right = {
            way: int((logits_of(timeline, (ink * 255).round().byte()).argmax(1) == labels).sum())
            for way, ink in images.items()
        }
        change = right["discs"] - right["curves"]
        print(f"{run.id}: {right['discs']:,} read right with discs, {change:+} beside curves")


if __name__ == "__main__":
    main()
