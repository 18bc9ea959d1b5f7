"""The page's networks answer as Python's do."""

import json
from dataclasses import asdict
from itertools import pairwise
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
import torch
from node import run_node
from numpy.typing import NDArray
from torch import Tensor

from mnist_core.checkpoints.card import Scores, checkpoint_path, load_metadata
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.detector.made_up_drawings import draw_made_up
from mnist_core.detector.network import detect, is_not_a_digit, load_detector
from mnist_core.drawings.mnist import LabelledImages
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.measuring.evaluation import evaluate
from mnist_core.networks.model import build_model, linear_layers
from mnist_core.runs.recipes import RUNS, Run

ARCHITECTURE = RUNS["relu-96-256/robust"].architecture
SIZES = ARCHITECTURE.sizes


@pytest.fixture(scope="module")
def levels() -> Tensor:
    """100 drawings, 20 handwritten digits and 80 things that are none: (100, 28, 28), uint8."""
    digits = [entry.drawing for entry in read_handwritings()[::4]]
    others = [drawing for _, drawing in draw_made_up(80, seed=9)]
    images = torch.stack([image_of_drawing(drawing) for drawing in digits + others])
    return (images * 255).round().to(torch.uint8)


class Answers:
    """What the page says of them: whether they are digits, and by run the logits (snapshots, 100, 10)."""

    def __init__(self, numbers: Tensor) -> None:
        snapshots = [len(load_metadata(checkpoint_path(run)).steps) for run in RUNS.values()]
        self.detections, self.digits, *logits = numbers.split([100, 100, *(1000 * n for n in snapshots)])
        self.logits = {run: each.view(-1, 100, 10) for run, each in zip(RUNS.values(), logits, strict=True)}


@pytest.fixture(scope="module")
def answers(levels: Tensor, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """The page's answers to the drawings."""
    file = tmp_path_factory.mktemp("engine") / "levels"
    file.write_bytes(levels.numpy().tobytes())
    return Answers(torch.from_numpy(np.frombuffer(run_node("answers.js", file, *RUNS), np.float64).copy()))


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_every_snapshot_has_the_logits_of_python(run, answers, levels):
    timeline, _ = load_checkpoint(checkpoint_path(run))
    expected = timeline.to(torch.float64).logits(levels.double() / 255)
    assert (answers.logits[run] - expected).abs().max() < 1e-9


def test_the_page_refuses_what_python_refuses(answers, levels):
    detector = load_detector()
    assert (answers.detections - detect(detector.network, levels / 255)).abs().max() < 1e-5
    assert torch.equal(answers.digits.bool(), ~is_not_a_digit(detector, levels / 255))
    assert 0 < answers.digits.sum() < 100


def counts_of_the_page(mnist: Path, folder: Path, wanted: list[tuple[Run, int]], n: int) -> list[Scores]:
    """What the page counts, of every wanted snapshot, on the first test images.

    The kernels, which read them in single precision, have to count the same.
    """
    files = []
    for name, header, size in (("images-idx3", 16, 784), ("labels-idx1", 8, 1)):
        content = (mnist / "MNIST" / "raw" / f"t10k-{name}-ubyte").read_bytes()
        files.append(folder / name)
        files[-1].write_bytes(content[:4] + n.to_bytes(4) + content[8 : header + n * size])
    results = json.loads(run_node("tallies.js", *files, *(f"{run.id}:{index}" for run, index in wanted)))
    assert len(results) == len(wanted) > 0
    for plain, by_kernels in results:
        assert by_kernels == {**plain, "loss": pytest.approx(plain["loss"], abs=1e-6)}
    return [Scores(n=n, **{**plain, "loss": round(plain["loss"], 6)}) for plain, _ in results]


FIRST_AND_LAST = [(run, index) for run in RUNS.values() for index in (0, -1)]


def test_every_runs_first_and_last_snapshots_read_test_images_as_python_reads_them(
    mnist: Path, test_images: LabelledImages, tmp_path: Path
):
    ink, labels = test_images.ink(torch.float64)[:1000], test_images.labels[:1000]
    counts = counts_of_the_page(mnist, tmp_path, FIRST_AND_LAST, 1000)
    for (run, index), found in zip(FIRST_AND_LAST, counts, strict=True):
        [expected] = evaluate(load_checkpoint(checkpoint_path(run))[0].at(index), ink, labels)
        assert found == expected, f"{run.id}, snapshot {index}"


def assert_counted_as_on_the_card(mnist: Path, folder: Path, wanted: list[tuple[Run, int]]) -> None:
    """The page's counts, on all of MNIST's test images, of every wanted snapshot are the card's."""
    for (run, index), found in zip(wanted, counts_of_the_page(mnist, folder, wanted, 10_000), strict=True):
        expected = load_metadata(checkpoint_path(run)).card.scores[index]
        assert found == expected, f"{run.id}, snapshot {index}"


@pytest.mark.thorough
def test_every_runs_first_and_last_snapshots_read_mnist_as_their_cards_say(mnist, tmp_path):
    assert_counted_as_on_the_card(mnist, tmp_path, FIRST_AND_LAST)


@pytest.mark.slow
@pytest.mark.parametrize("run_id", ["relu-96-256/robust", "relu-128-128-64-64/published"])
def test_every_snapshot_reads_mnist_as_its_card_says(run_id, mnist, tmp_path):
    run = RUNS[run_id]
    assert_counted_as_on_the_card(
        mnist, tmp_path, [(run, index) for index in range(len(load_metadata(checkpoint_path(run)).steps))]
    )


def test_softmax_is_that_of_pytorch_however_large_the_logits():
    lists = [[0.0] * 10, [1e4, -1e4, 1e4], [-800.0, -801.5], np.linspace(-3, 3, 10).tolist()]
    for values, (probabilities, _) in zip(lists, probabilities_of(lists), strict=True):
        expected = torch.tensor(values, dtype=torch.float64).softmax(0)
        assert probabilities == pytest.approx(expected.tolist(), abs=1e-12)


def test_the_first_of_equal_values_is_the_largest():
    assert [best for _, best in probabilities_of([[1, 3, 3, 2], [0, 0, 0], [-2, -1]])] == [1, 0, 1]


def probabilities_of(lists: list[list[float]]) -> list[tuple[list[float], int]]:
    """Of every list of logits its softmax and the index of its largest, as the page has them."""
    return json.loads(run_node("probabilities.js", json.dumps(lists)))


def untrained(seed: int, input_range: tuple[float, float] = (0, 1)) -> list[NDArray[np.float64]]:
    """Of every layer of an untrained network the weights (inputs, outputs) and the bias (outputs,)."""
    arguments = json.dumps([asdict(ARCHITECTURE), input_range, seed])
    numbers = np.frombuffer(run_node("untrained.js", arguments), np.float64)
    shapes = [shape for inputs, outputs in pairwise(SIZES) for shape in ((inputs, outputs), (outputs,))]
    parts = np.split(numbers, np.cumsum([np.prod(shape) for shape in shapes]))
    assert not len(parts.pop())
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


def test_untrained_networks_have_the_distribution_of_pytorchs():
    model = linear_layers(build_model(RUNS["relu-96-256/robust"].architecture, seed=0))
    expected = [tensor.detach().numpy() for layer in model for tensor in (layer.weight, layer.bias)]
    shares = np.linspace(0, 1, 21)
    for number, (ours, theirs) in enumerate(zip(untrained(0), expected, strict=True)):
        bound = 1 / sqrt(SIZES[number // 2])
        assert np.abs(ours).max() <= bound
        assert ours.size == theirs.size
        # A share of n uniform numbers strays by about bound / sqrt(n) from its place.
        differences = np.quantile(ours, shares) - np.quantile(theirs, shares)
        assert np.abs(differences).max() < 5 * bound / sqrt(ours.size)


def test_a_seed_makes_one_untrained_network_and_another_seed_another():
    first, again, other = untrained(1), untrained(1), untrained(2)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    for ours, theirs in zip(first, other, strict=True):
        assert abs(np.corrcoef(ours.ravel(), theirs.ravel())[0, 1]) < 5 / sqrt(ours.size)


def test_an_untrained_network_takes_ink_instead_of_its_own_range_of_inputs():
    (weights, bias, *rest), (folded, folded_bias, *folded_rest) = untrained(3), untrained(3, (-1, 1))
    ink = np.linspace(0, 1, 784)
    assert np.allclose(ink @ folded + folded_bias, (2 * ink - 1) @ weights + bias, atol=1e-9)
    assert all(np.array_equal(a, b) for a, b in zip(rest, folded_rest, strict=True))
