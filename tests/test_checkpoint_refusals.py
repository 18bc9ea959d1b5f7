"""Timelines on disk: what is refused, and with which words."""

import tracemalloc

import pytest
import torch
from made import made_card, made_timeline, read_header, read_parts, write_header, write_parts

from mnist_core.checkpoints import checkpoint as checkpoints
from mnist_core.checkpoints.card import MAX_BYTES, checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from mnist_core.errors import CheckpointError
from mnist_core.runs.recipes import RUNS

EVERY_RUN = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
RUN = RUNS["relu-50/published"]


def refusal(path):
    """The text with which a checkpoint is refused; every refusal names the file and what to do."""
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(path)
    text = str(caught.value)
    assert text.startswith(f"{path} is no intact Inkling checkpoint (")
    assert text.endswith(
        '). Restore it, or make it again with "python -m mnist_core train relu-50/published".'
    )
    return text


def test_a_missing_checkpoint_names_the_command_that_makes_it(tmp_path):
    path = checkpoint_path(RUN, tmp_path)
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(path)
    assert str(caught.value) == (
        f'No checkpoint at {path}; make it with "python -m mnist_core train relu-50/published".'
    )


def test_a_too_large_file_is_refused_unread(path):
    with path.open("r+b") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(path)
    assert str(caught.value) == f"{path} holds more than 10,000,000 bytes; no checkpoint is that large."


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.1, 0.5, 0.999])
def test_a_cut_off_file_is_refused(path, kept):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert "Error while deserializing header" in refusal(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 a pickle in a zip", b"\x80\x04N.", b"\xff" * 1000])
def test_a_foreign_file_is_refused(path, content):
    path.write_bytes(content)
    assert "Error while deserializing header" in refusal(path)


def test_a_safetensors_file_without_a_card_is_refused(path):
    checkpoints.save_file(read_parts(path)[0], path)
    assert "(it has no card)" in refusal(path)


@pytest.mark.parametrize("card", ["", "not JSON", "[" * 100_000, "[1, 2]", "null", "{}"])
def test_a_garbage_card_is_refused(path, card):
    write_parts(path, read_parts(path)[0], card)
    assert refusal(path)


@pytest.mark.parametrize("field", ["format", "run", "recipe", "steps", "scores", "epochs", "seeds"])
def test_a_card_without_a_field_is_refused(path, field):
    tensors, card = read_parts(path)
    del card[field]
    write_parts(path, tensors, card)
    assert f"(in its card, {field}: Field required)" in refusal(path)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("format", "inkling timeline 0", "in its card, format: Input should be 'inkling timeline 2'"),
        ("run", "relu-51/published", "Unknown run 'relu-51/published'"),
        ("recipe", {"optimizer": "adam"}, "it was made with another definition of relu-50/published"),
        ("steps", [0, 5, 1], "its steps do not grow from 0"),
        ("steps", [1, 2, 3], "its steps do not grow from 0"),
        ("steps", [0, 1, "5"], "in its card, steps.2: Input should be a valid integer"),
        ("seed", -1, "in its card, seed: Input should be greater than or equal to 0"),
        ("seed", 1.5, "in its card, seed: Input should be a valid integer"),
        ("images_seen", [0, 64], "its steps do not grow from 0"),
        ("scores", [], "its scores do not fit its snapshots"),
        ("training_scores", [{"n": 1, "correct": 1, "loss": 0.1}], "its scores do not fit its snapshots"),
        ("surprise", 1, "in its card, surprise: Unexpected keyword argument"),
        ("machine", 2, "in its card, machine: Input should be a valid string"),
        ("epoch_seconds", -1, "in its card, epoch_seconds: Input should be greater than or equal to 0"),
        ("pens", {"n": 1, "correct": 1}, "in its card, pens.shrunk_correct: Field required"),
    ],
)
def test_a_card_that_does_not_fit_is_refused_with_the_reason(path, field, value, reason):
    tensors, card = read_parts(path)
    write_parts(path, tensors, {**card, field: value})
    assert reason in refusal(path)


def test_more_snapshots_than_two_digits_can_name_are_refused(path):
    tensors, card = read_parts(path)
    write_parts(path, tensors, {**card, "steps": list(range(101)), "images_seen": list(range(101))})
    assert "it holds more than 100 snapshots" in refusal(path)


@pytest.mark.parametrize("scores", ["scores", "training_scores"])
def test_a_loss_that_is_no_number_is_refused(path, scores):
    tensors, card = read_parts(path)
    card[scores][1]["loss"] = float("nan")
    write_parts(path, tensors, card)
    assert f"in its card, {scores}.1.loss: Input should be a finite number" in refusal(path)


def test_a_checkpoint_of_other_shapes_is_refused(path):
    tensors, card = read_parts(path)
    tensors["02.0.weight"] = tensors["02.0.weight"][:49].clone()
    write_parts(path, tensors, card)
    assert "its tensor '02.0.weight' has the shape [49, 784], expected [50, 784]" in refusal(path)


def test_another_runs_weights_under_this_card_are_refused(path, tmp_path):
    other = checkpoint_path(RUNS["relu-25-25/published"], tmp_path)
    save_checkpoint(made_timeline(RUNS["relu-25-25/published"]), made_card(), other)
    write_parts(path, read_parts(other)[0], read_parts(path)[1])
    assert "its tensor '00.0.bias' has the shape [25], expected [50]" in refusal(path)


def test_an_extra_tensor_is_refused(path):
    tensors, card = read_parts(path)
    write_parts(path, {**tensors, "extra": torch.zeros(1)}, card)
    assert "its tensor 'extra' has the shape [1], expected none" in refusal(path)


def test_a_missing_tensor_is_refused(path):
    tensors, card = read_parts(path)
    del tensors["01.1.bias"]
    write_parts(path, tensors, card)
    assert "its tensor '01.1.bias' has the shape none, expected [10]" in refusal(path)


def test_the_order_of_tensors_used_before_is_refused(path):
    timeline, card = made_timeline(RUN), read_parts(path)[1]
    pairs = enumerate(zip(timeline.weights, timeline.biases, strict=True))
    tensors = {f"{n}.{part}": both[i] for n, both in pairs for i, part in enumerate(("weight", "bias"))}
    write_parts(path, tensors, {**card, "format": "inkling timeline 1"})
    assert "in its card, format: Input should be 'inkling timeline 2'" in refusal(path)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int16])
def test_weights_of_another_type_are_refused(path, dtype):
    tensors, card = read_parts(path)
    write_parts(path, {name: tensor.to(dtype) for name, tensor in tensors.items()}, card)
    assert "its weights are not in half precision" in refusal(path)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_finite_numbers_are_refused(path, value):
    tensors, card = read_parts(path)
    tensors["02.1.weight"][0, 0] = value
    write_parts(path, tensors, card)
    assert "it holds weights that are no finite numbers" in refusal(path)


@pytest.mark.parametrize("shape", [[2**40, 784], [2**62, 2**62], [10**6, 10**6], [-1, 784]])
def test_a_header_that_claims_huge_weights_is_refused_before_memory_is_spent(path, shape):
    header, weights = read_header(path)
    header["00.0.weight"]["shape"] = shape
    write_header(path, header, weights)
    tracemalloc.start()
    refusal(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("offsets", [[0, 2**50], [2**50, 2**51], [-1, 5], [100, 0]])
def test_a_header_that_points_outside_its_file_is_refused(path, offsets):
    header, weights = read_header(path)
    header["00.0.weight"]["data_offsets"] = offsets
    write_header(path, header, weights)
    assert "Error while deserializing header" in refusal(path)


@pytest.mark.parametrize("length", [2**63 - 1, 2**40, 10**9, 5])
def test_a_header_that_lies_about_its_length_is_refused(path, length):
    write_header(path, *read_header(path), length=length)
    assert "Error while deserializing header" in refusal(path)
