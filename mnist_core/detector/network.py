"""The detector: one small network that tells digits from what is not a digit, whichever run reads them.

Its file holds its weights, in half precision, and a card with its threshold and its rates.
"""

import json
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import torch
from pydantic import Field, NonNegativeInt, TypeAdapter
from pydantic.dataclasses import dataclass as checked_dataclass
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from mnist_core.checkpoints.atomic_write import RUN_AGAIN, as_output_error, atomic_write
from mnist_core.checkpoints.card import CHECKPOINTS, STRICT, Share
from mnist_core.errors import CheckpointError
from mnist_core.runs.architectures import DIGITS, SIDE

DETECTOR_FILE = CHECKPOINTS / "detector.safetensors"
HIDDEN = (256, 64)  # units


@dataclass(frozen=True)
class Detector:
    """The detector: its network, and the threshold that it judges by.

    `network`: images (batch, 28, 28) to logits (batch, classes); the first ten classes are the digits,
    the others are letters, symbols and kinds of other things. `threshold`: what is a digit with a smaller
    probability, 0..1, counts as not a digit.
    """

    network: nn.Sequential
    threshold: float


def build_detector(classes: int, seed: int) -> nn.Sequential:
    """An untrained network: images (batch, 28, 28) to logits (batch, classes)."""
    sizes = [SIDE * SIDE, *HIDDEN, classes]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layers: list[nn.Module] = [nn.Flatten()]
        for inputs, outputs in pairwise(sizes):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        return nn.Sequential(*layers[:-1])


def detect(network: nn.Sequential, images: Tensor) -> Tensor:
    """How probably images, ink 0..1 of shape (batch, 28, 28), are digits: (batch,), in double precision."""
    with torch.inference_mode():
        return network(images.float()).double().softmax(1)[:, :DIGITS].sum(1)


def is_not_a_digit(detector: Detector, images: Tensor) -> Tensor:
    """Whether images, ink 0..1 of shape (batch, 28, 28), show something that is not a digit: (batch,)."""
    return detect(detector.network, images) < detector.threshold


@checked_dataclass(frozen=True, config=STRICT)
class NotADigit:
    """How many of `n` images detectors refused, as not a digit."""

    n: NonNegativeInt
    refused: NonNegativeInt


@checked_dataclass(frozen=True, config=STRICT)
class NotADigitRates:
    """What detectors refuse, counted over images that their thresholds were not chosen on.

    `mnist`: MNIST's test images; `pens`: pendigits; `unipen`: UNIPEN's digits; `handwritings`: the project's
    own. Of what is not a digit: `letters` and `symbols` of UNIPEN by what they are, `kinds` of made-up
    drawings.
    """

    mnist: NotADigit
    pens: NotADigit
    unipen: NotADigit
    handwritings: NotADigit
    letters: dict[str, NotADigit]
    symbols: dict[str, NotADigit]
    kinds: dict[str, NotADigit]


@checked_dataclass(frozen=True, config=STRICT)
class DetectorCard:
    """What the detector's file says of it.

    `classes`: what each of its logits stands for, the ten digits first. `threshold`: see `Detector`.
    `rates`: what the detector itself refuses; it learned from all donors, writers and kinds. `left_out`: what
    detectors refuse, together, that were trained without the donor, the writers and the kinds they are asked.
    """

    format: Literal["inkling detector 2"]
    threshold: Share
    classes: Annotated[list[str], Field(min_length=DIGITS + 1)]
    rates: NotADigitRates
    left_out: NotADigitRates


def save_detector(network: nn.Sequential, card: DetectorCard, path: Path = DETECTOR_FILE) -> None:
    """Write the detector's file; an interruption leaves the old one, never half of one.

    Raises:
        OutputError: the file cannot be written.
    """
    weights = {name: tensor.half() for name, tensor in network.state_dict().items()}
    with as_output_error(path, RUN_AGAIN), atomic_write(path) as partial:
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
