"""A file that cannot be written after the work is one line that says what is lost; earlier files stay."""

import errno
import io
import os
import subprocess
import sys

import pytest
from command_line import one_line_refusal
from made import made_card, made_detector_card, made_images, made_timeline
from safetensors import SafetensorError
from unipen_files import PROJECT

from mnist_core.__main__ import main
from mnist_core.checkpoints import checkpoint
from mnist_core.checkpoints.card import Fold, checkpoint_path
from mnist_core.checkpoints.checkpoint import save_checkpoint
from mnist_core.commands import export, train
from mnist_core.detector import network
from mnist_core.detector.network import build_detector, save_detector
from mnist_core.errors import OutputError
from mnist_core.measuring.exported_files import FileScores
from mnist_core.runs.recipes import RUNS

RUN, ROBUST = RUNS["relu-50/published"], RUNS["relu-50/robust"]
FULL = os.strerror(errno.ENOSPC)
LOST = (
    "what was trained or measured for it is lost, an earlier file stays. "
    "Make room, then run the command again."
)


def full(*arguments, **options):
    """Stands for whatever writes, on a disk without room."""
    raise OSError(errno.ENOSPC, FULL)


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, FULL), SafetensorError(FULL)], ids=["Python", "Rust"]
)
def test_a_trained_run_that_cannot_be_kept_leaves_the_old_one(error, small, monkeypatch, capsys):
    path = checkpoint_path(RUN, small)
    save_checkpoint(made_timeline(RUN), made_card(), path)
    before = path.read_bytes()

    def fail(tensors, path, metadata):
        path.write_bytes(b"half")
        raise error

    monkeypatch.setattr(checkpoint, "save_file", fail)
    assert main(["train", RUN.id, "--seeds", "0"]) == 2
    printed = capsys.readouterr()
    assert printed.err.splitlines()[-1] == f"error: {path} cannot be written ({FULL}); {LOST}"
    assert (printed.out, path.read_bytes(), list(path.parent.iterdir())) == ("", before, [path])


def test_figures_that_cannot_be_kept_are_said_to_be_lost(small, monkeypatch, capsys):
    path = checkpoint_path(RUN, small)
    save_checkpoint(made_timeline(RUN), made_card(), path)
    monkeypatch.setattr(os, "replace", full)
    line = one_line_refusal(capsys, "measure", "--training", RUN.id)
    assert line == f"{path} cannot be written ({FULL}); {LOST}"


def test_folds_that_cannot_be_kept_are_printed_all_the_same(small, monkeypatch, capsys):
    path = checkpoint_path(ROBUST, small)
    save_checkpoint(made_timeline(ROBUST), made_card(), path)
    monkeypatch.setattr(train, "load_pen_drawings", lambda path: [])
    monkeypatch.setattr(
        train, "validate_by_writer", lambda runs, *others, **options: [(ROBUST, Fold(["1"], 10, 9))]
    )
    monkeypatch.setattr(checkpoint, "save_file", full)
    assert main(["folds", ROBUST.id]) == 2
    printed = capsys.readouterr()
    assert '"accuracy": 0.9' in printed.out
    assert printed.err.splitlines()[-1] == f"error: {path} cannot be written ({FULL}); {LOST}"


def test_a_damaged_checkpoint_is_refused_before_the_folds_that_it_would_keep(small, monkeypatch, capsys):
    path = checkpoint_path(ROBUST, small)
    path.parent.mkdir()
    path.write_bytes(b"no checkpoint")
    monkeypatch.setattr(train, "load_pen_drawings", lambda path: pytest.fail("the work began"))
    assert one_line_refusal(capsys, "folds", ROBUST.id).startswith(f"{path} is no intact Inkling checkpoint")


def test_a_detector_that_cannot_be_kept_leaves_the_old_one(tmp_path, monkeypatch):
    path, card = tmp_path / "detector.safetensors", made_detector_card()
    path.write_bytes(b"old")
    monkeypatch.setattr(network, "save_file", full)
    with pytest.raises(OutputError) as caught:
        save_detector(build_detector(len(card.classes), seed=0), card, path)
    assert str(caught.value) == f"{path} cannot be written ({FULL}); {LOST}"
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(path.name, b"old")]


def test_figures_of_exports_that_cannot_be_kept_leave_the_old_ones(tmp_path, monkeypatch, capsys):
    path = tmp_path / "docs" / "export.json"
    path.parent.mkdir()
    path.write_text("old")
    scores = {precision: FileScores(1, 0.5, 1, 0) for precision in ("float32", "int8")}
    monkeypatch.setattr(export, "PROJECT", tmp_path)
    monkeypatch.setattr(export, "RUNS", {RUN.id: RUN})
    monkeypatch.setattr(export, "load_mnist", lambda folder, split: made_images(60))
    monkeypatch.setattr(export, "measure_files", lambda *arguments: scores)
    monkeypatch.setattr(os, "replace", full)
    assert main(["measure-exports"]) == 2
    assert capsys.readouterr().err == f"error: {path} cannot be written ({FULL}); {LOST}\n"
    assert [(each.name, each.read_text()) for each in path.parent.iterdir()] == [("export.json", "old")]


class Output(io.StringIO):
    """Standard output of which nothing arrives."""

    def __init__(self, number):
        super().__init__()
        self.number = number

    def flush(self):
        raise OSError(self.number, os.strerror(self.number))


def test_output_without_room_is_an_error_of_one_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", Output(errno.ENOSPC))
    assert main(["list"]) == 2
    assert capsys.readouterr().err == (
        f"error: Reading or writing failed ({FULL}); what was printed may be incomplete.\n"
    )


def test_output_closed_by_its_reader_ends_the_command_silently(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", Output(errno.EPIPE))
    assert main(["list"]) == 1
    assert capsys.readouterr().err == ""


def test_a_command_whose_output_is_closed_runs(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["list"]) == 0
    assert capsys.readouterr().err == ""


def test_python_itself_adds_no_word_where_output_has_no_room():
    command = [sys.executable, "-m", "mnist_core", "summary", "relu-50"]
    environment = os.environ | {"PYTHONUNBUFFERED": ""}  # so that it tries once more at its end
    with open("/dev/full", "w") as device:
        done = subprocess.run(command, stdout=device, stderr=subprocess.PIPE, cwd=PROJECT, env=environment)
    assert (done.returncode, done.stderr.count(b"\n"), done.stderr[:7]) == (2, 1, b"error: ")


def test_characters_that_a_terminal_lacks_are_escaped():
    command = [sys.executable, "-m", "mnist_core", "list"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "784 \\u2192 50 \\u2192 10" in done.stdout
