"""The recipes against the tutorials' table."""

import pytest

from mnist_core.errors import UnknownNameError
from mnist_core.runs.architectures import ARCHITECTURES
from mnist_core.runs.recipes import DEFAULT_RUN, FINE_TUNING, RUNS, find_run

# optimizer, learning rate, momentum, loss, batch, epochs, shuffled, input range: as the tutorials have them
PUBLISHED = {
    "relu-50": ("adam", 0.001, 0.0, "cross_entropy", 64, 3, True, (0, 1)),
    "relu-25-25": ("adam", 0.02, 0.0, "cross_entropy", 1028, 100, True, (0, 1)),
    "relu-96-256": ("adam", 0.001, 0.0, "cross_entropy", 32, 10, False, (0, 1)),
    "tanh-96-sigmoid-256": ("adam", 0.001, 0.0, "cross_entropy_of_probabilities", 32, 10, False, (0, 1)),
    "relu-128-128-64-64": ("sgd", 0.003, 0.9, "cross_entropy", 32, 5, True, (-1, 1)),
}


@pytest.mark.parametrize("architecture_id", ARCHITECTURES)
def test_published_recipe_is_the_tutorials_own(architecture_id):
    recipe = RUNS[f"{architecture_id}/published"].recipe
    assert (
        recipe.optimizer,
        recipe.learning_rate,
        recipe.momentum,
        recipe.loss,
        recipe.batch_size,
        recipe.epochs,
        recipe.shuffled,
        recipe.input_range,
    ) == PUBLISHED[architecture_id]


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_a_run_is_found_under_its_own_id(run):
    assert find_run(run.id) is run


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_a_run_id_starts_with_its_architecture(run):
    assert run.id.split("/")[0] == run.architecture.id


def test_every_run_has_a_learning_rate_and_a_share_for_fine_tuning_and_nothing_else_has():
    table = {run.id: (run.fine_tuning_rate, run.fine_tuning_share) for run in RUNS.values()}
    assert table == FINE_TUNING


def test_the_default_run_is_one_of_the_runs():
    assert DEFAULT_RUN in RUNS


@pytest.mark.parametrize("unknown", ["relu-50", "relu-50/secret", "", None, ["relu-50/published"]])
def test_an_unknown_run_is_refused_with_the_names_there_are(unknown):
    with pytest.raises(UnknownNameError) as caught:
        find_run(unknown)
    assert str(caught.value) == f"Unknown run {unknown!r}; choose one of: {', '.join(RUNS)}."
