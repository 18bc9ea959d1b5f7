"""A run's snapshots: when they are taken, and what all of them say at once."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from made import made_images, made_timeline, network_at, shortened
from torch import nn

from mnist_core.errors import UnknownNameError
from mnist_core.networks.model import build_model, linear_layers
from mnist_core.networks.timeline import before_and_after
from mnist_core.runs.recipes import RUNS
from mnist_core.training.run_training import SNAPSHOTS, Recorder, snapshot_steps, train

# One of each architecture; of these one has another range of inputs.
PUBLISHED = [run for run in RUNS.values() if run.id.endswith("/published")]
LENGTHS = st.integers(1, 200_000)
INK = made_images(30).ink(torch.float64)


@pytest.mark.parametrize("index", [0, 1, -1])
def test_one_snapshot_says_what_it_says_among_the_others(index):
    timeline = made_timeline(RUNS["relu-25-25/published"]).to(torch.float64)
    assert timeline.at(index).steps == (timeline.steps[index],)
    assert torch.allclose(timeline.at(index).logits(INK)[0], timeline.logits(INK)[index], rtol=1e-12)


@given(LENGTHS)
def test_snapshot_steps_grow_from_untrained_to_the_last_step(total):
    steps = snapshot_steps(total)
    assert (steps[0], steps[-1]) == (0, total)
    assert steps == sorted(set(steps))


@given(LENGTHS)
def test_snapshot_steps_are_equal_factors_apart_before_rounding(total):
    spaced = {round(total ** (k / (SNAPSHOTS - 1))) for k in range(SNAPSHOTS)}
    assert set(snapshot_steps(total)) == {0, *spaced}


def test_a_run_keeps_about_twenty_snapshots():
    for run in RUNS.values():
        total = -(-60_000 // run.recipe.batch_size) * run.recipe.epochs
        assert 20 <= len(snapshot_steps(total)) <= 21, run.id


def test_step_zero_equals_a_fresh_model_with_the_same_seed():
    images = made_images(40)
    for run in {run.id.split("/")[1]: run for run in RUNS.values()}.values():  # one of each recipe
        timeline = train(shortened(run, batch_size=20, epochs=1), images, images, seed=11).timeline
        fresh = linear_layers(build_model(run.architecture, seed=11))
        for weight, bias, layer in zip(timeline.weights, timeline.biases, fresh, strict=True):
            assert torch.equal(weight[0], layer.weight.half()), run.id
            assert torch.equal(bias[0], layer.bias.half()), run.id


def test_logits_equal_each_snapshot_run_on_its_own():
    for run in PUBLISHED:
        timeline = made_timeline(run)
        together = timeline.to(torch.float64).logits(INK)
        alone = torch.stack([network_at(timeline, snapshot)(INK) for snapshot in range(3)])
        assert together.shape == (3, 30, 10), run.id
        torch.testing.assert_close(together, alone, msg=lambda text, run=run: f"{run.id}: {text}")


def test_an_image_is_answered_alone_as_among_others():
    timeline = made_timeline(RUNS["relu-50/published"]).to(torch.float64)
    torch.testing.assert_close(timeline.logits(INK[4:5])[:, 0], timeline.logits(INK)[:, 4])


def test_before_and_after_are_the_first_and_the_last_snapshots_probabilities():
    timeline = made_timeline(RUNS["relu-50/published"]).to(torch.float64)
    answer = before_and_after(timeline.run, timeline.logits(INK[4:5])[:, 0])
    expected = [network_at(timeline, snapshot)(INK[4:5]).softmax(1)[0] for snapshot in (0, -1)]
    answered = torch.tensor([answer["untrained"], answer["trained"]], dtype=torch.float64)
    torch.testing.assert_close(answered, torch.stack(expected))


def test_the_prediction_is_the_trained_networks_most_probable_digit():
    timeline = made_timeline(RUNS["relu-50/published"]).to(torch.float64)
    answers = [
        before_and_after(timeline.run, timeline.logits(image[None])[:, 0])["prediction"] for image in INK
    ]
    assert answers == network_at(timeline, -1)(INK).argmax(1).tolist()


def test_another_precision_leaves_the_original_as_it_was():
    timeline = made_timeline(RUNS["relu-50/published"])
    timeline.to(torch.float32)
    assert timeline.weights[0].dtype == torch.float16


@pytest.mark.parametrize(("step", "index"), [(0, 0), (1, 1), (5, 2)])
def test_a_step_is_found_at_its_place(step, index):
    assert made_timeline(RUNS["relu-50/published"]).index_of(step) == index


@pytest.mark.parametrize("step", [-1, 2, 6])
def test_a_step_that_is_not_there_is_refused_with_those_that_are(step):
    with pytest.raises(UnknownNameError) as caught:
        made_timeline(RUNS["relu-50/published"]).index_of(step)
    assert str(caught.value) == f"relu-50/published has no snapshot at step {step}; choose one of: 0, 1, 5."


def test_a_recorder_keeps_the_weights_of_the_step_not_later_ones():
    run = RUNS["relu-50/published"]
    model, recorder = build_model(run.architecture, seed=0), Recorder(run, 0, 1)
    recorder.observe(0, 0, model)
    kept = linear_layers(model)[0].bias.detach().half()
    nn.init.zeros_(linear_layers(model)[0].bias)
    recorder.observe(1, 64, model)
    assert torch.equal(recorder.timeline().biases[0][0], kept)


def test_a_run_that_ends_early_has_no_timeline():
    run = RUNS["relu-50/published"]
    recorder = Recorder(run, 0, 3)
    recorder.observe(0, 0, build_model(run.architecture, seed=0))
    with pytest.raises(AssertionError, match="the run ended before its last snapshot"):
        recorder.timeline()
