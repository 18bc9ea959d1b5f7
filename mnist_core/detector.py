"""The detector: one small network that tells digits from things that are none, whichever run reads them."""

from collections.abc import Collection
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from mnist_core.architectures import SIDE
from mnist_core.data import LabelledImages
from mnist_core.errors import CheckpointError
from mnist_core.lessons import distorted_copies
from mnist_core.nondigits import nondigits
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import DISTORTION, Recipe
from mnist_core.training import Lessons, fit

Detector = nn.Sequential

DETECTOR_FILE = Path(__file__).parent.parent / "checkpoints" / "detector.safetensors"
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


def build_detector(seed: int) -> Detector:
    """Images (batch, 28, 28) to logits (batch, 2): no digit, digit; 100,738 parameters."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Flatten(), nn.Linear(SIDE * SIDE, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 2))


def detect(detector: Detector, images: Tensor) -> Tensor:
    """How probably images, ink 0..1 of shape (batch, 28, 28), are digits: (batch,), in double precision."""
    with torch.inference_mode():
        return detector(images.float()).double().softmax(1)[:, 1]


def draw_nondigits(count: int, seed: int) -> tuple[list[str], Tensor]:
    """Made-up non-digits drawn the pad's way: their kinds, and their images (count, 28, 28), uint8."""
    kinds, drawings = zip(*nondigits(count, seed), strict=True)
    ink = torch.stack([image_of_drawing(drawing) for drawing in drawings])
    return list(kinds), (ink * 255).round().to(torch.uint8)


def train_detector(digits: Tensor, others: Tensor) -> Detector:
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


def train_without(digits: Tensor, kinds: list[str], others: Tensor, unseen: Collection[str]) -> Detector:
    """Train a detector that is never shown the kinds in `unseen`."""
    return train_detector(digits, others[torch.tensor([kind not in unseen for kind in kinds])])


def save_detector(detector: Detector, path: Path = DETECTOR_FILE) -> None:
    """Write the detector's weights, in half precision."""
    save_file({name: tensor.half() for name, tensor in detector.state_dict().items()}, path)


def load_detector(path: Path = DETECTOR_FILE) -> Detector:
    """Read the detector; CheckpointError if the file is missing or damaged."""
    remedy = '"python -m mnist_core detector"'
    if not path.is_file():
        raise CheckpointError(f"No detector at {path}; make it with {remedy}.")
    detector = build_detector(SEED)
    try:
        detector.load_state_dict(load_file(path))
    except (SafetensorError, OSError, RuntimeError) as error:
        raise CheckpointError(
            f"{path} is no intact detector ({type(error).__name__}). "
            f"Restore it, or make it again with {remedy}."
        ) from error
    return detector
