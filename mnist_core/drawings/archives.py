"""MNIST's four archives: names, sizes, and the folder that holds them. Importing this needs no PyTorch."""

import os
from pathlib import Path

ARCHIVES = {  # name: bytes; an archive that is still being downloaded has fewer
    "train-images-idx3-ubyte.gz": 9_912_422,
    "train-labels-idx1-ubyte.gz": 28_881,
    "t10k-images-idx3-ubyte.gz": 1_648_877,
    "t10k-labels-idx1-ubyte.gz": 4_542,
}


def mnist_folder() -> Path:
    """Where MNIST is kept: the folder named by MNIST_DATA, by default `data`."""
    return Path(os.environ.get("MNIST_DATA") or "data")


def archive_paths() -> dict[str, Path]:
    """Where the archives lie, by name, if they are here (see `is_complete`)."""
    return {name: mnist_folder() / "MNIST" / "raw" / name for name in ARCHIVES}


def is_complete(path: Path) -> bool:
    """Whether a file is here, and, if it is one of the archives, whole."""
    return path.is_file() and path.stat().st_size == ARCHIVES.get(path.name, path.stat().st_size)
