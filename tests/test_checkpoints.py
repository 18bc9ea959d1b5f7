"""Timelines on disk: what comes back, what an interruption leaves, and what is refused with which words."""

import tracemalloc
from dataclasses import replace

import pytest
import torch
from made import made_card, made_timeline, read_header, read_parts, write_header, write_parts

from mnist_core.checkpoints import checkpoint as checkpoints
from mnist_core.checkpoints.card import (
    MAX_BYTES,
    Bin,
    Calibration,
    checkpoint_path,
    load_cards,
    load_metadata,
)
from mnist_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from mnist_core.errors import CheckpointError
from mnist_core.runs.recipes import RUNS

EVERY_RUN = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
RUN = RUNS["relu-50/published"]


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


@EVERY_RUN
@pytest.mark.parametrize("steps", [(0,), (0, 9), tuple(range(21))], ids=["1", "2", "21"])
def test_the_file_holds_the_last_network_then_the_first_then_the_others(run, steps, tmp_path):
    timeline, path = made_timeline(run, steps), checkpoint_path(run, tmp_path)
    save_checkpoint(timeline, made_card(len(steps)), path)
    header, weights = read_header(path)
    del header["__metadata__"]
    in_file = sorted(header, key=lambda name: header[name]["data_offsets"])
    maps = range(len(run.architecture.shapes))
    begin = 0
    for place, snapshot in enumerate([len(steps) - 1, *range(len(steps) - 1)]):
        for number in maps:  # safetensors sorts by name, so a bias comes before its weight
            for part, tensors in (("bias", timeline.biases), ("weight", timeline.weights)):
                expected = tensors[number][snapshot].numpy().tobytes()
                assert in_file.pop(0) == f"{place:02}.{number}.{part}"
                assert weights[begin : begin + len(expected)] == expected
                begin += len(expected)
    assert (in_file, begin) == ([], len(weights))


def test_the_card_comes_back_as_it_was_saved(path):
    assert load_checkpoint(path)[1] == made_card()


def test_a_calibration_comes_back_as_it_was_saved(path):
    card = replace(made_card(), calibration=Calibration([Bin(3, 0.9, 1.0)]))
    save_checkpoint(made_timeline(RUN), card, path)
    assert load_metadata(path).card == card


def test_a_card_from_before_calibrations_has_none(path):
    tensors, card = read_parts(path)
    del card["calibration"]
    write_parts(path, tensors, card)
    assert load_metadata(path).card == made_card()


def test_a_card_from_before_training_scores_has_none(path):
    tensors, card = read_parts(path)
    del card["training_scores"]
    for result in card["seeds"]:
        del result["training_accuracy"]
    write_parts(path, tensors, card)
    loaded = load_metadata(path).card
    assert loaded.training_scores == []
    assert {result.training_accuracy for result in loaded.seeds} == {None}


def test_a_recipe_from_before_controls_is_no_control(path):
    tensors, card = read_parts(path)
    del card["recipe"]["training_images"], card["recipe"]["shuffled_labels"]
    write_parts(path, tensors, card)
    assert not load_checkpoint(path)[0].run.recipe.is_control


def test_a_card_is_read_alone_as_with_its_weights(path):
    assert load_metadata(path).card == made_card()


def test_a_card_is_refused_alone_as_with_its_weights(path):
    tensors, card = read_parts(path)
    write_parts(path, tensors, {**card, "steps": [0, 5, 1]})
    with pytest.raises(CheckpointError, match="its steps do not grow from 0"):
        load_metadata(path)


def test_the_steps_are_read_alone_as_with_the_weights(tmp_path):
    timeline = made_timeline(RUNS["relu-50/published"])
    save_checkpoint(timeline, made_card(), tmp_path / "published.safetensors")
    metadata = load_metadata(tmp_path / "published.safetensors")
    assert (metadata.steps, metadata.images_seen) == (timeline.steps, timeline.images_seen)


def test_cards_are_loaded_for_every_run(tmp_path):
    for run in RUNS.values():
        save_checkpoint(made_timeline(run), made_card(), checkpoint_path(run, tmp_path))
    assert load_cards(tmp_path) == {run: made_card() for run in RUNS.values()}


def test_a_missing_checkpoint_is_not_passed_over_among_the_cards(tmp_path):
    with pytest.raises(CheckpointError, match="train relu-25-25/published"):
        load_cards(tmp_path)


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
