"""Commands that lay data into place."""

import argparse

from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.fetching import fetch_mnist


def fetch(arguments: argparse.Namespace) -> None:
    """Download MNIST unless it is there."""
    fetch_mnist(mnist_folder())
    print(f"MNIST is in {mnist_folder()}.")
