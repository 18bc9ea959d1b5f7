"""Settings show in what a training makes, and impossible ones are refused with a sentence."""

from pathlib import Path

import pytest
from own_training import LONG, RUN, SMALL, change, expect_state, page, press, save, train
from playwright.sync_api import Browser, Page, expect
from visitor import bars, open_fragment, open_page, open_view

from mnist_core.drawings.mnist import LabelledImages

pytestmark = pytest.mark.thorough

__all__ = ["page"]


def test_a_digit_that_was_never_shown_is_read_as_another_one(page: Page, test_images: LabelledImages) -> None:
    train(page, count=10_000, epochs=2, leftOut=[7, 5])
    confusion = open_view(page, "confusion")
    counts = (
        confusion.get_by_test_id("confusion-trained")
        .locator("tbody tr")
        .evaluate_all(
            "rows => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => +cell.textContent))"
        )
    )
    assert [sum(row) for row in counts] == test_images.labels[:1000].bincount().tolist()
    assert [row[5] + row[7] for row in counts] == [0] * 10
    assert page.get_by_test_id("verdict").get_attribute("data-prediction") != "5"


def test_a_training_that_diverges_says_so_and_keeps_what_came_before(page: Page, tmp_path: Path) -> None:
    change(page, learningRate=900_000, optimizer="sgd", **SMALL)
    press(page, "train")
    expect_state(page, "failed")
    expect(page.get_by_test_id("train-state")).to_contain_text("smaller learning rate")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    assert not any(value != value for value in bars(page)[1])  # no NaN
    path = save(page, tmp_path)
    press(page, "own-remove")
    page.get_by_test_id("own-file").set_input_files(path)
    expect(page.get_by_test_id("own-line")).to_contain_text("has been opened")


@pytest.mark.parametrize("size", [(390, 844), (1366, 641)])
def test_what_change_the_training_opens_is_in_sight(
    browser: Browser, short_site: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = open_page(context, f"{short_site}#run={RUN}")
    press(page, "train")
    expect_state(page, "running")
    press(page, "train-stop")
    expect_state(page, "done")
    press(page, "train-change")
    expect(page.get_by_test_id("settings")).to_be_in_viewport()
    expect(page.get_by_test_id("set-count")).to_be_focused()
    for name in ("set-count", "set-epochs"):
        expect(page.get_by_test_id(name)).to_be_in_viewport(ratio=1)
        page.get_by_test_id(name).click(timeout=1000)  # nothing lies on it
    assert page.evaluate("scrollY") == 0
    context.close()


def test_what_is_typed_while_a_training_goes_on_is_not_written_over(page: Page) -> None:
    change(page, **LONG)
    press(page, "train")
    expect_state(page, "running")
    epochs = page.get_by_test_id("set-epochs")
    epochs.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    page.wait_for_timeout(500)  # some reports of the training
    page.keyboard.type("2")
    expect(epochs).to_have_value("12")
    press(page, "train-stop")


def test_on_a_phone_on_its_side_the_bars_stay_beside_a_training_that_is_over(page: Page) -> None:
    page.set_viewport_size({"width": 844, "height": 390})
    press(page, "train")
    expect_state(page, "running")
    press(page, "train-stop")
    expect_state(page, "done")
    tracks = page.get_by_test_id("bars").locator(".track")
    assert min(tracks.evaluate_all("tracks => tracks.map(({ clientHeight }) => clientHeight)")) >= 24


def test_an_impossible_setting_is_refused_with_a_sentence(page: Page) -> None:
    problem = page.get_by_test_id("training-problem")
    wrong = (
        ("epochs", "0"),
        ("epochs", "1.5"),
        ("learningRate", "0"),
        ("learningRate", "-1"),
        ("batchSize", "70000"),
        ("shuffledShare", "101"),
        ("seed", "-1"),
        ("seed", "4294967296"),
    )
    open_view(page, "settings")
    for number, (name, value) in enumerate(wrong):
        change(page, seed=10 + number)  # a possible one takes the sentence away
        expect(problem, f"before {name} {value}").to_have_text("")
        field = page.get_by_test_id(f"set-{name}")
        before = field.input_value()
        change(page, **{name: value})
        expect(problem, f"{name} {value}").to_contain_text("nothing was changed")
        expect(field, f"{name} {value}").to_have_value(before)


def test_a_link_s_training_is_refused_if_it_is_impossible(page: Page) -> None:
    for training in (
        '{"epochs":0}',
        '{"count":7}',
        "[]",
        "{",
        '{"rates":[[0,-1]]}',
        '{"leftOut":[0,1,2,3,4,5,6,7,8,9]}',
    ):
        open_fragment(page, f"#run={RUN}&train={training}")
        expect(page.get_by_test_id("invitation")).to_be_hidden()
        expect(page.get_by_test_id("verdict")).to_contain_text("could not be read")
