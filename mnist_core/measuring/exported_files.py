"""What exported networks are worth: their files' size, speed and accuracy."""

import json
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from pydantic import TypeAdapter
from torch import Tensor

from mnist_core.checkpoints.atomic_write import atomic_write
from mnist_core.checkpoints.card import Tally
from mnist_core.checkpoints.onnx_files import INPUT, build_onnx
from mnist_core.drawings.mnist import LabelledImages
from mnist_core.errors import DataError
from mnist_core.measuring.evaluation import last_logits
from mnist_core.networks.timeline import Timeline

TIMED = 2_000  # images, one at a time


@dataclass(frozen=True)
class FileScores:
    """One exported file on MNIST's 10,000 test images.

    `milliseconds`: median for one image alone, on one thread. `changed`: images that it reads as another
    digit than the checkpoint does in double precision.
    """

    bytes: int
    milliseconds: float
    correct: int
    changed: int


@dataclass(frozen=True)
class Exports:
    """The files of all measured runs, by run id, then `float32` or `int8`."""

    machine: str
    versions: dict[str, str]
    n: int
    calibration_images: int
    runs: dict[str, dict[str, FileScores]]


def measure_files(
    timeline: Timeline, scores: Tally, calibration: Tensor, test: LabelledImages
) -> dict[str, FileScores]:
    """Export a finished network, whose scores these are, in both precisions, and measure both files."""
    digits = last_logits(timeline, test.images).argmax(1)
    contents = {
        "float32": build_onnx(timeline, scores),
        "int8": build_onnx(timeline, scores, calibration),
    }
    return {precision: measure_file(content, test, digits) for precision, content in contents.items()}


def measure_file(content: bytes, test: LabelledImages, digits: Tensor) -> FileScores:
    """Measure one ONNX file; `digits`: what the checkpoint reads in the test images, (n,)."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    ink = test.ink().numpy()
    seconds = []
    for number in range(min(TIMED, len(ink))):
        image = ink[number : number + 1]
        started = time.perf_counter()
        session.run(None, {INPUT: image})
        seconds.append(time.perf_counter() - started)
    predictions = torch.from_numpy(session.run(None, {INPUT: ink})[0]).argmax(1)
    return FileScores(
        bytes=len(content),
        milliseconds=round(statistics.median(seconds) * 1000, 4),
        correct=int((predictions == test.labels).sum()),
        changed=int((predictions != digits).sum()),
    )


def write_exports(exports: Exports, path: Path) -> None:
    """Keep the figures as JSON."""
    with atomic_write(path) as partial:
        partial.write_text(json.dumps(asdict(exports), indent=1) + "\n", encoding="utf-8")


def read_exports(path: Path) -> Exports:
    """The figures that `write_exports` has kept; DataError if the file is missing or damaged."""
    try:
        return TypeAdapter(Exports).validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path} holds no figures of exported networks ({type(error).__name__}); "
            'restore it, or make it again with "python -m mnist_core measure-exports".'
        ) from error
