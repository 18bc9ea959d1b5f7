"""The command line: what it prints, and how it refuses."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from app_server import PROJECT
from command_line import SEVEN, one_line_refusal
from made import made_images, write_unipen
from PIL import Image

from mnist_core.__main__ import main
from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.detector.network import is_not_a_digit, load_detector, load_detector_card
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.networks.model import summarize
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS

EVERY_RUN = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
FORMATS = "PNG or JPEG"
RUNS_THAT_READ = [run for run in RUNS.values() if not run.recipe.is_control]
RUN = RUNS["relu-50/published"]


@pytest.fixture
def drawing_file(tmp_path):
    path = tmp_path / "seven.json"
    path.write_text(json.dumps(SEVEN.to_json()))
    return path


@pytest.fixture
def picture_file(tmp_path):
    path = tmp_path / "seven.png"
    ink = (image_of_drawing(SEVEN) * 255).byte().numpy()
    Image.fromarray(255 - ink).resize((280, 280), Image.Resampling.NEAREST).save(path)
    return path


@EVERY_RUN
def test_list_shows_every_run_with_its_parameters(run, capsys):
    assert main(["list"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith(f"{run.id} "))
    assert f"{run.architecture.parameters:,} parameters" in line


def test_list_says_which_checkpoints_are_not_made_yet(small, capsys):
    main(["list"])
    assert all(line.endswith("(no checkpoint yet)") for line in capsys.readouterr().out.splitlines())


@EVERY_RUN
def test_summary_prints_the_architectures_table(run, capsys):
    assert main(["summary", run.architecture.id]) == 0
    assert capsys.readouterr().out == summarize(run.architecture) + "\n"


def test_evaluate_prints_the_cards_accuracy_as_json(mnist, capsys):
    assert main(["evaluate", RUN.id, "--json"]) == 0
    scores = load_checkpoint(checkpoint_path(RUN))[1].scores[-1]
    refused = load_detector_card().rates.mnist.refused / 10_000
    assert json.loads(capsys.readouterr().out) == {
        "refused": pytest.approx(refused, abs=2e-4),
        **{"run": RUN.id, "step": 2_814, "data": "MNIST test", "n": 10_000},
        **{"correct": scores.correct, "accuracy": scores.accuracy, "loss": scores.loss},
    }


def test_evaluate_takes_a_step(small, capsys):
    main(["train", RUN.id, "--seeds", "0"])
    capsys.readouterr()
    main(["evaluate", RUN.id, "--step", "0", "--json"])
    report = json.loads(capsys.readouterr().out)
    untrained = load_checkpoint(checkpoint_path(RUN, small))[1].scores[0]
    assert (report["step"], report["correct"]) == (0, untrained.correct)


def test_evaluate_says_the_figures_in_words(small, capsys):
    main(["train", RUN.id, "--seeds", "0"])
    scores = load_checkpoint(checkpoint_path(RUN, small))[1].scores[-1]
    capsys.readouterr()
    main(["evaluate", RUN.id])
    refused = is_not_a_digit(load_detector(), made_images(60).ink()).double().mean()
    assert capsys.readouterr().out == (
        f"{RUN.id} at step 3 on MNIST test: {scores.correct} of 60 right ({scores.accuracy:.2%}), "
        f"loss {scores.loss:.4f}, {refused:.2%} refused as no digits\n"
    )


@pytest.mark.parametrize("run", RUNS_THAT_READ, ids=lambda run: run.id)
@pytest.mark.parametrize("kind", ["drawing_file", "picture_file"])
def test_predict_reads_a_seven_from_a_drawing_and_from_a_picture(run, kind, request, capsys):
    assert main(["predict", run.id, str(request.getfixturevalue(kind)), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["prediction"] == 7


@pytest.mark.parametrize("which", ["trained", "untrained"])
def test_predict_prints_probabilities_that_add_to_one(which, drawing_file, capsys):
    main(["predict", RUN.id, str(drawing_file), "--json"])
    probabilities = json.loads(capsys.readouterr().out)[which]
    assert (len(probabilities), sum(probabilities)) == (10, pytest.approx(1))


@pytest.mark.parametrize(("which", "snapshot"), [("untrained", 0), ("trained", -1)])
def test_predict_asks_the_first_and_the_last_snapshot(which, snapshot, drawing_file, capsys):
    main(["predict", RUN.id, str(drawing_file), "--json"])
    timeline, _ = load_checkpoint(checkpoint_path(RUN))
    expected = timeline.to(torch.float32).logits(image_of_drawing(SEVEN)[None]).softmax(-1)[snapshot, 0]
    assert json.loads(capsys.readouterr().out)[which] == pytest.approx(expected.tolist())


def test_predict_prints_a_table_of_ten_digits(drawing_file, capsys):
    main(["predict", RUN.id, str(drawing_file)])
    verdict, heading, *rows = capsys.readouterr().out.splitlines()
    assert verdict == "relu-50/published reads a 7."
    assert (heading.split(), [row.split()[0] for row in rows]) == (
        ["digit", "untrained", "trained"],
        list("0123456789"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_json_drawing_may_begin_with_a_byte_order_mark(encoding, tmp_path, capsys):
    path = tmp_path / "seven.json"
    path.write_text(json.dumps(SEVEN.to_json()), encoding=encoding)
    assert main(["predict", RUN.id, str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["prediction"] == 7


@pytest.mark.parametrize(
    "arguments",
    ["mnist_core list", "mnist_core summary relu-50", "mnist_core --help", "webapp.site --help"],
)
def test_a_reader_that_has_ended_leaves_no_traceback(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", *arguments.split()]
    done = subprocess.run(command, cwd=PROJECT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.stderr == b""


@pytest.mark.parametrize("command", [["train"], ["evaluate"], ["predict"]])
def test_an_unknown_run_is_refused(command, capsys, drawing_file):
    arguments = [*command, "relu-26/published", *([drawing_file] if command == ["predict"] else [])]
    assert one_line_refusal(capsys, *arguments) == (
        f"Unknown run 'relu-26/published'; choose one of: {', '.join(RUNS)}."
    )


def test_an_unknown_architecture_is_refused(capsys):
    assert one_line_refusal(capsys, "summary", "relu-26").startswith(
        "Unknown model 'relu-26'; choose one of: "
    )


def test_a_step_that_is_not_there_is_refused(capsys):
    line = one_line_refusal(capsys, "evaluate", RUN.id, "--step", "12345678")
    assert line.startswith("relu-50/published has no snapshot at step 12345678; choose one of: 0, 1, ")


@pytest.mark.parametrize(("name", "kind"), [("none.json", "JSON drawing"), ("none.png", "picture")])
def test_predicting_a_missing_file_is_refused(name, kind, tmp_path, capsys):
    assert one_line_refusal(capsys, "predict", RUN.id, tmp_path / name).startswith(
        f"{tmp_path / name} is no {kind}"
    )


def test_predicting_an_empty_drawing_is_refused(tmp_path, capsys):
    (tmp_path / "empty.json").write_text('{"strokes": []}')
    line = one_line_refusal(capsys, "predict", RUN.id, tmp_path / "empty.json")
    assert line.startswith("The drawing is empty")


@pytest.fixture
def three_hands(tmp_path):
    """A file of three writers' drawings; one writer's 7 and 1 have each other's label."""
    path, swapped = tmp_path / "three.unipen", {1: 7, 7: 1}
    writers = ("upright", "round", "slanted")
    entries = [entry for entry in read_handwritings() if entry.writer in writers]
    wrong = [
        replace(
            entry, label=swapped.get(entry.label, entry.label) if entry.writer == "round" else entry.label
        )
        for entry in entries
    ]
    write_unipen(path, wrong)
    return path


def test_evaluate_counts_the_writers_that_are_read_without_any_error(three_hands, capsys):
    assert main(["evaluate", DEFAULT_RUN, "--strokes", str(three_hands), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["n"] - said["correct"], said["writers"]) == (2, {"n": 3, "without_error": 2})
    assert main(["evaluate", DEFAULT_RUN, "--strokes", str(three_hands)]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "Of 3 writers 2 are read without any error"


def test_evaluate_counts_no_writers_where_there_is_one(tmp_path, capsys):
    write_unipen(tmp_path / "one.unipen", [entry for entry in read_handwritings() if entry.writer == "wide"])
    assert main(["evaluate", DEFAULT_RUN, "--strokes", str(tmp_path / "one.unipen"), "--json"]) == 0
    assert "writers" not in json.loads(capsys.readouterr().out)


def test_missing_strokes_are_refused(tmp_path, capsys):
    line = one_line_refusal(capsys, "evaluate", RUN.id, "--strokes", tmp_path / "none.tra")
    assert line.startswith(f"{tmp_path / 'none.tra'} is no UNIPEN file: ")


def test_missing_mnist_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_DATA", str(tmp_path))
    assert one_line_refusal(capsys, "evaluate", RUN.id).startswith("No MNIST file t10k-images-idx3-ubyte in ")


def test_a_missing_checkpoint_is_refused(small, capsys):
    line = one_line_refusal(capsys, "evaluate", RUN.id)
    assert line.endswith('make it with "python -m mnist_core train relu-50/published".')


@pytest.mark.parametrize("command", ["predict", "evaluate"])
def test_help_names_the_formats_that_a_picture_may_have(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert FORMATS in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_of_every_format_that_is_named_is_read(form, tmp_path, capsys):
    picture = Image.fromarray(255 - (image_of_drawing(SEVEN) * 255).byte().numpy())
    picture.save(tmp_path / "seven", form)
    assert main(["predict", "relu-96-256/robust", str(tmp_path / "seven")]) == 0
    assert capsys.readouterr().out.startswith("relu-96-256/robust reads a 7.\n")
