"""Networks of one's own keep their ids, their places and what they became of, whatever comes in between."""

from pathlib import Path

import pytest
from made import made_timeline
from own_hand import open_digits
from own_run_files import card_of, write_own
from own_training import RUN, SMALL, expect_state, page, press, train
from playwright.sync_api import Page, expect
from python_says import link_of
from visitor import open_view, say

from mnist_core.runs.recipes import RUNS

pytestmark = pytest.mark.thorough

__all__ = ["page"]
TIMELINE = made_timeline(RUNS[RUN])
OTHER_KIND = "This file is damaged: its card names a network of another kind as the one that was taught."


def saved(folder: Path, **recipe: object) -> Path:
    """A file of a run of one's own, measured on a few images, with these changes of its recipe."""
    path = folder / f"{len(list(folder.iterdir()))}.safetensors"
    scores = [{"n": 100, "correct": 50, "loss": 1, "confusion": [[1] * 10] * 10}] * 3
    return write_own(path, TIMELINE, recipe={**card_of(TIMELINE)["recipe"], **recipe}, scores=scores)


def open_file(page: Page, path: Path, run: str | None = None) -> None:
    if page.get_by_test_id("settings").is_hidden():
        open_view(page, "settings")
    page.get_by_test_id("own-file").set_input_files(path)
    if run:
        expect(page.get_by_test_id("run")).to_have_attribute("data-run", f"relu-50/{run}")


def expect_own(page: Page, *runs: str) -> None:
    shown = page.locator("[data-testid=own-show]")
    expect(shown).to_have_count(len(runs))
    assert [button.get_attribute("data-own") for button in shown.all()] == [f"relu-50/{run}" for run in runs]


def name_of(page: Page, run: str) -> str:
    button = page.locator(f"[data-testid=own-show][data-own='relu-50/{run}']")
    return button.locator("xpath=..").locator("span").inner_text()


def show(page: Page, run: str) -> None:
    open_view(page, "settings")
    page.locator(f"[data-testid=own-show][data-own='relu-50/{run}']").click()


def remove(page: Page, run: str) -> None:
    open_view(page, "settings")
    page.locator(f"[data-testid=own-remove][data-own='relu-50/{run}']").click()


def test_a_file_opened_after_a_training_had_failed_is_not_written_over(page: Page, tmp_path: Path) -> None:
    page.route("**/mnist/train-*", lambda route: route.fulfill(status=404))
    press(page, "train")
    expect_state(page, "failed")
    page.faults.clear()  # type: ignore[attr-defined]  # Chromium logs every 404
    open_file(page, saved(tmp_path), "own-2")
    details = page.get_by_test_id("run-details").text_content()
    press(page, "train-missing")
    page.get_by_test_id("train-hurry").check()
    expect_state(page, "done", 60)
    expect_own(page, "own-2", "own-3")
    show(page, "own-2")
    expect(page.get_by_test_id("run-details")).to_have_text(details or "")


def test_a_file_is_opened_once_one_of_three_is_removed(page: Page, tmp_path: Path) -> None:
    path = saved(tmp_path)
    for number in (1, 2, 3):
        open_file(page, path, f"own-{number}")
    open_file(page, path)
    expect(page.get_by_test_id("own-line")).to_have_text(say("own_full"))
    expect_own(page, "own-1", "own-2", "own-3")
    remove(page, "own-1")
    open_file(page, path, "own-4")
    expect_own(page, "own-2", "own-3", "own-4")


def test_what_is_trained_cannot_be_removed_meanwhile(page: Page, tmp_path: Path) -> None:
    open_file(page, saved(tmp_path), "own-1")
    press(page, "train")
    expect_state(page, "running")
    removes = page.get_by_test_id("own-remove")
    expect(removes.first).to_be_enabled()
    expect(removes.last).to_be_disabled()
    press(page, "train-stop")
    expect_state(page, "done", 60)
    expect(removes.last).to_be_enabled()


def test_a_taught_network_from_a_file_is_no_relative_of_whoever_has_that_id_now(
    page: Page, tmp_path: Path
) -> None:
    open_file(page, saved(tmp_path), "own-1")
    open_file(page, saved(tmp_path, taught_from="relu-50/own-1"), "own-2")
    assert name_of(page, "own-2").endswith("taught your hand (2), after a network of your own")
    open_view(page, "hand")
    expect(page.get_by_test_id("taught")).to_have_attribute("data-run", "relu-50/own-2")
    expect(page.get_by_test_id("taught-mnist-before")).to_contain_text("50 of 100")  # as its file says
    show(page, "own-1")
    open_view(page, "hand")
    expect(page.get_by_test_id("taught").get_by_role("heading")).to_contain_text("taught your hand (2)")


def test_before_and_after_go_with_the_network_that_was_taught(page: Page, tmp_path: Path) -> None:
    open_file(page, saved(tmp_path, taught_from=RUN), "own-1")
    open_view(page, "hand")
    expect(page.get_by_test_id("taught-mnist-before")).to_contain_text("50 of 100")
    page.get_by_test_id("run").click()
    page.locator("[data-recipe='published']").click()
    page.get_by_test_id("run-close").click()
    expect(page.get_by_test_id("taught")).to_be_visible()
    remove(page, "own-1")
    open_view(page, "hand")
    expect(page.get_by_test_id("taught")).to_be_hidden()


def test_the_link_of_a_taught_network_says_that_it_opens_the_one_before(page: Page, tmp_path: Path) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    share = page.get_by_test_id("share")
    share.click()
    expect(share).to_have_text(say("copied"))
    open_file(page, saved(tmp_path, taught_from=RUN), "own-1")
    share.click()
    expect(share).to_have_text(say("copied") + say("copied_taught"))
    assert link_of(page)["run"] == RUN


def test_a_taught_network_keeps_its_own_before_once_what_was_taught_is_removed(
    page: Page, tmp_path: Path
) -> None:
    open_file(page, saved(tmp_path), "own-1")
    open_digits(page, tmp_path)
    press(page, "teach")
    press(page, "train-pause")
    expect_state(page, "paused", 60)
    remove(page, "own-1")
    open_file(page, saved(tmp_path), "own-3")
    assert name_of(page, "own-2").endswith("after relu-50/own-1, which is gone")
    show(page, "own-2")
    open_view(page, "hand")
    expect(page.get_by_test_id("taught-mnist-before")).to_contain_text(" of 1,000")
    press(page, "train-stop")
    expect_state(page, "done", 60)


def test_the_curve_of_a_network_goes_with_it(page: Page, tmp_path: Path) -> None:
    train(page, **SMALL)
    open_file(page, saved(tmp_path), "own-2")
    show(page, "own-1")
    earlier = open_view(page, "training").get_by_test_id("history-accuracy").locator("polyline.earlier")
    expect(earlier).to_have_count(1)
    remove(page, "own-2")
    open_view(page, "training")
    expect(earlier).to_have_count(0)


def test_a_file_that_was_taught_from_no_run_is_refused(page: Page, tmp_path: Path) -> None:
    open_file(page, saved(tmp_path), "own-1")
    open_view(page, "hand")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for source in ({"id": RUN}, 7, ["constructor"], "", "relu-50/nobody", "x" * 1000):
        refused = 'This file is damaged: its card has no valid "recipe".'
        for wrong, sentence in ((source, refused), ("relu-96-256/published", OTHER_KIND)):
            open_file(page, saved(tmp_path, taught_from=wrong))
            expect(page.get_by_test_id("own-line")).to_have_text(sentence)
    expect_own(page, "own-1")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    assert asked == []


def test_a_file_with_the_largest_numbers_is_shown_in_every_view(page: Page, tmp_path: Path) -> None:
    confusion = [[2**53 - 1] * 10] * 10
    scores = [{"n": 2**53 - 1, "correct": at, "loss": loss} for at, loss in enumerate((0, 1e308, 1.7e308))]
    epoch = {f"{of}_{what}": 1 for of in ("training", "test") for what in ("loss", "accuracy")}
    path = write_own(
        tmp_path / "large.safetensors",
        TIMELINE,
        steps=[0, 1, 2**53 - 1],
        images_seen=[0, 1, 2**53 - 1],
        seed=2**53 - 1,
        scores=[{**score, "confusion": confusion} for score in scores],
        training_scores=scores,
        epochs=[{**epoch, "epoch": at, "training_loss": 1.7e308} for at in range(1000)],
    )
    open_file(page, path, "own-1")
    for name in ("digits", "input", "confusion", "inside", "network", "hand", "training"):
        open_view(page, name)
    for name in ("history-line", "history-legend"):
        assert len(page.get_by_test_id(name).inner_text()) < 200
    for line in page.get_by_test_id("history-loss").locator("polyline").all():
        assert "NaN" not in (points := line.get_attribute("points") or "NaN")
        assert "Infinity" not in points
    labels = page.get_by_test_id("history-loss").locator("text").all_text_contents()
    assert max(map(len, labels)) < 50
