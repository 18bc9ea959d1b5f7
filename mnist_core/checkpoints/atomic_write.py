"""Files that are written whole or not at all, and what stands in the way of writing them."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from safetensors import SafetensorError

from mnist_core.errors import OutputError

RUN_AGAIN = (
    "what was trained or measured for it is lost, an earlier file stays. "
    "Make room, then run the command again"
)


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A path to write to; what is there in the end takes the place of `path`.

    An interruption leaves the old file, or none, never half of one.
    """
    partial = _partial(path)
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def as_output_error(path: Path, remedy: str) -> Iterator[None]:
    """Turn whatever is wrong with writing to a path into one clear error, which ends with the remedy."""
    try:
        yield
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"{path} cannot be written ({reason}); {remedy}.") from error


def check_outputs(paths: Iterable[Path]) -> None:
    """OutputError if one of the files that a command writes in the end could not be written now."""
    for path in paths:
        with as_output_error(path, "make that possible first"):
            check_writable(path)


def check_writable(path: Path) -> None:
    """Find out whether `atomic_write` can write a file; folders on its way need not be there. Writes nothing.

    Raises:
        OSError: as writing the file would.
    """
    missing = [_partial(path).name, path.name]
    folder = path.parent
    while not os.path.lexists(folder) and folder != folder.parent:
        missing.append(folder.name)
        folder = folder.parent
    if not folder.is_dir():
        raise _os_error(errno.EEXIST if folder == path.parent else errno.ENOTDIR, folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _os_error(errno.EACCES, folder)
    for name in missing:
        with suppress(FileNotFoundError):
            (folder / name).lstat()  # fails where a name is too long
    for place in (_partial(path), path):
        if place.is_dir():
            raise _os_error(errno.EISDIR, place)


def _partial(path: Path) -> Path:
    return path.with_suffix(".partial")


def _os_error(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), str(path))
