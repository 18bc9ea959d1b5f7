"""MNIST's four archives, which the page reads by itself: where they are, and how they come there."""

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

from mnist_core.errors import DataError

ARCHIVES = {  # by name, their bytes: a download that is still going on holds fewer
    "train-images-idx3-ubyte.gz": 9_912_422,
    "train-labels-idx1-ubyte.gz": 28_881,
    "t10k-images-idx3-ubyte.gz": 1_648_877,
    "t10k-labels-idx1-ubyte.gz": 4_542,
}
log = logging.getLogger("inkling")


def mnist_folder() -> Path:
    """Where MNIST is kept: the folder named by MNIST_DATA, by default `data`."""
    return Path(os.environ.get("MNIST_DATA") or "data")


def archive_paths() -> dict[str, Path]:
    """Where the archives lie, by name, if they are here (see `is_complete`)."""
    return {name: mnist_folder() / "MNIST" / "raw" / name for name in ARCHIVES}


def is_complete(path: Path) -> bool:
    """Whether a file is here, and, if it is one of the archives, whole."""
    return path.is_file() and path.stat().st_size == ARCHIVES.get(path.name, path.stat().st_size)


def fetch_archives() -> None:
    """Download MNIST unless its archives are here.

    In a process of its own: what is needed for it, PyTorch among it, would stay in this one's memory.

    Raises:
        DataError: it could not be fetched.
    """
    if all(map(is_complete, archive_paths().values())):
        return
    fetching = subprocess.run(
        [sys.executable, "-m", "mnist_core", "fetch"], capture_output=True, text=True, check=False
    )
    if fetching.returncode:
        raise DataError(fetching.stderr.strip().rsplit("\n", 1)[-1].removeprefix("error: "))
    missing = [str(path) for path in archive_paths().values() if not is_complete(path)]
    if missing:
        raise DataError(
            f"MNIST is there, but not its archives: {', '.join(missing)}. "
            f'Delete {mnist_folder() / "MNIST"} and run "python -m mnist_core fetch".'
        )


def start_fetching() -> None:
    """Fetch the archives in the background, and log what came of it."""

    def fetch() -> None:
        try:
            fetch_archives()
            log.info("MNIST: its archives are in %s", mnist_folder())
        except DataError as error:
            log.warning("No MNIST; the page shows Inkling's own drawings instead: %s", error)

    threading.Thread(target=fetch, daemon=True, name="mnist").start()
