"""Which score tells digits from things that are none: candidates compared on validation data.

Run it from the project's root with `python -m tests.benchmarks.refusal`; it prints a table in a few minutes.
Every score's threshold refuses the same share of the validation digits. The detectors were never shown the
kinds that are refused in the last columns, and no test data is read.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from mnist_core.checkpoints.files import load_checkpoint
from mnist_core.checkpoints.metadata import checkpoint_path
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import load_mnist
from mnist_core.measuring.refusal_rates import (
    COUNT,
    LEARNT,
    SHOWN,
    SHOWN_SEED,
    choose_threshold,
    detections_of,
    last_logits,
    load_digits,
)
from mnist_core.networks.refusal import score
from mnist_core.runs.recipes import RUNS
from mnist_core.training.detector_training import draw_nondigits, train_without
from mnist_core.training.nondigits import KINDS
from mnist_core.training.pens import load_pen_drawings, pen_file

VALIDATION_SEED = 1  # of the non-digits here; the test's are others
UNSEEN = list(KINDS)[::2]
Scores = Callable[[Tensor, Tensor, Tensor], Tensor]  # logits, detections and images to scores


def reconstruction(images: Tensor, components: int) -> Callable[[Tensor], Tensor]:
    """How well images are rebuilt from the leading principal components of these: minus the squared error."""
    flat = images.flatten(1).double() / 255
    mean = flat.mean(0)
    spread = torch.linalg.eigh((flat - mean).T @ (flat - mean)).eigenvectors[:, -components:]

    def minus_error(others: Tensor) -> Tensor:
        centred = others.flatten(1).double() / 255 - mean
        return (centred @ spread).square().sum(1) - centred.square().sum(1)

    return minus_error


def candidates(
    overall: Callable[[Tensor], Tensor],
    by_digit: list[Callable[[Tensor], Tensor]],
    digits: tuple[Tensor, Tensor],
) -> dict[str, Scores]:
    """The scores by name; `digits`: logits and detections of the validation digits, to standardise by."""
    logits, detections = digits
    energy_deviation, detector_deviation = logits.logsumexp(-1).std(), detections.logit(1e-12).std()
    return {
        "largest probability": lambda logits, detections, images: logits.softmax(-1).amax(-1),
        "largest logit": lambda logits, detections, images: logits.amax(-1),
        "energy (Liu et al. 2020)": lambda logits, detections, images: logits.logsumexp(-1),
        "100 principal components": lambda logits, detections, images: overall(images),
        "20 components of the nearest digit": lambda logits, detections, images: torch.stack(
            [one(images) for one in by_digit]
        ).amax(0),
        "detector": lambda logits, detections, images: detections,
        "detector + energy, standardised": lambda logits, detections, images: (
            detections.logit(1e-12) / detector_deviation + logits.logsumexp(-1) / energy_deviation
        ),
        "detector × largest probability": lambda logits, detections, images: score(logits, detections),
    }


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    training = load_mnist(mnist_folder(), "training")
    images, labels = training.images[:LEARNT], training.labels[:LEARNT]
    overall = reconstruction(images, 100)
    by_digit = [reconstruction(images[labels == digit], 20) for digit in range(10)]
    digits = load_digits(mnist_folder(), load_pen_drawings(pen_file()))
    shown, (kinds, others) = draw_nondigits(SHOWN, SHOWN_SEED), draw_nondigits(COUNT, VALIDATION_SEED)
    is_unseen = torch.tensor([kind in UNSEEN for kind in kinds])
    rates: dict[tuple[str, str, bool], list[float]] = {}
    for blind in (False, True):
        detector = train_without(digits.learnt, *shown, unseen=UNSEEN if blind else ())
        asked = is_unseen if blind else torch.ones(COUNT, dtype=torch.bool)
        sources = [*digits.validation, others[asked]]
        detections = [detections_of(detector, images) for images in sources]
        for run in RUNS.values():
            timeline, _ = load_checkpoint(checkpoint_path(run))
            logits = [last_logits(timeline, images) for images in sources]
            known = torch.cat(logits[:-1]), torch.cat(detections[:-1])
            scorers = candidates(overall, by_digit, known)
            for name, scorer in scorers.items():
                *accepted, refused = map(scorer, logits, detections, sources)
                share = (refused < choose_threshold(accepted)).double().mean().item()
                rates.setdefault((name, run.id.split("/")[1], blind), []).append(share)
    print("| score | published | robust | published, kinds never shown | robust, kinds never shown |")
    print("|---|--:|--:|--:|--:|")
    for name in dict.fromkeys(name for name, _, _ in rates):
        columns = [
            rates[name, recipe, blind] for blind in (False, True) for recipe in ("published", "robust")
        ]
        print(f"| {name} | " + " | ".join(f"{sum(shares) / len(shares):.1%}" for shares in columns) + " |")


if __name__ == "__main__":
    main()
