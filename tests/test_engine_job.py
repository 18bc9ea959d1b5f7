"""The page's training worker: what it keeps, measures and reports of a training, and how it is led."""

import functools
import json
from typing import Any

import pytest
from engine_trainings import page_plan
from node import run_node

from mnist_core.runs.recipes import RUNS
from mnist_core.training.run_training import snapshot_steps

RUN = RUNS["relu-25-25/published"]
SHORT = {
    "training_images": 500,
    "batch_size": 64,
    "epochs": 6,
    "seed": 3,
}  # 48 steps; a pass ends in a smaller batch


def told(changes: dict[str, Any] | None = None, **others: Any) -> dict[str, Any]:
    """What job.js tells of a job by a changed plan."""
    plan = page_plan(RUN, **(SHORT | (changes or {})))
    return json.loads(run_node("job.js", json.dumps({"plan": plan, **others})))


def run_job(changes: dict[str, Any] | None = None, **others: Any) -> tuple[list, dict]:
    """All reports of a job by a changed plan, and the networks of a training by hand by their steps."""
    result = told(changes, **others)
    return result["reports"], result["byHand"]


@functools.cache
def short_job() -> tuple[list, dict]:
    """A job of 48 steps, for the tests that only read its reports."""
    return run_job()


def of(reports: list, kind: str) -> list:
    return [report for report in reports if report["type"] == kind]


def networks(reports: list) -> dict[str, str]:
    """The networks that a job kept, by their steps."""
    return {str(report["step"]): report["network"] for report in of(reports, "snapshot")}


def test_it_keeps_the_steps_that_python_keeps_and_they_are_the_training_s_own():
    reports, by_hand = short_job()
    assert [report["step"] for report in of(reports, "snapshot")] == list(snapshot_steps(48))
    assert networks(reports) == by_hand


def test_it_says_beforehand_how_many_images_every_snapshot_will_have_seen():
    reports, _ = short_job()
    (axis,) = [report["axis"] for report in of(reports, "running")]
    assert axis == [report["images"] for report in of(reports, "snapshot")]


def test_every_snapshot_is_measured_on_all_test_images_the_last_one_first():
    reports, _ = short_job()
    steps = [report["step"] for report in of(reports, "snapshot")]
    whole = [report for report in of(reports, "scored") if "confusion" in (report["test"] or {})]
    assert [report["step"] for report in whole] == [steps[-1], *steps[:-1]]
    for report in whole:
        rows = report["test"]["confusion"]
        assert [sum(row) for row in rows] == [20] * 10
        assert sum(rows[digit][digit] for digit in range(10)) == report["test"]["correct"]
    assert whole[0]["test"]["correct"] > 2 * whole[1]["test"]["correct"]  # it has learned something


def test_it_is_done_before_it_is_measured_on_all_test_images():
    reports, _ = short_job()
    done = reports.index(*of(reports, "done"))
    before, after = reports[:done], reports[done + 1 :]
    assert all(report["test"] for report in of(before, "scored"))  # on some of them
    assert [report for report in before if "confusion" in (report.get("test") or {})] == []
    assert {report["type"] for report in after} == {"scored"}
    count = len(of(reports, "snapshot"))
    told_of = [(report["measured"], report["snapshots"]) for report in [reports[done], *after]]
    assert told_of == [(number, count) for number in range(count + 1)]


def test_while_it_is_measured_messages_are_heard_after_every_256_images():
    result = told(test=600)
    assert result["turns"] == 3 * len(of(result["reports"], "snapshot"))


@pytest.mark.parametrize("most", [0, 2])
def test_given_up_it_is_measured_no_further(most):
    reports, _ = run_job(most=most)
    assert len(of(reports, "done")) == 1
    assert reports[-1]["measured"] == most


def test_without_test_images_nothing_is_measured_on_them():
    reports, _ = run_job(test=0)
    assert {report["test"] for report in of(reports, "scored")} == {None}
    assert reports[-1]["type"] == "done"


def test_training_accuracy_is_of_the_labels_that_it_learns_shuffled_ones_too():
    def last(reports: list) -> tuple[int, int]:
        training = [report["training"] for report in of(reports, "scored") if report["training"]][-1]
        return training["correct"], training["n"]

    shuffled, _ = run_job({"shuffled_share": 1})
    (correct, n), (correct_shuffled, n_shuffled) = last(short_job()[0]), last(shuffled)
    assert n == n_shuffled == 500
    assert correct_shuffled > 200  # of the true labels it would be about 50
    assert correct > correct_shuffled + 10  # those can only be learned by heart, which takes longer


@pytest.mark.parametrize("rates", [[[128, 0.001]], [[64, 0.1], [1000, 0.0005]]])
def test_rates_change_after_as_many_images_as_they_say(rates):
    reports, by_hand = run_job({"rates": rates})
    assert networks(reports) == by_hand != short_job()[1]
    assert of(reports, "done")


def test_paused_it_makes_one_step_at_a_time_and_the_end_is_the_same():
    # After the first snapshot: before its first step it hears these, however fast it is.
    reports, _ = run_job(commands=[[1, "pause", True], *[[1, "stepOnce"]] * 3, [1, "pause", False]])
    types = [report["type"] for report in reports]
    paused, goes_on = types.index("paused"), len(types) - 1 - types[::-1].index("running")
    assert types.count("paused") == 1
    assert types.count("running") == 2
    assert [report["step"] for report in of(reports[paused:goes_on], "moved")] == [1, 2, 3]
    assert networks(reports) == networks(short_job()[0])


def test_a_slow_start_waits_and_what_it_tries_out_meanwhile_leaves_no_trace():
    reports, by_hand = run_job({"epochs": 1}, slowStart=True)
    assert networks(reports) == by_hand
    tried = [report["imageMs"] for report in of(reports, "moved")]
    assert tried[0] is None
    assert all(0 < each < 5 for each in tried[1:])
    assert len(tried) == 8  # one a step: the page sees each


def test_stopped_it_keeps_the_network_as_it_is_and_measures_it():
    reports, by_hand = run_job({"epochs": 1000}, commands=[[4, "stop"]])
    kept = of(reports, "snapshot")
    assert kept[-1]["step"] < 8_000
    assert kept[-1]["network"] == by_hand[str(kept[-1]["step"])]
    whole = [report["step"] for report in of(reports, "scored") if "confusion" in report["test"]]
    assert whole == [kept[-1]["step"], *(report["step"] for report in kept[:-1])]
    (done,) = of(reports, "done")
    assert done["stoppedAfter"] == kept[-1]["images"]


def test_a_rate_set_on_the_way_is_told_with_the_images_seen_by_then():
    way = [[1, "pause", True], *[[1, "stepOnce"]] * 2, [1, "setRate", 0.0001], [1, "pause", False]]
    reports, _ = run_job(commands=way)
    moved = [report for report in of(reports, "moved") if "rates" in report]
    assert moved[-1]["rates"] == [[128, 0.0001]]
    assert moved[-1]["rate"] == 0.0001
    again, _ = run_job({"rates": [[128, 0.0001]]})
    assert networks(again) == networks(reports)


def test_a_training_that_diverges_fails_with_a_sentence():
    reports, _ = run_job({"optimizer": "sgd", "learning_rate": 1e6})
    assert reports[-1]["type"] == "failed"
    assert "smaller learning rate" in reports[-1]["problem"]


def test_too_few_images_fail_with_a_sentence():
    reports, _ = run_job({"training_images": 1000})
    assert reports[-1]["type"] == "failed"
    assert "500 images" in reports[-1]["problem"]


@pytest.mark.parametrize("times", [1, 3])
def test_stopped_while_it_waits_for_its_images_it_ends_their_download_and_reports_no_more(times):
    result = json.loads(run_node("stopped_downloads.js", times, 200))
    assert (result["begun"], result["open"]) == (times, 0)
    assert [report["type"] for report in result["reports"]] == ["loading", "loading"]


def test_where_one_archive_is_missing_the_download_of_the_other_ends():
    result = json.loads(run_node("stopped_downloads.js", 1, 404))
    assert (result["begun"], result["open"]) == (1, 0)
    assert result["reports"][-1]["type"] == "failed"
    assert result["reports"][-1]["problem"]["key"] == "training_no_images"
