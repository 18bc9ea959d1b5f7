"""The tutorials' own loop, which training is timed against."""

import pytest
import torch
from made import made_images, shortened

from mnist_core.runs.recipes import RUNS
from mnist_core.training import tutorial
from mnist_core.training.tutorial import time_tutorial_epoch

EVERY_PUBLISHED_RUN = pytest.mark.parametrize(
    "run", [run for run in RUNS.values() if run.recipe.published], ids=lambda run: run.id
)
IMAGES = made_images(70)


@pytest.fixture
def folder(tmp_path):
    """70 made images in MNIST's files; torchvision reads as many as there are."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for prefix in ("train", "t10k"):
        sizes = b"".join(size.to_bytes(4, "big") for size in (70, 28, 28))
        (raw / f"{prefix}-images-idx3-ubyte").write_bytes(
            bytes([0, 0, 8, 3]) + sizes + IMAGES.images.numpy().tobytes()
        )
        (raw / f"{prefix}-labels-idx1-ubyte").write_bytes(
            bytes([0, 0, 8, 1]) + sizes[:4] + IMAGES.labels.to(torch.uint8).numpy().tobytes()
        )
    return tmp_path


@EVERY_PUBLISHED_RUN
def test_the_tutorials_loop_shows_every_image_once(run, folder, monkeypatch):
    shown, loss_of = [], tutorial.LOSSES[run.recipe.loss]

    def watched(logits, labels):
        shown.extend(labels.tolist())
        return loss_of(logits, labels)

    monkeypatch.setitem(tutorial.LOSSES, run.recipe.loss, watched)
    time_tutorial_epoch(shortened(run, batch_size=32), folder, seed=0)
    assert sorted(shown) == sorted(IMAGES.labels.tolist())


@EVERY_PUBLISHED_RUN
def test_the_tutorials_loop_is_timed_in_seconds(run, folder):
    assert 0 < time_tutorial_epoch(shortened(run, batch_size=32), folder, seed=0) < 60
