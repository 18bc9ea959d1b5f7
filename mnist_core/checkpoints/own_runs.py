"""Runs of one's own: networks that were trained in the page, read from the files that it saves."""

import json
import math
import re
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, FiniteFloat, NonNegativeInt, TypeAdapter
from pydantic.dataclasses import dataclass

from mnist_core.checkpoints.card import (
    STRICT,
    Count,
    Epoch,
    Share,
    Tally,
    TimelineRecord,
    check_timeline,
    opened,
    read_metadata,
    read_record,
)
from mnist_core.checkpoints.checkpoint import read_timeline
from mnist_core.errors import brief
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.architectures import Architecture, find_architecture
from mnist_core.runs.recipes import RUNS, Recipe, Run

Value = TypeVar("Value")
OWN_ID = re.compile("([^/]+)/own-[1-9][0-9]{0,5}")
RECIPES = {run_id.split("/")[1] for run_id in RUNS}
Digit = Annotated[int, Field(ge=0, le=9)]


@dataclass(frozen=True, config=STRICT)
class OwnScores(Tally):
    """A tally with its `confusion` if it is of all test images; a run that trains is measured on fewer."""

    confusion: list[list[NonNegativeInt]] | None = None


@dataclass(frozen=True, kw_only=True, config={"strict": True})
class OwnRecord(TimelineRecord):
    """The metadata of a file that the page has saved."""

    scores: list[OwnScores]
    training_scores: list[Tally]
    epochs: list[Epoch]


@dataclass(frozen=True, kw_only=True, config={"strict": True})
class OwnRecipe:
    """Entries of a recipe that the page alone has, or allows less of than `Recipe` does (see engine/card.js).

    `rates`: images shown, and the learning rate from then on. `stop_after`: images after which it ended, if
    before its last pass was over. `taught_from`: of a network that was fine-tuned
    on a writer, the run that it was before.
    """

    learning_rate: FiniteFloat
    batch_size: Count
    epochs: Count
    training_images: Count | None = None
    shuffled_share: Share = 0.0
    left_out: Annotated[list[Digit], Field(max_length=10)] = Field(default_factory=list)
    rates: list[tuple[FiniteFloat, FiniteFloat]] = Field(default_factory=list)
    stop_after: Count | None = None
    source: Literal["mnist", "handwritings"] = "mnist"
    taught_from: str = ""


def load_file(path: Path) -> Timeline:
    """Read a run that the page has saved, or one of Inkling's own checkpoints, wherever it lies.

    Raises:
        CheckpointError: the file is missing, damaged, foreign, or not what its card says.
    """
    with opened(path, "pt", from_page=True) as file:
        record = read_record(file, TimelineRecord)
        if record.run in RUNS:
            metadata = read_metadata(file)
            return read_timeline(file, metadata.run, metadata)
        run = _own_run(record)
        _check_scores(read_record(file, OwnRecord))
        check_timeline(file, record, run.architecture)
        return read_timeline(file, run, record)


def _own_run(record: TimelineRecord) -> Run:
    """The run that a file of the page describes; ValueError or UnknownNameError if it describes none."""
    own = OWN_ID.fullmatch(record.run)
    if not own:
        raise ValueError(f"its run {brief(record.run)} is neither one of Inkling's nor one's own")
    known = find_architecture(own[1])
    stored = _checked(Architecture, record.architecture)
    layers = [[(layer.units, layer.activation) for layer in each.hidden] for each in (stored, known)]
    if stored.id != known.id or layers[0] != layers[1]:  # dropout may be one's own
        raise ValueError(f"it was made with another definition of {known.id}")
    return Run(record.run, known, _recipe(known, record.recipe))


def _check_scores(record: OwnRecord) -> None:
    """ValueError unless there are scores of every snapshot, or none, as without MNIST."""
    if {len(record.scores), len(record.training_scores)} - {0, len(record.steps)}:
        raise ValueError("its scores do not fit its snapshots")


def _recipe(architecture: Architecture, settings: dict[str, Any]) -> Recipe:
    """The settings of a training in the page; it has some that no recipe of Inkling's has."""
    own = _checked(OwnRecipe, settings)
    if "taught_from" in settings and not _can_be_fine_tuned(architecture, own.taught_from):
        raise ValueError(f"it was taught from {brief(own.taught_from)}, which is no run of {architecture.id}")
    names = [field.name for field in fields(Recipe)]
    recipe = _checked(Recipe, {name: value for name, value in settings.items() if name in names})
    low, high = recipe.input_range
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError("the range of its inputs is empty")
    return recipe


def _can_be_fine_tuned(architecture: Architecture, run: str) -> bool:
    """Whether this is the id of a run of the architecture, be it Inkling's or one's own."""
    kind, _, recipe = run.partition("/")
    return kind == architecture.id and (recipe in RECIPES or OWN_ID.fullmatch(run) is not None)


def _checked(kind: type[Value], entries: dict[str, Any]) -> Value:
    """The dataclass that JSON entries describe; ValueError if they describe none."""
    return TypeAdapter(kind).validate_json(json.dumps(entries), strict=True)
