"""The detector: what it computes, its file, and that the page reads the same."""

import json
from dataclasses import asdict

import pytest
import torch
from made import made_detector_card, made_images, write_parts
from node import run_node
from safetensors.torch import load_file, save_file

from mnist_core.detector.examples import CLASSES
from mnist_core.detector.network import (
    DETECTOR_FILE,
    Detector,
    build_detector,
    detect,
    is_not_a_digit,
    load_detector,
    load_detector_card,
    save_detector,
)
from mnist_core.errors import CheckpointError

IMAGES = made_images(30)


def test_detections_are_the_probabilities_of_the_ten_digits_together():
    network = build_detector(13, seed=0)
    probabilities = network(IMAGES.ink()).softmax(1)
    torch.testing.assert_close(detect(network, IMAGES.ink()), 1 - probabilities[:, 10:].sum(1).double())


def test_what_is_less_probably_a_digit_than_the_threshold_is_not_a_digit():
    network = build_detector(13, seed=0)
    detections = detect(network, IMAGES.ink())
    threshold = detections.sort().values[7].item()
    refused = is_not_a_digit(Detector(network, threshold), IMAGES.ink())
    assert refused.tolist() == [detection < threshold for detection in detections.tolist()]
    assert refused.sum() == 7


def test_weights_and_card_come_back_as_they_were_saved(tmp_path):
    path, network = tmp_path / "detector.safetensors", build_detector(len(CLASSES), seed=3).half().float()
    save_detector(network, made_detector_card(), path)
    read = load_detector(path)
    assert torch.equal(detect(read.network, IMAGES.ink()), detect(network, IMAGES.ink()))
    assert read.threshold == made_detector_card().threshold
    assert load_detector_card(path) == made_detector_card()


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


CARD = asdict(made_detector_card())
FOREIGN = [
    *({**CARD, "threshold": value} for value in (-0.1, 1.1, "0.5", None, True, [0.5])),
    *({**CARD, "format": value} for value in ("inkling timeline 2", "inkling detector 1", None)),
    *({**CARD, "classes": value} for value in (CLASSES[:10], [], None, "0123456789abc")),
    *(
        {name: CARD[name] for name in CARD if name != missing}
        for missing in ("threshold", "format", "classes")
    ),
    *({}, [], None, 0.5, "card"),
]


def test_a_foreign_card_is_refused_by_python_and_by_the_page(tmp_path):
    weights, paths = load_file(DETECTOR_FILE), []
    for number, card in enumerate(FOREIGN):
        paths.append(tmp_path / f"{number}.safetensors")
        write_parts(paths[-1], weights, json.dumps(card))
    paths.append(tmp_path / "without a card.safetensors")
    save_file(weights, paths[-1])
    for path in paths:
        with pytest.raises(CheckpointError, match="is no intact detector"):
            load_detector(path)
    said = 'it has no card of the format "inkling detector 2" with classes and a threshold.'
    assert set(json.loads(run_node("detectors.js", *paths))) == {
        f"InklingError: This file is damaged: {said}"
    }


def test_weights_for_another_number_of_classes_are_refused_by_python_and_by_the_page(tmp_path):
    path = tmp_path / "detector.safetensors"
    card = {**CARD, "classes": [*CLASSES, "one more"]}
    write_parts(path, load_file(DETECTOR_FILE), json.dumps(card))
    with pytest.raises(CheckpointError, match="is no intact detector"):
        load_detector(path)
    assert json.loads(run_node("detectors.js", path)) == [
        "InklingError: This file is damaged: it has another length than it claims."
    ]


def test_the_committed_detector_is_small_enough_for_the_page():
    assert DETECTOR_FILE.stat().st_size < 500_000
