"""Teach a finished network one person's hand: fine-tuning on a few drawings, with MNIST's images replayed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from mnist_core.drawings.mnist import LabelledImages, images_of_drawings
from mnist_core.drawings.strokes import LabelledDrawing
from mnist_core.errors import DrawingError
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import Recipe
from mnist_core.training.fitting import fit
from mnist_core.training.variants import draw_maps, images_of_variants

STEPS = 400
OWN = 32  # drawings in a batch, each distorted anew
REPLAYED = 32  # MNIST's images in a batch, so that they are not forgotten


@dataclass(frozen=True)
class Writer:
    """One writer's drawings: those to learn from, and all others."""

    hand: str
    training: list[LabelledDrawing]
    test: list[LabelledDrawing]


@dataclass(frozen=True)
class Adaptation:
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
        writer = writers.setdefault(entry.hand, Writer(entry.hand, [], []))
        learned = sum(each.label == entry.label for each in writer.training)
        (writer.training if learned < shots else writer.test).append(entry)
    return [writer for writer in writers.values() if writer.test]


def adapt(
    timeline: Timeline,
    drawings: list[LabelledDrawing],
    mnist: LabelledImages,
    test: LabelledImages,
    *,
    shots: int = 1,
    steps: int = STEPS,
    seed: int = 0,
    report: Callable[[str, int], None] = lambda hand, writers: None,
) -> Adaptation:
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
        report(writer.hand, len(writers))
        unseen = images_of_drawings(writer.test)
        random = np.random.default_rng([seed, number])
        network = fine_tune(timeline, writer.training, mnist, steps=steps, random=random)
        before += count_errors(finished, unseen.ink(), unseen.labels)
        after += count_errors(network, unseen.ink(), unseen.labels)
        mnist_after += count_errors(network, *mnist_test)
    n = sum(len(writer.test) for writer in writers)
    return Adaptation(
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
    the way: a network that reads many hands forgets less of them (Wortsman et al. 2022, arXiv 2109.01903).
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
