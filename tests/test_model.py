"""The module that an architecture describes: its layers, its weights, its summary."""

import pytest
import torch
from torch import nn

from mnist_core.networks.model import ScaleInput, build_model, linear_layers, summarize
from mnist_core.runs.architectures import ARCHITECTURES

EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=ARCHITECTURES)
DROPPING = [architecture for architecture in ARCHITECTURES.values() if architecture.hidden[0].dropout]


def flat_weights(model):
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


@EVERY_ARCHITECTURE
def test_a_model_has_exactly_the_architectures_parameters(architecture):
    assert flat_weights(build_model(architecture, seed=0)).numel() == architecture.parameters


@EVERY_ARCHITECTURE
def test_a_model_turns_images_into_ten_numbers_each(architecture):
    assert build_model(architecture, seed=0)(torch.rand(3, 28, 28)).shape == (3, 10)


@EVERY_ARCHITECTURE
def test_a_model_ends_in_logits_not_in_probabilities(architecture):
    last = list(build_model(architecture, seed=0))[-1]
    assert isinstance(last, nn.Linear)


def test_layers_stand_in_the_published_order():
    layers = build_model(ARCHITECTURES["tanh-96-sigmoid-256"], seed=0)
    assert [type(layer) for layer in layers] == [
        *(nn.Flatten, ScaleInput),
        *(nn.Linear, nn.Tanh, nn.Dropout),
        *(nn.Linear, nn.Sigmoid, nn.Dropout),
        nn.Linear,
    ]


@EVERY_ARCHITECTURE
def test_equal_seeds_give_equal_weights(architecture):
    one, other = (flat_weights(build_model(architecture, seed=7)) for _ in range(2))
    assert torch.equal(one, other)


@EVERY_ARCHITECTURE
def test_different_seeds_give_different_weights(architecture):
    one, other = (flat_weights(build_model(architecture, seed=seed)) for seed in (7, 8))
    assert not torch.equal(one, other)


@EVERY_ARCHITECTURE
def test_building_leaves_the_global_random_state_as_it_was(architecture, random_state):
    build_model(architecture, seed=7)
    assert torch.equal(torch.get_rng_state(), random_state)


@pytest.mark.parametrize("architecture", DROPPING, ids=lambda architecture: architecture.id)
def test_dropout_switched_off_leaves_identities_in_its_place(architecture):
    with_dropout = [type(layer) for layer in build_model(architecture, seed=0)]
    without = [type(layer) for layer in build_model(architecture, seed=0, dropout=False)]
    assert without == [nn.Identity if kind is nn.Dropout else kind for kind in with_dropout]


@pytest.mark.parametrize("architecture", DROPPING, ids=lambda architecture: architecture.id)
def test_dropout_switched_off_keeps_the_weights(architecture):
    one, other = (build_model(architecture, seed=3, dropout=dropout) for dropout in (True, False))
    assert torch.equal(flat_weights(one), flat_weights(other))


@pytest.mark.parametrize("architecture", DROPPING, ids=lambda architecture: architecture.id)
def test_a_model_without_dropout_answers_in_training_as_in_evaluation(architecture):
    model, images = build_model(architecture, seed=0, dropout=False), torch.rand(5, 28, 28)
    assert torch.equal(model.train()(images), model.eval()(images))


def test_input_range_maps_paper_to_its_low_and_ink_to_its_high_end():
    assert ScaleInput((-1.0, 1.0))(torch.tensor([0.0, 0.5, 1.0])).tolist() == [-1.0, 0.0, 1.0]


def test_a_model_applies_its_input_range():
    architecture, images = ARCHITECTURES["relu-50"], torch.rand(4, 28, 28)
    scaled = build_model(architecture, seed=0, input_range=(-1.0, 1.0))(images)
    by_hand = build_model(architecture, seed=0)(2 * images - 1)
    torch.testing.assert_close(scaled, by_hand)


@EVERY_ARCHITECTURE
def test_linear_layers_are_those_with_the_architectures_shapes(architecture):
    layers = linear_layers(build_model(architecture, seed=0))
    assert tuple(tuple(layer.weight.shape) for layer in layers) == architecture.shapes


def test_summary_is_the_table_that_the_tutorial_prints():
    assert summarize(ARCHITECTURES["tanh-96-sigmoid-256"]).splitlines() == [
        "tanh-96-sigmoid-256",
        "-------------------------------------",
        "Layer        Output shape  Parameters",
        "-------------------------------------",
        "Flatten      (784,)                 0",
        "Linear       (96,)             75,360",
        "Tanh         (96,)                  0",
        "Dropout 0.2  (96,)                  0",
        "Linear       (256,)            24,832",
        "Sigmoid      (256,)                 0",
        "Dropout 0.2  (256,)                 0",
        "Linear       (10,)              2,570",
        "-------------------------------------",
        "Total trainable parameters: 102,762",
    ]


@EVERY_ARCHITECTURE
def test_a_summarys_rows_add_up_to_its_total(architecture):
    *lines, total = summarize(architecture).splitlines()
    rows = [line for line in lines[4:] if not line.startswith("-")]
    assert f"{sum(int(row.split()[-1].replace(',', '')) for row in rows):,}" == total.split()[-1]
