"""The detector: what it learns, and how it is kept."""

import pytest
import torch
from made import made_images

from mnist_core import detector
from mnist_core.detector import (
    build_detector,
    detect,
    draw_nondigits,
    load_detector,
    save_detector,
    train_detector,
    train_without,
)
from mnist_core.errors import CheckpointError

IMAGES = made_images(30)


def test_detections_are_probabilities():
    detections = detect(build_detector(0), IMAGES.ink())
    assert (detections.shape, ((detections > 0) & (detections < 1)).all()) == ((30,), True)


def test_a_detector_learns_what_is_a_digit():
    bright, dark = torch.full((300, 28, 28), 200, dtype=torch.uint8), torch.zeros(300, 28, 28).byte()
    trained = train_detector(bright, dark)
    assert detect(trained, bright / 255).min() > 0.5 > detect(trained, dark / 255).max()


def test_equal_data_trains_equal_detectors():
    first, second = (train_detector(IMAGES.images, IMAGES.images.flip(0)) for _ in range(2))
    assert torch.equal(detect(first, IMAGES.ink()), detect(second, IMAGES.ink()))


def test_unseen_kinds_are_not_shown(monkeypatch):
    shown = []
    monkeypatch.setattr(detector, "train_detector", lambda digits, others: shown.append(others))
    kinds, others = draw_nondigits(48, seed=0)
    train_without(IMAGES.images, kinds, others, ["dot", "heart"])
    kept = [index for index, kind in enumerate(kinds) if kind not in ("dot", "heart")]
    assert torch.equal(shown[0], others[kept])


def test_weights_come_back_as_they_were_saved(tmp_path):
    path, kept = tmp_path / "detector.safetensors", build_detector(3).half().float()
    save_detector(kept, path)
    assert torch.equal(detect(load_detector(path), IMAGES.ink()), detect(kept, IMAGES.ink()))


def test_a_missing_detector_names_the_command_that_makes_it(tmp_path):
    path = tmp_path / "detector.safetensors"
    with pytest.raises(CheckpointError) as caught:
        load_detector(path)
    assert str(caught.value) == f'No detector at {path}; make it with "python -m mnist_core detector".'


@pytest.mark.parametrize("content", [b"", b"no safetensors"])
def test_a_damaged_detector_is_refused(tmp_path, content):
    path = tmp_path / "detector.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="is no intact detector"):
        load_detector(path)


def test_the_committed_detector_is_small():
    assert detector.DETECTOR_FILE.stat().st_size < 300_000
