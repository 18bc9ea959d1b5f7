"""The page's training worker: what it keeps, measures and reports of a training, and how it is led."""

import json
from typing import Any

import pytest
from engine_trainings import page_settings
from node import run_node

from mnist_core.runs.recipes import RUNS
from mnist_core.training.recording import snapshot_steps

RUN = RUNS["relu-25-25/published"]
CHOICE = {"count": 500, "leftOut": [], "shuffledShare": 0, "seed": 3}
SHORT = {"batchSize": 50, "epochs": 6, "seed": 3}  # 60 steps


def run_job(
    *, settings: dict[str, Any] = SHORT, choice: dict[str, Any] = CHOICE, **others: Any
) -> tuple[list, dict]:
    """All reports of a job, and the networks of a training by hand by their steps."""
    order = {"settings": page_settings(RUN, **settings), "choice": choice, **others}
    result = json.loads(run_node("job.js", json.dumps(order)))
    return result["reports"], result["byHand"]


@pytest.fixture(scope="module")
def whole() -> tuple[list, dict]:
    """The reports of a short training that goes through to its end."""
    return run_job()


def of(reports: list, kind: str) -> list:
    return [report for report in reports if report["type"] == kind]


def test_it_keeps_the_steps_that_python_keeps_and_they_are_the_training_s_own(whole):
    reports, by_hand = whole
    kept = of(reports, "kept")
    assert [report["step"] for report in kept] == list(snapshot_steps(60))
    assert {str(report["step"]): report["network"] for report in kept} == by_hand


def test_it_says_beforehand_how_many_images_every_snapshot_will_have_seen():
    reports, _ = run_job(settings={**SHORT, "batchSize": 64})  # the last batch of a pass is smaller
    (axis,) = [report["axis"] for report in of(reports, "running")]
    assert axis == [report["images"] for report in of(reports, "kept")]


def test_every_snapshot_is_measured_on_all_test_images_the_last_one_first(whole):
    reports, _ = whole
    steps = [report["step"] for report in of(reports, "kept")]
    on_all = [report for report in of(reports, "scored") if "confusion" in (report["test"] or {})]
    assert [report["step"] for report in on_all] == [steps[-1], *steps[:-1]]
    for report in on_all:
        rows = report["test"]["confusion"]
        assert [sum(row) for row in rows] == [20] * 10
        assert sum(rows[digit][digit] for digit in range(10)) == report["test"]["correct"]
    assert on_all[0]["test"]["correct"] > 2 * on_all[1]["test"]["correct"]  # it has learned something


def test_without_test_images_nothing_is_measured_on_them():
    reports, _ = run_job(test=0)
    assert {report["test"] for report in of(reports, "scored")} == {None}
    assert reports[-1]["type"] == "done"


def test_training_accuracy_is_of_the_labels_that_it_learns_shuffled_ones_too():
    def last(share: float) -> tuple[int, int]:
        reports, _ = run_job(choice={**CHOICE, "shuffledShare": share}, settings=SHORT)
        scored = [report for report in of(reports, "scored") if report["training"]]
        return scored[-1]["training"]["correct"], scored[-1]["training"]["n"]

    assert last(0)[1] == last(1)[1] == 500
    assert last(0)[0] > last(1)[0] + 10  # shuffled ones can only be learned by heart, which takes longer


@pytest.mark.parametrize("rates", [[[100, 0.001]], [[50, 0.1], [1000, 0.0005]]])
def test_rates_change_after_as_many_images_as_they_say(rates):
    reports, by_hand = run_job(rates=rates)
    assert {str(report["step"]): report["network"] for report in of(reports, "kept")} == by_hand
    assert reports[-1]["type"] == "done"


def test_paused_it_makes_one_step_at_a_time_and_the_end_is_the_same():
    steps = [[2, "pause", True], *[[2, "stepOnce"]] * 3, [2, "pause", False]]
    reports, by_hand = run_job(commands=steps)
    types = [report["type"] for report in reports if report["type"] in ("paused", "running")]
    assert types == ["running", "paused", "running"]
    assert {str(report["step"]): report["network"] for report in of(reports, "kept")} == by_hand


def test_stopped_it_keeps_the_network_as_it_is_and_measures_it():
    reports, by_hand = run_job(settings={**SHORT, "epochs": 1000}, commands=[[4, "stop"]])
    kept = of(reports, "kept")
    assert kept[-1]["step"] < 10_000
    assert kept[-1]["network"] == by_hand[str(kept[-1]["step"])]
    assert reports[-1]["type"] == "done"


def test_a_rate_set_on_the_way_is_told_with_the_images_seen_by_then():
    reports, _ = run_job(settings={**SHORT, "epochs": 40}, commands=[[5, "setRate", 0.0001]])
    moved = [report for report in of(reports, "moved") if report["rates"]]
    ((images, rate),) = moved[-1]["rates"]
    assert rate == moved[-1]["rate"] == 0.0001
    again, by_hand = run_job(settings={**SHORT, "epochs": 40}, rates=[[images, rate]])
    assert [r["network"] for r in of(again, "kept")] == [r["network"] for r in of(reports, "kept")]
    assert {str(r["step"]): r["network"] for r in of(again, "kept")} == by_hand


def test_a_training_that_diverges_fails_with_a_sentence():
    reports, _ = run_job(settings={**SHORT, "optimizer": "sgd", "learningRate": 1e6})
    assert reports[-1]["type"] == "failed"
    assert "smaller learning rate" in reports[-1]["message"]


def test_an_impossible_setting_fails_with_a_sentence():
    reports, _ = run_job(choice={**CHOICE, "count": 1000})
    assert reports[-1]["type"] == "failed"
    assert "500 images" in reports[-1]["message"]


@pytest.mark.parametrize("times", [1, 3])
def test_stopped_while_it_waits_for_its_images_it_ends_their_download_and_reports_no_more(times):
    result = json.loads(run_node("stopped_downloads.js", times, 200))
    assert (result["begun"], result["open"]) == (times, 0)
    assert [report["type"] for report in result["reports"]] == ["loading", "loading"]


def test_where_one_archive_is_missing_the_download_of_the_other_ends():
    result = json.loads(run_node("stopped_downloads.js", 1, 404))
    assert (result["begun"], result["open"]) == (1, 0)
    assert result["reports"][-1]["type"] == "failed"
    assert result["reports"][-1]["message"] == (
        "MNIST's training images are not here. Try again later, or choose a network that is trained already."
    )
