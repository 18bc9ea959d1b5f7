"""Candidate changes of the robust recipe: which of them help to read writers that no network has seen?

    python -m research.writers [CANDIDATE ...]          train, write research/writers.json, print it
    python -m research.writers --full [CANDIDATE ...]   the same with ten epochs and the teacher
    python -m research.writers --print                  print the table again

Without --full a network learns for three epochs and without a teacher: enough to see what is worth a full
training. Accuracy is of the 5,545 digits of UNIPEN by five donors whom the network never saw, and of MNIST's
test images. Where UNIPEN's digits are learned from, five networks are trained, each without one donor, their
errors added up and their accuracies on MNIST averaged. Candidates are named by the keys of CANDIDATES; all
unless some are named. A seed is of the redrawn pens, the distortions and the network.
"""

import argparse
import json
import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import LabelledImages, images_of_drawings, load_mnist
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, LabelledDrawing
from mnist_core.drawings.unipen import read_unipen
from mnist_core.drawings.unipen_archive import unipen_folder
from mnist_core.runs.recipes import Distortion, Run, find_run
from mnist_core.training.augmentation import (
    PEN_WIDTHS,
    AugmentedImages,
    distorted_copies,
    load_pen_drawings,
    pen_file,
    redraw,
)
from mnist_core.training.distillation import teacher_logits, train_teacher
from mnist_core.training.run_training import train

RESULTS = Path("research/writers.json")
NETWORKS = ("relu-50", "relu-96-256")
EPOCHS = 3

# Errors, digits read and MNIST's accuracy 0..1, by training, network, candidate and seed
Table = dict[str, dict[str, dict[str, dict[str, tuple[int, int, float]]]]]
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


@dataclass(frozen=True)
class Candidate:
    """A change of the recipe.

    `changes`: of every redrawn pen drawing, in this order. `variants`: how often pens are redrawn, as a
    multiple of the recipe's; `copies`: of each of these, likewise; `distortion`: of all its bounds.
    """

    name: str
    changes: tuple[Change, ...] = ()
    variants: int = 1
    copies: float = 1.0
    distortion: float = 1.0
    unipen: bool = False


def redrawn(name: str, *changes: Change) -> Candidate:
    """As many images as the recipe's, of four times as many redrawings."""
    return Candidate(name, changes, variants=4, copies=0.25)


GEOMETRY = (slanted, stretched, bent, scattered)
CANDIDATES = {
    "recipe": Candidate("the recipe"),
    "more": Candidate("four times the redrawings, half of the copies", variants=4, copies=0.5),
    "styles": redrawn("flags, feet, slashes and crossbars", styled),
    "slant": redrawn("slant", slanted),
    "speed": redrawn("fewer points", fast),
    "hooks": redrawn("hooks and overshoots", hooked),
    "coarse": redrawn("coarse tablets", coarse),
    "wide": Candidate("distortions × 1.35", distortion=1.35),
    "geometry": redrawn("slant, width and height, bends, apart", *GEOMETRY),
    "all": redrawn("all changes of strokes but fewer points", styled, *GEOMETRY, hooked, coarse),
    "unipen": Candidate("UNIPEN's digits by other donors", unipen=True),
}


def draw(
    drawings: list[LabelledDrawing], candidate: Candidate, *, variants: int, seed: int
) -> LabelledImages:
    """Every drawing `variants` times, redrawn as the recipe does and then changed by the candidate."""
    random = np.random.default_rng(seed)
    images = torch.empty(variants * len(drawings), 28, 28, dtype=torch.uint8)
    for number in range(len(images)):
        entry = drawings[number % len(drawings)]
        drawing = redraw(entry.drawing, random)
        for change in candidate.changes:
            drawing = change(drawing, entry.label, random)
        images[number] = (image_of_drawing(drawing, pen=random.uniform(*PEN_WIDTHS)) * 255).round()
    return LabelledImages(images, torch.tensor([entry.label for entry in drawings]).repeat(variants))


@lru_cache(maxsize=2)
def mnist_copies(distortion: Distortion, copies: int, seed: int) -> LabelledImages:
    """MNIST's training images, distorted; kept, as most candidates share them."""
    return distorted_copies(load_mnist(mnist_folder(), "training"), distortion, copies, seed=seed)


def augmented(
    run: Run, drawings: list[LabelledDrawing], candidate: Candidate, *, seed: int
) -> AugmentedImages:
    """What the run learns from by the candidate, and what a teacher that learned from it says."""
    usual = run.recipe.augmentation
    assert usual, "only robust runs learn from pens"
    distortion = Distortion(
        **{
            field.name: candidate.distortion * getattr(usual.distortion, field.name)
            for field in fields(Distortion)
        }
    )
    pens = draw(drawings, candidate, variants=candidate.variants * usual.pen_variants, seed=seed)
    copies = round(candidate.copies * usual.copies)
    images = mnist_copies(distortion, usual.copies, seed) + distorted_copies(
        pens, distortion, copies, seed=seed
    )
    logits = teacher_logits(train_teacher(images), images.images) if run.recipe.distillation else None
    return AugmentedImages(images.images, images.labels, logits, 0.0)


def measure(run: Run, candidate: Candidate, *, seed: int) -> tuple[int, int, float]:
    """Errors on digits of donors left out, how many digits these are, and MNIST's test accuracy 0..1."""
    mnist, pens = load_mnist(mnist_folder(), "test"), load_pen_drawings(pen_file())
    unipen = read_unipen(unipen_folder() / "digits.unipen")
    donors = sorted({donor(entry) for entry in unipen})
    errors, accuracies = 0, []
    for left_out in [[name] for name in donors] if candidate.unipen else [donors]:
        seen = [entry for entry in unipen if donor(entry) not in left_out]
        unseen = images_of_drawings(entry for entry in unipen if donor(entry) in left_out)
        images = augmented(run, pens + seen, candidate, seed=seed)
        last = train(run, mnist, unseen, seed=seed, augmented=images).epochs[-1]  # both are only measured
        errors += round((1 - last.test_accuracy) * len(unseen))
        accuracies.append(last.training_accuracy)
    return errors, len(unipen), statistics.mean(accuracies)


def donor(entry: LabelledDrawing) -> str:
    """Who collected a drawing of UNIPEN."""
    return entry.writer.split("/")[0]


def shortened(run: Run) -> Run:
    """The run with three epochs and without a teacher."""
    return replace(run, recipe=replace(run.recipe, epochs=EPOCHS, distillation=None))


def rendered(table: Table) -> str:
    """The table as Markdown: means, and standard deviations where there are several seeds."""

    def percent(values: list[float]) -> str:
        spread = f" ± {statistics.stdev(values):.2f}" if len(values) > 1 else ""
        return f"{statistics.mean(values):.2f}{spread}"

    lines = [
        "| training | network | candidate | seeds | UNIPEN, donors left out, % | MNIST, % |",
        "|---|---|---|--:|--:|--:|",
    ]
    for schedule, networks in table.items():
        for network, rows in networks.items():
            for key, seeds in rows.items():
                unipen = percent([100 * (1 - errors / n) for errors, n, _ in seeds.values()])
                mnist = percent([100 * accuracy for *_, accuracy in seeds.values()])
                row = f"{schedule} | `{network}` | {CANDIDATES[key].name} | {len(seeds)} | {unipen} | {mnist}"
                lines.append(f"| {row} |")
    return "\n".join(lines)


def main() -> None:
    """Measure what is asked for, keep each figure as soon as it is there, and print the table."""
    parser = argparse.ArgumentParser(description="What would read unseen writers better.")
    parser.add_argument("candidates", nargs="*", metavar="CANDIDATE")
    parser.add_argument("--networks", nargs="+", default=NETWORKS, choices=NETWORKS)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--full", action="store_true", help="ten epochs and the teacher")
    parser.add_argument("--print", action="store_true", help="only print the table")
    arguments = parser.parse_args()
    if unknown := set(arguments.candidates) - set(CANDIDATES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(CANDIDATES)}")
    torch.set_num_threads(1)
    table: Table = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for key in [] if arguments.print else arguments.candidates or CANDIDATES:
        for network in arguments.networks:
            for seed in arguments.seeds:
                run = find_run(f"{network}/robust")
                measured = measure(run if arguments.full else shortened(run), CANDIDATES[key], seed=seed)
                rows = table.setdefault("full" if arguments.full else "short", {}).setdefault(network, {})
                rows.setdefault(key, {})[str(seed)] = measured
                RESULTS.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(rendered(table))


if __name__ == "__main__":
    main()
