"""Commands that fetch or make data files."""

import argparse
import sys

from mnist_core.checkpoints.atomic_write import as_output_error, atomic_write, check_writable
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import fetch_mnist
from mnist_core.drawings.unipen_archive import FILES, unipen_texts


def fetch(arguments: argparse.Namespace) -> None:
    """Download MNIST unless it is there."""
    fetch_mnist(mnist_folder())
    print(f"MNIST is in {mnist_folder()}.")


def make_unipen(arguments: argparse.Namespace) -> None:
    """Make the files of digits, letters and symbols of the UNIPEN archive; write none unless all can be."""
    with as_output_error(arguments.folder, "give another"):
        for name in FILES:
            check_writable(arguments.folder / name)
    texts, problems = unipen_texts(arguments.archive)
    with as_output_error(arguments.folder, "make room, or give another"):
        arguments.folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            with atomic_write(arguments.folder / name) as partial:
                partial.write_text(text, encoding="utf-8")
    for name, text in texts.items():
        print(f"{arguments.folder / name}: {text.count('.SEGMENT '):,} characters")
    if problems:
        print(f"Segments left out: {len(problems):,}; the first: {problems[0]}", file=sys.stderr)
