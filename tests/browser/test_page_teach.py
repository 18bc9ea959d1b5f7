"""Teaching a network the visitor's hand: what changes, and what stays as it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from own_hand import LEANING, LINES, give, kept_for_testing, open_hand, python_reads, rows, save, start_over
from playwright.sync_api import BrowserContext, Page, expect
from python_says import card_of
from visitor import bars, choose_run, draw, example, move_slider, open_page, say

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.drawings.mnist import load_mnist
from mnist_core.drawings.unipen import read_unipen
from mnist_core.runs.recipes import find_run
from mnist_core.training.fine_tuning import measure_fine_tuning

pytestmark = pytest.mark.thorough

RUN = "relu-50/published"
READINGS = """rows => rows.map(row =>
  [...row.querySelectorAll("[data-label]")].map(tile => Number(tile.dataset.prediction)))"""
SECONDS = 120_000  # ms that fetching MNIST, teaching and measuring may take on a busy machine


def taught(page: Page, row: str) -> list[str]:
    """What the view says before and after teaching: of `digits` or `mnist`."""
    return [page.get_by_test_id(f"taught-{row}-{moment}").inner_text() for moment in ("before", "after")]


def teach(page: Page) -> None:
    """Press the button, and wait until the network is taught and measured."""
    page.get_by_test_id("teach").click()
    expect(page.get_by_test_id("train-state")).to_have_attribute("data-state", "done", timeout=SECONDS)


@pytest.fixture
def page(laptop: BrowserContext, training_site: str) -> Iterator[Page]:
    """The page, as it opens; what it reports as an error fails the test."""
    page = open_page(laptop, training_site)
    yield page
    faults = page.faults  # type: ignore[attr-defined]
    page.close()
    assert faults == []


@pytest.fixture
def drawn(page: Page, tmp_path: Path) -> Page:
    """The page with a whole hand, a 7 on the pad after it, and a small network chosen."""
    choose_run(page, RUN)
    open_hand(page)
    give(page, tmp_path, learn=LEANING, test=LEANING)
    expect(page.get_by_test_id("teach")).to_be_enabled()
    draw(page, example(7).drawing)
    return page


@pytest.mark.all_test_images
def test_teaching_changes_what_is_read_as_adapt_does(drawn: Page, mnist: Path, tmp_path: Path) -> None:
    path = save(drawn, tmp_path)
    tests = kept_for_testing(path)
    teach(drawn)
    expect(drawn.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    labels = [entry.label for entry in tests]
    correct = sum(map(int.__eq__, labels, python_reads(tests, RUN, -1)))
    before, after = taught(drawn, "digits")
    assert before == say("hand_row", correct=correct, n=10)
    timeline = load_checkpoint(checkpoint_path(find_run(RUN)))[0]
    report = measure_fine_tuning(
        timeline, read_unipen(path), *(load_mnist(mnist, split) for split in ("training", "test"))
    )
    assert report.n == 10
    assert report.errors_before == 1 - correct / 10
    assert int(after.split()[0]) == pytest.approx(10 * (1 - report.errors_after), abs=1)
    assert int(after.split()[0]) >= correct + 3
    scores = card_of(RUN).scores[-1]
    first, last = (words.replace(",", "").split() for words in taught(drawn, "mnist"))
    assert first[-3:] == [str(scores.correct), "of", "10000"]
    assert int(last[-3]) / 10_000 == pytest.approx(1 - report.mnist_errors_after, abs=0.01)
    assert last[-1] == "10000"


def test_before_and_after_stand_side_by_side_and_the_run_that_was_taught_stays_as_it_is(
    drawn: Page, tmp_path: Path
) -> None:
    tests, shown, (_, published) = kept_for_testing(save(drawn, tmp_path)), rows(drawn), bars(drawn)
    teach(drawn)
    readings = drawn.get_by_test_id("taught").locator("li").evaluate_all(READINGS)
    before, after = readings
    assert before == python_reads(tests, RUN, -1)
    labels = [entry.label for entry in tests]
    assert [sum(map(int.__eq__, labels, said)) for said in (before, after)] == [
        int(words.split()[0]) for words in taught(drawn, "digits")
    ]
    move_slider(drawn, 0)  # its first snapshot is the network that was taught
    assert bars(drawn)[1] == pytest.approx(published, abs=1e-6)
    choose_run(drawn, RUN)
    assert rows(drawn) == shown
    expect(drawn.get_by_test_id("taught")).to_be_visible()  # what it became


def test_a_change_of_network_loses_nothing_of_what_is_taught_meanwhile(drawn: Page) -> None:
    drawn.get_by_test_id("teach").click()
    state = drawn.get_by_test_id("train-state")
    expect(state).to_be_visible()  # how far it is stands beside the time
    expect(drawn.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1", timeout=SECONDS)
    choose_run(drawn, "relu-25-25/published")
    expect(state).to_have_attribute("data-state", "done", timeout=SECONDS)
    expect(state).to_be_visible()
    result = drawn.get_by_test_id("taught")
    names = {"Network": say("network_relu-50"), "training": f"{say('training_own_taught')} (1)"}
    expect(result.get_by_role("heading")).to_have_text(say("teach_result", **names))
    before, after = taught(drawn, "digits")
    assert int(before.split()[0]) < int(after.split()[0])


def test_nothing_can_be_taught_without_a_drawing_to_learn_from(page: Page, tmp_path: Path) -> None:
    open_hand(page)
    button = page.get_by_test_id("teach")
    expect(button).to_be_disabled()
    expect(page.get_by_test_id("teach-about")).to_have_text(say("teach_nothing"))
    give(page, tmp_path, test={1: LINES[1]})
    expect(button).to_be_disabled()
    start_over(page)
    give(page, tmp_path, learn={1: LINES[1]})
    expect(button).to_be_enabled()
    expect(page.get_by_test_id("teach-about")).to_contain_text(say("hand_count_one"))


def test_no_network_is_taught_while_one_is_trained(page: Page, tmp_path: Path) -> None:
    open_hand(page)
    give(page, tmp_path, learn={1: LINES[1]})
    page.get_by_test_id("train").click()
    expect(page.get_by_test_id("train-state")).to_have_attribute("data-state", "running", timeout=30_000)
    expect(page.get_by_test_id("teach")).to_be_disabled()
    expect(page.get_by_test_id("teach-about")).to_have_text(say("teach_busy"))
    page.get_by_test_id("train-stop").click()
    expect(page.get_by_test_id("teach")).to_be_enabled(timeout=SECONDS)


def test_a_network_can_be_taught_without_test_digits(page: Page, tmp_path: Path) -> None:
    choose_run(page, RUN)
    open_hand(page)
    give(page, tmp_path, learn={1: LINES[1]})
    teach(page)
    assert taught(page, "digits") == ["–"] * 2
    expect(page.get_by_test_id("taught").locator("[data-label]")).to_have_count(0)
