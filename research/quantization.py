"""Ways to quantise the robust runs' networks to 8-bit integers, compared on MNIST's test images.

Run it from the project's root with `python -m research.quantization`; it prints a
table in a minute: accuracy, and in brackets how many of the 10,000 answers are others than the checkpoint's.
"""

import argparse
import logging

import torch
from onnxruntime.quantization import CalibrationMethod, QuantType

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.checkpoints.onnx_files import quantize, translate
from mnist_core.commands.export import CALIBRATION_IMAGES, choose_calibration
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import load_mnist
from mnist_core.measuring.evaluation import last_logits
from mnist_core.measuring.exported_files import measure_file
from mnist_core.runs.recipes import RUNS

WAYS = {  # how many calibration images, and settings of onnxruntime's quantize_static
    "as chosen": (CALIBRATION_IMAGES, {}),
    "weights of 8 bits": (CALIBRATION_IMAGES, {"reduce_range": False}),
    "one scale for a layer's weights": (CALIBRATION_IMAGES, {"per_channel": False}),
    "signed activations": (CALIBRATION_IMAGES, {"activation_type": QuantType.QInt8}),
    "5,000 calibration images": (5_000, {}),
    "Percentile": (CALIBRATION_IMAGES, {"calibrate_method": CalibrationMethod.Percentile}),
    "Entropy": (CALIBRATION_IMAGES, {"calibrate_method": CalibrationMethod.Entropy}),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Ways to quantise the robust runs' networks.")
    parser.add_argument("--quick", action="store_true", help="on few images; nothing is kept")
    is_quick = parser.parse_args().quick
    torch.set_num_threads(1)
    logging.disable(logging.WARNING)  # signed activations are slower on x86, it says
    training, test = (load_mnist(mnist_folder(), split) for split in ("training", "test"))
    runs = [run for run in RUNS.values() if run.recipe.augmentation][: 1 if is_quick else None]
    print("| quantised | " + " | ".join(f"`{run.architecture.id}`" for run in runs) + " |")
    print("|---|" + "--:|" * len(runs))
    timelines = [load_checkpoint(checkpoint_path(run))[0] for run in runs]
    networks = [translate(timeline) for timeline in timelines]
    digits = [last_logits(timeline, test.images).argmax(1) for timeline in timelines]
    for way, (count, settings) in WAYS.items():
        calibration = choose_calibration(training, 10 if is_quick else count)
        figures = []
        for network, read in zip(networks, digits, strict=True):
            content = quantize(network, calibration, **settings).SerializeToString()
            scores = measure_file(content, test, read)
            figures.append(f"{scores.correct / len(test):.2%} ({scores.changed})")
        print(f"| {way} | " + " | ".join(figures) + " |", flush=True)


if __name__ == "__main__":
    main()
