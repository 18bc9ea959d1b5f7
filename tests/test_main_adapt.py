"""The command adapt fine-tunes a run on each writer: what it prints, refuses, and comes to on real pens."""

import json
from functools import partial

import pytest
import torch
from absent import required
from command_line import one_line_refusal
from made import made_card, made_timeline, write_unipen
from unipen_files import PEN_DIGITS, UNIPEN_DIGITS

from mnist_core.__main__ import main
from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import save_checkpoint
from mnist_core.commands import queries
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.drawings.unipen import read_unipen
from mnist_core.runs.recipes import RUNS
from mnist_core.training.fine_tuning import STEPS, measure_fine_tuning

RUN = RUNS["relu-50/published"]
PUBLISHED = [run for run in RUNS if run.endswith("/published")]
ROBUST = [run for run in RUNS if run.endswith("/robust")]


@pytest.fixture
def strokes(tmp_path):
    """The project's handwritings as a UNIPEN file: every digit in several drawings by each writer."""
    path = tmp_path / "hands.unipen"
    write_unipen(path, read_handwritings() * 2)
    return path


@pytest.fixture
def command(small, monkeypatch, strokes):
    """`adapt` in three steps, on made images and a made run."""
    save_checkpoint(made_timeline(RUN), made_card(), checkpoint_path(RUN, small))
    monkeypatch.setattr(queries, "measure_fine_tuning", partial(measure_fine_tuning, steps=3))
    return ["adapt", RUN.id, "--strokes", str(strokes)]


def printed(capsys, *arguments):
    assert main([str(argument) for argument in arguments]) == 0
    return capsys.readouterr().out


def test_the_file_of_strokes_is_read_as_it_was_written(strokes):
    again = [(entry.label, entry.writer) for entry in read_unipen(strokes)]
    assert again == [(entry.label, entry.writer) for entry in read_handwritings() * 2]


def test_the_report_says_how_it_was_measured_and_what_came_of_it(command, capsys):
    report = json.loads(printed(capsys, *command, "--json"))
    writers = {entry.writer for entry in read_handwritings()}
    assert {
        name: report.pop(name) for name in ("run", "shots", "steps", "learning_rate", "share", "writers", "n")
    } == {
        **{"run": RUN.id, "shots": 1, "steps": STEPS},
        **{"learning_rate": RUN.fine_tuning_rate, "share": RUN.fine_tuning_share},
        **{"writers": len(writers), "n": 80},
    }
    assert list(report) == ["errors_before", "errors_after", "mnist_errors_before", "mnist_errors_after"]
    assert all(0 <= share <= 1 for share in report.values())


def test_the_same_command_prints_the_same_figures(command, capsys):
    assert printed(capsys, *command, "--json") == printed(capsys, *command, "--json")


def test_the_figures_are_said_in_words(command, capsys):
    report = json.loads(printed(capsys, *command, "--json"))
    before, after, mnist_before, mnist_after = (f"{share:.2%}" for share in list(report.values())[-4:])
    assert printed(capsys, *command) == (
        "relu-50/published, fine-tuned on 1 of each digit: errors on the 80 other drawings of "
        f"{report['writers']} writers {before} → {after}, "
        f"on MNIST's test images {mnist_before} → {mnist_after}\n"
    )


def test_drawings_that_leave_nothing_to_test_on_are_refused_in_one_line(command, capsys):
    line = one_line_refusal(capsys, *command, "--shots", "50")
    assert line.startswith("No writer has more than 50 drawings of a digit, so none is left to test on; ")


def test_missing_mnist_is_refused_in_one_line(strokes, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_DATA", str(tmp_path))
    line = one_line_refusal(capsys, "adapt", RUN.id, "--strokes", strokes)
    assert line.startswith("No MNIST file train-images-idx3-ubyte in ")


def test_missing_strokes_are_refused_in_one_line(tmp_path, capsys):
    line = one_line_refusal(capsys, "adapt", RUN.id, "--strokes", tmp_path / "none.unipen")
    assert line.startswith(f"{tmp_path / 'none.unipen'} is no UNIPEN file: ")


@pytest.mark.parametrize(
    ("option", "value", "least"),
    [("--shots", "0", 1), ("--shots", "-1", 1), ("--shots", "one", 1), ("--seed", "1.5", 0)],
)
def test_an_impossible_number_is_refused(option, value, least, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["adapt", RUN.id, "--strokes", "hands.unipen", f"{option}={value}"])
    assert caught.value.code == 2
    assert f"{value!r} is no whole number of at least {least}" in capsys.readouterr().err


def measured(run_id, path, capsys, mnist):
    required(path)
    torch.set_num_threads(1)
    line = printed(capsys, "adapt", run_id, "--strokes", path, "--json")
    with capsys.disabled():
        print(line, end="")
    return json.loads(line)


@pytest.mark.slow
@pytest.mark.parametrize("run_id", PUBLISHED)
def test_one_drawing_of_each_digit_more_than_halves_the_errors_on_pens(run_id, capsys, mnist):
    report = measured(run_id, PEN_DIGITS, capsys, mnist)
    assert (report["writers"], report["n"]) == (30, 7_194)
    fall = 1 - report["errors_after"] / report["errors_before"]
    assert fall >= (0.65 if run_id == "relu-96-256/published" else 0.55)
    assert report["mnist_errors_after"] - report["mnist_errors_before"] <= 0.01


@pytest.mark.slow
def test_robust_runs_make_a_quarter_fewer_errors_on_writers_they_never_saw(capsys, mnist):
    reports = [measured(run_id, UNIPEN_DIGITS, capsys, mnist) for run_id in ROBUST]
    before, after, mnist_before, mnist_after = (
        sum(report[name] for report in reports)
        for name in ("errors_before", "errors_after", "mnist_errors_before", "mnist_errors_after")
    )
    assert {(report["writers"], report["n"]) for report in reports} == {(265, 2_825)}
    assert after <= 0.75 * before
    assert (mnist_after - mnist_before) / len(reports) <= 0.002
