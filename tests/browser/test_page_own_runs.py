"""A run of one's own may be replaced, removed, taught or saved at any moment; every view follows."""

import re
from pathlib import Path

import pytest
from own_hand import open_digits
from own_training import (
    RUN,
    answers,
    change,
    expect_measured,
    expect_state,
    page,
    press,
    save,
    train,
    train_once_more,
)
from playwright.sync_api import Page, expect
from visitor import choose_run, open_view, say

pytestmark = pytest.mark.thorough

__all__ = ["page"]
SHORT = {"count": 1000, "batchSize": 500, "epochs": 2}  # four steps


def counts(page: Page) -> list[str]:
    return page.get_by_test_id("confusion-trained").locator("tbody td").all_inner_texts()


def pause(page: Page) -> None:
    """Train, and pause it at its first steps."""
    press(page, "train")
    press(page, "train-pause")
    expect_state(page, "paused")


def test_play_ends_when_its_run_is_trained_again(page: Page) -> None:
    train(page, **SHORT)
    press(page, "play")
    train_once_more(page, "new")
    expect(page.get_by_test_id("play")).to_have_text(say("play"))


def test_a_training_that_failed_at_once_is_nothing_to_play(page: Page) -> None:
    change(page, **SHORT, learningRate=900_000)
    press(page, "train")
    expect_state(page, "failed")
    expect(page.get_by_test_id("timeline")).to_have_attribute("max", "0")
    press(page, "play")
    expect(page.get_by_test_id("play")).to_have_text(say("play"))


def test_the_confusion_says_after_training_once_it_is_over(page: Page) -> None:
    change(page, **SHORT)
    open_view(page, "confusion")
    train(page)
    heading = page.get_by_test_id("confusion").locator("figcaption").last
    expect(heading).to_have_text("After training")


def test_confusion_and_history_that_were_closed_meanwhile_are_of_the_new_network(page: Page) -> None:
    def measured() -> tuple[list[str], str]:
        open_view(page, "confusion")
        mixed_up = counts(page)
        return mixed_up, open_view(page, "training").get_by_test_id("history-legend").inner_text()

    train(page, **SHORT)
    old = measured()
    open_view(page, "settings")
    press(page, "own-remove")
    train(page, "relu-50/own-2", seed=2)  # in the place of the other one, from another start
    new = measured()
    assert new[0] != old[0]
    assert new[1] != old[1]


def test_a_network_that_was_removed_can_be_brought_back(page: Page) -> None:
    train(page, count=100, epochs=1)
    first = answers(page)
    press(page, "own-remove")
    expect(page.get_by_test_id("own-runs").locator("li")).to_have_count(0)
    expect(page.get_by_test_id("own-line")).to_contain_text("has been removed")
    press(page, "own-restore")
    expect(page.get_by_test_id("own-restore")).to_be_hidden()
    press(page, "own-show")
    assert answers(page) == first


def test_a_network_that_was_replaced_by_training_again_can_be_brought_back(page: Page) -> None:
    train(page, count=100, epochs=1)
    first = answers(page)
    train_once_more(page, "new")
    back = page.get_by_test_id("train-restore")
    expect(back).to_have_attribute("title", re.compile(r"seed 1 \(1\) has been replaced\.$"))
    expect(page.get_by_test_id("own-line")).to_have_text(re.compile(r"seed 1 \(1\) has been replaced\.$"))
    expect(page.get_by_test_id("own-restore")).to_be_visible()
    assert answers(page) != first
    back.press("Enter")
    expect(page.get_by_test_id("train")).to_be_focused()
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    expect(back).to_be_hidden()
    assert answers(page) == first
    expect(page.get_by_test_id("own-runs").locator("li")).to_have_count(2)
    open_view(page, "training")
    expect(page.locator("[data-testid=history-accuracy] .chart-line.earlier")).to_have_count(
        1
    )  # the other one


def test_trainings_that_diverged_take_no_place(page: Page) -> None:
    change(page, **SHORT, learningRate=900_000)
    for number in range(1, 5):
        choose_run(page, RUN)
        press(page, "train")
        expect(page.get_by_test_id("run")).to_have_attribute("data-run", f"relu-50/own-{number}")
        expect_state(page, "failed")
    expect(page.get_by_test_id("own-line")).not_to_have_text(say("own_full"))
    expect(page.get_by_test_id("own-runs").locator("li")).to_have_count(3)


def test_the_file_of_a_training_that_failed_can_be_opened(page: Page, tmp_path: Path) -> None:
    change(page, **SHORT, learningRate=900_000, optimizer="sgd")
    press(page, "train")
    expect_state(page, "failed")
    expect(page.get_by_test_id("timeline")).not_to_have_attribute("max", "0")  # some of it was measured
    path = save(page, tmp_path)
    page.get_by_test_id("own-file").set_input_files(path)
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-2")


@pytest.mark.all_test_images  # of which "before and after" is
def test_a_network_that_was_taught_keeps_its_own_before(page: Page, tmp_path: Path) -> None:
    train(page, **SHORT)
    open_digits(page, tmp_path)
    press(page, "teach")
    expect_measured(page)
    before = page.get_by_test_id("taught-mnist-before").inner_text()
    assert " of 10,000" in before
    open_view(page, "settings")
    page.locator("[data-testid=own-remove][data-own='relu-50/own-1']").click()  # what it was taught from
    train(page, "relu-50/own-3", seed=99)
    choose_run(page, RUN)
    page.locator("[data-testid=own-show][data-own='relu-50/own-2']").click()
    open_view(page, "hand")
    expect(page.get_by_test_id("taught-mnist-before")).to_have_text(before)
