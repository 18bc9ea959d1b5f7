"""What a visitor, a link or a file may ask of a training in the page, and what is refused."""

import json
import random
import tempfile
from pathlib import Path

import pytest
from node import run_node

from mnist_core.checkpoints.card import CHECKPOINTS
from mnist_core.runs.recipes import RUNS
from webapp.files import describe_runs, find_metadata

LIST = json.loads(describe_runs(find_metadata(CHECKPOINTS), "relu-50/published", CHECKPOINTS))["runs"]
ENTRIES = {entry["id"]: entry for entry in LIST}
PUBLISHED = [run for run in RUNS.values() if run.id.endswith("/published")]
HOSTILE = json.loads(
    """[null, true, -1, 0, 1.5, 1e308, -1e-9, 4294967296, "", "7", "60000", "__proto__", "<script>", [], [[]],
    [0, 0], [10], [-1], ["7"], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], {}, {"count": 1}, [[0, 0.1], [0, 0.2]],
    [[1, -1]], [[5, 0.1], [4, 0.1]], [[0, 1e9]], [["0", 0.1]], [[0.5, 0.1]]]"""
)
HOSTILE += ["x" * 5000, [[n, 0.1] for n in range(500)]]
NAMES = ["count", "epochs", "learningRate", "batchSize", "optimizer", "dropout", "shuffledShare", "leftOut"]
NAMES += ["seed", "rates", "source"]
FIELDS = {  # of a recipe, by their names in links, where those differ
    "count": "training_images",
    "learningRate": "learning_rate",
    "batchSize": "batch_size",
    "shuffledShare": "shuffled_share",
    "leftOut": "left_out",
}


def plans(run_id: str, variants: list) -> list:
    """Of each list of changes the plan, or why it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("entry", "variants")]
        for file, value in zip(files, (ENTRIES[run_id], variants), strict=True):
            file.write_text(json.dumps(value))
        return json.loads(run_node("plans.js", *files))


@pytest.mark.parametrize("run", PUBLISHED, ids=lambda run: run.id)
def test_unchanged_a_plan_is_the_tutorial_s_recipe(run):
    (plan,) = plans(run.id, [{}])
    for name in ("optimizer", "learning_rate", "batch_size", "epochs", "loss", "shuffled", "momentum"):
        assert plan[name] == getattr(run.recipe, name), name
    assert tuple(plan["input_range"]) == run.recipe.input_range
    assert plan["dropout"] == any(layer.dropout for layer in run.architecture.hidden)
    assert (plan["training_images"], plan["seed"]) == (60_000, 1)
    assert (plan["left_out"], plan["shuffled_share"], plan["rates"]) == ([], 0, [])


def test_possible_changes_are_kept():
    changes = {"count": 100, "leftOut": [7], "optimizer": "sgd", "rates": [[640, 0.01]], "seed": 4294967295}
    (plan,) = plans("relu-50/published", [changes])
    assert {name: plan[FIELDS.get(name, name)] for name in changes} == changes


def test_a_thousand_hostile_settings_are_refused_with_a_sentence_or_possible():
    dice = random.Random(0)
    variants = []
    for _ in range(1000):
        names = dice.sample([*NAMES, "run", "__proto__", "constructor"], dice.randrange(1, 4))
        variants.append({name: dice.choice(HOSTILE) for name in names})
    (unchanged,), outcomes = plans("relu-96-256/published", [{}]), plans("relu-96-256/published", variants)
    fields = set(unchanged)
    refused = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(refused) > 900
    assert all(message.endswith(".") and len(message) < 200 for message in refused)
    for changes, plan in zip(variants, outcomes, strict=True):
        if not isinstance(plan, str):  # nothing else came in
            assert set(plan) == fields
            assert all(plan[FIELDS.get(name, name)] == value for name, value in changes.items())
