"""Timelines on disk: what comes back, what is refused, and what an interruption leaves."""

from dataclasses import replace

import pytest
import torch
from made import made_card, made_refusal, made_timeline, read_parts, write_parts

from mnist_core import checkpoints
from mnist_core.checkpoints import (
    MAX_BYTES,
    checkpoint_path,
    load_card,
    load_cards,
    load_checkpoint,
    load_steps,
    save_checkpoint,
)
from mnist_core.errors import CheckpointError
from mnist_core.evaluation import Bin, Calibration
from mnist_core.recipes import RUNS

EVERY_RUN = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
RUN = RUNS["relu-50/published"]


@pytest.fixture
def path(tmp_path):
    """A sound checkpoint of a made timeline."""
    path = checkpoint_path(RUN, tmp_path)
    save_checkpoint(made_timeline(RUN), made_card(), path)
    return path


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


@EVERY_RUN
def test_a_checkpoint_lies_under_its_architecture_and_recipe(run, tmp_path):
    architecture, recipe = run.id.split("/")
    assert checkpoint_path(run, tmp_path) == tmp_path / architecture / f"{recipe}.safetensors"


@EVERY_RUN
def test_weights_come_back_as_they_were_saved(run, tmp_path):
    timeline, path = made_timeline(run), checkpoint_path(run, tmp_path)
    save_checkpoint(timeline, made_card(), path)
    loaded, _ = load_checkpoint(path)
    saved_tensors, loaded_tensors = timeline.weights + timeline.biases, loaded.weights + loaded.biases
    assert all(torch.equal(a, b) for a, b in zip(saved_tensors, loaded_tensors, strict=True))


@EVERY_RUN
def test_run_seed_and_steps_come_back_as_they_were_saved(run, tmp_path):
    timeline, path = made_timeline(run), checkpoint_path(run, tmp_path)
    save_checkpoint(timeline, made_card(), path)
    loaded, _ = load_checkpoint(path)
    assert (loaded.run, loaded.seed, loaded.steps, loaded.images_seen) == (
        *(run, timeline.seed),
        *(timeline.steps, timeline.images_seen),
    )


def test_the_card_comes_back_as_it_was_saved(path):
    assert load_checkpoint(path)[1] == made_card()


def test_refusal_and_calibration_come_back_as_they_were_saved(path):
    card = replace(made_card(), refusal=made_refusal(), calibration=Calibration([Bin(3, 0.9, 1.0)]))
    save_checkpoint(made_timeline(RUN), card, path)
    assert load_card(path) == card


def test_a_card_from_before_refusals_has_none(path):
    tensors, card = read_parts(path)
    del card["refusal"], card["calibration"]
    write_parts(path, tensors, card)
    assert load_card(path) == made_card()


def test_a_card_is_read_alone_as_with_its_weights(path):
    assert load_card(path) == made_card()


def test_a_card_is_refused_alone_as_with_its_weights(path):
    tensors, card = read_parts(path)
    write_parts(path, tensors, {**card, "steps": [0, 5, 1]})
    with pytest.raises(CheckpointError, match="its steps do not grow from 0"):
        load_card(path)


def test_the_steps_are_read_alone_as_with_the_weights(tmp_path):
    timeline = made_timeline(RUNS["relu-50/published"])
    save_checkpoint(timeline, made_card(), tmp_path / "published.safetensors")
    assert load_steps(tmp_path / "published.safetensors") == (timeline.steps, timeline.images_seen)


def test_cards_are_loaded_for_every_run(tmp_path):
    for run in RUNS.values():
        save_checkpoint(made_timeline(run), made_card(), checkpoint_path(run, tmp_path))
    assert load_cards(tmp_path) == {run: made_card() for run in RUNS.values()}


def test_a_missing_checkpoint_is_not_passed_over_among_the_cards(tmp_path):
    with pytest.raises(CheckpointError, match="train relu-25-25/published"):
        load_cards(tmp_path)


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
    assert "SafetensorError" in refusal(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 a pickle in a zip", b"\x80\x04N.", b"\xff" * 1000])
def test_a_foreign_file_is_refused(path, content):
    path.write_bytes(content)
    assert "SafetensorError" in refusal(path)


def test_a_safetensors_file_without_a_card_is_refused(path):
    checkpoints.save_file(read_parts(path)[0], path)
    assert "KeyError: 'card'" in refusal(path)


@pytest.mark.parametrize("card", ["", "not JSON", "[" * 100_000, "[1, 2]", "null", "{}"])
def test_a_garbage_card_is_refused(path, card):
    write_parts(path, read_parts(path)[0], card)
    assert refusal(path)


@pytest.mark.parametrize("field", ["format", "run", "recipe", "steps", "scores", "epochs", "seeds"])
def test_a_card_without_a_field_is_refused(path, field):
    tensors, card = read_parts(path)
    del card[field]
    write_parts(path, tensors, card)
    assert f"KeyError: '{field}'" in refusal(path)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("format", "inkling timeline 0", "its card has another format"),
        ("run", "relu-51/published", "Unknown run 'relu-51/published'"),
        ("recipe", {"optimizer": "adam"}, "it was made with another definition of relu-50/published"),
        ("steps", [0, 5, 1], "its steps do not grow from 0"),
        ("steps", [1, 2, 3], "its steps do not grow from 0"),
        ("steps", [0, 1, "5"], "its steps are no whole numbers"),
        ("images_seen", [0, 64], "its steps do not grow from 0"),
        ("scores", [], "its scores do not fit its snapshots"),
        ("surprise", 1, "unexpected keyword argument 'surprise'"),
    ],
)
def test_a_card_that_does_not_fit_is_refused_with_the_reason(path, field, value, reason):
    tensors, card = read_parts(path)
    write_parts(path, tensors, {**card, field: value})
    assert reason in refusal(path)


def test_a_loss_that_is_no_number_is_refused(path):
    tensors, card = read_parts(path)
    card["scores"][1]["loss"] = float("nan")
    write_parts(path, tensors, card)
    assert "its scores do not fit its snapshots" in refusal(path)


def test_a_checkpoint_of_other_shapes_is_refused(path):
    tensors, card = read_parts(path)
    tensors["0.weight"] = tensors["0.weight"][:, :49].clone()
    write_parts(path, tensors, card)
    assert "'0.weight': [3, 49, 784]" in refusal(path)


def test_another_runs_weights_under_this_card_are_refused(path, tmp_path):
    other = checkpoint_path(RUNS["relu-25-25/published"], tmp_path)
    save_checkpoint(made_timeline(RUNS["relu-25-25/published"]), made_card(), other)
    write_parts(path, read_parts(other)[0], read_parts(path)[1])
    assert "its tensors have the shapes" in refusal(path)


def test_an_extra_tensor_is_refused(path):
    tensors, card = read_parts(path)
    write_parts(path, {**tensors, "extra": torch.zeros(1)}, card)
    assert "'extra': [1]" in refusal(path)


def test_a_missing_tensor_is_refused(path):
    tensors, card = read_parts(path)
    del tensors["1.bias"]
    write_parts(path, tensors, card)
    assert "its tensors have the shapes" in refusal(path)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int16])
def test_weights_of_another_type_are_refused(path, dtype):
    tensors, card = read_parts(path)
    write_parts(path, {name: tensor.to(dtype) for name, tensor in tensors.items()}, card)
    assert "its weights are not in half precision" in refusal(path)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_finite_numbers_are_refused(path, value):
    tensors, card = read_parts(path)
    tensors["1.weight"][2, 0, 0] = value
    write_parts(path, tensors, card)
    assert "it holds weights that are no finite numbers" in refusal(path)


def break_off_while_writing(tensors, path, metadata):
    path.write_bytes(b"half a checkpoint")
    raise KeyboardInterrupt


def test_an_interrupted_save_leaves_the_old_file(path, monkeypatch):
    before = path.read_bytes()
    monkeypatch.setattr(checkpoints, "save_file", break_off_while_writing)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(made_timeline(RUN, steps=(0, 9)), made_card(2), path)
    assert path.read_bytes() == before


def test_an_interrupted_save_leaves_nothing_beside_the_old_file(path, monkeypatch):
    monkeypatch.setattr(checkpoints, "save_file", break_off_while_writing)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(made_timeline(RUN, steps=(0, 9)), made_card(2), path)
    assert list(path.parent.iterdir()) == [path]


def test_an_interrupted_first_save_leaves_no_file(tmp_path, monkeypatch):
    path = checkpoint_path(RUN, tmp_path)
    monkeypatch.setattr(checkpoints, "save_file", break_off_while_writing)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(made_timeline(RUN), made_card(), path)
    assert list(path.parent.iterdir()) == []
