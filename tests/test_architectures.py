"""The five networks against the figures that their tutorials publish."""

import pytest

from mnist_core.errors import UnknownNameError
from mnist_core.runs.architectures import ARCHITECTURES, Hidden, find_architecture

PUBLISHED_PARAMETERS = {
    "relu-25-25": 20_535,
    "relu-50": 39_760,
    "relu-96-256": 102_762,
    "tanh-96-sigmoid-256": 102_762,
    "relu-128-128-64-64": 130_058,
}
PUBLISHED_SIZES = {
    "relu-25-25": (784, 25, 25, 10),
    "relu-50": (784, 50, 10),
    "relu-96-256": (784, 96, 256, 10),
    "tanh-96-sigmoid-256": (784, 96, 256, 10),
    "relu-128-128-64-64": (784, 128, 128, 64, 64, 10),
}


def test_the_table_holds_exactly_the_five_published_networks():
    assert set(ARCHITECTURES) == set(PUBLISHED_PARAMETERS)


@pytest.mark.parametrize("architecture_id", ARCHITECTURES)
def test_parameters_are_as_many_as_published(architecture_id):
    assert ARCHITECTURES[architecture_id].parameters == PUBLISHED_PARAMETERS[architecture_id]


@pytest.mark.parametrize("architecture_id", ARCHITECTURES)
def test_layers_have_the_published_sizes(architecture_id):
    assert ARCHITECTURES[architecture_id].sizes == PUBLISHED_SIZES[architecture_id]


@pytest.mark.parametrize("architecture_id", ARCHITECTURES)
def test_an_architecture_is_found_under_its_own_id(architecture_id):
    assert find_architecture(architecture_id).id == architecture_id


@pytest.mark.parametrize("architecture_id", ["relu-25-25", "relu-50", "relu-128-128-64-64"])
def test_hidden_layers_are_plain_relu_where_published_so(architecture_id):
    assert {(h.activation, h.dropout) for h in ARCHITECTURES[architecture_id].hidden} == {("relu", 0.0)}


def test_relu_96_256_drops_out_a_fifth_after_each_relu():
    assert ARCHITECTURES["relu-96-256"].hidden == (Hidden(96, "relu", 0.2), Hidden(256, "relu", 0.2))


def test_tanh_96_sigmoid_256_drops_out_a_fifth_after_each_activation():
    hidden = ARCHITECTURES["tanh-96-sigmoid-256"].hidden
    assert hidden == (Hidden(96, "tanh", 0.2), Hidden(256, "sigmoid", 0.2))


def test_linear_maps_of_tanh_96_sigmoid_256_have_the_published_parameters():
    shapes = ARCHITECTURES["tanh-96-sigmoid-256"].shapes
    assert [outputs * inputs + outputs for outputs, inputs in shapes] == [75_360, 24_832, 2_570]


def test_an_unknown_model_is_refused_with_the_names_there_are():
    with pytest.raises(UnknownNameError) as caught:
        find_architecture("relu-26")
    assert str(caught.value) == (
        "Unknown model 'relu-26'; choose one of: "
        "relu-25-25, relu-50, relu-96-256, tanh-96-sigmoid-256, relu-128-128-64-64."
    )
