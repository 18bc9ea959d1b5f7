"""MNIST's four archives: torchvision knows where they lie, checks their md5 sums and unpacks them."""

import errno
import importlib
from pathlib import Path
from types import ModuleType

import torch
from filelock import FileLock

from mnist_core.errors import DataError

# How the system says that a folder cannot be made or written, not that nobody answers.
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
    with in speed (training/tutorial.py). torchvision's Linux wheel on PyPI is built for CUDA. Beside a
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
