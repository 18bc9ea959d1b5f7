"""The command that writes networks as ONNX files."""

import argparse
from pathlib import Path

import torch
from torch import Tensor

from mnist_core.checkpoints.files import load_checkpoint
from mnist_core.checkpoints.metadata import checkpoint_path
from mnist_core.checkpoints.onnx_files import build_onnx, check_target, require_packages, save_onnx
from mnist_core.checkpoints.own_runs import load_file
from mnist_core.checkpoints.records import Scores
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.images import LabelledImages
from mnist_core.drawings.mnist import load_mnist
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import find_run

CALIBRATION_IMAGES = 1_000
CALIBRATION_SEED = 0


def export_run(arguments: argparse.Namespace) -> None:
    """Write one snapshot of a run as an ONNX file."""
    check_target(arguments.file)
    require_packages()
    timeline, scores = load_scored(arguments.run)
    snapshot = timeline.index_of(timeline.steps[-1] if arguments.step is None else arguments.step)
    calibration = choose_calibration(load_mnist(mnist_folder(), "training")) if arguments.int8 else None
    content = build_onnx(timeline.at(snapshot), scores[snapshot] if scores else None, calibration)
    save_onnx(content, arguments.file)
    precision = "int8" if arguments.int8 else "float32"
    print(
        f"Wrote {arguments.file}: {timeline.run.id} at step {timeline.steps[snapshot]:,}, {precision}, "
        f"{len(content):,} bytes."
    )


def load_scored(name: str) -> tuple[Timeline, list[Scores]]:
    """The timeline of a run and its snapshots' scores, or of a file that the page saved, without scores."""
    if name.endswith(".safetensors"):
        return load_file(Path(name))[0], []
    timeline, card = load_checkpoint(checkpoint_path(find_run(name)))
    return timeline, card.scores


def choose_calibration(training: LabelledImages, count: int = CALIBRATION_IMAGES) -> Tensor:
    """Images that show quantisation the ranges of a network's values: always the same ones.

    Args:
        training: MNIST's training images.
        count: how many of them.

    Returns:
        Ink, float32 (count, 28, 28), 0..1.
    """
    generator = torch.Generator().manual_seed(CALIBRATION_SEED)
    chosen = torch.randperm(len(training), generator=generator)[:count]
    return LabelledImages(training.images[chosen], training.labels[chosen]).ink()
