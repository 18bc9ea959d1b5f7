"""Timelines on disk: one safetensors file per run, with a card that says how it was made and how good."""

import json
import math
import os
import platform
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from mnist_core.data import LabelledImages
from mnist_core.errors import CheckpointError, InklingError
from mnist_core.evaluation import Bin, Calibration, Fold, Scores, evaluate
from mnist_core.recipes import RUNS, Recipe, Run, find_run
from mnist_core.refusal import Refusal, read_refusal
from mnist_core.timeline import Timeline
from mnist_core.training import Epoch, Training

CHECKPOINTS = Path(__file__).parent.parent / "checkpoints"
MAX_BYTES = 10_000_000  # the Hugging Face Hub takes no larger plain file
_FORMAT = "inkling timeline 1"


@dataclass(frozen=True)
class SeedResult:
    """What one seed of a run came to; accuracies 0..1 on the 10,000 test images."""

    seed: int
    untrained_accuracy: float
    test_accuracy: float


@dataclass(frozen=True)
class Card:
    """How a checkpoint was made and how good it is.

    `scores`: every snapshot on the 10,000 test images, measured on the weights as stored.
    `epoch_seconds` and `tutorial_epoch_seconds`: medians of one epoch's steps, and of the tutorial's own
    loop, timed in turn on the same thread; None where there is no tutorial. `lessons_seconds`: what making
    the lessons took, teacher included. `unseen_writers`: pen drawings, read by networks of the same recipe
    and seed 0 that never saw their writers. `refusal` and `calibration` (of the last snapshot, on the test
    images) are None until `python -m mnist_core refusals` has measured them.
    """

    scores: list[Scores]
    epochs: list[Epoch]
    seeds: list[SeedResult]
    training_seconds: float
    epoch_seconds: float
    tutorial_epoch_seconds: float | None
    versions: dict[str, str]
    machine: str
    lessons_seconds: float = 0.0
    unseen_writers: list[Fold] = field(default_factory=list)
    refusal: Refusal | None = None
    calibration: Calibration | None = None


def checkpoint_path(run: Run, root: Path = CHECKPOINTS) -> Path:
    """Where the checkpoint of a run lies: <architecture>/<recipe>.safetensors."""
    return root / f"{run.id}.safetensors"


def describe_machine() -> tuple[dict[str, str], str]:
    """Versions and hardware that a figure of speed depends on."""
    versions = {"python": platform.python_version(), "torch": torch.__version__}
    return versions, f"{os.cpu_count()} cores ({platform.machine()}), 1 thread used"


def choose_median(
    trainings: dict[int, Training],
    test: LabelledImages,
    tutorial_seconds: list[float],
    lessons_seconds: float,
) -> tuple[Timeline, Card]:
    """The timeline of the seed with the median accuracy on the test images, and its card.

    Args:
        trainings: of one run, by seed.
        test: the test images.
        tutorial_seconds: what an epoch took in the tutorial's own loop, if there is a tutorial.
        lessons_seconds: what making the lessons took.
    """
    scores = {
        seed: evaluate(training.timeline, test.ink(), test.labels) for seed, training in trainings.items()
    }
    results = [SeedResult(seed, kept[0].accuracy, kept[-1].accuracy) for seed, kept in scores.items()]
    median = sorted(results, key=lambda result: result.test_accuracy)[(len(results) - 1) // 2].seed
    versions, machine = describe_machine()
    card = Card(
        scores=scores[median],
        epochs=trainings[median].epochs,
        seeds=results,
        training_seconds=round(sum(trainings[median].epoch_seconds), 2),
        epoch_seconds=statistics.median(s for kept in trainings.values() for s in kept.epoch_seconds),
        tutorial_epoch_seconds=statistics.median(tutorial_seconds) if tutorial_seconds else None,
        versions=versions,
        machine=machine,
        lessons_seconds=round(lessons_seconds, 2),
    )
    return trainings[median].timeline, card


def save_checkpoint(timeline: Timeline, card: Card, path: Path) -> None:
    """Write a timeline and its card; an interruption leaves the old file, or none, never half of one."""
    metadata = {
        "format": _FORMAT,
        "run": timeline.run.id,
        "architecture": asdict(timeline.run.architecture),
        "recipe": asdict(timeline.run.recipe),
        "seed": timeline.seed,
        "steps": timeline.steps,
        "images_seen": timeline.images_seen,
        **asdict(card),
    }
    tensors: dict[str, Tensor] = {}
    for number, (weight, bias) in enumerate(zip(timeline.weights, timeline.biases, strict=True)):
        tensors |= {f"{number}.weight": weight, f"{number}.bias": bias}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    try:
        save_file(tensors, partial, {"card": json.dumps(metadata)})
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def load_checkpoint(path: Path) -> tuple[Timeline, Card]:
    """Read a checkpoint, in the precision it is stored in, and check everything it claims.

    Sizes are compared with the card before any weight is read, and nothing in the file can execute.

    Raises:
        CheckpointError: the file is missing, damaged, foreign, or not what its card says.
    """
    with _opened(path) as file:
        head, card = _read_metadata(file)
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
        if not all(tensor.isfinite().all() for tensor in tensors.values()):
            raise ValueError("it holds weights that are no finite numbers")
        maps = range(len(head["run"].architecture.shapes))
        timeline = Timeline(
            **head,
            weights=tuple(tensors[f"{number}.weight"] for number in maps),
            biases=tuple(tensors[f"{number}.bias"] for number in maps),
        )
        return timeline, card


def load_card(path: Path) -> Card:
    """Read a checkpoint's card without its weights; the same checks and errors as `load_checkpoint`."""
    with _opened(path) as file:
        return _read_metadata(file)[1]


def load_cards(root: Path = CHECKPOINTS) -> dict[Run, Card]:
    """The cards of all runs; CheckpointError if a checkpoint is missing or damaged."""
    return {run: load_card(checkpoint_path(run, root)) for run in RUNS.values()}


@contextmanager
def _opened(path: Path) -> Iterator[safe_open]:
    """Open a checkpoint, and turn whatever a foreign file breaks into one clear error."""
    remedy = f'"python -m mnist_core train {path.parent.name}/{path.stem}"'
    if not path.is_file():
        raise CheckpointError(f"No checkpoint at {path}; make it with {remedy}.")
    if path.stat().st_size > MAX_BYTES:
        raise CheckpointError(f"{path} holds more than {MAX_BYTES:,} bytes; no checkpoint is that large.")
    try:
        with safe_open(path, framework="pt") as file:
            yield file
    except (  # RecursionError: a card of lists in lists in lists
        *(SafetensorError, InklingError, OSError, RecursionError),
        *(ValueError, TypeError, KeyError, AttributeError),
    ) as error:
        raise CheckpointError(
            f"{path} is no intact Inkling checkpoint ({type(error).__name__}: {error}). "
            f"Restore it, or make it again with {remedy}."
        ) from error


def _read_metadata(file: safe_open) -> tuple[dict[str, Any], Card]:
    """What a timeline is besides its weights, and the card; ValueError if the file is not as they say."""
    card = json.loads((file.metadata() or {})["card"])
    if card.pop("format") != _FORMAT:
        raise ValueError("its card has another format")
    run = find_run(card.pop("run"))
    # Fields that a recipe got after the file was made have the values they had when there were none.
    recipe = asdict(Recipe(**card.pop("recipe")))
    stored = {"architecture": card.pop("architecture"), "recipe": recipe}
    known = {"architecture": asdict(run.architecture), "recipe": asdict(run.recipe)}
    if json.dumps(stored) != json.dumps(known):
        raise ValueError(f"it was made with another definition of {run.id}")
    head = {
        "run": run,
        "seed": card.pop("seed"),
        "steps": tuple(card.pop("steps")),
        "images_seen": tuple(card.pop("images_seen")),
    }
    _check_steps(head["steps"], head["images_seen"])
    _check_shapes(file, run, len(head["steps"]))
    return head, _read_card(card, len(head["steps"]))


def _check_steps(steps: tuple[Any, ...], images_seen: tuple[Any, ...]) -> None:
    if not all(isinstance(step, int) for step in (*steps, *images_seen)):
        raise ValueError("its steps are no whole numbers")
    if not steps or steps[0] != 0 or list(steps) != sorted(set(steps)) or len(steps) != len(images_seen):
        raise ValueError("its steps do not grow from 0")


def _check_shapes(file: safe_open, run: Run, snapshots: int) -> None:
    expected: dict[str, list[int]] = {}
    for number, (outputs, inputs) in enumerate(run.architecture.shapes):
        expected |= {
            f"{number}.weight": [snapshots, outputs, inputs],
            f"{number}.bias": [snapshots, outputs],
        }
    found = {name: file.get_slice(name).get_shape() for name in file.keys()}  # noqa: SIM118 - no mapping
    if found != expected:
        raise ValueError(f"its tensors have the shapes {found}, expected {expected}")
    if any(file.get_slice(name).get_dtype() != "F16" for name in found):
        raise ValueError("its weights are not in half precision")


def _read_card(card: dict[str, Any], snapshots: int) -> Card:
    scores = [Scores(**entry) for entry in card.pop("scores")]
    if len(scores) != snapshots or not all(math.isfinite(entry.loss) for entry in scores):
        raise ValueError("its scores do not fit its snapshots")
    refusal, calibration = card.pop("refusal", None), card.pop("calibration", None)
    return Card(
        scores=scores,
        epochs=[Epoch(**entry) for entry in card.pop("epochs")],
        seeds=[SeedResult(**entry) for entry in card.pop("seeds")],
        unseen_writers=[Fold(**entry) for entry in card.pop("unseen_writers", [])],
        refusal=refusal and read_refusal(refusal),
        calibration=calibration and Calibration([Bin(**entry) for entry in calibration["bins"]]),
        **card,
    )
