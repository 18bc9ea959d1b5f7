"""MNIST in memory: fetched and unpacked by torchvision, read here, checked file by file."""

import importlib
import math
import struct
from pathlib import Path
from types import ModuleType
from typing import Literal

import numpy as np
import torch

from mnist_core.drawings.images import LabelledImages
from mnist_core.errors import DataError
from mnist_core.runs.architectures import DIGITS, SIDE

Split = Literal["training", "test"]
_FILES = {"training": ("train", 60_000), "test": ("t10k", 10_000)}
_OPERATORS = torch.library.Library("torchvision", "FRAGMENT")  # what it declares goes with it
_IMAGES_MAGIC, _LABELS_MAGIC = 0x803, 0x801  # unsigned bytes in 3 and in 1 dimensions


def load_mnist(folder: Path, split: Split) -> LabelledImages:
    """Read one split of MNIST that `fetch_mnist` has laid into `folder`.

    Raises:
        DataError: a file is missing, truncated or no MNIST file; the text names it.
    """
    prefix, count = _FILES[split]
    raw = folder / "MNIST" / "raw"
    images = _map_idx(raw / f"{prefix}-images-idx3-ubyte", _IMAGES_MAGIC, (count, SIDE, SIDE))
    labels = _map_idx(raw / f"{prefix}-labels-idx1-ubyte", _LABELS_MAGIC, (count,))
    if labels.max() >= DIGITS:
        raise DataError(f"{raw}/{prefix}-labels-idx1-ubyte holds labels above 9. {_remedy(raw)}")
    return LabelledImages(torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64)))


def _map_idx(path: Path, magic: int, shape: tuple[int, ...]) -> np.memmap:
    """The bytes of one IDX file, exactly as large as MNIST's, read from disk only where they are used."""
    header = struct.pack(f">{1 + len(shape)}I", magic, *shape)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            found = file.read(len(header))
    except OSError:
        raise DataError(
            f"No MNIST file {path.name} in {path.parent}; "
            'fetch it with "python -m mnist_core fetch", or set MNIST_DATA to the folder that holds it.'
        ) from None
    if found != header:
        raise DataError(f"{path} is not MNIST's file of that name. {_remedy(path.parent)}")
    if size != len(header) + math.prod(shape):
        raise DataError(
            f"{path} is damaged: it holds {size:,} bytes, "
            f"expected {len(header) + math.prod(shape):,}. {_remedy(path.parent)}"
        )
    return np.memmap(path, np.uint8, "c", len(header), shape)  # "c": changes stay in memory


def _remedy(raw: Path) -> str:
    return f'Delete the folder {raw} and run "python -m mnist_core fetch".'


def fetch_mnist(folder: Path) -> None:
    """Download MNIST into `folder` unless it is there; torchvision checks the md5 sums and unpacks.

    Raises:
        DataError: the download failed, or the folder cannot be written.
    """
    try:
        torchvision_module("datasets").MNIST(str(folder), download=True)
    except (OSError, RuntimeError, EOFError) as error:
        raise DataError(
            f"MNIST could not be fetched into {folder / 'MNIST' / 'raw'}: {' '.join(str(error).split())} "
            "Check the connection, or copy its four .gz files there and try again."
        ) from error


def torchvision_module(name: str) -> ModuleType:
    """`torchvision.<name>`, also beside a CPU-only torch.

    torchvision's Linux wheel on PyPI is built for CUDA. Beside a CPU-only torch its compiled operators
    do not load and importing it fails; with the two missing operators declared, it works.
    """
    try:
        return importlib.import_module(f"torchvision.{name}")
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        for operator in ("nms", "qnms"):
            _OPERATORS.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        return importlib.import_module(f"torchvision.{name}")
