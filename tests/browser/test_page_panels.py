"""The views that open on request: when the digit was learned, and how the training went."""

import pytest
from committed import load_timeline
from hand import choose_run, draw, example, expect_verdict, open_panel, page_drawing
from playwright.sync_api import Page, expect

from mnist_core.architectures import ARCHITECTURES
from mnist_core.checkpoints import checkpoint_path, load_head
from mnist_core.drawing import parse_drawing
from mnist_core.model import summarize
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import DEFAULT_RUN, RUNS
from webapp.text import TEXT


def answers_of(page: Page) -> list[int]:
    """What every snapshot says of the drawing on the pad, computed in Python."""
    image = image_of_drawing(parse_drawing(page_drawing(page)))
    return load_timeline(DEFAULT_RUN).probabilities(image[None])[:, 0].argmax(-1).tolist()


@pytest.fixture
def learning(page: Page) -> Page:
    """A 4 on the pad, and the chart of when it was learned."""
    draw(page, example(4).drawing)
    expect_verdict(page, 4)
    page.wait_for_timeout(300)
    open_panel(page, "learning")
    return page


def test_no_panel_is_open_at_first(page: Page) -> None:
    assert page.locator("details[open]").count() == 0


def test_the_answers_over_training_are_those_of_the_snapshots(learning: Page) -> None:
    shown = learning.get_by_test_id("learning-answers").locator("li")
    expect(shown).to_have_text([str(answer) for answer in answers_of(learning)])


def test_the_line_says_since_when_the_answer_stays(learning: Page) -> None:
    answers = answers_of(learning)
    settled = max(index for index, answer in enumerate([None, *answers]) if answer != answers[-1])
    images = load_timeline(DEFAULT_RUN).images_seen[settled]
    expect(learning.get_by_test_id("learning-line")).to_contain_text(f"been 4 since {images:,} images")


def test_the_chart_has_a_line_for_each_digit_and_one_stands_out(learning: Page) -> None:
    chart = learning.get_by_test_id("learning-chart")
    expect(chart.locator("polyline")).to_have_count(10)
    expect(chart.locator("polyline.chosen")).to_have_count(1)


def test_the_chart_follows_the_pad(learning: Page) -> None:
    learning.get_by_test_id("pad-clear").click()
    expect(learning.get_by_test_id("learning-line")).to_have_text(TEXT["learning_empty"])
    draw(learning, example(7).drawing)
    expect(learning.get_by_test_id("learning-line")).to_contain_text("been 7 since")


@pytest.mark.parametrize("panel", ["learning", "history"])
def test_the_cursor_is_the_slider(learning: Page, panel: str) -> None:
    if panel == "history":
        open_panel(learning, "history")
    cursor = learning.get_by_test_id(panel).locator(".chart-cursor").first
    places = []
    for index in (0, 10, 20):
        learning.get_by_test_id("timeline").fill(str(index))
        places.append(float(cursor.get_attribute("x1") or "nan"))
    assert places == sorted(set(places))


def test_the_passes_are_those_of_the_card(page: Page) -> None:
    open_panel(page, "history")
    rows = page.get_by_test_id("history-epochs").locator("tbody tr").all_inner_texts()
    epochs = load_head(checkpoint_path(RUNS[DEFAULT_RUN])).card.epochs
    assert [row.split("\t") for row in rows] == [
        [
            *(str(epoch.epoch), f"{epoch.training_loss:.4f}", f"{epoch.training_accuracy * 100:.1f} %"),
            *(f"{epoch.test_loss:.4f}", f"{epoch.test_accuracy * 100:.1f} %"),
        ]
        for epoch in epochs
    ]


def test_of_many_passes_a_few_are_shown_up_to_the_last(page: Page) -> None:
    choose_run(page, "relu-25-25/published")
    open_panel(page, "history")
    rows = page.get_by_test_id("history-epochs").locator("tbody tr").all_inner_texts()
    passes = [int(row.split("\t")[0]) for row in rows]
    assert (passes[0], passes[-1], len(passes) <= 20) == (1, 100, True)


def heights(page: Page, chart: str, line: str) -> list[float]:
    """The heights of a line's points in a chart, as shares of the way from the axis to its top."""
    places = page.get_by_test_id(f"history-{chart}").locator("line.chart-grid")
    bottom, top = (float(places.nth(index).get_attribute("y1") or "nan") for index in (0, 2))
    points = page.get_by_test_id(f"history-{chart}").locator(f"polyline.{line}").get_attribute("points")
    ys = [float(point.split(",")[1]) for point in (points or "").split()]
    return [(bottom - y) / (bottom - top) for y in ys]


@pytest.mark.parametrize(("line", "scores"), [("chosen", "scores"), ("training", "training_scores")])
def test_the_lines_are_those_of_the_card_from_untrained_to_trained(
    page: Page, line: str, scores: str
) -> None:
    open_panel(page, "history")
    card = load_head(checkpoint_path(RUNS[DEFAULT_RUN])).card
    kept = getattr(card, scores)
    highest = max(entry.loss for entry in [*card.scores, *card.training_scores])
    accuracies, losses = heights(page, "accuracy", line), heights(page, "loss", line)
    assert accuracies == pytest.approx([entry.accuracy for entry in kept], abs=1e-4)
    assert losses == pytest.approx([entry.loss / highest for entry in kept], abs=1e-4)


def test_the_two_lines_are_told_apart_by_more_than_colour(page: Page) -> None:
    open_panel(page, "history")
    dashes = [
        page.get_by_test_id("history-accuracy")
        .locator(f"polyline.{line}")
        .evaluate("line => getComputedStyle(line).strokeDasharray")
        for line in ("chosen", "training")
    ]
    assert [dash == "none" for dash in dashes] == [True, False]


def test_the_legend_says_of_which_images_a_line_is(page: Page) -> None:
    open_panel(page, "history")
    entries = page.get_by_test_id("history-legend").locator("span")
    expect(entries).to_have_text(["10,000 test images", "60,000 training images"])


def test_a_run_whose_card_knows_no_training_images_has_one_line(page: Page) -> None:
    page.evaluate("inkling.runs[inkling.state.run].training = null")
    open_panel(page, "history")
    expect(page.get_by_test_id("history-accuracy").locator("polyline")).to_have_count(1)
    expect(page.get_by_test_id("history-legend")).to_have_text("10,000 test images")


def test_the_charts_say_in_words_what_they_show(page: Page) -> None:
    open_panel(page, "history")
    card = load_head(checkpoint_path(RUNS[DEFAULT_RUN])).card
    test, training = (
        f"from {scores[0].accuracy * 100:.1f} % to {scores[-1].accuracy * 100:.1f} % on {scores[0].n:,}"
        for scores in (card.scores, card.training_scores)
    )
    chart = page.get_by_test_id("history-accuracy").locator("svg")
    words = f"Accuracy over training: {test} test images; {training} training images."
    expect(chart).to_have_attribute("aria-label", words)


def matrix_of(page: Page, name: str) -> list[list[int]]:
    rows = page.get_by_test_id(f"confusion-{name}").locator("tbody tr")
    return rows.evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => Number(cell.textContent)))"
    )


@pytest.mark.parametrize("index", [0, 8, 20])
def test_the_confusion_matrices_are_those_of_the_card(page: Page, index: int) -> None:
    open_panel(page, "confusion")
    scores = load_head(checkpoint_path(RUNS[DEFAULT_RUN])).card.scores
    page.get_by_test_id("timeline").fill(str(index))
    expect(page.get_by_test_id("confusion-trained").locator("td").last).to_have_text(
        str(scores[index].confusion[9][9])
    )
    assert matrix_of(page, "untrained") == scores[0].confusion
    assert matrix_of(page, "trained") == scores[index].confusion


def test_the_layers_are_those_of_the_chosen_network(page: Page) -> None:
    open_panel(page, "layers")
    for name in ("relu-96-256", "tanh-96-sigmoid-256"):
        choose_run(page, f"{name}/published")
        expected = summarize(ARCHITECTURES[name]).splitlines()
        expect(page.get_by_test_id("layers-summary")).to_contain_text(expected[0])
        assert page.get_by_test_id("layers-summary").inner_text().splitlines() == expected
