"""Every command checks its arguments, its inputs and its outputs before any work, and refuses in one line."""

import os
import re
from functools import partial
from pathlib import Path

import pytest
from made import made_card, made_images, made_timeline, write_unipen

from mnist_core.__main__ import main
from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import save_checkpoint
from mnist_core.commands import export, fetch, measure, queries, train
from mnist_core.detector.network import load_detector
from mnist_core.drawings import mnist
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.runs.recipes import RUNS

RUN = RUNS["relu-50/published"]
ROBUST = RUNS["relu-50/robust"]
LONG = "n" * 300
DIGITS = "9" * 5_000
FORMATS = "PNG or JPEG"


@pytest.fixture
def folder(small, monkeypatch):
    """A folder with made checkpoints, strokes and obstacles; in it, no work may begin."""
    for run in (RUN, ROBUST):
        save_checkpoint(made_timeline(run), made_card(), checkpoint_path(run, small))
    write_unipen(small / "pens.unipen", read_handwritings())
    monkeypatch.setenv("PENDIGITS", str(small / "pens.unipen"))
    monkeypatch.setattr(export, "load_mnist", lambda folder, split: made_images(60))
    monkeypatch.setattr(measure, "DETECTOR_FILE", small / "detector.safetensors")
    monkeypatch.setattr(export, "PROJECT", small / "project")
    (small / "file").write_text("a file")
    (small / "dir.onnx").mkdir()
    (small / "dir.json").mkdir()
    monkeypatch.chdir(small)

    def work(*arguments, **options):
        pytest.fail("the work began")

    for module, name in [
        (train, "train"),
        (train, "Augmenter"),
        (train, "score_on_training"),
        (measure, "train_detector"),
        (measure, "load_data"),
        (measure, "calibrate"),
        (measure, "score_on_training"),
        (export, "build_onnx"),
        (export, "measure_files"),
        (fetch, "unipen_texts"),
        (mnist, "torchvision_module"),
    ]:
        monkeypatch.setattr(module, name, work)
    return small


def refusal(capsys, arguments):
    """What a command says that must be refused: one line, nothing else printed, no file made or left."""
    before = sorted(Path.cwd().rglob("*"))
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as ended:
        code = ended.code
    printed = capsys.readouterr()
    assert (code, printed.out, printed.err.count("\n"), printed.err[:7]) == (2, "", 1, "error: ")
    assert sorted(Path.cwd().rglob("*")) == before
    return printed.err[7:-1]


TWICE = "'relu-50/robust' is given twice; give it once"
NO_SEED = "is no seed; give whole numbers from 0 to 4,294,967,295"
BY_PARSER = [
    (["train", RUN.id, "--seeds", "-1"], f"argument --seeds: -1 {NO_SEED}"),
    (["train", RUN.id, "--seeds", "0", "1", "-3"], f"argument --seeds: -3 {NO_SEED}"),
    (["train", RUN.id, "--seeds", "4294967296"], f"argument --seeds: 4294967296 {NO_SEED}"),
    (["train", RUN.id, "--seeds", str(2**64)], f"argument --seeds: {2**64} {NO_SEED}"),
    (["train", RUN.id, "--seeds", "nan"], "argument --seeds: invalid int value: 'nan'"),
    (["train", RUN.id, "--seeds", "1e3"], "argument --seeds: invalid int value: '1e3'"),
    (["train", RUN.id, "--seeds", DIGITS], "argument --seeds: invalid int value: '999"),
    (["train", RUN.id, "--seeds", "1", "2", "1"], "argument --seeds: 1 is given twice; give it once"),
    (["train", "relu-50/robust", "relu-50/robust"], f"argument run: {TWICE}"),
    (["folds", "relu-50/robust", "relu-50/robust"], f"argument run: {TWICE}"),
    (["measure", "relu-50/robust", RUN.id, "relu-50/robust"], f"argument run: {TWICE}"),
    (["train", RUN.id, "--device", "meta"], "argument --device: PyTorch cannot use the device 'meta' here: "),
    (["train", RUN.id, "--device", "hpu"], "argument --device: PyTorch cannot use the device 'hpu' here: "),
    (["folds", ROBUST.id, "--device", ""], "argument --device: PyTorch cannot use the device '' here: "),
    (["folds", ROBUST.id, "--folds", "1"], "argument --folds: '1' is no whole number of at least 2"),
    (["folds", ROBUST.id, "--folds", "nan"], "argument --folds: 'nan' is no whole number of at least 2"),
    (["folds", ROBUST.id, "--folds", DIGITS], "argument --folds: '9999"),
    (["adapt", RUN.id, "--strokes", "file", "--seed", "-1"], "argument --seed: '-1' is no whole number of"),
    (
        ["adapt", RUN.id, "--strokes", "file", "--seed", "4294967296"],
        "argument --seed: '4294967296' is too l",
    ),
    (["adapt", RUN.id, "--strokes", "file", "--shots", DIGITS], "argument --shots: '9999"),
    (["evaluate", RUN.id, "--step", "1.5"], "argument --step: invalid int value: '1.5'"),
    (["export", RUN.id, "new.onnx", "--step", "nan"], "argument --step: invalid int value: 'nan'"),
    (["summary", "relu-50", "a\nb"], "unrecognized arguments: a b"),
    (["teach"], "argument COMMAND: invalid choice: 'teach'"),
]


@pytest.mark.parametrize(("arguments", "start"), BY_PARSER, ids=lambda value: str(value)[-40:])
def test_impossible_arguments_are_refused(arguments, start, folder, capsys):
    line = refusal(capsys, arguments)
    assert line.startswith(start)
    assert re.search(r" \(see python -m mnist_core( \w+)? --help\)$", line)


FORM = "expected folders named"
INPUTS = [
    (["evaluate", RUN.id, "--step", "-1"], f"{RUN.id} has no snapshot at step -1; choose one of: 0, 1, 5."),
    (["export", RUN.id, "new.onnx", "--step", "2"], f"{RUN.id} has no snapshot at step 2; "),
    (["evaluate", RUN.id, "--strokes", "none"], "none is no UNIPEN file: [Errno 2] No such file"),
    (["evaluate", RUN.id, "--strokes", "dir.json"], "dir.json is no UNIPEN file: [Errno 21] Is a directory"),
    (["evaluate", RUN.id, "--strokes", LONG], f"{LONG} is no UNIPEN file: [Errno 36] File name too long"),
    (["refuse", RUN.id, "--strokes", "file/x"], "file/x is no UNIPEN file: [Errno 20] Not a directory"),
    (["adapt", RUN.id, "--strokes", "dir.json"], "dir.json is no UNIPEN file: [Errno 21] Is a directory"),
    (["evaluate", RUN.id, "--pictures", "none"], f"No folder none; {FORM}"),
    (["evaluate", RUN.id, "--pictures", "file"], f"No folder file; {FORM}"),
    (
        ["evaluate", RUN.id, "--pictures", LONG],
        f"{LONG} cannot be used (File name too long); make it readable",
    ),
    (["evaluate", "dir.safetensors"], "No checkpoint at dir.safetensors; give a file that the page saved."),
    (["evaluate", f"{LONG}.safetensors"], f"{LONG}.safetensors cannot be used (File name too long); "),
    (["predict", RUN.id, "dir.json"], "dir.json is no JSON drawing: [Errno 21] Is a directory"),
    (
        ["predict", RUN.id, "dir.onnx"],
        "dir.onnx is no picture that can be read (Is a directory); give a PNG or JPEG file.",
    ),
    (["predict", RUN.id, "none"], "none is no picture that can be read (No such file or directory); give a "),
    (["predict", RUN.id, "file"], f"file is no picture that can be read; give a {FORMATS} file."),
    (
        ["predict", RUN.id, "two\nlines"],
        "two lines is no picture that can be read (No such file or directory)",
    ),
    (["folds", ROBUST.id, "--folds", "31"], "8 writers cannot be dealt into 31 groups; choose from 2 to 8."),
    (["folds", RUN.id], f"{RUN.id} does not learn from pen strokes; choose a robust run."),
    (["measure", "relu-25-25/published"], "No checkpoint at "),
    (["measure", "--training", RUN.id, "relu-25-25/published"], "No checkpoint at "),
]


@pytest.mark.parametrize(("arguments", "start"), INPUTS, ids=lambda value: str(value)[-40:])
def test_an_input_that_cannot_be_read_is_refused(arguments, start, folder, capsys):
    assert refusal(capsys, arguments).startswith(start)


@pytest.mark.parametrize("command", ["evaluate", "refuse"])
def test_a_missing_detector_is_refused_before_any_strokes_are_read(command, folder, monkeypatch, capsys):
    missing = partial(load_detector, folder / "detector.safetensors")
    monkeypatch.setattr(queries, "load_detector", missing)
    assert refusal(capsys, [command, RUN.id, "--strokes", "none"]).startswith("No detector at ")


def make_first(path, reason):
    return f"{path} cannot be written ({reason}); make that possible first."


WRITERS = [
    ["train", RUN.id],
    ["train", ROBUST.id, RUN.id],
    ["measure", RUN.id],
    ["measure", "--training", RUN.id],
]


@pytest.mark.parametrize("arguments", WRITERS, ids=" ".join)
def test_a_checkpoint_in_whose_place_a_folder_lies_is_refused_before_the_work(arguments, folder, capsys):
    path = checkpoint_path(RUN, folder)
    path.unlink()
    path.mkdir()
    assert refusal(capsys, arguments) == make_first(path, "Is a directory")


@pytest.mark.parametrize("name", ["relu-25-25/published", "relu-25-25/robust"])
def test_a_checkpoint_in_whose_folder_s_place_a_file_lies_is_refused_before_the_training(
    name, folder, capsys
):
    (folder / "relu-25-25").write_text("a file")
    path = checkpoint_path(RUNS[name], folder)
    assert refusal(capsys, ["train", RUN.id, name]) == make_first(path, "File exists")


COMMANDS = [*WRITERS, ["folds", ROBUST.id], ["detector"], ["measure-exports"]]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_an_output_in_a_folder_that_is_read_only_is_refused_before_the_work(
    arguments, folder, monkeypatch, capsys
):
    (folder / "project" / "docs").mkdir(parents=True)
    monkeypatch.setattr(os, "access", lambda path, mode: mode == os.R_OK)  # root may write everywhere
    line = refusal(capsys, arguments)
    assert line.startswith(str(folder))
    assert line.endswith("cannot be written (Permission denied); make that possible first.")


def test_figures_of_exports_are_refused_where_a_file_lies_in_the_way(folder, capsys):
    (folder / "project").write_text("a file")
    path = folder / "project" / "docs" / "export.json"
    assert refusal(capsys, ["measure-exports"]) == make_first(path, "Not a directory")


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("none/new.onnx", "No folder none for new.onnx; make it first, or choose another."),
        ("file/new.onnx", "No folder file for new.onnx; make it first, or choose another."),
        ("dir.onnx", "dir.onnx cannot be written (Is a directory); choose another file."),
        (f"{LONG}.onnx", f"{LONG}.onnx cannot be written (File name too long); choose another file."),
        (
            f"{LONG[:249]}.onnx",
            f"{LONG[:249]}.onnx cannot be written (File name too long); choose another file.",
        ),
    ],
    ids=range(5),
)
def test_a_file_that_cannot_be_exported_to_is_refused_before_the_work(file, line, folder, capsys):
    assert refusal(capsys, ["export", RUN.id, file]) == line


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("file", "File exists"),
        ("file/new", "Not a directory"),
        (LONG, "File name too long"),
        (f"new/{LONG}", "File name too long"),
    ],
    ids=["file", "under a file", "long", "new and long"],
)
def test_a_folder_for_unipen_s_files_is_refused_before_the_archive_is_read(place, reason, folder, capsys):
    assert (
        refusal(capsys, ["unipen", folder, place]) == f"{place} cannot be written ({reason}); give another."
    )


@pytest.mark.parametrize("place", ["file", "file/new", LONG], ids=["file", "under a file", "long"])
def test_a_folder_for_mnist_is_refused_before_the_download(place, folder, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_DATA", place)
    line = refusal(capsys, ["fetch"])
    assert line.startswith(f"MNIST could not be fetched into {place}/MNIST/raw: [Errno ")
    assert line.endswith("Set MNIST_DATA to a folder that can be written, and that has room.")
