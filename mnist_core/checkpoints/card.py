"""Cards: what a checkpoint says of its snapshots, how it was made and how good it is, and how that is read.

A file holds the finished network first, then the untrained one, then the snapshots between them, so that a
reader of its first bytes can answer before the rest is there. safetensors sorts tensors by name, so a name
begins with the snapshot's place in the file: `00.1.bias` is the last snapshot's second bias.

pydantic checks a card's types and ranges when it is read from a file. Importing this loads no PyTorch, which
takes longer than reading all cards.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import MISSING, asdict, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import ConfigDict, Field, FiniteFloat, NonNegativeInt, PositiveInt, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from safetensors import SafetensorError, safe_open

from mnist_core.errors import CheckpointError, InklingError, brief
from mnist_core.runs.architectures import Architecture
from mnist_core.runs.recipes import RUNS, Recipe, Run, find_run

CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"
MAX_BYTES = 10_000_000  # the Hugging Face Hub takes no larger plain file
MAX_SNAPSHOTS = 100  # two digits name them
FORMAT = "inkling timeline 2"
Record = TypeVar("Record", bound="TimelineRecord")
_RECIPE_DEFAULTS = {field.name: field.default for field in fields(Recipe) if field.default is not MISSING}
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]  # as large as the page reads exactly
Share = Annotated[float, Field(ge=0, le=1)]
Loss = Annotated[FiniteFloat, Field(ge=0)]
Seconds = Annotated[FiniteFloat, Field(ge=0)]
STRICT = ConfigDict(extra="forbid", strict=True)  # refuses unknown entries, and text in a number's place


@dataclass(frozen=True, config=STRICT)
class Tally:
    """One network on `n` labelled images; `loss`: mean cross-entropy of the logits, in nats."""

    n: PositiveInt
    correct: NonNegativeInt
    loss: Loss

    def __post_init__(self) -> None:
        if self.correct > self.n:
            raise ValueError(f"{self.correct:,} images read right of {self.n:,}")

    @property
    def accuracy(self) -> float:
        """Share of the images read right, 0..1."""
        return self.correct / self.n


@dataclass(frozen=True, config=STRICT)
class Scores(Tally):
    """A tally with its `confusion`: counts, row = label, column = prediction."""

    confusion: list[list[NonNegativeInt]]


@dataclass(frozen=True, config=STRICT)
class PenScores:
    """One network on `n` pen drawings: right when made like MNIST, and when the pad is merely shrunk."""

    n: PositiveInt
    correct: NonNegativeInt
    shrunk_correct: NonNegativeInt


@dataclass(frozen=True, config=STRICT)
class Fold:
    """The drawings of some writers, read by a network that never saw these writers."""

    writers: list[str]
    n: PositiveInt
    correct: NonNegativeInt


@dataclass(frozen=True, config=STRICT)
class Bin:
    """The `n` images of one interval of confidence: its mean there, and the share read right, both 0..1."""

    n: NonNegativeInt
    confidence: Share
    accuracy: Share


@dataclass(frozen=True, config=STRICT)
class Calibration:
    """A reliability chart: intervals of confidence, equally wide, from 0 to 1; an empty one holds zeros."""

    bins: list[Bin]

    @property
    def expected_error(self) -> float:
        """The expected calibration error, 0..1: how far confidence and accuracy are apart, on average."""
        n = sum(each.n for each in self.bins)
        return sum(each.n * abs(each.confidence - each.accuracy) for each in self.bins) / n


@dataclass(frozen=True, config=STRICT)
class Epoch:
    """The network at the end of an epoch, on all training and all test images; losses in nats."""

    epoch: PositiveInt
    training_loss: Loss
    training_accuracy: Share
    test_loss: Loss
    test_accuracy: Share


@dataclass(frozen=True, config=STRICT)
class SeedResult:
    """What one seed of a run came to; accuracies 0..1, on the 10,000 test images.

    `training_accuracy`: on the images that the run learned from; None in older cards.
    """

    seed: NonNegativeInt
    untrained_accuracy: Share
    test_accuracy: Share
    training_accuracy: Share | None = None


@dataclass(frozen=True, config=STRICT)
class Card:
    """How a checkpoint was made and how good it is.

    `scores`: every snapshot on the 10,000 test images, measured on the weights as stored. `training_scores`:
    the same on the images that the run learned from, as MNIST has them, with the labels that the run was
    given; empty in older cards until `python -m mnist_core measure --training RUN` has measured them.
    `epoch_seconds` and `tutorial_epoch_seconds`: medians of one epoch's steps, and of the tutorial's own
    loop, timed in turn on the same thread; None where there is no tutorial. `augmentation_seconds`: what
    making the augmented images took, teacher included. `unseen_writers`: pen drawings, read by networks of
    the same recipe and seed 0 that never saw their writers. `calibration` (of the last snapshot, on the test
    images) and `pens` are None until `python -m mnist_core measure RUN` has measured them.
    """

    scores: list[Scores]
    epochs: list[Epoch]
    seeds: list[SeedResult]
    training_seconds: Seconds
    epoch_seconds: Seconds
    tutorial_epoch_seconds: Seconds | None
    versions: dict[str, str]
    machine: str
    augmentation_seconds: Seconds = 0.0
    unseen_writers: list[Fold] = field(default_factory=list)
    calibration: Calibration | None = None
    pens: PenScores | None = None
    training_scores: list[Tally] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, config={"strict": True})
class TimelineRecord:
    """What the metadata of a file says of its timeline; the page writes the same for runs of one's own."""

    format: Literal["inkling timeline 2"]
    run: str
    architecture: dict[str, Any]
    recipe: dict[str, Any]
    seed: Count
    steps: tuple[Count, ...]
    images_seen: tuple[Count, ...]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class CommittedRecord(TimelineRecord, Card):
    """The whole metadata of a committed checkpoint: its timeline's and its card's entries, side by side."""


class Metadata(NamedTuple):
    """A checkpoint without its weights: its snapshots' steps, the images seen by then, and its card."""

    run: Run
    seed: int
    steps: tuple[int, ...]
    images_seen: tuple[int, ...]
    card: Card


def checkpoint_path(run: Run, root: Path = CHECKPOINTS) -> Path:
    """Where the checkpoint of a run lies: <architecture>/<recipe>.safetensors."""
    return root / f"{run.id}.safetensors"


def places_in_file(snapshots: int) -> list[int]:
    """For each snapshot, from step 0 on, its place in a file: the last one comes first."""
    return [*range(1, snapshots), 0]


def load_metadata(path: Path) -> Metadata:
    """Read what a checkpoint holds besides its weights; the same checks and errors as `load_checkpoint`."""
    with opened(path, "np") as file:
        return read_metadata(file)


def load_cards(root: Path = CHECKPOINTS) -> dict[Run, Card]:
    """The cards of all runs; CheckpointError if a checkpoint is missing or damaged."""
    return {run: load_metadata(checkpoint_path(run, root)).card for run in RUNS.values()}


@contextmanager
def opened(path: Path, framework: Literal["np", "pt"], *, from_page: bool = False) -> Iterator[safe_open]:
    """Open a checkpoint, and turn every error that a foreign or damaged file causes into one sentence.

    `from_page`: the file is one that the page saved, which no command makes again.
    """
    command = f'"python -m mnist_core train {path.parent.name}/{path.stem}"'
    if not path.is_file():
        remedy = "give a file that the page saved" if from_page else f"make it with {command}"
        raise CheckpointError(f"No checkpoint at {path}; {remedy}.")
    if path.stat().st_size > MAX_BYTES:
        raise CheckpointError(f"{path} holds more than {MAX_BYTES:,} bytes; no checkpoint is that large.")
    try:
        with safe_open(path, framework) as file:
            yield file
    except (SafetensorError, InklingError, OSError, ValueError) as error:
        remedy = "Save it in the page again" if from_page else f"Restore it, or make it again with {command}"
        reason = describe(error) if isinstance(error, ValidationError) else str(error)
        raise CheckpointError(f"{path} is no intact Inkling checkpoint ({reason}). {remedy}.") from error


def describe(error: ValidationError) -> str:
    """The first thing that is wrong with a value, and where: one line."""
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    if len(place) > 60 or not place.isprintable():  # text from the file
        place = brief(place)
    return f"in its card{', ' if place else ''}{place}: {first['msg']}"


def read_metadata(file: safe_open) -> Metadata:
    """The metadata of a committed run; ValueError if the file is not as it says."""
    record = read_record(file, CommittedRecord)
    run = find_run(record.run)
    recipe = _RECIPE_DEFAULTS | record.recipe  # entries younger than the file have their defaults
    stored = {"architecture": record.architecture, "recipe": recipe}
    known = {"architecture": asdict(run.architecture), "recipe": asdict(run.recipe)}
    if json.loads(json.dumps(stored)) != json.loads(json.dumps(known)):
        raise ValueError(f"it was made with another definition of {run.id}")
    check_timeline(file, record, run.architecture)
    card = Card(**{field.name: getattr(record, field.name) for field in fields(Card)})
    if len(card.scores) != len(record.steps) or len(card.training_scores) not in (0, len(record.steps)):
        raise ValueError("its scores do not fit its snapshots")
    return Metadata(run, record.seed, record.steps, record.images_seen, card)


def read_record(file: safe_open, kind: type[Record]) -> Record:
    """The card in a file's header as a record of this kind; ValueError if it is missing or invalid."""
    card = (file.metadata() or {}).get("card")
    if card is None:
        raise ValueError("it has no card")
    return TypeAdapter(kind).validate_json(card)


def check_timeline(file: safe_open, record: TimelineRecord, architecture: Architecture) -> None:
    """ValueError if a timeline's steps do not grow from 0, or the file's tensors do not fit them."""
    steps = record.steps
    if (
        not steps
        or steps[0] != 0
        or list(steps) != sorted(set(steps))
        or len(steps) != len(record.images_seen)
    ):
        raise ValueError("its steps do not grow from 0")
    if len(steps) > MAX_SNAPSHOTS:
        raise ValueError(f"it holds more than {MAX_SNAPSHOTS} snapshots")
    _check_shapes(file, architecture, len(steps))


def _check_shapes(file: safe_open, architecture: Architecture, snapshots: int) -> None:
    expected: dict[str, list[int]] = {}
    for place in range(snapshots):
        for number, (outputs, inputs) in enumerate(architecture.shapes):
            expected[f"{place:02}.{number}.weight"] = [outputs, inputs]
            expected[f"{place:02}.{number}.bias"] = [outputs]
    found = {name: file.get_slice(name).get_shape() for name in file.keys()}  # noqa: SIM118 - no mapping
    for name in sorted(expected.keys() | found.keys()):
        shape, wanted = found.get(name, "none"), expected.get(name, "none")
        if shape != wanted:
            raise ValueError(f"its tensor {name!r} has the shape {shape}, expected {wanted}")
    if any(file.get_slice(name).get_dtype() != "F16" for name in found):
        raise ValueError("its weights are not in half precision")
