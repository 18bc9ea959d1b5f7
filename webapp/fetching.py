"""Download MNIST's archives, which the page itself reads, in the background."""

import logging
import subprocess
import sys
import threading

from mnist_core.drawings.archives import archive_paths, is_complete, mnist_folder
from mnist_core.errors import DataError

log = logging.getLogger("inkling")


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
        except Exception:
            log.exception("No MNIST; the page shows Inkling's own drawings instead")

    threading.Thread(target=fetch, daemon=True, name="mnist").start()
