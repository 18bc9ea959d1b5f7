"""Timelines on disk: one safetensors file per run, with a card that says how it was made and how good."""

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from mnist_core.checkpoints.atomic_write import RUN_AGAIN, as_output_error, atomic_write
from mnist_core.checkpoints.card import (
    FORMAT,
    Card,
    Metadata,
    TimelineRecord,
    opened,
    places_in_file,
    read_metadata,
)
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import Run


def save_checkpoint(timeline: Timeline, card: Card, path: Path) -> None:
    """Write a timeline and its card; an interruption leaves the old file, or none, never half of one.

    Raises:
        OutputError: the file cannot be written.
    """
    metadata = {
        "format": FORMAT,
        "run": timeline.run.id,
        "architecture": asdict(timeline.run.architecture),
        "recipe": asdict(timeline.run.recipe),
        "seed": timeline.seed,
        "steps": timeline.steps,
        "images_seen": timeline.images_seen,
        **asdict(card),
    }
    tensors: dict[str, Tensor] = {}
    for snapshot, place in enumerate(places_in_file(len(timeline.steps))):
        for number, (weight, bias) in enumerate(zip(timeline.weights, timeline.biases, strict=True)):
            tensors[f"{place:02}.{number}.weight"] = weight[snapshot]
            tensors[f"{place:02}.{number}.bias"] = bias[snapshot]
    with as_output_error(path, RUN_AGAIN):
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as partial:
            save_file(tensors, partial, {"card": json.dumps(metadata)})


def load_checkpoint(path: Path) -> tuple[Timeline, Card]:
    """Read a checkpoint, in the precision it is stored in, and check everything it claims.

    Sizes are compared with the card before any weight is read, and nothing in the file can execute.

    Raises:
        CheckpointError: the file is missing, damaged, foreign, or not what its card says.
    """
    with opened(path, "pt") as file:
        metadata = read_metadata(file)
        return read_timeline(file, metadata.run, metadata), metadata.card


def read_timeline(file: safe_open, run: Run, metadata: Metadata | TimelineRecord) -> Timeline:
    """The timeline of a file whose metadata has been checked; ValueError if its weights are not finite."""
    places = places_in_file(len(metadata.steps))
    weights, biases = (
        tuple(
            torch.stack([file.get_tensor(f"{place:02}.{number}.{part}") for place in places])
            for number in range(len(run.architecture.shapes))
        )
        for part in ("weight", "bias")
    )
    if not all(tensor.isfinite().all() for tensor in (*weights, *biases)):
        raise ValueError("it holds weights that are no finite numbers")
    return Timeline(run, metadata.seed, metadata.steps, metadata.images_seen, weights, biases)
