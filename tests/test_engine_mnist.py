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


def read(kind: str, folder: Path, *contents: bytes) -> list[dict[str, str]]:
    """What the page makes of each file: its `bytes` in base64, or an `error` and its `message`."""
    files = [folder / f"{kind}{number}" for number in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    return json.loads(run_node("mnist.js", kind, *files))


@pytest.mark.parametrize(("kind", "content", "header"), [("images", IMAGES, 16), ("labels", LABELS, 8)])
def test_a_file_is_read_packed_or_not(kind, content, header, tmp_path):
    expected = base64.b64encode(content[header:]).decode()
    assert read(kind, tmp_path, content, gzip.compress(content)) == [{"bytes": expected}] * 2


def test_the_test_images_are_those_that_python_reads(mnist, tmp_path):
    raw = mnist / "MNIST" / "raw"
    expected = load_mnist(mnist, "test")
    (images,) = read("images", tmp_path, gzip.compress((raw / "t10k-images-idx3-ubyte").read_bytes(), 1))
    (labels,) = read("labels", tmp_path, gzip.compress((raw / "t10k-labels-idx1-ubyte").read_bytes(), 1))
    assert base64.b64decode(images["bytes"]) == expected.images.numpy().tobytes()
    assert list(base64.b64decode(labels["bytes"])) == expected.labels.tolist()


OTHER_FILES = {
    "images": [
        (b"", "This file is cut off: it ends within its header."),
        (IMAGES[:15], "This file is cut off: it ends within its header."),
        (b"<!doctype html><title>404</title>", "This file holds no images of MNIST's form."),
        (LABELS + bytes(20), "This file holds no images of MNIST's form."),
        (struct.pack(">4I", 0x803, 1, 32, 28), "This file holds no images of MNIST's form."),
        (IMAGES[:-1], "This file is damaged: it claims 2,352 bytes and holds 2,351."),
        (IMAGES + b"\0", "This file is damaged: it claims 2,352 bytes and holds 2,353."),
        (gzip.compress(IMAGES)[:-9], "This file is damaged: it cannot be unpacked."),
        (b"\x1f\x8b" + bytes(99), "This file is damaged: it cannot be unpacked."),
        (gzip.compress(bytes(60_000_001), 1), "This file is larger than any of MNIST's."),
    ],
    "labels": [
        (b"\0", "This file is cut off: it ends within its header."),
        (IMAGES, "This file holds no labels of MNIST's form."),
        (LABELS[:-1], "This file is damaged: it claims 4 bytes and holds 3."),
        (LABELS[:-1] + b"\n", "This file is damaged: it holds labels that are no digits."),
    ],
}


@pytest.mark.parametrize("kind", OTHER_FILES)
def test_another_file_is_refused_with_the_reason(kind, tmp_path):
    contents, messages = zip(*OTHER_FILES[kind], strict=True)
    expected = [{"error": "InklingError", "message": message} for message in messages]
    assert read(kind, tmp_path, *contents) == expected
