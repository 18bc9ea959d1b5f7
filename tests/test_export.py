"""Exported networks: ONNX files that answer as the checkpoints do, in floating point and in integers."""

import functools
import os
import sys

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from app_server import PROJECT
from command_line import one_line_refusal
from made import made_images, made_timeline
from own_run_files import write_own

from mnist_core.__main__ import main
from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.checkpoints.onnx_files import HOW_TO_USE, PACKAGES, build_onnx
from mnist_core.commands.export import choose_calibration
from mnist_core.runs.recipes import RUNS

SMALL = "relu-25-25/published"
DEEP, TANH_AND_SIGMOID = "relu-128-128-64-64/robust", "tanh-96-sigmoid-256/robust"
EVERY_ACTIVATION = pytest.mark.parametrize("run_id", [SMALL, TANH_AND_SIGMOID, DEEP])
ROBUST = pytest.mark.parametrize("run_id", [TANH_AND_SIGMOID, DEEP])
INK = made_images(30).ink()


@functools.cache
def file_of(run_id, calibrated=False):
    """The content of a run's ONNX file; an int8 one is calibrated on noise."""
    timeline, card = load_checkpoint(checkpoint_path(RUNS[run_id]))
    return build_onnx(timeline, card.scores[-1], INK if calibrated else None)


def answers(file, ink=INK):
    session = onnxruntime.InferenceSession(file)
    return torch.from_numpy(session.run(["logits"], {"image": ink.numpy()})[0])


def logits_of(run_id, snapshot=-1, ink=INK):
    return load_checkpoint(checkpoint_path(RUNS[run_id]))[0].at(snapshot).to(torch.float32).logits(ink)[0]


def metadata_of(file):
    return onnxruntime.InferenceSession(file).get_modelmeta().custom_metadata_map


def weights_of(file):
    """The arrays that an ONNX file holds, in its order."""
    return [onnx.numpy_helper.to_array(each) for each in onnx.load_from_string(file).graph.initializer]


@EVERY_ACTIVATION
def test_a_float_file_answers_as_the_checkpoint_does(run_id):
    expected = logits_of(run_id)
    largest = expected.abs().amax(1).clamp(min=1)  # up to 270, where float32 has steps of 3e-5
    assert ((answers(file_of(run_id)) - expected).abs().amax(1) / largest).max() < 1e-5


@pytest.mark.parametrize("calibrated", [False, True], ids=["float32", "int8"])
@pytest.mark.parametrize("n", [1, 2, 7])
def test_a_file_takes_any_number_of_images(n, calibrated):
    file = file_of(SMALL, calibrated)
    torch.testing.assert_close(answers(file, INK[:n]), answers(file)[:n], atol=1e-4, rtol=1e-5)


def test_a_files_input_and_output_are_named_and_shaped_as_promised():
    session = onnxruntime.InferenceSession(file_of(SMALL))
    ends = [*session.get_inputs(), *session.get_outputs()]
    assert [(each.name, each.type, each.shape) for each in ends] == [
        ("image", "tensor(float)", ["n", 28, 28]),
        ("logits", "tensor(float)", ["n", 10]),
    ]


@pytest.mark.parametrize("calibrated", [False, True], ids=["float32", "int8"])
@pytest.mark.parametrize("word", [b"site-packages", b".py", os.sep.encode() + b"tmp"])
def test_a_file_says_nothing_of_the_machine_that_made_it(word, calibrated):
    assert word not in file_of(SMALL, calibrated)


@ROBUST
def test_an_int8_file_holds_its_weights_as_integers_with_a_scale_for_every_unit(run_id):
    shapes = RUNS[run_id].architecture.shapes
    weights = weights_of(file_of(run_id, calibrated=True))
    matrices = [each for each in weights if each.ndim == 2]
    assert [(each.dtype, each.shape) for each in matrices] == [(np.int8, shape) for shape in shapes]
    scales = [each.shape[0] for each in weights if each.dtype == np.float32 and each.ndim == 1]
    assert scales == [units for units, _ in shapes]


@ROBUST
def test_an_int8_files_layers_are_integer_operators(run_id):
    graph = onnx.load_from_string(file_of(run_id, calibrated=True)).graph
    kinds = [node.op_type for node in graph.node]
    assert kinds.count("QGemm") == len(RUNS[run_id].architecture.shapes)
    between = {"Reshape", "QuantizeLinear", "DequantizeLinear", "Tanh", "QLinearSigmoid"}
    assert set(kinds) <= {"QGemm", *between}


@ROBUST
def test_an_int8_files_weights_leave_a_bit_free_so_that_no_processor_overflows(run_id):
    matrices = [each for each in weights_of(file_of(run_id, calibrated=True)) if each.ndim == 2]
    assert max(int(abs(each.astype(int)).max()) for each in matrices) == 64
    assert 2 * 255 * 64 < 2**15


@pytest.mark.parametrize("calibrated", [False, True], ids=["float32", "int8"])
def test_the_metadata_say_which_network_it_is_and_how_good(calibrated):
    timeline, card = load_checkpoint(checkpoint_path(RUNS[SMALL]))
    accuracy = "test_accuracy_before_quantization" if calibrated else "test_accuracy"
    expected = {"run": SMALL, "step": str(timeline.steps[-1]), "seed": str(timeline.seed)}
    expected[accuracy] = f"{card.scores[-1].correct / 10_000} of 10,000 MNIST test images"
    weights = "int8, calibrated on 30 of MNIST's training images" if calibrated else "float32"
    found = metadata_of(file_of(SMALL, calibrated))
    assert found == {**expected, "weights": weights, **HOW_TO_USE}


@pytest.mark.parametrize(
    ("key", "fact"),
    [
        ("input", "float32 (n, 28, 28)"),
        ("input", "ink from 0 (paper) to 1 (full ink)"),
        ("image", "longer side is 20 pixels"),
        ("image", "centre of mass lies in [14, 15)"),
        ("output", "logits (n, 10)"),
    ],
)
def test_the_metadata_say_how_an_image_is_made(key, fact):
    assert fact in metadata_of(file_of(SMALL))[key]


@pytest.mark.parametrize("index", [0, 4])
def test_export_takes_a_step(index, tmp_path):
    step = load_checkpoint(checkpoint_path(RUNS[SMALL]))[0].steps[index]
    path = tmp_path / "network.onnx"
    assert main(["export", SMALL, str(path), "--step", str(step)]) == 0
    torch.testing.assert_close(answers(path), logits_of(SMALL, index), atol=1e-5, rtol=1e-5)
    assert metadata_of(path)["step"] == str(step)


def test_export_writes_one_file_and_says_so(tmp_path, capsys):
    path = tmp_path / "network.onnx"
    main(["export", SMALL, str(path)])
    assert [each.name for each in tmp_path.iterdir()] == ["network.onnx"]
    size, step = path.stat().st_size, load_checkpoint(checkpoint_path(RUNS[SMALL]))[0].steps[-1]
    assert capsys.readouterr().out == f"Wrote {path}: {SMALL} at step {step:,}, float32, {size:,} bytes.\n"


def test_export_quantises_on_a_thousand_training_images(mnist, tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_DATA", str(mnist))
    path = tmp_path / "network.onnx"
    assert main(["export", SMALL, str(path), "--int8"]) == 0
    assert metadata_of(path)["weights"] == "int8, calibrated on 1,000 of MNIST's training images"


def test_export_takes_a_file_that_the_page_saved(tmp_path):
    own = write_own(tmp_path / "own.safetensors", made_timeline(RUNS["relu-50/published"]))
    path = tmp_path / "network.onnx"
    assert main(["export", str(own), str(path)]) == 0
    expected = made_timeline(RUNS["relu-50/published"]).at(-1).to(torch.float32).logits(INK)[0]
    torch.testing.assert_close(answers(path), expected, atol=1e-5, rtol=1e-5)
    assert metadata_of(path)["run"] == "relu-50/own-1"
    assert "test_accuracy" not in metadata_of(path)


def test_that_line_installs_every_package_in_a_version_that_is_tested():
    lines = (PROJECT / "requirements-export.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split("==")[0] for line in lines] == list(PACKAGES)
    tested = (PROJECT / "tests" / "requirements.txt").read_text(encoding="utf-8")
    assert "-r ../requirements-export.txt" in tested.splitlines()


def test_the_calibration_images_are_always_the_same_and_all_different():
    training = made_images(200)
    chosen = choose_calibration(training, 100)
    numbers = (chosen[:, 0, 0] * 255).round().int()  # the first pixel of an image is its number
    assert torch.equal(chosen, choose_calibration(training, 100))
    assert len(numbers.unique()) == 100
    assert torch.equal(chosen, training.ink()[numbers])


def test_the_documentations_example_runs(tmp_path, monkeypatch, capsys):
    main(["export", "relu-96-256/robust", str(tmp_path / "relu-96-256.onnx")])
    monkeypatch.chdir(tmp_path)
    page = (PROJECT / "docs" / "export.md").read_text(encoding="utf-8")
    variables = {}
    exec(page.split("```python\n")[1].split("```")[0], variables)
    assert variables["logits"].shape == (1, 10)
    assert capsys.readouterr().out.endswith("the centre of the first pixel being 0.5.\n")


@pytest.mark.parametrize("missing", PACKAGES)
def test_a_missing_package_is_asked_for_with_the_line_to_type(missing, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, missing, None)
    assert one_line_refusal(capsys, "export", SMALL, tmp_path / "network.onnx") == (
        f"Exporting needs packages that are not installed ({missing}); "
        "install them with: pip install -r requirements-export.txt"
    )


def test_a_file_of_another_kind_is_refused(tmp_path, capsys):
    path = tmp_path / "network.pt"
    line = f"{path} does not end in .onnx; give the file such a name."
    assert one_line_refusal(capsys, "export", SMALL, path) == line


def test_a_folder_that_is_not_there_is_refused(tmp_path, capsys):
    folder = tmp_path / "none"
    line = f"No folder {folder} for network.onnx; make it first, or choose another."
    assert one_line_refusal(capsys, "export", SMALL, folder / "network.onnx") == line


def test_a_folder_in_the_files_place_is_refused(tmp_path, capsys):
    (tmp_path / "network.onnx").mkdir()
    line = f"{tmp_path / 'network.onnx'} cannot be written (Is a directory); choose another file."
    assert one_line_refusal(capsys, "export", SMALL, tmp_path / "network.onnx") == line


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        ([SMALL, "--step", "12345678"], f"{SMALL} has no snapshot at step 12345678; choose one of: 0, 1, "),
        (["relu-26/published"], "Unknown run 'relu-26/published'; choose one of: "),
        (["none.safetensors"], "No checkpoint at none.safetensors; give a file that the page saved."),
    ],
)
def test_a_network_that_is_not_there_is_refused(arguments, start, tmp_path, capsys):
    run, *rest = arguments
    assert one_line_refusal(capsys, "export", run, tmp_path / "network.onnx", *rest).startswith(start)


def test_quantising_without_mnist_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_DATA", str(tmp_path))
    line = one_line_refusal(capsys, "export", SMALL, tmp_path / "network.onnx", "--int8")
    assert line.startswith("No MNIST file train-images-idx3-ubyte in ")


def test_an_export_that_fails_leaves_the_old_file(tmp_path, monkeypatch, capsys):
    path = tmp_path / "network.onnx"
    path.write_text("old")

    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    line = f"{path} cannot be written (No space left on device); choose another file."
    assert one_line_refusal(capsys, "export", SMALL, path) == line
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("network.onnx", "old")]
