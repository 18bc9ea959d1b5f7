"""Fixtures of several test modules, such as MNIST's folder, and settings that make every test repeatable."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import torch
from absent import require_mnist
from app_server import Server, running_app
from hypothesis import settings
from made import made_card, made_images, made_timeline
from torch import Tensor
from unipen_archives import COORDINATES

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import save_checkpoint
from mnist_core.commands import measure, queries, train
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import LabelledImages, load_mnist
from mnist_core.runs.recipes import RUNS

settings.register_profile("inkling", deadline=None, derandomize=True, database=None, max_examples=60)
settings.load_profile("inkling")
torch.set_num_threads(1)  # as the command line does


@pytest.fixture(scope="session")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds MNIST, which is fetched if it is missing; where that fails, tests are skipped."""
    folder, own = mnist_folder().absolute(), tmp_path_factory.getbasetemp()
    require_mnist(folder, own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)
    return folder


@pytest.fixture(scope="session")
def test_images(mnist: Path) -> LabelledImages:
    """MNIST's 10,000 test images."""
    return load_mnist(mnist, "test")


@pytest.fixture(scope="session")
def app(mnist: Path) -> Iterator[Server]:
    """The Gradio app with MNIST, for all tests that only ask it something."""
    with running_app(MNIST_DATA=str(mnist)) as app:
        yield app


@pytest.fixture
def random_state() -> Tensor:
    """PyTorch's global random state as the test finds it."""
    return torch.get_rng_state()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command line on 60 made images, with this empty folder for its checkpoints."""
    for commands in (measure, queries, train):
        monkeypatch.setattr(commands, "load_mnist", lambda folder, split: made_images(60))
        monkeypatch.setattr(commands, "checkpoint_path", partial(checkpoint_path, root=tmp_path))
    monkeypatch.setattr(train, "time_tutorial_epoch", lambda run, folder, *, seed: 9.0)
    return tmp_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sound checkpoint of a made timeline of relu-50/published."""
    run = RUNS["relu-50/published"]
    path = checkpoint_path(run, tmp_path)
    save_checkpoint(made_timeline(run), made_card(), path)
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Lay files into a small archive, which has at least one of coordinates, and give its folder."""
    root = tmp_path / "archive"

    def made(files: dict[str, str]) -> Path:
        needed = {"include/aga/data/one.dat": COORDINATES, "data/1a/aga/readme.txt": ""}
        for name, text in {**needed, **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="latin-1")
        return root

    return made
