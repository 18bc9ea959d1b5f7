"""MNIST: the download, by any torchvision, the files and what may be wrong with them."""

import functools
import http.server
import shutil
import socket
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
import torch

from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import LabelledImages, fetch_mnist, load_mnist, torchvision_module
from mnist_core.errors import DataError

NAMES = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
]
OPERATOR = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
COUNTS = [60_000, 60_000, 10_000, 10_000]


def idx_header(name, count):
    """The first bytes of an IDX file: unsigned bytes, its number of dimensions, its sizes."""
    sizes = [count, 28, 28] if "images" in name else [count]
    return bytes([0, 0, 8, len(sizes)]) + b"".join(size.to_bytes(4, "big") for size in sizes)


@pytest.fixture
def folder(tmp_path):
    """A folder laid out like MNIST's, all of paper and zeros."""
    (tmp_path / "MNIST" / "raw").mkdir(parents=True)
    for name, count in zip(NAMES, COUNTS, strict=True):
        bytes_each = 784 if "images" in name else 1
        with (tmp_path / "MNIST" / "raw" / name).open("wb") as file:
            file.write(idx_header(name, count))
            file.truncate(file.tell() + count * bytes_each)
    return tmp_path


@pytest.fixture
def mirror(mnist, monkeypatch):
    """The real archives on a server on this machine, in the place of MNIST's mirrors."""
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, template, *values):
            asked.append(self.path.strip("/"))

    handler = functools.partial(Handler, directory=str(mnist / "MNIST" / "raw"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/"
        monkeypatch.setattr(torchvision_module("datasets").MNIST, "mirrors", [address])
        yield asked
        server.shutdown()
        thread.join()


def test_the_download_brings_every_file_unpacked_and_only_once(mirror, mnist, tmp_path):
    fetch_mnist(tmp_path)
    for name in NAMES:
        fetched, original = (root / "MNIST" / "raw" / name for root in (tmp_path, mnist))
        assert fetched.read_bytes() == original.read_bytes(), name
    mirror.clear()
    fetch_mnist(tmp_path)
    assert mirror == []


FETCH = """
import sys
from pathlib import Path
from mnist_core.drawings.mnist import fetch_mnist, torchvision_module
torchvision_module("datasets").MNIST.mirrors = [sys.argv[1]]
fetch_mnist(Path(sys.argv[2]))
"""


def test_of_two_processes_that_fetch_at_once_one_downloads(mirror, tmp_path):
    address = torchvision_module("datasets").MNIST.mirrors[0]
    command = [sys.executable, "-c", FETCH, address, str(tmp_path)]
    both = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert sorted(mirror) == sorted(
        2 * [f"{name}.gz" for name in NAMES]
    )  # asked for its address, then for it
    assert len(load_mnist(tmp_path, "training")) == 60_000


def test_archives_that_are_there_are_unpacked_without_a_connection(mirror, mnist, tmp_path):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in NAMES:
        shutil.copy(mnist / "MNIST" / "raw" / f"{name}.gz", raw)
    fetch_mnist(tmp_path)
    assert mirror == []


def test_without_a_connection_fetching_says_what_to_do(tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]  # nobody listens there once it is closed
    monkeypatch.setattr(torchvision_module("datasets").MNIST, "mirrors", [f"http://127.0.0.1:{port}/"])
    with pytest.raises(DataError) as caught:
        fetch_mnist(tmp_path)
    assert str(caught.value).startswith(f"MNIST could not be fetched into {tmp_path / 'MNIST' / 'raw'}: ")
    assert str(caught.value).endswith("Check the connection, or copy its four .gz files there and try again.")


def test_fetching_into_a_place_that_is_no_folder_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match="MNIST could not be fetched into "):
        fetch_mnist(tmp_path / "file")


@pytest.mark.parametrize(("split", "count"), [("training", 60_000), ("test", 10_000)])
def test_a_split_holds_all_its_images(folder, split, count):
    assert load_mnist(folder, split).images.shape == (count, 28, 28)


def test_images_in_memory_outlast_their_file(folder):
    images = load_mnist(folder, "test").images
    with (folder / "MNIST" / "raw" / "t10k-images-idx3-ubyte").open("r+b") as file:
        file.truncate(0)  # a mapped file would end the process here
    assert images.sum() == 0


def test_changing_an_image_in_memory_leaves_the_file_as_it_was(folder):
    path = folder / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    load_mnist(folder, "test").images.fill_(255)
    assert path.read_bytes().count(255) == 0


def test_the_test_split_is_mnists(test_images):
    counts = torch.bincount(test_images.labels).tolist()
    assert counts == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]  # as published


def test_the_training_split_is_mnists(mnist):
    counts = torch.bincount(load_mnist(mnist, "training").labels).tolist()
    assert counts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]  # as published


def test_mean_ink_of_the_test_images_is_the_known_one(test_images):
    assert test_images.ink().mean().item() == pytest.approx(0.1325, abs=5e-4)


def test_ink_goes_from_paper_0_to_full_ink_1():
    images = LabelledImages(torch.tensor([[[0, 51, 255]]], dtype=torch.uint8), torch.tensor([0]))
    torch.testing.assert_close(images.ink(), torch.tensor([[[0.0, 0.2, 1.0]]]))


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named_with_what_to_do(folder, name):
    raw = folder / "MNIST" / "raw"
    (raw / name).unlink()
    with pytest.raises(DataError) as caught:
        load_mnist(folder, "training" if name.startswith("train") else "test")
    assert str(caught.value) == (
        f'No MNIST file {name} in {raw}; fetch it with "python -m mnist_core fetch", '
        "or set MNIST_DATA to the folder that holds it."
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_truncated_file_is_named_with_its_size(folder, name):
    path = folder / "MNIST" / "raw" / name
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(size - 1)
    with pytest.raises(DataError) as caught:
        load_mnist(folder, "training" if name.startswith("train") else "test")
    assert str(caught.value) == (
        f"{path} is damaged: it holds {size - 1:,} bytes, expected {size:,}. "
        f'Delete the folder {path.parent} and run "python -m mnist_core fetch".'
    )


@pytest.mark.parametrize("content", [b"", b"GIF89a, no digits here", idx_header("images", 9_999)])
def test_a_foreign_file_is_named(folder, content):
    path = folder / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        load_mnist(folder, "test")
    assert str(caught.value) == (
        f"{path} is not MNIST's file of that name. "
        f'Delete the folder {path.parent} and run "python -m mnist_core fetch".'
    )


def test_labels_above_nine_are_refused(folder):
    path = folder / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1] + bytes([10]))
    with pytest.raises(DataError, match="t10k-labels-idx1-ubyte holds labels above 9"):
        load_mnist(folder, "test")


def test_mnist_data_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_DATA", str(tmp_path))
    assert mnist_folder() == tmp_path


@pytest.mark.parametrize("value", [None, ""])
def test_without_mnist_data_the_folder_is_data(monkeypatch, value):
    if value is None:
        monkeypatch.delenv("MNIST_DATA", raising=False)
    else:
        monkeypatch.setenv("MNIST_DATA", value)
    assert str(mnist_folder()) == "data"


@pytest.mark.thorough
def test_torchvision_works_beside_the_torch_that_is_installed():
    code = (
        "from mnist_core.drawings.mnist import torchvision_module;"
        "print(torchvision_module('datasets').MNIST.__name__)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "MNIST\n"


@pytest.fixture
def declared(monkeypatch):
    """The operators that get declared for torchvision."""
    operators = []
    monkeypatch.setattr("mnist_core.drawings.mnist._OPERATORS", SimpleNamespace(define=operators.append))
    return operators


def importing(*outcomes):
    """An import_module with these results, one after the other; errors are raised."""
    remaining = list(outcomes)

    def import_module(name):
        outcome = remaining.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return SimpleNamespace(import_module=import_module)


def test_no_operator_is_declared_when_torchvision_imports_by_itself(declared, monkeypatch):
    monkeypatch.setattr("mnist_core.drawings.mnist.importlib", importing("the module"))
    assert (torchvision_module("datasets"), declared) == ("the module", [])


def test_missing_operators_are_declared_and_the_import_tried_again(declared, monkeypatch):
    failure = RuntimeError("operator torchvision::nms does not exist")
    monkeypatch.setattr("mnist_core.drawings.mnist.importlib", importing(failure, "the module"))
    assert torchvision_module("datasets") == "the module"
    assert declared == [f"nms{OPERATOR}", f"qnms{OPERATOR}"]


def test_another_failure_of_torchvision_is_not_hidden(declared, monkeypatch):
    monkeypatch.setattr("mnist_core.drawings.mnist.importlib", importing(RuntimeError("no memory")))
    with pytest.raises(RuntimeError, match="no memory"):
        torchvision_module("datasets")
