"""Runs of one's own: networks that were trained in the page, read from the files that it saves."""

import json
import math
import re
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from mnist_core.checkpoints.files import read_timeline
from mnist_core.checkpoints.metadata import (
    TimelineRecord,
    check_timeline,
    opened,
    read_metadata,
    read_record,
)
from mnist_core.errors import brief
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.architectures import Architecture, find_architecture
from mnist_core.runs.recipes import RUNS, Recipe, Run

Value = TypeVar("Value")
OWN_ID = re.compile("(.+)/own-[1-3]")


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
    return Run(record.run, known, _recipe(record.recipe))


def _recipe(settings: dict[str, Any]) -> Recipe:
    """The settings of a training in the page; it has some that no recipe of Inkling's has."""
    names = [field.name for field in fields(Recipe)]
    recipe = _checked(Recipe, {name: value for name, value in settings.items() if name in names})
    low, high = recipe.input_range
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError("the range of its inputs is empty")
    return recipe


def _checked(kind: type[Value], entries: dict[str, Any]) -> Value:
    """The dataclass that JSON entries describe; ValueError if they describe none."""
    return TypeAdapter(kind).validate_json(json.dumps(entries), strict=True)
