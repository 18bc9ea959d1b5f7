"""The detector: one small network that tells digits from things that are none, whichever run reads them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from mnist_core.architectures import SIDE
from mnist_core.data import LabelledImages
from mnist_core.errors import CheckpointError
from mnist_core.lessons import distorted_copies
from mnist_core.nondigits import nondigits
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import DISTORTION, Recipe
from mnist_core.training import Lessons, fit

DETECTOR_FILE = Path(__file__).parent.parent / "checkpoints" / "detector.safetensors"
FORMAT = "inkling detector 1"
SEED = 0  # of the detector, and of the distortions that it learns from
HIDDEN = 128  # units; with 64 it refuses one and a half points less, with 256 no more
RECIPE = Recipe(
    *("adamw", 3e-3),
    batch_size=256,
    epochs=6,
    weight_decay=0.01,
    schedule="cosine",
    warm_up=0.05,
    averaging=0.999,
)


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


def draw_nondigits(count: int, seed: int) -> tuple[list[str], Tensor]:
    """Made-up non-digits drawn the pad's way: their kinds, and their images (count, 28, 28), uint8."""
    kinds, drawings = zip(*nondigits(count, seed), strict=True)
    ink = torch.stack([image_of_drawing(drawing) for drawing in drawings])
    return list(kinds), (ink * 255).round().to(torch.uint8)


def train_detector(digits: Tensor, others: Tensor) -> nn.Sequential:
    """Train a detector on digits and on things that are none, as they are and distorted.

    Args:
        digits, others: ink, shapes (n, 28, 28), uint8.

    Source: Hendrycks et al. 2019, arXiv 1812.04606: what was shown some outliers refuses others too.
    """
    labels = torch.tensor([1, 0]).repeat_interleave(torch.tensor([len(digits), len(others)]))
    images = LabelledImages(torch.cat([digits, others]), labels)
    both = images + distorted_copies(images, DISTORTION, 1, seed=SEED)
    detector = build_detector(SEED)
    for state in fit(detector, RECIPE, Lessons(both.images, both.labels), seed=SEED):
        averaged = state.averaged
    return averaged


def train_without(digits: Tensor, kinds: list[str], others: Tensor, unseen: Collection[str]) -> nn.Sequential:
    """Train a detector that is never shown the kinds in `unseen`."""
    return train_detector(digits, others[torch.tensor([kind not in unseen for kind in kinds])])


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
