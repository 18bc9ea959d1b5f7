"""Runs of one's own: networks that were trained in the page, read from the files that it saves."""

import math
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

from mnist_core.checkpoints.files import read_weights
from mnist_core.checkpoints.metadata import opened, parse_card, read_metadata, read_times
from mnist_core.checkpoints.records import Refusal
from mnist_core.errors import brief
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.architectures import find_architecture
from mnist_core.runs.recipes import RUNS, Recipe, Run

OWN_ID = re.compile("(.+)/own-[1-3]")


def load_file(path: Path) -> tuple[Timeline, Refusal | None]:
    """Read a run that the page has saved, or one of Inkling's own checkpoints, wherever it lies.

    Returns:
        The timeline, and the run's refusal; a run of one's own has none, so that the detector judges alone.

    Raises:
        CheckpointError: the file is missing, damaged, foreign, or not what its card says.
    """
    with opened(path, "pt", from_page=True) as file:
        card = parse_card(file)
        if card["run"] in RUNS:
            head, known = read_metadata(file)
            return read_weights(file, head), known.refusal
        return read_weights(file, read_times(file, _own_run(card), card)), None


def _own_run(card: dict[str, Any]) -> Run:
    """The run that a card of the page describes; ValueError, TypeError or KeyError if it describes none."""
    own = OWN_ID.fullmatch(card["run"])
    if not own:
        raise ValueError(f"its run {brief(card['run'])} is neither one of Inkling's nor one's own")
    architecture = find_architecture(own[1])
    layers = [(layer["units"], layer["activation"]) for layer in card["architecture"]["hidden"]]
    known = [(layer.units, layer.activation) for layer in architecture.hidden]
    if card["architecture"]["id"] != architecture.id or layers != known:
        raise ValueError(f"it was made with another definition of {architecture.id}")
    return Run(card["run"], architecture, _recipe(card["recipe"]))


def _recipe(settings: dict[str, Any]) -> Recipe:
    """The settings of a training in the page; it has some that no recipe of Inkling's has."""
    low, high = settings["input_range"]
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError("the range of its inputs is empty")
    known = {field.name: settings[field.name] for field in fields(Recipe) if field.name in settings}
    return Recipe(**{**known, "input_range": (low, high)})
