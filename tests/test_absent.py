"""A test run without MNIST fetches it; if that fails, it says what its tests need."""

import shutil
from pathlib import Path

import absent
import pytest
from absent import require_mnist

from mnist_core.drawings.archives import ARCHIVES
from mnist_core.drawings.mnist import load_mnist, torchvision_module


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """MNIST's mirrors do not answer; and this is not CI."""
    monkeypatch.setattr(torchvision_module("datasets").MNIST, "mirrors", ["http://127.0.0.1:9/"])
    monkeypatch.delenv("CI", raising=False)


def outcome(folder: Path, shared: Path) -> BaseException:
    """How a test ends that needs MNIST where it is missing."""
    with pytest.raises((pytest.skip.Exception, pytest.fail.Exception)) as caught:
        require_mnist(folder, shared)
    return caught.value


def test_mnist_that_is_missing_is_laid_into_place(mnist: Path, tmp_path: Path, offline: None) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in ARCHIVES:
        shutil.copy(mnist / "MNIST" / "raw" / name, raw)
    require_mnist(tmp_path, tmp_path)
    assert len(load_mnist(tmp_path, "training")) == 60_000


def test_a_test_without_mnist_is_skipped_where_it_cannot_be_fetched(tmp_path: Path, offline: None) -> None:
    skipped = outcome(tmp_path, tmp_path)
    assert isinstance(skipped, pytest.skip.Exception)
    reason = f"needs MNIST. MNIST could not be fetched into {tmp_path / 'MNIST' / 'raw'}: "
    assert str(skipped).startswith(reason)
    assert str(skipped).endswith(" MNIST_DATA can name a folder that holds it.")


def test_a_test_without_mnist_fails_in_ci(
    tmp_path: Path, offline: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    assert isinstance(outcome(tmp_path, tmp_path), pytest.fail.Exception)


def test_a_test_run_tries_only_once_to_fetch_mnist(
    tmp_path: Path, offline: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = outcome(tmp_path, tmp_path)
    monkeypatch.setattr(absent, "fetch_mnist", None)  # a second try would fail otherwise
    assert str(outcome(tmp_path, tmp_path)) == str(first)
