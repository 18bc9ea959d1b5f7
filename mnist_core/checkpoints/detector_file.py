"""The detector's file: its weights, in half precision, and a card with its threshold and its rates."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from mnist_core.checkpoints.card import CHECKPOINTS, STRICT, RefusalRates, Share
from mnist_core.checkpoints.replacing import LOST, replaced, writing
from mnist_core.errors import CheckpointError
from mnist_core.networks.detector import Detector, build_detector
from mnist_core.runs.architectures import DIGITS

DETECTOR_FILE = CHECKPOINTS / "detector.safetensors"


@dataclass(frozen=True, config=STRICT)
class DetectorCard:
    """What the detector's file says of it.

    `classes`: what each of its logits stands for, the ten digits first. `threshold`: see `Detector`.
    `rates`: what the detector itself refuses; it learned from all donors, writers and kinds. `left_out`: what
    detectors refuse, together, that were trained without the donor, the writers and the kinds they are asked.
    """

    format: Literal["inkling detector 2"]
    threshold: Share
    classes: Annotated[list[str], Field(min_length=DIGITS + 1)]
    rates: RefusalRates
    left_out: RefusalRates


def save_detector(network: nn.Sequential, card: DetectorCard, path: Path = DETECTOR_FILE) -> None:
    """Write the detector's file; an interruption leaves the old one, never half of one.

    Raises:
        OutputError: the file cannot be written.
    """
    weights = {name: tensor.half() for name, tensor in network.state_dict().items()}
    with writing(path, LOST), replaced(path) as partial:
        save_file(weights, partial, {"card": json.dumps(asdict(card))})


def load_detector(path: Path = DETECTOR_FILE) -> Detector:
    """Read the detector; CheckpointError if the file is missing, damaged or foreign."""
    return _read(path)[0]


def load_detector_card(path: Path = DETECTOR_FILE) -> DetectorCard:
    """Read the detector's card; the same checks and errors as `load_detector`."""
    return _read(path)[1]


def _read(path: Path) -> tuple[Detector, DetectorCard]:
    remedy = '"python -m mnist_core detector"'
    if not path.is_file():
        raise CheckpointError(f"No detector at {path}; make it with {remedy}.")
    try:
        with safe_open(path, "pt") as file:
            card = TypeAdapter(DetectorCard).validate_json((file.metadata() or {}).get("card", ""))
            network = build_detector(len(card.classes), seed=0)
            network.load_state_dict({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    except (SafetensorError, OSError, RuntimeError, ValueError) as error:
        raise CheckpointError(
            f"{path} is no intact detector ({type(error).__name__}). "
            f"Restore it, or make it again with {remedy}."
        ) from error
    return Detector(network, card.threshold), card
