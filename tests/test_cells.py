"""The test images behind a cell of a confusion matrix."""

import base64
import functools

import pytest
import torch
from made import network_at

from mnist_core.checkpoints import checkpoint_path, load_checkpoint, load_head
from mnist_core.data import LabelledImages
from mnist_core.errors import UnknownNameError
from mnist_core.recipes import DEFAULT_RUN, RUNS
from webapp.cells import SHOWN, cell
from webapp.samples import SamplePool

DEEP: list = functools.reduce(lambda inner, _: [inner], range(1_000), [])
ASKED = {"run": DEFAULT_RUN, "snapshot": 3, "label": 4, "prediction": 9}


@pytest.fixture(scope="module")
def pool(test_images: LabelledImages) -> SamplePool:
    """A pool where MNIST has arrived."""
    pool = SamplePool()
    pool._images, pool.source = test_images, "mnist"
    return pool


@pytest.mark.parametrize("index", [0, 5, 12, -1])
@pytest.mark.parametrize("run_id", ["relu-50/published", "relu-96-256/robust", "tanh-96-sigmoid-256/robust"])
def test_a_row_s_images_are_as_many_as_the_card_counted(run_id: str, index: int, pool: SamplePool) -> None:
    scores = load_head(checkpoint_path(RUNS[run_id])).card.scores
    snapshot = index % len(scores)
    for label in (4, 7):
        asked = {"run": run_id, "snapshot": snapshot, "label": label}
        replies = [cell(asked | {"prediction": prediction}, pool) for prediction in range(10)]
        assert [reply["total"] for reply in replies] == scores[snapshot].confusion[label]


@pytest.mark.parametrize(("label", "prediction"), [(4, 9), (7, 7), (8, 3)])
def test_the_images_are_those_that_the_snapshot_reads_so(
    label: int, prediction: int, pool: SamplePool, test_images: LabelledImages
) -> None:
    network = network_at(load_checkpoint(checkpoint_path(RUNS[DEFAULT_RUN]))[0], 3)
    of_label = test_images.images[test_images.labels == label]
    with torch.no_grad():
        read = network(of_label[:, None].float().div(255).double()).argmax(-1)
    expected = of_label[read == prediction][:SHOWN]
    reply = cell(ASKED | {"label": label, "prediction": prediction}, pool)
    assert base64.b64decode(reply["images"]) == expected.numpy().tobytes()


def test_a_large_cell_shows_sixty_and_tells_its_total(pool: SamplePool) -> None:
    reply = cell(ASKED | {"snapshot": 20, "label": 1, "prediction": 1}, pool)
    assert len(base64.b64decode(reply["images"])) == 60 * 784
    assert reply["total"] == load_head(checkpoint_path(RUNS[DEFAULT_RUN])).card.scores[20].confusion[1][1]


def test_without_mnist_the_reply_says_only_that() -> None:
    assert cell(ASKED, SamplePool()) == {"source": "handwritings"}


def test_while_mnist_is_fetched_the_reply_says_only_that() -> None:
    pool = SamplePool()
    pool.source = "pending"
    assert cell(ASKED, pool) == {"source": "pending"}


@pytest.mark.parametrize("part", ["run", "snapshot", "label", "prediction"])
@pytest.mark.parametrize("value", [-1, 21, 2**70, 0.5, "3", None, [], {}])
def test_an_unknown_cell_is_refused(part: str, value: object) -> None:
    with pytest.raises(UnknownNameError, match=r"Unknown (run|cell)"):
        cell(ASKED | {part: value}, SamplePool())


@pytest.mark.parametrize("request_", [None, 7, [], {}, {"run": DEFAULT_RUN}, DEEP])
def test_a_request_that_names_no_cell_is_refused(request_: object) -> None:
    with pytest.raises(UnknownNameError, match="send a run, a snapshot, a label and a prediction"):
        cell(request_, SamplePool())


def test_an_unknown_snapshot_is_told_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match=rf"snapshot 21, .* {DEFAULT_RUN} has snapshots 0 to 20"):
        cell(ASKED | {"snapshot": 21}, SamplePool())
