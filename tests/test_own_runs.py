"""Runs that were trained in the page and saved there: read like any other, or refused with a sentence."""

import json
import random

import pytest
import torch
from command_line import SEVEN, one_line_refusal
from made import made_images, made_timeline, read_header, read_parts, shortened, write_header, write_parts
from own_run_files import card_of, write_own
from safetensors.torch import save_file

from mnist_core.__main__ import main
from mnist_core.checkpoints.card import MAX_BYTES, checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.checkpoints.own_runs import load_file
from mnist_core.detector.network import is_not_a_digit, load_detector
from mnist_core.drawings.mnist import LabelledImages
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.errors import CheckpointError
from mnist_core.measuring.evaluation import evaluate
from mnist_core.networks.timeline import before_and_after
from mnist_core.runs.recipes import RUNS

PUBLISHED = [run for run in RUNS.values() if run.recipe.published]
EVERY_ARCHITECTURE = pytest.mark.parametrize("run", PUBLISHED, ids=lambda run: run.architecture.id)
RUN = RUNS["relu-50/published"]


@pytest.fixture
def own(tmp_path):
    """A sound file of an own run of relu-50."""
    return write_own(tmp_path / "own.safetensors", made_timeline(RUN))


def refusal(path):
    """The text with which a file is refused; every refusal names the file and what to do."""
    with pytest.raises(CheckpointError) as caught:
        load_file(path)
    text = str(caught.value)
    assert text.startswith(f"{path} is no intact Inkling checkpoint (")
    assert text.endswith("). Save it in the page again.")
    return text


@EVERY_ARCHITECTURE
@pytest.mark.parametrize("number", [1, 2, 34])
def test_every_architectures_own_run_is_read_with_its_weights_and_its_input_range(run, number, tmp_path):
    timeline = made_timeline(shortened(run, input_range=(-0.5, 2.0)))
    path = write_own(tmp_path / "own.safetensors", timeline, run=f"{run.architecture.id}/own-{number}")
    images = made_images(20).ink(torch.float64)
    read = load_file(path)
    assert read.run.id == f"{run.architecture.id}/own-{number}"
    assert (read.seed, read.steps, read.images_seen) == (5, timeline.steps, timeline.images_seen)
    expected = timeline.to(torch.float64).logits(images)
    assert torch.equal(read.to(torch.float64).logits(images), expected)


def test_an_own_run_keeps_the_settings_it_was_trained_with(own):
    recipe = load_file(own).run.recipe
    assert (recipe.optimizer, recipe.learning_rate, recipe.batch_size, recipe.epochs) == ("adam", 0.01, 32, 2)


def test_dropout_of_ones_own_changes_nothing(tmp_path):
    run = RUNS["relu-96-256/published"]
    card = card_of(made_timeline(run))
    card["architecture"]["hidden"] = [{**layer, "dropout": 0.7} for layer in card["architecture"]["hidden"]]
    path = write_own(tmp_path / "own.safetensors", made_timeline(run), architecture=card["architecture"])
    assert load_file(path).run.architecture == run.architecture


def test_evaluate_reads_a_file_on_mnists_test_images(own, small, capsys):
    assert main(["evaluate", str(own), "--json"]) == 0
    images: LabelledImages = made_images(60)  # what `small` gives in the place of MNIST
    scores = evaluate(made_timeline(RUN), images.ink(torch.float64), images.labels)[-1]
    assert json.loads(capsys.readouterr().out) == {
        **{"run": "relu-50/own-1", "step": 5, "data": "MNIST test", "n": 60},
        **{"correct": scores.correct, "accuracy": scores.accuracy, "loss": scores.loss},
        "refused": is_not_a_digit(load_detector(), images.ink()).double().mean().item(),
    }


def test_predict_reads_a_file(own, tmp_path, capsys):
    drawing = tmp_path / "seven.json"
    drawing.write_text(json.dumps(SEVEN.to_json()))
    assert main(["predict", str(own), str(drawing), "--json"]) == 0
    logits = made_timeline(RUN).to(torch.float32).logits(image_of_drawing(SEVEN)[None])
    expected = before_and_after(RUN, logits[:, 0])
    assert json.loads(capsys.readouterr().out) == {**expected, "run": "relu-50/own-1", "is_digit": True}


def test_a_checkpoint_of_inklings_own_is_read_as_a_file_too():
    expected, read = load_checkpoint(checkpoint_path(RUN))[0], load_file(checkpoint_path(RUN))
    assert read.run == RUN
    assert all(map(torch.equal, read.weights, expected.weights))


def test_a_missing_file_is_refused_in_one_line(tmp_path, capsys):
    path = tmp_path / "none.safetensors"
    assert one_line_refusal(capsys, "evaluate", path) == (
        f"No checkpoint at {path}; give a file that the page saved."
    )


def test_a_too_large_file_is_refused_unread(own):
    with own.open("r+b") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(
        CheckpointError, match="holds more than 10,000,000 bytes; no checkpoint is that large"
    ):
        load_file(own)


def test_a_foreign_file_is_refused_in_one_line(tmp_path, capsys):
    path = tmp_path / "foreign.safetensors"
    save_file({"weight": torch.zeros(3)}, path)
    assert "(it has no card)" in one_line_refusal(capsys, "evaluate", path)


OTHER_LAYERS = {"id": "relu-50", "hidden": [{"units": 51, "activation": "relu", "dropout": 0}]}
OTHER_ACTIVATION = {"id": "relu-50", "hidden": [{"units": 50, "activation": "tanh", "dropout": 0}]}
OTHER_ID = {"id": "relu-25-25", "hidden": [{"units": 50, "activation": "relu", "dropout": 0}]}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("format", "inkling timeline 3", "in its card, format: Input should be 'inkling timeline 2'"),
        ("run", "relu-50/own-0", "its run 'relu-50/own-0' is neither one of Inkling's nor one's own"),
        ("run", "relu-50/mine", "its run 'relu-50/mine' is neither one of Inkling's nor one's own"),
        ("run", "relu-51/own-1", "Unknown model 'relu-51'; choose one of: "),
        ("run", "relu-50/published", "in its card, seeds: Field required"),
        ("run", "relu-25-25/own-1", "it was made with another definition of relu-25-25"),
        ("architecture", OTHER_LAYERS, "it was made with another definition of relu-50"),
        ("architecture", OTHER_ACTIVATION, "it was made with another definition of relu-50"),
        ("architecture", OTHER_ID, "it was made with another definition of relu-50"),
        ("steps", [1, 2, 3], "its steps do not grow from 0"),
        ("steps", [0, 1], "its steps do not grow from 0"),
        ("steps", [0, 1, "5"], "in its card, steps.2: Input should be a valid integer"),
    ],
)
def test_a_card_that_does_not_fit_is_refused_with_the_reason(field, value, reason, tmp_path):
    path = write_own(tmp_path / "own.safetensors", made_timeline(RUN), **{field: value})
    assert reason in refusal(path)


@pytest.mark.parametrize("input_range", [[1, 0], [0, 0], [0, float("nan")], [float("-inf"), 1]])
def test_an_impossible_input_range_is_refused(input_range, tmp_path):
    timeline = made_timeline(RUN)
    recipe = {**card_of(timeline)["recipe"], "input_range": input_range}
    path = write_own(tmp_path / "own.safetensors", timeline, recipe=recipe)
    assert "the range of its inputs is empty" in refusal(path)


def test_weights_that_are_no_finite_numbers_are_refused(own):
    tensors, card = read_parts(own)
    tensors["00.0.weight"][3, 3] = float("nan")
    write_parts(own, tensors, card)
    assert "it holds weights that are no finite numbers" in refusal(own)


def test_eighty_files_cut_off_anywhere_are_refused(own):
    content = own.read_bytes()
    for kept in random.Random(0).sample(range(len(content)), 80):
        own.write_bytes(content[:kept])
        refusal(own)


def test_forty_files_of_noise_are_refused(tmp_path):
    noise = random.Random(0)
    path = tmp_path / "noise.safetensors"
    for _ in range(40):
        path.write_bytes(noise.randbytes(noise.randrange(5_000)))
        refusal(path)


FIELDS = ("format", "run", "architecture", "recipe", "seed", "steps", "images_seen")
ODD = (None, True, -1, "x", [], {}, [[]], {"id": 5}, [None, 0], 1e300)


def test_files_with_a_field_of_another_kind_are_refused(own):
    timeline = made_timeline(RUN)
    for field in FIELDS:
        for value in ODD:
            write_own(own, timeline, **{field: value})
            refusal(own)


def test_files_without_one_of_their_fields_are_refused(own):
    tensors, card = read_parts(own)
    for field in FIELDS:
        write_parts(own, tensors, {name: value for name, value in card.items() if name != field})
        refusal(own)


def test_files_whose_header_lies_are_refused(own):
    header, weights = read_header(own)
    for name in [name for name in header if name != "__metadata__"]:
        for changes in ({"dtype": "F32"}, {"shape": [1]}, {"data_offsets": [0, 2]}):
            write_header(own, {**header, name: {**header[name], **changes}}, weights)
            refusal(own)
