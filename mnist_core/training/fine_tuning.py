"""Fine-tune a finished network on one writer's few drawings, with MNIST's images replayed.

In every batch the drawings are new variants of themselves: their strokes bent, enlarged, slanted and turned a
little, and inked many at a time.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mnist_core.drawings.mnist import LabelledImages, images_of_drawings
from mnist_core.drawings.preprocessing import BOX, DOT, PEN
from mnist_core.drawings.strokes import Drawing, LabelledDrawing
from mnist_core.errors import DrawingError
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.architectures import SIDE
from mnist_core.runs.recipes import Recipe
from mnist_core.training.fitting import fit

STEPS = 400
OWN = 32  # drawings in a batch, each distorted anew
REPLAYED = 32  # MNIST's images in a batch, so that they are not forgotten
ROTATION = math.radians(7)  # at most, either way
SCALE = 0.09  # at most, as a share, of width and height each
SHEAR = 0.15  # at most, as a slope
BEND = 0.3  # at most, either way: factors of x², xy and y², where x and y go from -1 to 1
_VALUES_AT_ONCE = 128_000  # in single precision they stay in the processor's cache


@dataclass(frozen=True)
class Writer:
    """One writer's drawings: those to learn from, and all others."""

    name: str
    training: list[LabelledDrawing]
    test: list[LabelledDrawing]


@dataclass(frozen=True)
class FineTuningErrors:
    """What fine-tuning on single writers comes to, over `writers` of them and their `n` test drawings.

    All errors are shares, 0..1: before and after, of the test drawings, and of MNIST's test images, there
    as the mean over the writers' networks.
    """

    writers: int
    n: int
    errors_before: float
    errors_after: float
    mnist_errors_before: float
    mnist_errors_after: float


def split_by_shots(drawings: list[LabelledDrawing], shots: int) -> list[Writer]:
    """Every writer's first `shots` drawings of each digit to learn from, and the others to test on.

    Writers come in the order of their first drawings; who has no drawing left to test on is left out.
    """
    writers: dict[str, Writer] = {}
    for entry in drawings:
        writer = writers.setdefault(entry.writer, Writer(entry.writer, [], []))
        learned = sum(each.label == entry.label for each in writer.training)
        (writer.training if learned < shots else writer.test).append(entry)
    return [writer for writer in writers.values() if writer.test]


def measure_fine_tuning(
    timeline: Timeline,
    drawings: list[LabelledDrawing],
    mnist: LabelledImages,
    test: LabelledImages,
    *,
    shots: int = 1,
    steps: int = STEPS,
    seed: int = 0,
    report: Callable[[str, int], None] = lambda writer, writers: None,
) -> FineTuningErrors:
    """Fine-tune the finished network on every writer alone, and count errors before and after.

    Args:
        timeline: of the run; its last snapshot is the finished network.
        drawings: of all writers.
        mnist: MNIST's training images, to be replayed.
        test: MNIST's test images, which are only counted.
        shots: how many drawings of each digit a network learns from.
        steps: of each fine-tuning.
        seed: of what every writer's network is shown; equal seeds give equal figures.
        report: called with each writer's name before its turn, and how many there are.

    Raises:
        DrawingError: no writer has a drawing left to test on.
    """
    writers = split_by_shots(drawings, shots)
    if not writers:
        raise DrawingError(
            f"No writer has more than {shots} drawings of a digit, so none is left to test on; "
            "learn from fewer (--shots), or give a file with more."
        )
    finished, mnist_test = timeline.model(-1), (test.ink(), test.labels)
    before = after = mnist_after = 0
    for number, writer in enumerate(writers):
        report(writer.name, len(writers))
        unseen = images_of_drawings(writer.test)
        random = np.random.default_rng([seed, number])
        network = fine_tune(timeline, writer.training, mnist, steps=steps, random=random)
        before += count_errors(finished, unseen.ink(), unseen.labels)
        after += count_errors(network, unseen.ink(), unseen.labels)
        mnist_after += count_errors(network, *mnist_test)
    n = sum(len(writer.test) for writer in writers)
    return FineTuningErrors(
        writers=len(writers),
        n=n,
        errors_before=before / n,
        errors_after=after / n,
        mnist_errors_before=count_errors(finished, *mnist_test) / len(test),
        mnist_errors_after=mnist_after / len(writers) / len(test),
    )


def fine_tune(
    timeline: Timeline,
    drawings: list[LabelledDrawing],
    mnist: LabelledImages,
    *,
    steps: int = STEPS,
    random: np.random.Generator,
) -> nn.Sequential:
    """The finished network after some steps on one writer's drawings and MNIST's training images.

    The learning rate falls to 0 like a cosine: fewer errors than with a constant one, own and MNIST's.
    The weights that are kept lie on the straight line from the old to the new ones, at the run's share of
    the way: a network that reads many writers forgets less of them (Wortsman et al. 2022, arXiv 2109.01903).
    The loss is the cross-entropy of the logits, whatever the run's own was: the loss of the published
    tanh-96-sigmoid-256, with softmax applied twice, hardly moves a network that is sure and wrong.
    """
    images = fine_tuning_images(drawings, mnist, steps=steps, random=random)
    rate = timeline.run.fine_tuning_rate
    recipe = Recipe("adam", rate, OWN + REPLAYED, 1, shuffled=False, dropout=False, schedule="cosine")
    network = timeline.model(-1)
    for _ in fit(network, recipe, images, seed=0):  # nothing is drawn: no dropout, the order is fixed
        pass
    with torch.no_grad():
        for new, old in zip(network.parameters(), timeline.model(-1).parameters(), strict=True):
            new.copy_(old.lerp(new, timeline.run.fine_tuning_share))
    return network


def fine_tuning_images(
    drawings: list[LabelledDrawing], mnist: LabelledImages, *, steps: int, random: np.random.Generator
) -> LabelledImages:
    """All batches, one after the other: in each 32 drawings, chosen by chance, then 32 of MNIST's images."""
    chosen, replayed = (
        random.integers(len(source), size=steps * count)
        for source, count in ((drawings, OWN), (mnist, REPLAYED))
    )
    own = torch.empty(len(chosen), *mnist.images.shape[1:], dtype=torch.uint8)
    for number, entry in enumerate(drawings):
        places = np.flatnonzero(chosen == number)
        if len(places):
            own[places] = images_of_variants(entry.drawing, draw_maps(len(places), random))
    labels = torch.tensor([entry.label for entry in drawings])[chosen]

    def alternate(first: Tensor, second: Tensor) -> Tensor:
        """The steps' drawings, (steps × 32, …), and the steps' MNIST images, batch by batch."""
        parts = [part.unflatten(0, (steps, -1)) for part in (first, second)]
        return torch.cat(parts, 1).flatten(0, 1)

    return LabelledImages(alternate(own, mnist.images[replayed]), alternate(labels, mnist.labels[replayed]))


def count_errors(network: nn.Module, ink: Tensor, labels: Tensor) -> int:
    """How many images (n, 28, 28), ink 0..1, a network reads wrong."""
    with torch.inference_mode():
        return int((network(ink).argmax(1) != labels).sum())


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
