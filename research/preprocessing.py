"""What each choice in preprocessing is worth, on drawings by writers that the networks never saw.

    python -m research.preprocessing [pens] [published] [robust]

`pens`: the pen's width, on the drawings of every second writer: mean ink, and accuracy of the committed runs,
the mean of five each; the robust runs learned from these writers, with pens of many widths.
`published`: the five published networks, which never saw a pen, on all drawings; the mean of the five.
`robust`: one network of relu-96-256 that learns by the robust recipe, shortened and without a teacher, from
all writers but every fifth, on these writers' drawings. All three unless some are named. Needs MNIST and the
pen strokes; writes research/preprocessing.json and prints it as tables. MNIST's test images play no part.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import load_mnist
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, LabelledDrawing
from mnist_core.measuring.evaluation import last_logits
from mnist_core.measuring.folds import split_by_writer
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import RUNS, find_run
from mnist_core.training.augmentation import Augmenter, load_pen_drawings, pen_file
from mnist_core.training.run_training import train

RESULTS = Path("research/preprocessing.json")
PARTS = ("pens", "published", "robust")
PENS = (1.9, 2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7, 2.8, 2.9)  # pixels
PAD = 320  # pixels: what a pointer on a small pad can tell apart

Change = Callable[[Drawing], Drawing]


@dataclass(frozen=True)
class Way:
    """One way to make an image: the drawing is changed before, or the image is moved afterwards."""

    name: str
    change: Change = lambda drawing: drawing
    move: Callable[[Tensor], Tensor] = lambda image: image

    def image(self, drawing: Drawing) -> Tensor:
        """Ink, shape (28, 28)."""
        return self.move(image_of_drawing(self.change(drawing)))


def each_stroke(change: Callable[[np.ndarray], np.ndarray]) -> Change:
    """Apply a change of points (points, 2) to every stroke."""
    return lambda drawing: Drawing(tuple(change(stroke) for stroke in drawing.strokes))


def centered_by_rounding(image: Tensor) -> Tensor:
    """The image as a shift by the nearest whole number would leave it: ceil may go half a pixel further."""
    for axis in (0, 1):
        center = (image.sum(1 - axis) * (torch.arange(28) + 0.5)).sum() / image.sum()
        image = image.roll(-1, axis) if center > 14.5 else image
    return image


def smoothed(stroke: np.ndarray) -> np.ndarray:
    """Every inner point becomes the mean of itself and its two neighbours."""
    inner = (stroke[:-2] + stroke[1:-1] + stroke[2:]) / 3
    return np.concatenate([stroke[:1], inner, stroke[-1:]]) if len(stroke) > 2 else stroke


def slanted(by: float) -> Change:
    """Shear a drawing: positive leans to the right."""
    return each_stroke(lambda stroke: stroke * [1, 1] + np.stack([-by * stroke[:, 1], 0 * stroke[:, 1]], 1))


def upright(drawing: Drawing) -> Drawing:
    """Undo the slant that the points' second moments show."""
    x, y = np.concatenate(drawing.strokes).T
    slope = np.cov(x, y, bias=True)[0, 1] / max(y.var(), 1e-9)
    return slanted(slope)(drawing)


def slanted_and_upright(by: float) -> Change:
    """Shear a drawing, and undo the slant that it then shows."""
    return lambda drawing: upright(slanted(by)(drawing))


def small(size: float) -> Change:
    """Make the longer side this share of the pad, and let the points fall on the pad's pixels."""

    def shrunk(drawing: Drawing) -> Drawing:
        scale = size / np.ptp(np.concatenate(drawing.strokes), axis=0).max()
        return each_stroke(lambda stroke: np.round(stroke * scale * PAD) / PAD)(drawing)

    return shrunk


WAYS = (
    Way("as it is"),
    Way("shift rounded, not ceiled", move=centered_by_rounding),
    Way("strokes smoothed", each_stroke(smoothed)),
    *(Way(f"longer side {size:.0%} of the pad", small(size)) for size in (0.5, 0.2, 0.1, 0.08, 0.06, 0.04)),
    *(Way(f"slanted by {by:+}", slanted(by)) for by in (-0.6, 0.6)),
    Way("deslanted", upright),
    *(Way(f"slanted by {by:+}, deslanted", slanted_and_upright(by)) for by in (-0.6, 0.6)),
)


def accuracy(timelines: list[Timeline], images: Tensor, labels: Tensor) -> float:
    """Share of images (n, 28, 28), ink 0..1, that finished networks read right, mean of the networks."""
    read = [last_logits(timeline, (images * 255).round().byte()).argmax(1) for timeline in timelines]
    return sum((digits == labels).double().mean().item() for digits in read) / len(read)


def accuracies(timelines: list[Timeline], drawings: list[LabelledDrawing]) -> dict[str, float]:
    """Share of the drawings read right, for every way to make their images; mean of the networks."""
    labels = torch.tensor([entry.label for entry in drawings])
    return {
        way.name: accuracy(timelines, torch.stack([way.image(entry.drawing) for entry in drawings]), labels)
        for way in WAYS
    }


def committed(recipe: str) -> list[Timeline]:
    """The finished networks of the runs trained by this recipe."""
    runs = [run for run in RUNS.values() if run.id.endswith(f"/{recipe}")]
    return [load_checkpoint(checkpoint_path(run))[0].at(-1) for run in runs]


def compare_pens(drawings: list[LabelledDrawing]) -> dict[str, Any]:
    """Mean ink and accuracies for every width of the pen, beside the mean ink of MNIST."""
    mnist = load_mnist(mnist_folder(), "training")
    labels = torch.tensor([entry.label for entry in drawings])
    runs = {recipe: committed(recipe) for recipe in ("published", "robust")}
    widths = {}
    for width in PENS:
        images = torch.stack([image_of_drawing(entry.drawing, pen=width) for entry in drawings])
        read = {recipe: accuracy(timelines, images, labels) for recipe, timelines in runs.items()}
        widths[f"{width}"] = {"ink": images.mean().item(), **read}
    return {"n": len(drawings), "mnist_ink": mnist.ink().mean().item(), "widths": widths}


def trained_without(left_out: list[str], drawings: list[LabelledDrawing]) -> Timeline:
    """relu-96-256 by the robust recipe, two epochs, no teacher, without these writers."""
    run, mnist = find_run("relu-96-256/robust"), load_mnist(mnist_folder(), "training")
    run = replace(run, recipe=replace(run.recipe, epochs=2, distillation=None))
    seen = [entry for entry in drawings if entry.writer not in left_out]
    return train(run, mnist, mnist, seed=0, augmented=Augmenter(mnist, seen).make(run.recipe)).timeline


def main() -> None:
    parser = argparse.ArgumentParser(description="What each choice in preprocessing is worth.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; default: all")
    parts = parser.parse_args().parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    torch.set_num_threads(1)
    drawings = load_pen_drawings(pen_file())
    report = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    if "pens" in parts:
        writers = split_by_writer(drawings, 2)[0]
        report["pens"] = compare_pens([entry for entry in drawings if entry.writer in writers])
    if "published" in parts:
        report["published"] = {"n": len(drawings), "accuracy": accuracies(committed("published"), drawings)}
    if "robust" in parts:
        left_out = split_by_writer(drawings, 5)[0]
        unseen = [entry for entry in drawings if entry.writer in left_out]
        timeline = trained_without(left_out, drawings)
        report["robust"] = {"n": len(unseen), "accuracy": accuracies([timeline], unseen)}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"mean ink of MNIST: {report['pens']['mnist_ink']:.4f}")
    for width, row in report["pens"]["widths"].items():
        print(f"| {width} px | {row['ink']:.4f} | {row['published']:.2%} | {row['robust']:.2%} |")
    for way in WAYS:
        shares = (f"{report[part]['accuracy'][way.name]:.2%}" for part in ("published", "robust"))
        print(f"| {way.name} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main()
