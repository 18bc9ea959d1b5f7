"""The figures of exported networks in docs/export.md: measured again, and as good as promised."""

import json

import pytest
import torch
from app_server import PROJECT
from made import made_images

from mnist_core.__main__ import main
from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.commands import export as commands
from mnist_core.commands.export import choose_calibration
from mnist_core.drawings.mnist import load_mnist
from mnist_core.measuring.exported_files import measure_files, read_exports
from mnist_core.measuring.results import EXPORTS
from mnist_core.runs.recipes import RUNS

FIGURES = read_exports(PROJECT / EXPORTS)
MEASURED = [run.id for run in RUNS.values() if not run.recipe.is_control]
SMALL = "relu-25-25/published"


@pytest.mark.parametrize(
    "run_id",
    [
        pytest.param(run_id, marks=pytest.mark.thorough if run_id.endswith("/robust") else pytest.mark.slow)
        for run_id in MEASURED
    ],
)
def test_the_kept_figures_are_those_of_files_made_anew(run_id, mnist, test_images):
    timeline, card = load_checkpoint(checkpoint_path(RUNS[run_id]))
    calibration = choose_calibration(load_mnist(mnist, "training"))
    found, kept = measure_files(timeline, card.scores[-1], calibration, test_images), FIGURES.runs[run_id]
    # Another processor may round a level the other way; a network trained anew differs by more.
    for precision, images, size in (("float32", 0, 0), ("int8", 2, 8)):
        assert found[precision].correct == pytest.approx(kept[precision].correct, abs=images)
        assert found[precision].changed == pytest.approx(kept[precision].changed, abs=images)
        assert found[precision].bytes == pytest.approx(kept[precision].bytes, abs=size)


def test_the_figures_are_of_every_run_that_is_no_control():
    assert list(FIGURES.runs) == MEASURED


def test_a_float_file_changes_no_answer_and_an_int8_one_is_small_and_hardly_worse():
    for run_id, files in FIGURES.runs.items():
        assert files["float32"].changed == 0, run_id
        if run_id.endswith("/robust"):
            assert files["float32"].correct - files["int8"].correct <= 0.001 * FIGURES.n, run_id
            assert files["int8"].bytes <= 0.3 * files["float32"].bytes, run_id


def test_measure_exports_keeps_what_it_prints(tmp_path, monkeypatch, capsys):
    images = made_images(60)
    monkeypatch.setattr(commands, "RUNS", {SMALL: RUNS[SMALL]})
    monkeypatch.setattr(commands, "PROJECT", tmp_path)
    monkeypatch.setattr(commands, "load_mnist", lambda folder, split: images)
    (tmp_path / "docs").mkdir()
    assert main(["measure-exports"]) == 0
    printed = json.loads(capsys.readouterr().out)
    kept = json.loads((tmp_path / EXPORTS).read_text(encoding="utf-8"))
    assert (kept["n"], kept["calibration_images"]) == (60, 60)
    assert printed == {"run": SMALL, **kept["runs"][SMALL]}
    timeline, _ = load_checkpoint(checkpoint_path(RUNS[SMALL]))
    digits = timeline.to(torch.float32).logits(images.ink())[-1].argmax(1)
    assert kept["runs"][SMALL]["float32"]["correct"] == int((digits == images.labels).sum())
