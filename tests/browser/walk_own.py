"""Python's side of the visitor's own runs: from files that the page saves or, while one grows, its worker."""

import base64
import itertools
import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mnist_core.checkpoints.card import Tally, opened
from mnist_core.checkpoints.own_runs import load_file
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.architectures import find_architecture
from mnist_core.runs.recipes import RUNS, Run

Json = dict[str, Any]


@dataclass(frozen=True)
class OwnScores(Tally):
    """What the page measured of a snapshot; `confusion` is there if that was on all test images."""

    confusion: list[list[int]] | None = None


@dataclass(frozen=True)
class OwnCard:
    """What `records.Card` is of other runs; None for a snapshot that was not measured."""

    scores: list[OwnScores | None]
    training_scores: list[OwnScores | None]
    epochs: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class OwnRun:
    """One of the visitor's own runs as it is at this moment.

    `version` tells it from all others that had the same id. `plan`: what a link trains; None if it was taught
    a hand. `taught_from`: the run that was taught, "" if that is not known, or None.
    """

    id: str
    version: str
    timeline: Timeline
    card: OwnCard
    plan: Json | None
    taught_from: str | None
    is_growing: bool = False
    is_stopped: bool = False  # as its file says
    has_failed: bool = False


versions = itertools.count(1)
own_runs: dict[str, OwnRun] = {}  # those in the page, by id, in the order in which the page came to know them
known: dict[str, OwnRun] = {}  # all that ever were, by version


def is_own(run_id: str) -> bool:
    return run_id.split("/")[1].startswith("own-")


def in_order() -> list[str]:
    """The ids of those in the page as it lists them, by their numbers."""
    return sorted(own_runs, key=lambda run_id: int(run_id.split("/own-")[1]))


def published(run_id: str) -> Run:
    """The published run of a run's architecture."""
    return RUNS[f"{run_id.split('/')[0]}/published"]


def keep(run: OwnRun) -> None:
    """This is what the run of this id is now."""
    own_runs[run.id] = known[run.version] = run


def forget_all() -> None:
    """The page begins anew."""
    own_runs.clear()
    known.clear()


def read_file(letters: str, plan: Json | None, run_id: str) -> OwnRun:
    """The run that a file holds which the page has saved, in base64."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.safetensors"
        path.write_bytes(base64.b64decode(letters))
        timeline = load_file(path)
        with opened(path, "pt", from_page=True) as file:
            card = json.loads(file.metadata()["card"])
    assert card["run"] == run_id
    count = len(timeline.steps)
    scores, training = (read_scores(card[name], count) for name in ("scores", "training_scores"))
    return OwnRun(
        run_id,
        f"{run_id}#{next(versions)}",
        timeline.to(torch.float64),
        OwnCard(scores, training),
        plan,
        card["recipe"].get("taught_from"),
        is_stopped="stop_after" in card["recipe"],
    )


def read_scores(entries: list[Json | None], count: int) -> list[OwnScores | None]:
    """One for each snapshot; a page without measures has an empty list."""
    return [entry and OwnScores(**entry) for entry in entries] or [None] * count


def read_job(job: Json, run_id: str, plan: Json | None, taught_from: str | None) -> OwnRun:
    """A run that grows, as its worker has reported it."""
    moments = job["moments"]
    layers = [[decode(layer) for layer in moment["layers"]] for moment in moments]
    run = published(run_id)
    timeline = Timeline(
        Run(run_id, find_architecture(run_id.split("/")[0]), FROM_INK),
        0,
        tuple(moment["step"] for moment in moments),
        tuple(moment["images"] for moment in moments),
        tuple(torch.stack([pair[0] for pair in place]) for place in zip(*layers, strict=True)),
        tuple(torch.stack([pair[1] for pair in place]) for place in zip(*layers, strict=True)),
    )
    scores, training = (
        read_scores([moment[name] for moment in moments], len(moments)) for name in ("test", "training")
    )
    return OwnRun(
        run_id,
        f"{run_id}#{next(versions)}",
        timeline,
        OwnCard(scores, training),
        plan and shown_plan(plan | ({"rates": job["rates"]} if job["rates"] else {}), run.id),
        taught_from,
        is_growing=True,
    )


FROM_INK = published("relu-50/own-1").recipe  # the page's networks take ink 0..1, as this recipe's do


def decode(layer: list[str]) -> tuple[Tensor, Tensor]:
    """Weights (outputs, inputs) and bias (outputs,) of a layer, in double precision."""
    weights, bias = (base64.b64decode(letters) for letters in layer)
    numbers = torch.frombuffer(bytearray(bias), dtype=torch.float64)
    return torch.frombuffer(bytearray(weights), dtype=torch.float32).view(
        -1, len(numbers)
    ).T.double(), numbers


def tutorial(run_id: str) -> Json:
    """The plan of a training that changes nothing."""
    run = published(run_id)
    recipe = run.recipe
    return {
        "count": 60_000,
        "epochs": recipe.epochs,
        "learningRate": recipe.learning_rate,
        "batchSize": recipe.batch_size,
        "optimizer": recipe.optimizer,
        "dropout": any(layer.dropout for layer in run.architecture.hidden),
        "shuffledShare": 0,
        "leftOut": [],
        "rates": [],
        "source": "mnist",
    }


def shown_plan(plan: Json, run_id: str) -> Json:
    """What a plan has of its own beside the tutorial's, and its start."""
    usual = tutorial(run_id)
    return {name: value for name, value in plan.items() if name == "seed" or usual[name] != value}
