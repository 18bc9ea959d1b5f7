"""What the card of a saved run may say: the page and Python read the same files and refuse the same ones."""

import copy
import json

import pytest
from engine_files import SafetensorsFile
from made import made_timeline
from own_run_files import write_own

from mnist_core.checkpoints.own_runs import load_file
from mnist_core.errors import CheckpointError
from mnist_core.runs.recipes import RUNS

LONG = "x" * 100_000
TEXTS = ["", "x", "relu-50", "relu-50/", "/own-1", "own-1", "relu-50/mine", "relu-50/own-", "relu-50/own-0"]
TEXTS += ["relu-50/own-01", "relu-50/own-1234567", "relu-50/own-1/own-1", "relu-50/own-1\n"]
TEXTS += ["relu-50/own-\u0661", "relu-50/own-1 "]  # an Arabic 1, and a blank
TEXTS += ["../own-1", "relu-50/../../secret", "https://example.org/published", "<script>", "__proto__"]
TEXTS += ["constructor", "relu-50/constructor", "relu-50/__proto__", LONG, f"relu-50/{LONG}", f"{LONG}/own-1"]
OTHERS = [None, True, 7, -1, 1.5, [], {}, ["relu-50/own-1"], {"id": "relu-50/own-1"}]
FOREIGN = ["relu-96-256/published", "relu-96-256/own-1", "constructor/published", "__proto__/own-1"]
SCORE = {"n": 100, "correct": 90, "loss": 0.5}
CONFUSION = {"confusion": [[1] * 10] * 10}
EPOCH = {"epoch": 1, **{f"{of}_loss": 0.5 for of in ("training", "test")}}
EPOCH |= {f"{of}_accuracy": 0.5 for of in ("training", "test")}


@pytest.fixture
def own(tmp_path):
    """A sound file of an own run of relu-50, with three snapshots."""
    return SafetensorsFile(write_own(tmp_path / "own.safetensors", made_timeline(RUNS["relu-50/published"])))


def changed(card, place, value):
    """A card with another value at a place such as "recipe.seed"."""
    card = copy.deepcopy(card)
    *parents, name = place.split(".")
    entry = card
    for parent in parents:
        entry = entry[parent]
    entry[name] = value
    return card


def refusals(file, cards):
    """Of files with these cards: why the page refuses each, and why Python does; None for what is read."""
    splices = [[file.with_card_text(json.dumps(card))] for card in cards]
    page = [result.get("message") for result in file.read_variants(splices)]
    path = file.path.with_name("changed.safetensors")
    python = []
    for splice in splices:
        path.write_bytes(file.changed(splice))
        try:
            load_file(path)
            python.append(None)
        except CheckpointError as error:
            python.append(str(error).removeprefix(f"{path} "))
    return list(zip(page, python, strict=True))


def assert_refused(file, place, values, sentence):
    """The page refuses each of these values with this sentence, and Python each with one short line."""
    for value, (page, python) in zip(
        values, refusals(file, [changed(file.card, place, value) for value in values]), strict=True
    ):
        assert page == f"This file is damaged: {sentence}", f"{value!r:.80}"
        assert python, f"{value!r:.80}"
        assert python.startswith("is no intact Inkling checkpoint (")
        assert python.endswith("). Save it in the page again.")
        assert len(python) < 300
        assert "\n" not in python


def test_a_network_was_taught_from_a_run_of_its_own_kind_or_the_file_is_refused(own):
    assert_refused(own, "recipe.taught_from", TEXTS + OTHERS, 'its card has no valid "recipe".')
    sentence = "its card names a network of another kind as the one that was taught."
    assert_refused(own, "recipe.taught_from", FOREIGN, sentence)


def test_python_says_what_a_network_cannot_have_been_taught_from(own):
    values = (7, "relu-96-256/published")
    said = [
        python for _, python in refusals(own, [changed(own.card, "recipe.taught_from", v) for v in values])
    ]
    assert "(in its card, taught_from: Input should be a valid string)" in said[0]
    assert "(it was taught from 'relu-96-256/published', which is no run of relu-50)" in said[1]


def test_every_run_of_the_page_and_every_own_run_can_have_been_taught(own):
    recipes = {run_id.split("/")[1] for run_id in RUNS} | {"own-1", "own-4", "own-12", "own-999999"}
    cards = [changed(own.card, "recipe.taught_from", f"relu-50/{recipe}") for recipe in sorted(recipes)]
    assert refusals(own, cards) == [(None, None)] * len(cards)


@pytest.mark.parametrize(
    ("place", "values"),
    [
        ("learning_rate", [None, "0.1", True, [], {}]),
        ("optimizer", [None, 1, "constructor", "", LONG, ["adam"]]),
        ("epochs", [None, "2", -1, 1.5, 2**53, True]),
        ("batch_size", [None, "32", -1, 1.5, []]),
        ("dropout", [None, 0, "yes", []]),
        ("training_images", ["1000", -1, 1.5, True, [1000], {}]),
        ("shuffled_share", [None, "0", -0.1, 1.1, True, []]),
        ("left_out", [None, 7, "7", ["7"], [10], [-1], [1.5], [[7]], [7] * 11, {}]),
        ("rates", [None, 0.1, "x", [0.1], [[1]], [[1, 0.1, 2]], [["1", 0.1]], [[1, None]], {}]),
        ("source", [None, 1, "x", "constructor", ["mnist"], {}]),
        ("input_range", [None, [0], [0, 1, 2], ["0", "1"], {}]),
    ],
)
def test_a_recipe_with_a_value_of_another_kind_is_refused_on_both_sides(own, place, values):
    assert_refused(own, f"recipe.{place}", values, 'its card has no valid "recipe".')


@pytest.mark.parametrize(
    ("place", "values"),
    [
        ("run", [None, 7, [], {}, "", "x", LONG, f"relu-50/{LONG}", f"{LONG}/own-1", "relu-50/own-1\n"]),
        ("seed", [None, "5", -1, 1.5, 2**53, 10**400, []]),
        ("steps", [None, [], [0, 1, "5"], [0, 1, 2**53], [0, 1, -5], {}, "0"]),
        ("images_seen", [None, [], [0, 1, None], [0, 1, 2**53], 0]),
        ("scores", [None, {}, [{**SCORE, "confusion": 7}] * 3, [{**SCORE, "loss": -0.5}] * 3, [None] * 3]),
        ("training_scores", [None, {}, [{**SCORE, "n": 0}] * 3, [{**SCORE, "loss": -1}] * 3, [None] * 3]),
        ("epochs", [None, {}, [{}], [{**EPOCH, "test_loss": -1}], [{**EPOCH, "test_accuracy": 1.5}]]),
    ],
)
def test_a_card_with_a_field_of_another_kind_is_refused_on_both_sides(own, place, values):
    assert_refused(own, place, values, f'its card has no valid "{place}".')


def test_more_images_read_right_than_there_were_are_refused(own):
    sentence = "its card counts more images read right than there were."
    assert_refused(own, "scores", [[{**SCORE, **CONFUSION, "correct": 101}] * 3], sentence)
    assert_refused(own, "training_scores", [[{**SCORE, "correct": 101}] * 3], sentence)


def test_scores_of_some_snapshots_only_are_refused(own):
    sentence = "its scores do not fit its snapshots."
    assert_refused(own, "scores", [[{**SCORE, **CONFUSION}] * 2], sentence)
    assert_refused(own, "training_scores", [[SCORE] * 4], sentence)


@pytest.mark.parametrize("key", ["a\nb", LONG, "__proto__", "constructor"])
def test_a_refusal_is_one_short_line_whatever_a_card_s_keys_are(path, key):
    file = SafetensorsFile(path)  # of a run of Inkling's, whose card has no other fields
    ((page, python),) = refusals(file, [file.card | {key: 1}])
    assert page is None
    assert "Unexpected keyword argument" in python
    assert len(python) < 300
    assert "\n" not in python


def test_what_the_page_writes_is_read_on_both_sides(own):
    recipe = own.card["recipe"]
    trained = {**recipe, "rates": [[0, 0.1], [640, 1e-5]] * 150, "source": "handwritings", "left_out": [0, 9]}
    cards = [
        own.card | {"run": "relu-50/own-23", "recipe": trained},
        own.card | {"recipe": {**recipe, "taught_from": "relu-50/own-7", "training_images": None}},
        own.card | {"scores": [{**SCORE, **CONFUSION}] * 3, "training_scores": [SCORE] * 3},
        own.card | {"scores": [SCORE, SCORE, {**SCORE, **CONFUSION}]},  # saved while it was measured
        own.card | {"epochs": [EPOCH] * 3},
        own.card | {"note": {"__proto__": None, "constructor": LONG}},
    ]
    assert refusals(own, cards) == [(None, None)] * len(cards)
