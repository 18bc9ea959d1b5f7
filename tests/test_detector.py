"""The detector: what it learns, and how it is kept."""

import json

import pytest
import torch
from made import made_images, write_parts
from node import run_node
from safetensors.torch import load_file, save_file

from mnist_core.__main__ import main
from mnist_core.commands import measuring
from mnist_core.drawings.mnist import load_mnist
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.errors import CheckpointError
from mnist_core.measuring import refusal_rates
from mnist_core.measuring.refusal_rates import Digits, choose_threshold
from mnist_core.networks.detector import (
    DETECTOR_FILE,
    Detector,
    build_detector,
    detect,
    load_detector,
    save_detector,
)
from mnist_core.training import detector_training
from mnist_core.training.detector_training import draw_nondigits, train_detector, train_without
from mnist_core.training.nondigits import KINDS

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
    monkeypatch.setattr(detector_training, "train_detector", lambda digits, others: shown.append(others))
    kinds, others = draw_nondigits(48, seed=0)
    train_without(IMAGES.images, kinds, others, ["dot", "heart"])
    kept = [index for index, kind in enumerate(kinds) if kind not in ("dot", "heart")]
    assert torch.equal(shown[0], others[kept])


def test_weights_and_threshold_come_back_as_they_were_saved(tmp_path):
    path, kept = tmp_path / "detector.safetensors", Detector(build_detector(3).half().float(), 1 / 3)
    save_detector(kept, path)
    read = load_detector(path)
    assert torch.equal(detect(read.network, IMAGES.ink()), detect(kept.network, IMAGES.ink()))
    assert read.threshold == kept.threshold


def test_the_page_reads_the_same_threshold():
    assert json.loads(run_node("detectors.js", DETECTOR_FILE)) == [load_detector().threshold]


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


CARD = {"format": "inkling detector 1", "threshold": 0.5}
NO_THRESHOLD = [
    *({**CARD, "threshold": value} for value in (-0.1, 1.1, "0.5", None, True, [0.5])),
    *({**CARD, "format": value} for value in ("inkling timeline 2", "inkling detector 2", None)),
    *({"threshold": 0.5}, {"format": CARD["format"]}, {}, [], None, 0.5, "card"),
]


def test_a_card_without_a_threshold_is_refused_by_python_and_by_the_page(tmp_path):
    weights, paths = load_file(DETECTOR_FILE), []
    for number, card in enumerate(NO_THRESHOLD):
        paths.append(tmp_path / f"{number}.safetensors")
        write_parts(paths[-1], weights, json.dumps(card))
        with pytest.raises(CheckpointError, match="is no intact detector"):
            load_detector(paths[-1])
    paths.append(tmp_path / "without a card.safetensors")
    save_file(weights, paths[-1])
    with pytest.raises(CheckpointError, match="is no intact detector"):
        load_detector(paths[-1])
    said = 'This file is damaged: it has no card of the format "inkling detector 1" with a threshold.'
    assert set(json.loads(run_node("detectors.js", *paths))) == {f"InklingError: {said}"}


@pytest.mark.parametrize("option", [[], ["--measure"]])
def test_the_command_keeps_the_threshold_that_it_prints(option, tmp_path, monkeypatch, capsys):
    kept, images = [], made_images(50).images
    network = load_detector().network
    monkeypatch.setattr(measuring, "save_detector", kept.append)
    monkeypatch.setattr(measuring, "train_without", lambda digits, kinds, others, unseen: network)
    monkeypatch.setattr(measuring, "draw_nondigits", lambda count, seed: draw_nondigits(24, seed))
    monkeypatch.setattr(refusal_rates, "COUNT", 48)
    monkeypatch.setattr(measuring, "load_pen_drawings", lambda path: [])
    monkeypatch.setattr(
        measuring,
        "load_digits",
        lambda folder, drawings: Digits(images, [images[:20], images[20:]], [images] * 3),
    )
    monkeypatch.setattr(measuring, "detectors_of_unseen_kinds", lambda digits: [(list(KINDS), network)])
    assert main(["detector", *option]) == 0
    printed = json.loads(capsys.readouterr().out)
    (saved,) = kept
    assert all(map(torch.equal, saved.network.parameters(), network.parameters()))
    sources = [detect(network, part / 255) for part in (images[:20], images[20:])]
    assert saved.threshold == printed["refusal"]["threshold"] == choose_threshold(sources)
    assert printed["refusal"]["mnist"] == {"n": 50, "refused": printed["refusal"]["pens"]["refused"]}


def test_the_committed_detector_is_small():
    assert DETECTOR_FILE.stat().st_size < 300_000


def test_alone_the_committed_detector_refuses_as_few_handwritings_as_promised():
    committed = load_detector()
    images = torch.stack([image_of_drawing(entry.drawing) for entry in read_handwritings()])
    assert (detect(committed.network, images) >= committed.threshold).all()


def test_alone_the_committed_detector_refuses_as_many_nondigits_as_promised():
    committed, (_, others) = load_detector(), draw_nondigits(240, seed=99)
    assert (detect(committed.network, others / 255) < committed.threshold).double().mean() >= 0.9


def test_alone_the_committed_detector_refuses_as_few_test_images_as_promised(mnist):
    committed, test = load_detector(), load_mnist(mnist, "test")
    assert (detect(committed.network, test.ink()) < committed.threshold).double().mean() <= 0.01
