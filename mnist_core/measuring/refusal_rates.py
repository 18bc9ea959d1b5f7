"""What detectors refuse of digits, and of things that are none: thresholds and counts."""

from collections import Counter
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from mnist_core.checkpoints.card import RefusalRates, Refused
from mnist_core.networks.detector import Detector, detect
from mnist_core.training.characters import LETTERS, SYMBOLS
from mnist_core.training.detector_training import CLASSES, Examples, Origin
from mnist_core.training.nondigits import KINDS

# Of the validation digits of each source, at most. The goal for MNIST's test images is 0.006: the margin is a
# little more than a standard error of that share among 10,000 images.
ALLOWED = {"mnist": 0.005, "pens": 0.01, "unipen": 0.012}
BATCH = 5_000  # images at a time
Counts = Counter[tuple[str, str, bool]]  # of images by source, label, and whether they were refused


def choose_threshold(scores: Tensor, origins: list[Origin]) -> float:
    """The threshold below which of every source of digits at most its share in `ALLOWED` lies.

    Args:
        scores: of validation digits, such as `detections_of` gives them, (n,).
        origins: of the same digits.
    """
    sources = [source for source, _ in origins]
    return min(
        torch.quantile(scores[torch.tensor([each == source for each in sources])], share).item()
        for source, share in ALLOWED.items()
    )


def detections_of(network: nn.Sequential, examples: Examples) -> Tensor:
    """How probably examples are digits, (n,), in double precision."""
    return torch.cat([detect(network, images / 255) for images in examples.images.split(BATCH)])


def count_refused(detector: Detector, asked: Examples) -> Counts:
    """What a detector refuses of examples."""
    refused = detections_of(detector.network, asked) < detector.threshold
    labels = [CLASSES[place] for place in asked.labels.tolist()]
    sources = [source for source, _ in asked.origins]
    return Counter(zip(sources, labels, refused.tolist(), strict=True))


def rates_of(counts: Counts) -> RefusalRates:
    """The counts by what was drawn."""

    def by_label(source: str, labels: Iterable[str]) -> dict[str, Refused]:
        pairs = {label: (counts[source, label, False], counts[source, label, True]) for label in labels}
        return {label: Refused(passed + refused, refused) for label, (passed, refused) in pairs.items()}

    mnist, pens, unipen, handwritings = (
        total(by_label(source, "0123456789").values())
        for source in ("mnist", "pens", "unipen", "handwritings")
    )
    return RefusalRates(
        mnist=mnist,
        pens=pens,
        unipen=unipen,
        handwritings=handwritings,
        letters=by_label("letters", LETTERS),
        symbols=by_label("symbols", SYMBOLS),
        kinds=by_label("kinds", KINDS),
    )


def total(counts: Iterable[Refused]) -> Refused:
    """All counts together."""
    kept = list(counts)
    return Refused(sum(count.n for count in kept), sum(count.refused for count in kept))
