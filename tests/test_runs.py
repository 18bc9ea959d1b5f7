"""Which runs a server shows: those with an intact checkpoint."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mnist_core.checkpoints import checkpoint_path
from mnist_core.errors import CheckpointError, UnknownNameError
from mnist_core.recipes import DEFAULT_RUN, RUNS
from webapp import runs
from webapp.runs import choose_default, find_heads

SMALL = RUNS["relu-25-25/published"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one intact checkpoint."""
    path = checkpoint_path(SMALL, tmp_path)
    path.parent.mkdir()
    shutil.copy(checkpoint_path(SMALL), path)
    return tmp_path


def test_all_committed_checkpoints_are_shown() -> None:
    assert list(find_heads()) == list(RUNS.values())


def test_a_missing_checkpoint_is_left_out_with_a_line_in_the_log(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert list(find_heads(folder)) == [SMALL]
    assert "relu-50/published is left out of the menu: No checkpoint at" in caplog.text
    assert len(caplog.records) == len(RUNS) - 1


def test_a_damaged_checkpoint_is_left_out_too(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    damaged = checkpoint_path(RUNS["relu-25-25/robust"], folder)
    damaged.write_bytes(checkpoint_path(SMALL).read_bytes()[:5000])
    assert list(find_heads(folder)) == [SMALL]
    assert "relu-25-25/robust is left out of the menu" in caplog.text
    assert "no intact Inkling checkpoint" in caplog.text


def test_without_any_checkpoint_there_is_nothing_to_show(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"No run in .* can be shown; restore Inkling's checkpoints"):
        find_heads(tmp_path)


def test_the_default_is_the_first_that_can_be_shown(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert choose_default(find_heads(folder), DEFAULT_RUN) == SMALL.id
    assert f"{DEFAULT_RUN} cannot be shown; the page opens with {SMALL.id}" in caplog.text


@pytest.mark.parametrize("load", [runs.load_reader, runs.load_card, runs.load_stored])
def test_a_checkpoint_that_is_lost_later_is_a_clear_error_without_its_path(
    load: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runs, "checkpoint_path", lambda run: checkpoint_path(run, tmp_path))
    runs._load.cache_clear()
    runs.load_stored.cache_clear()
    with pytest.raises(UnknownNameError) as refusal:
        load(SMALL)
    assert str(refusal.value) == f"{SMALL.id} cannot be shown at the moment; choose another."
    assert str(tmp_path) in caplog.text


def test_without_a_detector_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def lost() -> None:
        raise CheckpointError("No detector.")

    monkeypatch.setattr(runs, "load_detector", lost)
    runs._detector.cache_clear()
    assert runs._detector() is None
    assert "Nothing is refused as no digit: No detector." in caplog.text
    runs._detector.cache_clear()


def test_what_is_read_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "inkling")
    runs._load.cache_clear()
    for _ in range(2):
        runs.load_reader(SMALL)
    assert [record.message for record in caplog.records] == ["relu-25-25/published: 20 snapshots read"]
