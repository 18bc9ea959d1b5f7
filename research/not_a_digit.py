"""Which score tells digits from what is not a digit: candidates compared on a donor left out of training.

Run it from the project's root with `python -m research.not_a_digit`, with PENDIGITS and UNIPEN set as for
training the detector; it trains two detectors and prints two tables in about five minutes.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor, nn

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.detector.examples import CLASSES, Examples, load_data, splits_by_donor
from mnist_core.detector.train_detector import choose_threshold, detections_of, train_detector
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.unipen_archive import DONORS
from mnist_core.measuring.evaluation import last_logits
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.architectures import DIGITS
from mnist_core.runs.recipes import RUNS

Score = Callable[[Tensor, Tensor], Tensor]  # logits of a run and detections to scores, (n,)
SCORES: dict[str, Score] = {
    "largest probability": lambda logits, detections: logits.softmax(-1).amax(-1),
    "largest logit": lambda logits, detections: logits.amax(-1),
    "energy (Liu et al. 2020)": lambda logits, detections: logits.logsumexp(-1),
    "detector × largest probability": lambda logits, detections: detections * logits.softmax(-1).amax(-1),
    "detector": lambda logits, detections: detections,
}
COLUMNS: dict[str, Callable[[str, str], bool]] = {
    "upper case": lambda source, label: source == "letters" and label.isupper(),
    "lower case": lambda source, label: source == "letters" and label.islower(),
    "symbols": lambda source, label: source == "symbols",
    "kinds never shown": lambda source, label: source == "kinds",
    "MNIST test": lambda source, label: source == "mnist",
}


def shares(asked: Examples, refused: Tensor) -> dict[str, float]:
    """The share refused of what each column counts."""
    labels = [CLASSES[place] for place in asked.labels.tolist()]
    pairs = [(source, label) for (source, _), label in zip(asked.origins, labels, strict=True)]
    return {
        name: refused[torch.tensor([belongs(*pair) for pair in pairs])].double().mean().item()
        for name, belongs in COLUMNS.items()
    }


def heading(first: str) -> str:
    """A table's first two lines."""
    return f"| {first} | " + " | ".join(COLUMNS) + " |\n|---|" + "--:|" * len(COLUMNS)


def row(name: str, counts: list[dict[str, float]]) -> str:
    """The means of several measurements."""
    means = (sum(each[column] for each in counts) / len(counts) for column in COLUMNS)
    return f"| {name} | " + " | ".join(f"{mean:.1%}" for mean in means) + " |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--donor", default="ced", choices=DONORS, help="of UNIPEN, to be left out; default: ced"
    )
    donor = parser.parse_args().donor
    torch.set_num_threads(1)
    data = load_data(mnist_folder())
    split = dict(splits_by_donor(data))[donor]
    shown = data.shown.where(split.learns)
    validation, asked = (data.asked.where(each.__contains__) for each in (split.validating, split.asked))

    def judge(score: Score, network: nn.Sequential, timeline: Timeline | None) -> dict[str, float]:
        scores, accepted = (
            score(
                last_logits(timeline, each.images) if timeline else torch.empty(0),
                detections_of(network, each),
            )
            for each in (asked, validation)
        )
        return shares(asked, scores < choose_threshold(accepted, validation.origins))

    network = train_detector(shown)
    merged = train_detector(replace(shown, labels=shown.labels.clamp(max=DIGITS)))
    print(heading("the detector learns"))
    print(row("which letter, symbol or kind it is", [judge(SCORES["detector"], network, None)]))
    print(row("only that it is no digit", [judge(SCORES["detector"], merged, None)]))
    for recipe in ("published", "robust"):
        runs = [run for run in RUNS.values() if run.id.endswith(f"/{recipe}")]
        timelines = [load_checkpoint(checkpoint_path(run))[0] for run in runs]
        print(f"\n{heading(f'score, {recipe} runs')}")
        for name, score in SCORES.items():
            print(row(name, [judge(score, network, timeline) for timeline in timelines]), flush=True)


if __name__ == "__main__":
    main()
