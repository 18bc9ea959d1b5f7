"""Moving through training with the slider, in a real browser."""

import pytest
import torch
from committed import load_timeline
from hand import (
    await_mnist,
    bars,
    choose_run,
    draw,
    example,
    expect_verdict,
    inks,
    open_panel,
    page_drawing,
    tiles,
)
from playwright.sync_api import Page, expect

from mnist_core.checkpoints import checkpoint_path, load_head
from mnist_core.drawing import parse_drawing
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import DEFAULT_RUN, RUNS
from webapp.components import PANELS
from webapp.text import TEXT

RUN_IDS = ["relu-25-25/robust", "relu-96-256/published", "relu-128-128-64-64/robust"]


def move_to(page: Page, index: int) -> None:
    page.get_by_test_id("timeline").fill(str(index))


def count(page: Page, name: str) -> str:
    return page.get_by_test_id(f"count-{name}").locator("strong").inner_text()


def right(answers: torch.Tensor, labels: torch.Tensor) -> str:
    return f"{int((answers == labels).sum())} of {len(labels)} right"


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
        assert bars(prepared, "untrained") == pytest.approx(probabilities[0].tolist(), abs=1e-4)
        expect_verdict(prepared, int(probabilities[index].argmax()))
        assert tiles(prepared, "prediction") == answers[index].tolist()
        assert tiles(prepared, "untrained") == answers[0].tolist()
        assert count(prepared, "trained") == right(answers[index], labels)
        assert count(prepared, "untrained") == right(answers[0], labels)
    assert requests == []


@pytest.mark.parametrize("prepared", RUN_IDS[:1], indirect=True)
def test_the_slider_asks_nothing_with_every_view_open(prepared: Page) -> None:
    for name in PANELS:
        open_panel(prepared, name)
    hits = prepared.get_by_test_id("confusion-trained").locator("td.hit")
    expect(hits).to_have_count(10)
    expect(prepared.get_by_test_id("layers-summary")).not_to_be_empty()
    requests: list[str] = []
    prepared.on("request", lambda request: requests.append(request.url))
    for index, scores in enumerate(load_head(checkpoint_path(RUNS[RUN_IDS[0]])).card.scores):
        move_to(prepared, index)
        assert hits.all_inner_texts() == [str(scores.confusion[digit][digit]) for digit in range(10)]
    assert requests == []


@pytest.mark.parametrize("prepared", ["relu-50/published"], indirect=True)
def test_the_start_of_the_slider_is_the_untrained_network(prepared: Page) -> None:
    move_to(prepared, 0)
    assert bars(prepared, "trained") == bars(prepared, "untrained")
    assert tiles(prepared, "prediction") == tiles(prepared, "untrained")
    expect(prepared.get_by_test_id("trained-heading")).to_have_text(TEXT["untrained_heading"])


@pytest.mark.parametrize(
    ("keys", "moved"),
    [
        (["ArrowLeft"], -1),
        (["ArrowDown"], -1),
        (["ArrowLeft", "ArrowLeft", "ArrowRight"], -1),
        (["ArrowLeft", "ArrowUp"], 0),
        (["ArrowRight"], 0),
        (["Home"], -20),
        (["Home", "ArrowLeft"], -20),
        (["Home", "ArrowRight"], -19),
        (["Home", "End"], 0),
    ],
)
def test_arrow_keys_move_by_one_snapshot_and_home_and_end_to_the_ends(
    page: Page, keys: list[str], moved: int
) -> None:
    page.get_by_test_id("timeline").focus()
    for key in keys:
        page.keyboard.press(key)
    last = len(load_timeline(DEFAULT_RUN).steps) - 1
    assert last == 20
    assert page.evaluate("inkling.shown().index") == last + moved
    expect(page.get_by_test_id("timeline")).to_have_value(str(last + moved))


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


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_play_is_started_and_stopped_by_keyboard(page: Page, key: str) -> None:
    play = page.get_by_test_id("timeline-play")
    play.focus()
    page.keyboard.press(key)
    expect(play).to_have_text(TEXT["timeline_stop"])
    page.wait_for_function("inkling.shown().index === 2")
    page.keyboard.press(key)
    expect(play).to_have_text(TEXT["timeline_play"])
    stopped = page.evaluate("inkling.shown().index")
    page.wait_for_timeout(1000)  # more than two snapshots' time
    assert page.evaluate("inkling.shown().index") == stopped


def test_tab_goes_from_play_to_the_slider(page: Page) -> None:
    page.get_by_test_id("timeline-play").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("timeline")).to_be_focused()


def test_a_drawing_is_answered_by_the_snapshot_that_is_shown(page: Page) -> None:
    move_to(page, 5)
    draw(page, example(4).drawing)
    page.wait_for_timeout(500)
    image = image_of_drawing(parse_drawing(page_drawing(page)))
    expected = load_timeline(DEFAULT_RUN).probabilities(image[None])[5, 0]
    assert bars(page, "trained") == pytest.approx(expected.tolist(), abs=1e-4)
