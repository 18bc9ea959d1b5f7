"""Labelled images for the sample grid: MNIST once it has arrived, the project's own drawings until then."""

import logging
import subprocess
import sys
import threading
from typing import Literal

import numpy as np
import torch

from mnist_core.data import LabelledImages, load_mnist, mnist_folder
from mnist_core.drawing import read_handwritings
from mnist_core.errors import DataError
from mnist_core.preprocessing import image_of_drawing

TILES = 30
Source = Literal["mnist", "pending", "handwritings"]
log = logging.getLogger("inkling")


class SamplePool:
    """Where the sample grid's images come from; `start` fetches MNIST in the background."""

    def __init__(self) -> None:
        self._images = _handwritten_images()
        self.source: Source = "handwritings"

    def start(self) -> None:
        """Read MNIST's test images in a thread of their own, downloading them first if need be."""
        self.source = "pending"
        threading.Thread(target=self._load, daemon=True, name="mnist").start()

    def draw(self, number: int) -> tuple[LabelledImages, Source]:
        """Thirty different images; equal numbers give equal images as long as the source stays."""
        images, source = self._images, self.source
        chosen = np.random.default_rng(number).choice(len(images), TILES, replace=False)
        return LabelledImages(images.images[chosen], images.labels[chosen]), source

    def mnist(self) -> LabelledImages | None:
        """MNIST's 10,000 test images; None while they are not here."""
        return self._images if self.source == "mnist" else None

    def _load(self) -> None:
        try:
            self._images, self.source = _test_images(), "mnist"
            log.info("MNIST: %s test images from %s", f"{len(self._images):,}", mnist_folder())
        except DataError as error:
            self.source = "handwritings"
            log.warning("No MNIST, the sample grid shows the project's own drawings: %s", error)


def _test_images() -> LabelledImages:
    try:
        return load_mnist(mnist_folder(), "test")
    except DataError:
        # In a process of its own: torchvision would stay in memory, 85 MB of it.
        fetching = subprocess.run(
            [sys.executable, "-m", "mnist_core", "fetch"], capture_output=True, text=True, check=False
        )
        if fetching.returncode:
            last_line = fetching.stderr.strip().rsplit("\n", 1)[-1]
            raise DataError(last_line.removeprefix("error: ")) from None
        return load_mnist(mnist_folder(), "test")


def _handwritten_images() -> LabelledImages:
    drawings = read_handwritings()
    ink = torch.stack([image_of_drawing(entry.drawing) for entry in drawings])
    labels = torch.tensor([entry.label for entry in drawings])
    return LabelledImages((ink * 255).round().to(torch.uint8), labels)
