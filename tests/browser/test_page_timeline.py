"""Moving through training with the slider, in a real browser."""

import pytest
import torch
from hand import await_mnist, bars, choose_run, draw, example, expect_verdict, inks, page_drawing, tiles
from playwright.sync_api import Page, expect

from mnist_core.drawing import parse_drawing
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import DEFAULT_RUN
from webapp.handlers import load_timeline
from webapp.text import TEXT

RUN_IDS = ["relu-25-25/robust", "relu-96-256/published", "relu-128-128-64-64/robust"]


def move_to(page: Page, index: int) -> None:
    page.get_by_test_id("timeline").fill(str(index))


@pytest.fixture
def prepared(page: Page, request: pytest.FixtureRequest) -> Page:
    """The page with a network chosen, a 4 drawn, and MNIST in the grid."""
    choose_run(page, request.param)
    draw(page, example(4).drawing)
    await_mnist(page)
    page.wait_for_timeout(500)
    return page


@pytest.mark.parametrize("prepared", RUN_IDS, indirect=True)
def test_the_slider_shows_what_every_snapshot_says_and_asks_nothing(prepared: Page) -> None:
    run_id = prepared.evaluate("inkling.state.run")
    timeline = load_timeline(run_id)
    image = image_of_drawing(parse_drawing(page_drawing(prepared)))
    probabilities = timeline.probabilities(image[None])[:, 0]
    answers = timeline.probabilities(torch.tensor(inks(prepared)).view(30, 28, 28) / 255).argmax(-1)
    labels = torch.tensor(tiles(prepared, "label"))
    requests: list[str] = []
    prepared.on("request", lambda request: requests.append(request.url))
    for index in range(len(timeline.steps)):
        move_to(prepared, index)
        assert bars(prepared, "trained") == pytest.approx(probabilities[index].tolist(), abs=1e-4)
        expect_verdict(prepared, int(probabilities[index].argmax()))
        assert tiles(prepared, "prediction") == answers[index].tolist()
        count = f"{int((answers[index] == labels).sum())} of 30 right"
        expect(prepared.get_by_test_id("count-trained")).to_contain_text(count)
    assert requests == []


@pytest.mark.parametrize("prepared", ["relu-50/published"], indirect=True)
def test_the_start_of_the_slider_is_the_untrained_network(prepared: Page) -> None:
    move_to(prepared, 0)
    assert bars(prepared, "trained") == bars(prepared, "untrained")
    assert tiles(prepared, "prediction") == tiles(prepared, "untrained")
    expect(prepared.get_by_test_id("trained-heading")).to_have_text(TEXT["untrained_heading"])


@pytest.mark.parametrize("prepared", ["relu-50/published"], indirect=True)
def test_an_arrow_key_moves_by_one_snapshot(prepared: Page) -> None:
    prepared.get_by_test_id("timeline").press("ArrowLeft")
    last = len(load_timeline("relu-50/published").steps) - 1
    assert prepared.evaluate("inkling.state.snapshot") == last - 1


@pytest.mark.parametrize("prepared", ["relu-50/published"], indirect=True)
def test_the_label_says_which_snapshot_is_shown(prepared: Page) -> None:
    move_to(prepared, 0)
    label = prepared.get_by_test_id("timeline-label")
    expect(label).to_contain_text("0 images seen, step 0:")
    prepared.get_by_test_id("timeline").press("End")
    expect(label).to_contain_text("180,000 images seen, step 2,814: 95.9 %")


def test_play_runs_from_untrained_to_trained(page: Page) -> None:
    draw(page, example(4).drawing)
    page.get_by_test_id("timeline-play").click()
    page.wait_for_function("inkling.shown().index === 0")
    page.wait_for_function("inkling.shown().isLast", timeout=20_000)
    expect(page.get_by_test_id("timeline-play")).to_have_text(TEXT["timeline_play"])


def test_a_drawing_is_answered_by_the_snapshot_that_is_shown(page: Page) -> None:
    move_to(page, 5)
    draw(page, example(4).drawing)
    page.wait_for_timeout(500)
    image = image_of_drawing(parse_drawing(page_drawing(page)))
    expected = load_timeline(DEFAULT_RUN).probabilities(image[None])[5, 0]
    assert bars(page, "trained") == pytest.approx(expected.tolist(), abs=1e-4)
