"""The page distorts drawings, and mixes them with MNIST's images, to learn a hand."""

import json
from itertools import pairwise
from math import cos, radians, sin

import numpy as np
import pytest
import torch
from absent import required
from node import run_node
from numpy.typing import NDArray
from unipen_files import PEN_DIGITS

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.drawings.mnist import images_of_drawings, load_mnist
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, LabelledDrawing, read_handwritings
from mnist_core.drawings.unipen import read_unipen
from mnist_core.runs.recipes import RUNS, Recipe
from mnist_core.training.fine_tuning import (
    count_errors,
    draw_maps,
    fine_tune,
    images_of_variants,
    split_by_shots,
)
from mnist_core.training.fitting import learning_rate_at

DRAWINGS = [
    {"strokes": [np.asarray(stroke).tolist() for stroke in entry.drawing.strokes], "label": entry.label}
    for entry in read_handwritings()
]


def distorted(drawings: list, draws: list) -> list:
    """The drawings as the page distorts them with these random numbers."""
    return json.loads(run_node("distorted.js", json.dumps(drawings), json.dumps(draws)))


def test_a_drawing_is_bent_enlarged_slanted_and_turned_around_its_middle():
    draws = np.random.default_rng(0).random((len(DRAWINGS), 10))
    results = distorted([drawing["strokes"] for drawing in DRAWINGS], draws.tolist())
    for drawing, draw, result in zip(DRAWINGS, draws, results, strict=True):
        rotation, width, height, shear, *bend = (2 * draw - 1) * [radians(7), 0.09, 0.09, 0.15, *[0.3] * 6]
        turn = np.array([[cos(rotation), -sin(rotation)], [sin(rotation), cos(rotation)]])
        affine = turn @ [[1, shear], [0, 1]] @ np.diag([1 + width, 1 + height])
        points = np.concatenate(drawing["strokes"])
        middle, half = (points.min(0) + points.max(0)) / 2, np.ptp(points, axis=0).max() / 2
        x, y = ((points - middle) / half).T
        bent = np.stack([x, y]) + np.reshape(bend, (2, 3)) @ [x * x, x * y, y * y]
        expected = (half * affine @ bent).T + middle
        assert [len(stroke) for stroke in result] == [len(stroke) for stroke in drawing["strokes"]]
        assert np.concatenate(result) == pytest.approx(expected, abs=1e-12)


def variants_of(drawing: LabelledDrawing, draws: NDArray[np.float64]) -> NDArray[np.int_]:
    """The images that Python makes of a drawing, given the page's random numbers: (draws, 784) levels."""

    class Given:
        """A generator whose uniform numbers are those that the page is given."""

        shares = iter([2 * draws[:, :4].T - 1, (2 * draws[:, 4:] - 1).reshape(-1, 2, 3)])

        def uniform(self, low, high, shape):
            share = next(self.shares)
            assert (low, share.shape) == (-high, shape)
            return share * high

    maps = draw_maps(len(draws), Given())
    return images_of_variants(drawing.drawing, maps).flatten(1).int().numpy()


def test_python_makes_the_same_images_of_the_same_random_numbers():
    for entry in read_handwritings()[::8]:
        draws = np.random.default_rng(2).random((20, 10))
        results = distorted([[stroke.tolist() for stroke in entry.drawing.strokes]] * 20, draws.tolist())
        images = [image_of_drawing(Drawing(tuple(map(np.array, strokes)))).flatten() for strokes in results]
        levels = (torch.stack(images) * 255).round().int().numpy()
        # In single precision a level may be another by one, and an image may then lie a pixel aside.
        is_near = np.abs(levels - variants_of(entry, draws)).max(1) <= 1
        assert is_near.mean() >= 0.95


def test_a_dot_is_left_as_it_is():
    assert distorted([[[[0.3, 0.4]]]], [[0.9] * 10]) == [[[[0.3, 0.4]]]]


def test_the_learning_rate_falls_like_pythons():
    rates = json.loads(run_node("rates.js", 0.004, 400))
    recipe = Recipe("adam", 0.004, 64, 1, schedule="cosine")
    assert rates == pytest.approx([learning_rate_at(step, 400, recipe) for step in range(400)])
    assert rates[0] == 0.004
    assert all(later < earlier for earlier, later in pairwise(rates))


def test_a_batch_is_half_own_drawings_half_mnist_each_by_chance():
    random = np.random.default_rng(1)
    own, replayed = random.random(32), random.random(32)
    # 0.5 is the middle of every distortion: none.
    numbers = [number for pick in own for number in (pick, *[0.5] * 10)] + replayed.tolist()
    batch = np.frombuffer(
        run_node("fine_tuning_batch.js", json.dumps(DRAWINGS), json.dumps(numbers)), np.uint8
    )
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


@pytest.mark.slow
@pytest.mark.parametrize("run_id", ["relu-96-256/published", "relu-25-25/published"])
def test_the_page_makes_as_many_fewer_errors_as_python_on_the_same_drawings(run_id, mnist, tmp_path):
    run = RUNS[run_id]
    timeline, training = load_checkpoint(checkpoint_path(run))[0], load_mnist(mnist, "training")
    writers = split_by_shots(read_unipen(required(PEN_DIGITS)), 1)[1::4]
    parts = [{"drawings": as_json(each.training), "tests": as_json(each.test)} for each in writers]
    file = tmp_path / "writers.json"
    file.write_text(json.dumps(parts), encoding="utf-8")
    raw = mnist / "MNIST" / "raw"
    sources = raw / "train-images-idx3-ubyte", raw / "train-labels-idx1-ubyte"
    results = json.loads(
        run_node("fine_tuned.js", *sources, run_id, run.fine_tuning_rate, run.fine_tuning_share, file)
    )
    before, page, python = [sum(result["before"] for result in results), sum(r["after"] for r in results), 0]
    for number, writer in enumerate(writers):
        taught = fine_tune(timeline, writer.training, training, random=np.random.default_rng(number))
        unseen = images_of_drawings(writer.test)
        python += count_errors(taught, unseen.ink(), unseen.labels)
    assert len(writers) == 8
    assert before - page == pytest.approx(before - python, rel=0.1)
    assert python < 0.5 * before


def as_json(entries: list[LabelledDrawing]) -> list[dict]:
    """Labelled drawings as the page takes them."""
    return [{**entry.drawing.to_json(), "label": entry.label} for entry in entries]
