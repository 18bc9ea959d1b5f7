"""What is no digit: the score of an image under a run, and the threshold below which it is refused."""

from collections.abc import Iterable

import torch
from torch import Tensor

from mnist_core.cards import Refusal, Refused
from mnist_core.detector import Detector, detect

ALLOWED = 0.006  # of the validation digits of either source: a margin, so that a test stays below 1 %


def score(logits: Tensor | None, detections: Tensor) -> Tensor:
    """How much images look like digits: how probably each is one, times how probably it is the predicted one.

    Args:
        logits: of a run's last snapshot, shape (batch, 10); None leaves out the second factor.
        detections: of the same images by `detect`, shape (batch,).

    Returns:
        Shape (batch,), 0..1.
    """
    return detections if logits is None else detections * logits.softmax(-1).amax(-1)


def choose_threshold(validation: list[Tensor]) -> float:
    """The threshold below which at most `ALLOWED` of the scores (n,) of every source of digits lie."""
    return min(torch.quantile(scores, ALLOWED).item() for scores in validation)


def judge(
    refusal: Refusal | None, detector: Detector, logits: Tensor, images: Tensor
) -> tuple[Tensor, Tensor]:
    """Whether a run refuses images as no digits.

    Args:
        refusal: of the run, from its card; without one the detector alone judges.
        detector: from `load_detector`.
        logits: of the run's last snapshot for the images, shape (batch, 10).
        images: ink, shape (batch, 28, 28), 0 (paper) to 1 (full ink).

    Returns:
        The scores, 0..1, and whether each image is refused; both of shape (batch,).
    """
    scores = score(logits.double() if refusal else None, detect(detector.network, images))
    return scores, scores < (refusal or detector).threshold


def total(counts: Iterable[Refused]) -> Refused:
    """All counts together."""
    kept = list(counts)
    return Refused(sum(count.n for count in kept), sum(count.refused for count in kept))
