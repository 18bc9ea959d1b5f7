"""Labelled images, which networks learn from and are measured on; MNIST's, fetched, read and checked.

torchvision knows where MNIST's four archives lie, checks their md5 sums and unpacks them.
"""

import errno
import importlib
import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Literal

import numpy as np
import torch
from filelock import FileLock
from numpy.typing import NDArray
from torch import Tensor

from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import LabelledDrawing
from mnist_core.errors import DataError
from mnist_core.runs.architectures import DIGITS, SIDE

Split = Literal["training", "test"]
_FILES = {"training": ("train", 60_000), "test": ("t10k", 10_000)}
_IMAGES_MAGIC, _LABELS_MAGIC = 0x803, 0x801  # unsigned bytes in 3 and in 1 dimensions
# Error numbers that mean an unusable folder; all others mean that the download failed.
UNWRITABLE = {
    errno.EACCES,
    errno.EEXIST,
    errno.ENAMETOOLONG,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
_OPERATORS = torch.library.Library("torchvision", "FRAGMENT")  # its declarations last as long as this object


@dataclass(frozen=True)
class LabelledImages:
    """Images with what they show.

    `images`: ink, (n, 28, 28), uint8, 0 paper to 255 full ink. `labels`: digits, (n,), int64, 0..9.
    """

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def ink(self, dtype: torch.dtype = torch.float32) -> Tensor:
        """The images as ink from 0 (paper) to 1, (n, 28, 28)."""
        return self.images.to(dtype) / 255

    def __add__(self, others: "LabelledImages") -> "LabelledImages":
        """These images and then the others."""
        return LabelledImages(
            torch.cat([self.images, others.images]), torch.cat([self.labels, others.labels])
        )


def images_of_drawings(drawings: Iterable[LabelledDrawing]) -> LabelledImages:
    """The drawings as images like MNIST's, with their labels."""
    entries = list(drawings)
    ink = torch.stack([image_of_drawing(entry.drawing) for entry in entries])
    labels = torch.tensor([entry.label for entry in entries])
    return LabelledImages((ink * 255).round().to(torch.uint8), labels)


def fetch_mnist(folder: Path) -> None:
    """Download MNIST into `folder` unless it is there; of several processes one fetches, the others wait.

    Raises:
        DataError: the download failed, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".mnist.lock"):
            torchvision_module("datasets").MNIST(str(folder), download=True)
    except (OSError, RuntimeError, EOFError) as error:
        is_place = isinstance(error, OSError) and error.errno in UNWRITABLE
        remedy = (
            "Set MNIST_DATA to a folder that can be written, and that has room."
            if is_place
            else "Check the connection, or copy its four .gz files there and try again."
        )
        raise DataError(
            f"MNIST could not be fetched into {folder / 'MNIST' / 'raw'}: "
            f"{' '.join(str(error).split())} {remedy}"
        ) from error


def torchvision_module(name: str) -> ModuleType:
    """`torchvision.<name>`, also beside a CPU-only torch.

    Only two things need it: the four downloads above, and the tutorials' own loop, which ours is compared
    with in speed (training/run_training.py). torchvision's Linux wheel on PyPI is built for CUDA. Beside a
    CPU-only torch its compiled operators do not load and importing it fails; with the two missing operators
    declared, it works.
    """
    try:
        return importlib.import_module(f"torchvision.{name}")
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        for operator in ("nms", "qnms"):
            _OPERATORS.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        return importlib.import_module(f"torchvision.{name}")


def load_mnist(folder: Path, split: Split) -> LabelledImages:
    """Read one split of MNIST that `fetch_mnist` has laid into `folder`.

    Raises:
        DataError: a file is missing, truncated or no MNIST file; the text names it.
    """
    prefix, count = _FILES[split]
    raw = folder / "MNIST" / "raw"
    images = _read_idx(raw / f"{prefix}-images-idx3-ubyte", _IMAGES_MAGIC, (count, SIDE, SIDE))
    labels = _read_idx(raw / f"{prefix}-labels-idx1-ubyte", _LABELS_MAGIC, (count,))
    if labels.max() >= DIGITS:
        raise DataError(f"{raw}/{prefix}-labels-idx1-ubyte holds labels above 9. {_remedy(raw)}")
    return LabelledImages(torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64)))


def _read_idx(path: Path, magic: int, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The bytes of one IDX file, exactly as large as MNIST's.

    They are read, not mapped: a mapped file that another process cuts off ends this one (SIGBUS).
    """
    header = struct.pack(f">{1 + len(shape)}I", magic, *shape)
    try:
        content = np.fromfile(path, np.uint8)
    except OSError:
        raise DataError(
            f"No MNIST file {path.name} in {path.parent}; "
            'fetch it with "python -m mnist_core fetch", or set MNIST_DATA to the folder that holds it.'
        ) from None
    if content[: len(header)].tobytes() != header:
        raise DataError(f"{path} is not MNIST's file of that name. {_remedy(path.parent)}")
    if len(content) != len(header) + math.prod(shape):
        raise DataError(
            f"{path} is damaged: it holds {len(content):,} bytes, "
            f"expected {len(header) + math.prod(shape):,}. {_remedy(path.parent)}"
        )
    return content[len(header) :].reshape(shape)


def _remedy(raw: Path) -> str:
    return f'Delete the folder {raw} and run "python -m mnist_core fetch".'
