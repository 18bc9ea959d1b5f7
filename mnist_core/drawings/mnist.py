"""MNIST in memory: its unpacked files, read and checked one by one."""

import math
import struct
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from mnist_core.drawings.images import LabelledImages
from mnist_core.errors import DataError
from mnist_core.runs.architectures import DIGITS, SIDE

Split = Literal["training", "test"]
_FILES = {"training": ("train", 60_000), "test": ("t10k", 10_000)}
_IMAGES_MAGIC, _LABELS_MAGIC = 0x803, 0x801  # unsigned bytes in 3 and in 1 dimensions


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
