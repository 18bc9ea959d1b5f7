"""Networks as ONNX files, for programs without PyTorch: in single precision, or in 8-bit integers.

The packages that this needs are optional, so they are imported by the functions that use them.
"""

import importlib.util
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from mnist_core.checkpoints.atomic_write import as_output_error, atomic_write, check_writable
from mnist_core.checkpoints.card import Tally
from mnist_core.errors import ExportError
from mnist_core.networks.model import ScaleInput, linear_layers
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.architectures import SIDE

if TYPE_CHECKING:
    from onnx import ModelProto

PACKAGES = ("onnx", "onnxscript", "onnxruntime")
INPUT, OUTPUT = "image", "logits"
CHOOSE_ANOTHER = "choose another file"
HOW_TO_USE = {
    "input": "image, float32 (n, 28, 28), row by row from the top: ink from 0 (paper) to 1 (full ink). Light "
    "digits on dark are ink as they are; dark ones on light are inverted first. Nothing else is scaled.",
    "image": "As MNIST's are made: the tight box around the ink is scaled, with smoothing, until its longer "
    "side is 20 pixels, then placed by whole pixels so that the ink's centre of mass lies in [14, 15) on "
    "both axes, the centre of the first pixel being 0.5.",
    "output": "logits (n, 10), of the digits 0 to 9; softmax makes them probabilities.",
}


def require_packages() -> None:
    """ExportError if a package is missing; its text has the command that installs them."""
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise ExportError(
            f"Exporting needs packages that are not installed ({', '.join(missing)}); "
            "install them with: pip install -r requirements-export.txt"
        )


def build_onnx(timeline: Timeline, scores: Tally | None, calibration: Tensor | None = None) -> bytes:
    """The timeline's last snapshot as the content of an ONNX file.

    The file's input `image` is ink, float32 (n, 28, 28), 0 (paper) to 1 (full ink), for any n; its output
    `logits` is float32 (n, 10). Its metadata say which network it is, how good, and how an image is made.

    Args:
        timeline: whose last snapshot is exported; `Timeline.at` chooses another one.
        scores: of this snapshot on MNIST's test images, if they are known.
        calibration: of MNIST's training images, ink, float32 (m, 28, 28), 0..1. With them the network is
            quantised to 8-bit integers: each layer's range of values is what these images bring about.

    Raises:
        ExportError: a package that this needs is not installed.
    """
    require_packages()
    import onnx

    model, weights, accuracy = translate(timeline), "float32", "test_accuracy"
    if calibration is not None:
        model = quantize(model, calibration)
        weights = f"int8, calibrated on {len(calibration):,} of MNIST's training images"
        accuracy = "test_accuracy_before_quantization"
    metadata = {
        "run": timeline.run.id,
        "step": str(timeline.steps[-1]),
        "seed": str(timeline.seed),
        "weights": weights,
        **HOW_TO_USE,
    }
    if scores:
        metadata[accuracy] = f"{scores.accuracy} of {scores.n:,} MNIST test images"
    onnx.helper.set_model_props(model, metadata)
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def _without_scaling(timeline: Timeline) -> nn.Sequential:
    """The finished network with a first layer that takes ink itself: its 256 levels fit 8 bits exactly."""
    network = timeline.model(-1)
    low, high = timeline.run.recipe.input_range
    first = linear_layers(network)[0]
    with torch.no_grad():
        first.bias.add_(low * first.weight.double().sum(1))  # W (x (high - low) + low) + b
        first.weight.mul_(high - low)
    return nn.Sequential(*(layer for layer in network if not isinstance(layer, ScaleInput))).eval()


def translate(timeline: Timeline) -> "ModelProto":
    """The timeline's last snapshot in ONNX, by way of torch.export."""
    with warnings.catch_warnings():
        # PyTorch 2.13 warns of a class of its own, which it copies while it exports.
        warnings.filterwarnings("ignore", r"`isinstance\(treespec, LeafSpec\)` is deprecated", FutureWarning)
        program = torch.onnx.export(
            _without_scaling(timeline),
            (torch.zeros(2, SIDE, SIDE),),  # an example of one image would fix n to 1
            dynamo=True,
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_shapes=[{0: torch.export.Dim("n")}],
            verbose=False,
        )
    assert program is not None  # it is None only where torch.onnx.export writes a file itself
    model = program.model_proto
    graph = model.graph
    for part in (graph, *graph.node, *graph.input, *graph.output, *graph.initializer):
        part.ClearField("metadata_props")  # the exporter's notes, with paths of the machine it ran on
    del graph.value_info[:]  # the shapes between the layers, which follow from the others
    return model


class _OneBatch:
    """Calibration images as onnxruntime asks for them: a batch, then None."""

    def __init__(self, images: Tensor) -> None:
        self.batches = iter([{INPUT: images.numpy()}])

    def get_next(self) -> dict | None:
        return next(self.batches, None)


def quantize(model: "ModelProto", calibration: Tensor, **others: object) -> "ModelProto":
    """A network in 8-bit integers: activations of 8 bits, weights of 7 with a scale for every unit.

    7 bits make the answers the same on every processor: where VNNI instructions are missing, onnxruntime adds
    two products in 16 bits, which weights of 8 bits overflow.

    Args:
        model: in single precision.
        calibration: images, float32 (m, 28, 28), 0..1.
        others: settings of `quantize_static` that replace the ones chosen here.
    """
    import onnx
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.quant_utils import add_pre_process_metadata

    settings: dict[str, Any] = {
        "activation_type": QuantType.QUInt8,
        "calibrate_method": CalibrationMethod.MinMax,
        "per_channel": True,
        "quant_format": QuantFormat.QOperator,
        "reduce_range": True,
        "weight_type": QuantType.QInt8,
    }
    add_pre_process_metadata(model)  # these graphs need no preparation; without the mark it warns
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "float32.onnx", Path(folder) / "int8.onnx"
        onnx.save(model, source)
        quantize_static(source, target, _OneBatch(calibration), **settings | others)
        return onnx.load(target)


def check_target(path: Path) -> None:
    """ExportError if this is no path of an exported network, OutputError if it cannot be written."""
    if path.suffix != ".onnx":
        raise ExportError(f"{path} does not end in .onnx; give the file such a name.")
    if not path.parent.is_dir():
        raise ExportError(f"No folder {path.parent} for {path.name}; make it first, or choose another.")
    with as_output_error(path, CHOOSE_ANOTHER):
        check_writable(path)


def save_onnx(content: bytes, path: Path) -> None:
    """Write a file; an interruption leaves the old one, or none, never half of one.

    Raises:
        ExportError: the name is no ONNX file's, or its folder is not there.
        OutputError: the file cannot be written.
    """
    check_target(path)
    with as_output_error(path, CHOOSE_ANOTHER), atomic_write(path) as partial:
        partial.write_bytes(content)
