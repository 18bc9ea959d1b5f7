"""Commands that write networks as ONNX files, and measure such files."""

import argparse
import importlib.metadata
import json
from dataclasses import asdict

import torch
from torch import Tensor

from mnist_core.checkpoints.atomic_write import RUN_AGAIN, as_output_error, check_outputs
from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.checkpoints.onnx_files import PACKAGES, build_onnx, check_target, require_packages, save_onnx
from mnist_core.commands.queries import load_run
from mnist_core.commands.train import describe_machine
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import LabelledImages, load_mnist
from mnist_core.measuring.exported_files import Exports, measure_files, write_exports
from mnist_core.measuring.results import EXPORTS, PROJECT
from mnist_core.runs.recipes import RUNS

CALIBRATION_IMAGES = 1_000
CALIBRATION_SEED = 0


def export_run(arguments: argparse.Namespace) -> None:
    """Write one snapshot of a run as an ONNX file."""
    check_target(arguments.file)
    require_packages()
    timeline, scores = load_run(arguments.run)
    snapshot = timeline.index_of(arguments.step)
    calibration = choose_calibration(load_mnist(mnist_folder(), "training")) if arguments.int8 else None
    content = build_onnx(timeline.at(snapshot), scores[snapshot] if scores else None, calibration)
    save_onnx(content, arguments.file)
    precision = "int8" if arguments.int8 else "float32"
    print(
        f"Wrote {arguments.file}: {timeline.run.id} at step {timeline.steps[snapshot]:,}, {precision}, "
        f"{len(content):,} bytes."
    )


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


def measure_exports(arguments: argparse.Namespace) -> None:
    """Export every run that is no control, and keep the figures of its files."""
    path = PROJECT / EXPORTS
    check_outputs([path])
    require_packages()
    folder, runs = mnist_folder(), [run for run in RUNS.values() if not run.recipe.is_control]
    networks = {run: load_checkpoint(checkpoint_path(run)) for run in runs}  # all, before any is measured
    calibration, test = choose_calibration(load_mnist(folder, "training")), load_mnist(folder, "test")
    measured = {}
    for run, (timeline, card) in networks.items():
        measured[run.id] = measure_files(timeline, card.scores[-1], calibration, test)
        files = {precision: asdict(scores) for precision, scores in measured[run.id].items()}
        print(json.dumps({"run": run.id, **files}), flush=True)
    versions, machine = describe_machine()
    versions |= {name: importlib.metadata.version(name) for name in PACKAGES}
    with as_output_error(path, RUN_AGAIN):
        write_exports(Exports(machine, versions, len(test), len(calibration), measured), path)
