"""The page reads MNIST's archives, packed or unpacked on the way, and refuses what is none."""

import base64
import gzip
import json
import struct
from pathlib import Path

import pytest
from node import run_node

from mnist_core.drawings.mnist import load_mnist

IMAGES = struct.pack(">4I", 0x803, 3, 28, 28) + bytes(range(256)) * 9 + bytes(3 * 784 - 9 * 256)
LABELS = struct.pack(">2I", 0x801, 4) + bytes([0, 9, 3, 7])


def read(kind: str, content: bytes, folder: Path) -> dict[str, str]:
    """What the page makes of a file: its `bytes` in base64, or an `error` and its `message`."""
    file = folder / kind
    file.write_bytes(content)
    (result,) = json.loads(run_node("mnist.js", kind, file))
    return result


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["unpacked", "packed"])
@pytest.mark.parametrize(("kind", "content", "header"), [("images", IMAGES, 16), ("labels", LABELS, 8)])
def test_a_file_is_read_packed_or_not(kind, content, header, pack, tmp_path):
    assert base64.b64decode(read(kind, pack(content), tmp_path)["bytes"]) == content[header:]


def test_the_test_images_are_those_that_python_reads(mnist, tmp_path):
    raw = mnist / "MNIST" / "raw"
    expected = load_mnist(mnist, "test")
    images = read("images", gzip.compress((raw / "t10k-images-idx3-ubyte").read_bytes(), 1), tmp_path)
    labels = read("labels", gzip.compress((raw / "t10k-labels-idx1-ubyte").read_bytes(), 1), tmp_path)
    assert base64.b64decode(images["bytes"]) == expected.images.numpy().tobytes()
    assert list(base64.b64decode(labels["bytes"])) == expected.labels.tolist()


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("images", b"", "This file is cut off: it ends within its header."),
        ("images", IMAGES[:15], "This file is cut off: it ends within its header."),
        ("images", b"<!doctype html><title>404</title>", "This file holds no images of MNIST's form."),
        ("images", LABELS + bytes(20), "This file holds no images of MNIST's form."),
        ("images", struct.pack(">4I", 0x803, 1, 32, 28), "This file holds no images of MNIST's form."),
        ("images", IMAGES[:-1], "This file is damaged: it claims 2,352 bytes and holds 2,351."),
        ("images", IMAGES + b"\0", "This file is damaged: it claims 2,352 bytes and holds 2,353."),
        ("images", gzip.compress(IMAGES, mtime=0)[:-9], "This file is damaged: it cannot be unpacked."),
        ("images", b"\x1f\x8b" + bytes(99), "This file is damaged: it cannot be unpacked."),
        ("images", gzip.compress(bytes(60_000_001), 1, mtime=0), "This file is larger than any of MNIST's."),
        ("labels", b"\0", "This file is cut off: it ends within its header."),
        ("labels", IMAGES, "This file holds no labels of MNIST's form."),
        ("labels", LABELS[:-1], "This file is damaged: it claims 4 bytes and holds 3."),
        ("labels", LABELS[:-1] + b"\n", "This file is damaged: it holds labels that are no digits."),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_another_file_is_refused_with_the_reason(kind, content, message, tmp_path):
    assert read(kind, content, tmp_path) == {"error": "InklingError", "message": message}
