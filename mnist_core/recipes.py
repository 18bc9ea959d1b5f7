"""How each network is trained, as data, and the runs: an architecture with one of its recipes."""

from dataclasses import dataclass
from typing import Literal

from mnist_core.architectures import Architecture, find_architecture
from mnist_core.errors import UnknownNameError


@dataclass(frozen=True)
class Recipe:
    """Everything that turns an untrained network into a trained one.

    `loss` is the cross-entropy of the logits, or `cross_entropy_of_probabilities`: the tutorial's model
    ends in softmax and its loss applies softmax once more. `input_range` is where the network wants
    ink 0..1 mapped to. `published` is the test accuracy in the tutorial's own words.
    """

    optimizer: Literal["adam", "sgd"]
    learning_rate: float
    batch_size: int
    epochs: int
    published: str
    momentum: float = 0.0
    loss: Literal["cross_entropy", "cross_entropy_of_probabilities"] = "cross_entropy"
    shuffled: bool = True
    input_range: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True)
class Run:
    """An architecture and the recipe it is trained with; with a seed, all that a training depends on."""

    id: str
    architecture: Architecture
    recipe: Recipe


RUNS = {
    run_id: Run(run_id, find_architecture(run_id.split("/")[0]), recipe)
    for run_id, recipe in {
        "relu-25-25/published": Recipe("adam", 0.02, batch_size=1028, epochs=100, published="95 %"),
        "relu-50/published": Recipe("adam", 1e-3, batch_size=64, epochs=3, published="96.87 %"),
        "relu-96-256/published": Recipe(
            "adam", 1e-3, batch_size=32, epochs=10, published="96.5 %", shuffled=False
        ),
        "tanh-96-sigmoid-256/published": Recipe(
            "adam",
            1e-3,
            batch_size=32,
            epochs=10,
            published="about 96.5 %",  # "a similar rate" to relu-96-256
            loss="cross_entropy_of_probabilities",
            shuffled=False,
        ),
        "relu-128-128-64-64/published": Recipe(
            "sgd",
            0.003,
            momentum=0.9,
            batch_size=32,
            epochs=5,
            published="95.95 %",
            input_range=(-1.0, 1.0),  # the tutorial's Normalize(0.5, 0.5)
        ),
    }.items()
}
DEFAULT_RUN = "relu-96-256/published"


def find_run(run_id: object) -> Run:
    """The run with this id; UnknownNameError names the ones there are."""
    if not isinstance(run_id, str) or run_id not in RUNS:
        raise UnknownNameError(f"Unknown run {run_id!r:.60}; choose one of: {', '.join(RUNS)}.")
    return RUNS[run_id]
