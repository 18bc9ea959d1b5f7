"""Trained in the page by its published recipe, a network gets as good as in Python."""

import json
from statistics import mean

import pytest
from engine_trainings import page_settings
from node import run_node

from mnist_core.checkpoints import checkpoint_path
from mnist_core.heads import load_head
from mnist_core.recipes import RUNS

PUBLISHED = [run for run in RUNS.values() if run.id.endswith("/published")]


@pytest.mark.slow
@pytest.mark.parametrize("run", PUBLISHED, ids=lambda run: run.id)
def test_a_published_recipe_reads_as_many_test_images_as_in_python(run, mnist):
    raw = mnist / "MNIST" / "raw"
    parts = [
        raw / f"{part}-{name}-ubyte" for part in ("train", "t10k") for name in ("images-idx3", "labels-idx1")
    ]
    accuracies = []
    for seed in range(3):
        settings = json.dumps(page_settings(run, seed=seed))
        accuracies.append(json.loads(run_node("recipe.js", settings, *parts, seconds=3_000)) / 10_000)
    expected = mean(result.test_accuracy for result in load_head(checkpoint_path(run)).card.seeds)
    print(f"{run.id}: {mean(accuracies):.2%}, in Python {expected:.2%}; each: {accuracies}")
    assert mean(accuracies) == pytest.approx(expected, abs=0.005)
