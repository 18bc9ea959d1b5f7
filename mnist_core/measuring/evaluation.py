"""How good a timeline's snapshots are on labelled images."""

import torch
from torch import Tensor

from mnist_core.checkpoints.card import Bin, Calibration, Scores, Tally
from mnist_core.drawings.mnist import LabelledImages
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.architectures import DIGITS
from mnist_core.training.run_training import select_images

BATCH = 500  # images at a time; keeps the activations of 21 snapshots below 30 MB
BINS = 15  # of a reliability chart


def calibrate(probabilities: Tensor, labels: Tensor) -> Calibration:
    """Compare how sure a network is with how often it is right.

    Args:
        probabilities: of one snapshot, shape (n, 10).
        labels: digits, shape (n,).

    Source: Guo et al. 2017, arXiv 1706.04599, with its 15 bins.
    """
    confidence, prediction = probabilities.double().max(1)
    right = (prediction == labels).double()
    places = (confidence * BINS).ceil().long().clamp(1, BINS) - 1  # an interval holds its upper end
    counts, sure, correct = (
        torch.zeros(BINS, dtype=torch.float64).index_add(0, places, values)
        for values in (torch.ones_like(right), confidence, right)
    )
    filled = counts.clamp(min=1)
    rows = zip(counts.tolist(), (sure / filled).tolist(), (correct / filled).tolist(), strict=True)
    return Calibration([Bin(int(n), round(mean, 6), round(share, 6)) for n, mean, share in rows])


def evaluate(timeline: Timeline, ink: Tensor, labels: Tensor) -> list[Scores]:
    """Scores of every snapshot, computed in double precision so that every machine counts the same.

    Args:
        timeline: the snapshots, in the precision they are stored in.
        ink: images, shape (n, 28, 28), 0 (paper) to 1 (full ink).
        labels: digits, shape (n,).
    """
    exact = timeline.to(torch.float64)
    snapshots = len(timeline.steps)
    loss = torch.zeros(snapshots, dtype=torch.float64)
    confusion = torch.zeros(snapshots, DIGITS * DIGITS, dtype=torch.int64)
    for images, digits in zip(ink.split(BATCH), labels.split(BATCH), strict=True):
        logits = exact.logits(images)  # (snapshots, batch, 10)
        loss -= logits.log_softmax(-1)[:, torch.arange(len(digits)), digits].sum(-1)
        pairs = digits * DIGITS + logits.argmax(-1)  # (snapshots, batch)
        confusion.scatter_add_(1, pairs, torch.ones_like(pairs))
    return [
        Scores(
            n=len(labels),
            correct=int(counts.diagonal().sum()),
            loss=round(total.item() / len(labels), 6),
            confusion=counts.tolist(),
        )
        for total, counts in zip(loss, confusion.view(-1, DIGITS, DIGITS), strict=True)
    ]


def last_logits(timeline: Timeline, images: Tensor) -> Tensor:
    """What a run's last snapshot says of images (n, 28, 28), uint8: (n, 10), in double precision."""
    last = timeline.at(-1).to(torch.float64)
    return torch.cat([last.logits(batch.double() / 255)[0] for batch in images.split(BATCH)])


def score_on_training(timeline: Timeline, mnist: LabelledImages) -> list[Tally]:
    """How every snapshot reads the images that its run learned from, with the labels it learned.

    Args:
        timeline: the snapshots, in the precision they are stored in.
        mnist: MNIST's training images.
    """
    selected = select_images(timeline.run.recipe, mnist, seed=timeline.seed)
    scores = evaluate(timeline, selected.ink(torch.float64), selected.labels)
    return [Tally(entry.n, entry.correct, entry.loss) for entry in scores]
