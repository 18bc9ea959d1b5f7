"""The detector: one small network that tells digits from things that are none, whichever run reads them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from mnist_core.errors import CheckpointError
from mnist_core.runs.architectures import SIDE

DETECTOR_FILE = Path(__file__).parents[2] / "checkpoints" / "detector.safetensors"
FORMAT = "inkling detector 1"
SEED = 0  # of the detector, and of the distortions that it learns from
HIDDEN = 128  # units; with 64 it refuses one and a half points less, with 256 no more


@dataclass(frozen=True)
class Detector:
    """The detector: its network, and the threshold that it judges by where a run has none.

    `network`: images (batch, 28, 28) to logits (batch, 2). `threshold`: what is less probably a digit than
    this, 0..1, is refused.
    """

    network: nn.Sequential
    threshold: float


def build_detector(seed: int) -> nn.Sequential:
    """Images (batch, 28, 28) to logits (batch, 2): no digit, digit; 100,738 parameters."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Flatten(), nn.Linear(SIDE * SIDE, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 2))


def detect(network: nn.Sequential, images: Tensor) -> Tensor:
    """How probably images, ink 0..1 of shape (batch, 28, 28), are digits: (batch,), in double precision."""
    with torch.inference_mode():
        return network(images.float()).double().softmax(1)[:, 1]


def save_detector(detector: Detector, path: Path = DETECTOR_FILE) -> None:
    """Write the detector: its weights, in half precision, and a card with its threshold."""
    weights = {name: tensor.half() for name, tensor in detector.network.state_dict().items()}
    save_file(weights, path, {"card": json.dumps({"format": FORMAT, "threshold": detector.threshold})})


def load_detector(path: Path = DETECTOR_FILE) -> Detector:
    """Read the detector; CheckpointError if the file is missing, damaged or foreign."""
    remedy = '"python -m mnist_core detector"'
    if not path.is_file():
        raise CheckpointError(f"No detector at {path}; make it with {remedy}.")
    network = build_detector(SEED)
    try:
        with safe_open(path, "pt") as file:
            threshold = _read_threshold(json.loads((file.metadata() or {})["card"]))
            network.load_state_dict({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    except (SafetensorError, OSError, RuntimeError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise CheckpointError(
            f"{path} is no intact detector ({type(error).__name__}). "
            f"Restore it, or make it again with {remedy}."
        ) from error
    return Detector(network, threshold)


def _read_threshold(card: dict[str, Any]) -> float:
    """The threshold on a detector's card; ValueError, TypeError or KeyError if there is none."""
    if card["format"] != FORMAT:
        raise ValueError("its card has another format")
    threshold = card["threshold"]
    if type(threshold) not in (int, float) or not 0 <= threshold <= 1:
        raise ValueError("its threshold is no number from 0 to 1")
    return float(threshold)
