"""Timelines on disk: what comes back, and what an interruption leaves."""

from dataclasses import replace

import pytest
import torch
from made import made_card, made_timeline, read_header, read_parts, write_parts

from mnist_core.checkpoints import checkpoint as checkpoints
from mnist_core.checkpoints.card import Bin, Calibration, checkpoint_path, load_cards, load_metadata
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
