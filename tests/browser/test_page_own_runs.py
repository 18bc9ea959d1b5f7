"""A run of one's own may be replaced, removed, taught or saved at any moment; every view follows."""

from hand import say
from playwright.sync_api import Page, expect
from test_page_training import expect_state, page, press, train


__all__ = ["page"]
SHORT = {"count": 1000, "batchSize": 500, "epochs": 2}  # four steps


def train_again(page: Page) -> None:
    press(page, "train-new")
    expect_state(page, "running")
    expect_state(page, "done")


def test_play_ends_when_its_run_is_trained_again(page: Page) -> None:
    train(page, **SHORT)
    press(page, "play")
    train_again(page)
    expect(page.get_by_test_id("play")).to_have_text(say("play"))
