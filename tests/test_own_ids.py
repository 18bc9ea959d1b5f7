"""In whatever order things are done: an id of one's own is given to one network in a page's life.

And a run that is measured once its training is done stands in nobody's way.
"""

import json
import random
from pathlib import Path

import pytest
from node import run_node

from mnist_core.checkpoints.card import CHECKPOINTS
from webapp.files import describe_runs, find_metadata

RUNS = json.loads(describe_runs(find_metadata(CHECKPOINTS), "relu-50/published", CHECKPOINTS))["runs"]
TRAINED = ["train", "begin", "first", "later", "done"]
MEASURED = [*TRAINED[:-1], "made", "measured"]  # one of its two snapshots, on all test images


def visits(folder: Path, *given: list) -> list[list[dict]]:
    """What the page holds after every step of these visits; a step is a name, or a list of it and a value."""
    steps = [[[step] if isinstance(step, str) else step for step in visit] for visit in given]
    files = [folder / name for name in ("runs", "visits")]
    for file, value in zip(files, (RUNS, steps), strict=True):
        file.write_text(json.dumps(value))
    return json.loads(run_node("own_runs.js", *files))


@pytest.fixture
def after(tmp_path):
    """What the page holds after the last step of a visit."""
    return lambda *steps: visits(tmp_path, list(steps))[0][-1]


def own(number: int, network: str) -> list[str]:
    return [f"relu-50/own-{number}", network]


@pytest.mark.parametrize("again", ["again", "new", "instead"])
@pytest.mark.parametrize("end", ["missing", "fail"])
def test_a_training_begun_again_leaves_a_file_that_was_opened_after_it_had_failed(after, end, again):
    state = after("train", end, "open", again, "begin", "first", "done")
    assert state["own"] == [own(2, "file 1"), own(3, "job 2")]


@pytest.mark.parametrize("steps", [["open"], ["open", "open"], ["two"]])
def test_files_opened_while_a_training_waits_for_its_images_stay(after, steps):
    state = after("train", *steps, "begin", "first", "later", "done")
    files = ["file 1", "file 2"][: 1 if steps == ["open"] else 2]
    assert state["own"] == [own(1, "job 1"), *(own(at + 2, name) for at, name in enumerate(files))]


def test_two_files_opened_at_once_have_one_place_if_one_is_left(after):
    assert [name for _, name in after("open", "open", "two")["own"]] == ["file 1", "file 2", "file 3"]


def test_a_training_that_waits_for_its_images_keeps_a_place(after):
    assert after("open", "open", "train", "open")["own"] == [own(1, "file 1"), own(2, "file 2")]
    state = after("open", "open", "train", "open", "begin", "first")
    assert state["own"] == [own(1, "file 1"), own(2, "file 2"), own(3, "job 1")]


@pytest.mark.parametrize("end", ["stop", "missing", "fail"])
def test_the_place_of_a_training_that_came_to_nothing_is_free(after, end):
    state = after("open", "open", "train", end, "open")
    assert [name for _, name in state["own"]] == ["file 1", "file 2", "file 3"]


def test_an_id_is_not_given_again_once_its_run_is_removed(after):
    state = after(*TRAINED, ["remove", 0], *TRAINED, ["remove", 0], "open")
    assert state["own"] == [own(3, "file 1")]


@pytest.mark.parametrize("again", ["again", "new"])
def test_a_run_trained_again_has_another_id_and_the_place_of_the_old_one(after, again):
    state = after("open", "open", *TRAINED, again, "begin", "first")
    assert state["own"] == [own(1, "file 1"), own(2, "file 2"), own(4, "job 2")]
    assert (state["run"], state["earlier"]) == ("relu-50/own-4", ["relu-50/own-3"])
    assert state["known"] == [run for run, _ in state["own"]]


@pytest.mark.parametrize("end", ["stop", "missing", "fail"])
def test_a_run_stays_if_what_trains_it_again_came_to_nothing(after, end):
    state = after(*TRAINED, "again", end)
    assert (state["own"], state["run"], state["earlier"]) == ([own(1, "job 1")], "relu-50/own-1", [])


def test_a_training_again_that_failed_is_had_again_in_the_same_place(after):
    state = after("open", "open", *TRAINED, "again", "fail", "again", "begin", "first")
    assert state["own"] == [own(1, "file 1"), own(2, "file 2"), own(5, "job 3")]


def test_a_run_removed_while_it_is_to_be_trained_again_ends_that_training(after):
    state = after(*TRAINED, "again", ["remove", 0])
    assert (state["training"], state["isStopped"], state["own"]) == (None, True, [])
    for reports in (["begin", "first", "done"], ["fail"], ["missing"]):
        late = after(*TRAINED, "again", ["remove", 0], *reports)
        assert (late["training"], late["own"], late["run"]) == (None, [], "relu-50/published")


@pytest.mark.parametrize("reports", [["later"], ["later", "done"], ["done"], ["fail"]])
def test_a_run_removed_while_it_grows_does_not_come_back(after, reports):
    state = after("train", "begin", "first", ["remove", 0], *reports)
    assert (state["training"], state["own"], state["known"]) == (None, [], [])
    state = after("train", "begin", "first", ["remove", 0], *TRAINED, *reports)
    assert state["own"] == [own(2, "job 2")]


def test_a_run_removed_for_a_file_while_it_is_to_be_trained_again_ends_that_training(after):
    state = after("open", "open", *TRAINED, "again", ["remove", 2], "open", "begin", "first")
    assert state["own"] == [own(1, "file 1"), own(2, "file 2"), own(5, "file 3")]
    assert state["training"] is None


def test_a_taught_network_names_the_one_that_was_taught_or_one_that_is_gone(after):
    taught = [*TRAINED, ["teach", 0], "begin", "first", "later", "done"]
    assert after(*taught)["from"] == [None, "relu-50/own-1"]
    state = after(*taught, ["remove", 0], *TRAINED)
    assert (state["own"], state["from"]) == ([own(2, "job 2"), own(3, "job 3")], ["relu-50/own-1", None])
    state = after(*taught, "train", "begin", "first", "done", "again", "begin", "first")
    assert state["from"] == [None, "relu-50/own-1", None]


@pytest.mark.parametrize("wanted", ["train", ["teach", 2], "open"])
def test_a_fourth_run_waits_until_one_of_three_is_removed(after, wanted):
    three = ["open", "open", *TRAINED]
    state = after(*three, wanted)
    assert (state["own"], state["jobs"]) == ([own(1, "file 1"), own(2, "file 2"), own(3, "job 1")], 1)
    state = after(*three, wanted, ["remove", 0], "train", "begin", "first")
    assert state["own"] == [own(2, "file 2"), own(3, "job 1"), own(4, "job 2")]


def test_a_file_that_was_taught_in_another_page_names_no_network_of_this_one(after):
    state = after(*TRAINED, ["open", "relu-50/own-1"], ["open", "relu-50/robust"])
    assert state["taught"] == ["relu-50/own-2", "relu-50/own-3"]
    assert state["from"] == [None, None, "relu-50/robust"]
    for at, base in ((1, "published"), (2, "robust")):
        link = after(*TRAINED, ["open", "relu-50/own-1"], ["open", "relu-50/robust"], ["choose", at])["link"]
        assert link == f"#run=relu-50%2F{base}"


def test_a_run_is_made_before_it_is_measured(after):
    state = after(*MEASURED[:-1])
    assert (state["growing"], state["measuring"]) == ([], [0, 2])
    assert state["training"] == {"phase": "done", "run": "relu-50/own-1"}
    state = after(*MEASURED)
    assert (state["measuring"], state["scores"]) == ([1, 2], [[None, 10_000]])


@pytest.mark.parametrize("next_one", ["train", "again", "new", ["teach", 0]])
def test_what_is_trained_next_begins_at_once_and_the_run_keeps_what_was_measured(after, next_one):
    state = after(*MEASURED, next_one, "late")
    assert (state["jobs"], state["measuring"]) == (2, None)
    assert (state["training"]["phase"], state["scores"]) == ("loading", [[None, 10_000]])
    state = after(*MEASURED, next_one, "begin", "first", "late", "later", "late")
    assert state["scores"][-1] == []
    assert state["own"][-1] == own(2, "job 2")


def test_a_run_removed_while_it_is_measured_comes_back_with_what_was(after):
    state = after(*MEASURED, ["remove", 0])
    assert (state["training"], state["isStopped"]) == (None, True)
    assert after(*MEASURED, ["remove", 0], "measured")["own"] == []
    state = after(*MEASURED, ["remove", 0], "measured", "restore", "measured")
    assert (state["own"], state["scores"]) == ([own(1, "job 1")], [[None, 10_000]])


def test_a_run_saved_while_it_is_measured_stays_saved(after):
    assert after(*MEASURED[:-1], ["save", 0], "measured")["saved"] == ["relu-50/own-1"]


def test_a_worker_that_breaks_off_while_it_measures_leaves_the_run_as_it_is(after):
    state = after(*MEASURED, "break")
    assert (state["training"]["phase"], state["measuring"]) == ("done", None)
    assert state["scores"] == [[None, 10_000]]
    assert after(*MEASURED, "break", *TRAINED)["own"] == [own(1, "job 1"), own(2, "job 2")]


STEPS = ["train", "again", "new", "instead", "stop", "fail", "missing", "open", "open", "two"]
STEPS += [["open", "relu-50/own-1"], *["begin", "first", "later", "done"] * 4]
STEPS += ["restore", *["made", "measured"] * 4]
STEPS += [[action, at] for action in ("teach", "remove", "choose") for at in range(3)]


def test_a_network_keeps_its_id_and_nothing_is_lost_in_10_000_steps_at_random(tmp_path):
    dice = random.Random(0)
    given = [[dice.choice(STEPS) for _ in range(40)] for _ in range(250)]
    # In the end no place is kept for what does not come.
    ends = ["stop", "begin", "first", "done", *[["remove", 0]] * 3, "open", "open", "open"]
    for visit, states in zip(given, visits(tmp_path, *[[*visit, *ends] for visit in given]), strict=True):
        networks: dict[str, str] = {}
        last: list = []
        restored = 0  # what was removed comes back also where there is no room
        for step, state in zip([*visit, *ends], states, strict=True):
            ids = [run for run, _ in state["own"]]
            restored += step == "restore"
            assert len(ids) <= 3 + restored, visit
            assert ids == sorted(ids, key=lambda run: int(run.split("own-")[1]))
            assert sorted(state["known"]) == sorted(ids)
            assert state["run"] in [*ids, "relu-50/published"]
            assert set(state["growing"]) <= {(state["training"] or {}).get("run")}
            for run, name in state["own"]:
                assert networks.setdefault(run, name) == name, visit
            gone = [run for run, _ in last if run not in ids]
            is_replaced = step == "first" and gone == state["earlier"][-1:]
            assert len(gone) <= (step[0] == "remove" or is_replaced or makes_room(step)), (step, visit)
            last = state["own"]
        assert len({name for name in networks.values()}) == len(networks)
        assert len(states[-1]["own"]) == 3, visit


def makes_room(step: str | list[str]) -> int:
    """How many runs may go for what a step brings."""
    name = step if isinstance(step, str) else step[0]
    return {"two": 2}.get(name, int(name in ("train", "again", "new", "instead", "teach", "open")))
