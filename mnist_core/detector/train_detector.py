"""How the detector is trained, its threshold chosen, and what it refuses counted."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

import torch
from torch import Tensor, nn

from mnist_core.detector.examples import CLASSES, LETTERS, SYMBOLS, Examples, Origin
from mnist_core.detector.made_up_drawings import KINDS
from mnist_core.detector.network import Detector, NotADigit, NotADigitRates, build_detector, detect
from mnist_core.drawings.mnist import LabelledImages
from mnist_core.runs.recipes import BASE, DISTORTION
from mnist_core.training.augmentation import distorted_copies
from mnist_core.training.fitting import Progress, fit

SEED = 0  # of the detector, and of the distortions that it learns from
COPIES = 3  # of every image, distorted, beside itself
RECIPE = replace(BASE, epochs=7)
# Of the validation digits of each source, at most. The goal for MNIST's test images is 0.006: the margin is a
# little more than a standard error of that share among 10,000 images.
ALLOWED = {"mnist": 0.005, "pens": 0.01, "unipen": 0.012}
BATCH = 5_000  # images at a time
Counts = Counter[tuple[str, str, bool]]  # of images by source, label, and whether they were refused


def train_detector(
    examples: Examples, report: Callable[[Progress], None] = lambda progress: None
) -> nn.Sequential:
    """Train a detector on examples as they are and distorted.

    It learns which digit, letter, symbol or kind an image shows; docs/refusal.md compares that with learning
    only that it shows no digit. Source: Hendrycks et al. 2019, arXiv 1812.04606: what was shown some outliers
    refuses others too.
    """
    images = LabelledImages(examples.images, examples.labels)
    images += distorted_copies(images, DISTORTION, COPIES, seed=SEED)
    detector = build_detector(len(CLASSES), SEED)
    for state in fit(detector, RECIPE, images, seed=SEED):
        averaged = state.averaged
        if state.is_report_due:
            report(state.progress())
    return averaged


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


def count_not_a_digit(detector: Detector, asked: Examples) -> Counts:
    """What a detector refuses of examples."""
    refused = detections_of(detector.network, asked) < detector.threshold
    labels = [CLASSES[label] for label in asked.labels.tolist()]
    sources = [source for source, _ in asked.origins]
    return Counter(zip(sources, labels, refused.tolist(), strict=True))


def rates_of(counts: Counts) -> NotADigitRates:
    """The counts by what was drawn."""

    def by_label(source: str, labels: Iterable[str]) -> dict[str, NotADigit]:
        pairs = {label: (counts[source, label, False], counts[source, label, True]) for label in labels}
        return {label: NotADigit(passed + refused, refused) for label, (passed, refused) in pairs.items()}

    mnist, pens, unipen, handwritings = (
        total(by_label(source, "0123456789").values())
        for source in ("mnist", "pens", "unipen", "handwritings")
    )
    return NotADigitRates(
        mnist=mnist,
        pens=pens,
        unipen=unipen,
        handwritings=handwritings,
        letters=by_label("letters", LETTERS),
        symbols=by_label("symbols", SYMBOLS),
        kinds=by_label("kinds", KINDS),
    )


def total(counts: Iterable[NotADigit]) -> NotADigit:
    """All counts together."""
    counts = list(counts)
    return NotADigit(sum(count.n for count in counts), sum(count.refused for count in counts))
