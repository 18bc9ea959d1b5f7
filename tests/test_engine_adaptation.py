"""The page distorts drawings, and mixes them with MNIST's images, to learn a hand."""

import json
from math import cos, radians, sin

import numpy as np
import pytest
from node import run_node

from mnist_core.drawing import read_handwritings
from mnist_core.preprocessing import image_of_drawing

DRAWINGS = [
    {"strokes": [np.asarray(stroke).tolist() for stroke in entry.drawing.strokes], "label": entry.label}
    for entry in read_handwritings()
]


def distorted(drawings: list, draws: list) -> list:
    """The drawings as the page distorts them with these random numbers."""
    return json.loads(run_node("distorted.js", json.dumps(drawings), json.dumps(draws)))


def test_a_drawing_is_turned_enlarged_and_slanted_around_its_middle():
    draws = np.random.default_rng(0).random((len(DRAWINGS), 4))
    results = distorted([drawing["strokes"] for drawing in DRAWINGS], draws.tolist())
    for drawing, draw, result in zip(DRAWINGS, draws, results, strict=True):
        rotation, width, height, shear = (2 * draw - 1) * [radians(7), 0.09, 0.09, 0.15]
        turn = np.array([[cos(rotation), -sin(rotation)], [sin(rotation), cos(rotation)]])
        affine = turn @ [[1, shear], [0, 1]] @ np.diag([1 + width, 1 + height])
        points = np.concatenate(drawing["strokes"])
        middle = (points.min(0) + points.max(0)) / 2
        expected = (points - middle) @ affine.T + middle
        assert [len(stroke) for stroke in result] == [len(stroke) for stroke in drawing["strokes"]]
        assert np.concatenate(result) == pytest.approx(expected, abs=1e-12)


def test_a_batch_is_half_own_drawings_half_mnist_each_by_chance():
    random = np.random.default_rng(1)
    own, replayed = random.random(32), random.random(32)
    # 0.5 is the middle of every distortion: none.
    numbers = [number for pick in own for number in (pick, 0.5, 0.5, 0.5, 0.5)] + replayed.tolist()
    batch = np.frombuffer(run_node("adaptation.js", json.dumps(DRAWINGS), json.dumps(numbers)), np.uint8)
    images, labels = batch[: 64 * 784].reshape(64, 784), batch[64 * 784 :]
    picked = [int(pick * len(DRAWINGS)) for pick in own]
    entries = read_handwritings()
    assert labels[:32].tolist() == [entries[index].label for index in picked]
    for image, index in zip(images, picked, strict=False):
        expected = (image_of_drawing(entries[index].drawing) * 255).round().flatten().int().numpy()
        # The middle, taken away and added again, leaves a rounding.
        assert np.abs(image.astype(int) - expected).max() <= 1
    assert labels[32:].tolist() == [7 + int(3 * pick) for pick in replayed]
    assert (images[32:] == labels[32:, None]).all()
