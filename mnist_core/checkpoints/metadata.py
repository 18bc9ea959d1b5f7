"""What a checkpoint holds besides its weights: read and checked without PyTorch.

A file holds the finished network first, then the untrained one, then the snapshots between them, so that a
reader of its first bytes can answer before the rest is there. safetensors sorts tensors by name, so a name
begins with the snapshot's place in the file: `00.1.bias` is the last snapshot's second bias.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from safetensors import SafetensorError, safe_open

from mnist_core.checkpoints.records import Card, read_card
from mnist_core.errors import CheckpointError, InklingError
from mnist_core.runs.recipes import RUNS, Recipe, Run, find_run

CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"
MAX_BYTES = 10_000_000  # the Hugging Face Hub takes no larger plain file
MAX_SNAPSHOTS = 100  # two digits name them
FORMAT = "inkling timeline 2"
_RECIPE_DEFAULTS = {field.name: field.default for field in fields(Recipe) if field.default is not MISSING}


@dataclass(frozen=True)
class Head:
    """A checkpoint without its weights: its snapshots' steps, the images seen by then, and its card."""

    steps: tuple[int, ...]
    images_seen: tuple[int, ...]
    card: Card


def checkpoint_path(run: Run, root: Path = CHECKPOINTS) -> Path:
    """Where the checkpoint of a run lies: <architecture>/<recipe>.safetensors."""
    return root / f"{run.id}.safetensors"


def places_in_file(snapshots: int) -> list[int]:
    """For each snapshot, from step 0 on, its place in a file: the last one comes first."""
    return [*range(1, snapshots), 0]


def load_head(path: Path) -> Head:
    """Read what a checkpoint holds besides its weights; the same checks and errors as `load_checkpoint`."""
    with opened(path, "np") as file:
        head, card = read_metadata(file)
        return Head(head["steps"], head["images_seen"], card)


def load_cards(root: Path = CHECKPOINTS) -> dict[Run, Card]:
    """The cards of all runs; CheckpointError if a checkpoint is missing or damaged."""
    return {run: load_head(checkpoint_path(run, root)).card for run in RUNS.values()}


@contextmanager
def opened(path: Path, framework: Literal["np", "pt"], *, from_page: bool = False) -> Iterator[safe_open]:
    """Open a checkpoint, and turn whatever a foreign file breaks into one clear error.

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
    except (  # RecursionError: a card of lists in lists in lists
        *(SafetensorError, InklingError, OSError, RecursionError),
        *(ValueError, TypeError, KeyError, AttributeError),
    ) as error:
        remedy = "Save it in the page again" if from_page else f"Restore it, or make it again with {command}"
        raise CheckpointError(
            f"{path} is no intact Inkling checkpoint ({type(error).__name__}: {error}). {remedy}."
        ) from error


def parse_card(file: safe_open) -> dict[str, Any]:
    """The card of a file in the format of this project; ValueError or KeyError if there is none."""
    card: dict[str, Any] = json.loads((file.metadata() or {})["card"])
    if card.pop("format") != FORMAT:
        raise ValueError("its card has another format")
    return card


def read_metadata(file: safe_open) -> tuple[dict[str, Any], Card]:
    """What a timeline is besides its weights, and the card; ValueError if the file is not as they say."""
    card = parse_card(file)
    run = find_run(card.pop("run"))
    recipe = _RECIPE_DEFAULTS | card.pop("recipe")  # fields younger than the file have their defaults
    stored = {"architecture": card.pop("architecture"), "recipe": recipe}
    known = {"architecture": asdict(run.architecture), "recipe": asdict(run.recipe)}
    if json.loads(json.dumps(stored)) != json.loads(json.dumps(known)):
        raise ValueError(f"it was made with another definition of {run.id}")
    head = read_times(file, run, card)
    return head, read_card(card, len(head["steps"]))


def read_times(file: safe_open, run: Run, card: dict[str, Any]) -> dict[str, Any]:
    """Take a timeline's seed and steps out of its card; ValueError if the file's tensors do not fit them."""
    head = {
        "run": run,
        "seed": card.pop("seed"),
        "steps": tuple(card.pop("steps")),
        "images_seen": tuple(card.pop("images_seen")),
    }
    if type(head["seed"]) is not int or head["seed"] < 0:
        raise ValueError("its seed is no whole number from 0 on")
    _check_steps(head["steps"], head["images_seen"])
    _check_shapes(file, run, len(head["steps"]))
    return head


def _check_steps(steps: tuple[Any, ...], images_seen: tuple[Any, ...]) -> None:
    if not all(isinstance(step, int) for step in (*steps, *images_seen)):
        raise ValueError("its steps are no whole numbers")
    if not steps or steps[0] != 0 or list(steps) != sorted(set(steps)) or len(steps) != len(images_seen):
        raise ValueError("its steps do not grow from 0")
    if len(steps) > MAX_SNAPSHOTS:
        raise ValueError(f"it holds more than {MAX_SNAPSHOTS} snapshots")


def _check_shapes(file: safe_open, run: Run, snapshots: int) -> None:
    expected: dict[str, list[int]] = {}
    for place in range(snapshots):
        for number, (outputs, inputs) in enumerate(run.architecture.shapes):
            expected[f"{place:02}.{number}.weight"] = [outputs, inputs]
            expected[f"{place:02}.{number}.bias"] = [outputs]
    found = {name: file.get_slice(name).get_shape() for name in file.keys()}  # noqa: SIM118 - no mapping
    for name in sorted(expected.keys() | found.keys()):
        shape, wanted = found.get(name, "none"), expected.get(name, "none")
        if shape != wanted:
            raise ValueError(f"its tensor {name!r} has the shape {shape}, expected {wanted}")
    if any(file.get_slice(name).get_dtype() != "F16" for name in found):
        raise ValueError("its weights are not in half precision")
