"""The page writes runs as checkpoints that the page and Python read."""

import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from made import read_header
from node import run_node
from safetensors.numpy import load_file

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.runs.recipes import RUNS


def halves_in_page(values: np.ndarray, folder: Path) -> np.ndarray:
    """The bits of each number in half precision, as the page rounds it."""
    file = folder / "numbers"
    file.write_bytes(values.astype(np.float64).tobytes())
    return np.frombuffer(run_node("halves.js", file), np.uint16)


def written(path: Path, folder: Path, **changes: object) -> Path:
    """A checkpoint, read by the page and written again with changes in its timeline."""
    file = folder / path.parent.name / path.name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(run_node("written.js", path, json.dumps(changes)))
    return file


def test_numbers_are_rounded_to_half_precision_as_numpy_rounds_them(tmp_path):
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float64)
    finite = np.sort(halves[np.isfinite(halves)])
    middles = (finite[1:] + finite[:-1]) / 2  # as far from one as from the next
    random = np.random.default_rng(0)
    spread = random.choice([-1, 1], 100_000) * 2.0 ** random.uniform(-30, 20, 100_000)
    edges = [0.0, -0.0, np.inf, -np.inf, 65_519.999, 65_520.0, -65_520.0, 1e300, 5e-324, 2.0**-25, 2.0**-24]
    values = np.concatenate(
        [finite, middles, np.nextafter(middles, np.inf), np.nextafter(middles, -np.inf), spread, edges]
    )
    with np.errstate(over="ignore"):
        expected = values.astype(np.float16).view(np.uint16)
    assert np.array_equal(halves_in_page(values, tmp_path), expected)
    assert np.isnan(halves_in_page(np.array([np.nan]), tmp_path).view(np.float16)).all()


@pytest.mark.parametrize(
    "run", [RUNS["relu-50/published"], RUNS["tanh-96-sigmoid-256/robust"]], ids=lambda run: run.id
)
def test_a_checkpoint_read_and_written_by_the_page_is_the_same_to_python(run, tmp_path):
    path = checkpoint_path(run)
    (timeline, card), (again, card_again) = load_checkpoint(path), load_checkpoint(written(path, tmp_path))
    assert asdict(card_again) == asdict(card)
    assert (again.run, again.seed, again.steps) == (timeline.run, timeline.seed, timeline.steps)
    assert again.images_seen == timeline.images_seen
    for ours, theirs in zip(again.weights + again.biases, timeline.weights + timeline.biases, strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("run_id", ["relu-50/published", "relu-25-25/published"])
def test_weights_are_written_in_half_precision_whatever_the_range_of_inputs(run_id, tmp_path):
    path = checkpoint_path(RUNS[run_id])
    tensors = load_file(written(path, tmp_path, seed=5))
    sizes, snapshots = RUNS[run_id].architecture.sizes, len(load_checkpoint(path)[0].steps)
    for place in range(snapshots):
        seed = 5 + (place - 1) % snapshots  # the last snapshot comes first
        arguments = json.dumps([asdict(RUNS[run_id].architecture), [0, 1], seed])
        numbers = np.frombuffer(run_node("untrained.js", arguments), np.float64).astype(np.float16)
        for layer, (inputs, outputs) in enumerate(pairwise(sizes)):
            weights, bias, numbers = np.split(numbers, [inputs * outputs, (inputs + 1) * outputs])
            assert np.array_equal(tensors[f"{place:02}.{layer}.weight"], weights.reshape(inputs, outputs).T)
            assert np.array_equal(tensors[f"{place:02}.{layer}.bias"], bias)


def test_a_run_of_ones_own_is_read_back_by_the_page(path, tmp_path):
    told = json.loads(run_node("arrivals.js", written(path, tmp_path, **OWN, scores=[]), "whole", "[1000]"))
    assert [told[name] for name in ("run", "steps", "images_seen", "loaded")] == [
        "relu-50/own-1",
        [0, 2, 9],
        [0, 20, 85],
        3,
    ]


FEW = {"n": 1000, "correct": 900, "loss": 0.5}
WHOLE = {"n": 10_000, "correct": 9_100, "loss": 0.4, "confusion": [[100] * 10] * 10}
OWN = {"run": "relu-50/own-1", "steps": [0, 2, 9], "images_seen": [0, 20, 85]}


def scores_in(path: Path) -> list:
    return json.loads(read_header(path)[0]["__metadata__"]["card"])["scores"]


def test_a_run_saved_while_it_is_measured_keeps_what_was_measured_on_few_and_on_all_images(path, tmp_path):
    file = written(path, tmp_path, **OWN, scores=[FEW, FEW, WHOLE])
    assert scores_in(file) == [FEW, FEW, WHOLE]
    again = written(file, tmp_path)  # the page has read it
    assert scores_in(again) == [FEW, FEW, WHOLE]


def test_a_run_with_a_snapshot_that_was_not_measured_is_saved_without_scores(path, tmp_path):
    assert scores_in(written(path, tmp_path, **OWN, scores=[FEW, FEW, None])) == []


def test_a_run_that_is_not_ones_own_is_not_read_without_scores(path, tmp_path):
    file = written(path, tmp_path, scores=[])
    told = json.loads(run_node("arrivals.js", file, "whole", "[1000]"))
    assert told["message"] == "This file is damaged: its scores do not fit its snapshots."
