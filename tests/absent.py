"""Data that tests need and this machine may lack: fetched if possible, else the test is skipped."""

import os
import socket
from pathlib import Path
from typing import NoReturn

import pytest
from filelock import FileLock

from mnist_core.drawings.archives import ARCHIVES
from mnist_core.drawings.mnist import fetch_mnist
from mnist_core.errors import DataError

SECONDS_TO_CONNECT = 20  # else a test run waits for minutes where nothing answers


def skip_or_fail(reason: str) -> NoReturn:
    """Skip the test, with a reason that says what to install; in CI, where nothing is skipped, fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def required(path: Path) -> Path:
    """The path, if this file of pen strokes is there; else the test is skipped, or fails in CI."""
    if not path.is_file():
        skip_or_fail(f"needs {path}: PENDIGITS names pendigits-orig.tra, UNIPEN the folder of digits.unipen")
    return path


def require_mnist(folder: Path, shared: Path) -> None:
    """See that MNIST is in a folder; if it is missing, one process of the test run tries to fetch it.

    Args:
        folder: where MNIST is kept.
        shared: a folder that all processes of this test run see, and no other run.
    """
    if all((folder / "MNIST" / "raw" / Path(name).stem).exists() for name in ARCHIVES):
        return
    failure = shared / "mnist-failure"  # holds the reason, or nothing where MNIST was fetched
    with FileLock(shared / "mnist.lock"):
        if not failure.exists():
            failure.write_text(_fetch(folder), encoding="utf-8")
        reason = failure.read_text(encoding="utf-8")
    if reason:
        skip_or_fail(f"needs MNIST. {reason} MNIST_DATA can name a folder that holds it.")


def _fetch(folder: Path) -> str:
    """Fetch MNIST; the reason if that fails, or nothing."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SECONDS_TO_CONNECT)
    try:
        fetch_mnist(folder)
    except DataError as error:
        return str(error)
    finally:
        socket.setdefaulttimeout(before)
    return ""
