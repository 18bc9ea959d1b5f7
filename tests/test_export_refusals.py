"""An export that cannot be made is refused in one line, and leaves the old file."""

import os
import sys

import pytest
from command_line import one_line_refusal

from mnist_core.checkpoints.onnx_files import PACKAGES

SMALL = "relu-25-25/published"


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
