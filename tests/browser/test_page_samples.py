"""The sample grid: thirty labelled digits, read before training and now; each can be laid on the pad."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from python_says import expect_bars, image_of, image_on, images_seen, levels_of, probabilities
from visitor import (
    LAPTOP,
    await_loaded,
    count_images,
    draw,
    example,
    expect_verdict,
    inks,
    model_input,
    move_slider,
    open_view,
    say,
    tiles,
)

from mnist_core.drawings.mnist import LabelledImages
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.runs.recipes import DEFAULT_RUN

pytestmark = pytest.mark.thorough


def tile(page: Page, number: int) -> Locator:
    return page.get_by_test_id("sample-grid").locator("[data-label]").nth(number)


def wrong_tile(page: Page) -> Locator:
    """The first tile that the shown network misreads."""
    return page.get_by_test_id("sample-grid").locator(".wrong").first


def readings(page: Page, snapshot: int) -> list[int]:
    """What Python reads in the tiles, as they are painted."""
    return [int(np.argmax(probabilities(image_of(levels))[snapshot])) for levels in inks(page)]


@pytest.mark.parametrize("snapshot", [0, 9, 20])
def test_tiles_and_counts_are_python_s(same_page: Page, snapshot: int) -> None:
    move_slider(same_page, snapshot)
    labels, before, now = tiles(same_page, "label"), readings(same_page, 0), readings(same_page, snapshot)
    assert len(labels) == 30
    assert (tiles(same_page, "untrained"), tiles(same_page, "prediction")) == (before, now)
    right = [sum(map(int.__eq__, labels, said)) for said in (before, now)]
    moment = {0: say("now_untrained"), 20: say("after")}.get(snapshot)
    moment = moment or say("now_between", images=count_images(images_seen(DEFAULT_RUN)[snapshot]))
    before_it = say("samples_now", moment="Before training", correct=right[0], total=30)
    expect(same_page.get_by_test_id("count-untrained")).to_have_text(before_it if snapshot else "")
    expect(same_page.get_by_test_id("count-trained")).to_have_text(
        say("samples_now", moment=moment[0].upper() + moment[1:], correct=right[1], total=30)
    )


@pytest.mark.parametrize("snapshot", [0, 9, 20])
def test_a_tile_is_green_if_it_is_read_right_and_red_if_not(same_page: Page, snapshot: int) -> None:
    move_slider(same_page, snapshot)
    classes = (
        same_page.get_by_test_id("sample-grid")
        .locator("[data-label]")
        .evaluate_all(
            "tiles => tiles.map(tile => ['right', 'wrong'].map(name => tile.classList.contains(name)))"
        )
    )
    is_right = [
        label == said
        for label, said in zip(tiles(same_page, "label"), readings(same_page, snapshot), strict=True)
    ]
    assert classes == [[right, not right] for right in is_right]


def test_right_and_wrong_tiles_differ_as_a_whole_and_not_by_their_colour_alone(same_page: Page) -> None:
    move_slider(same_page, 9)
    looks = [
        same_page.get_by_test_id("sample-grid")
        .locator(kind)
        .first.evaluate(
            "tile => ['backgroundImage', 'borderStyle'].map(name => getComputedStyle(tile)[name])"
        )
        for kind in (".right", ".wrong")
    ]
    assert looks[0] == ["none", "solid"]
    assert looks[1][0].startswith("repeating-linear-gradient")
    assert looks[1][1] == "dashed"


def test_every_tile_says_in_words_what_it_shows(same_page: Page) -> None:
    move_slider(same_page, 9)
    images = count_images(images_seen(DEFAULT_RUN)[9])
    for number in (0, 7, 29):
        label, untrained, now = (
            tiles(same_page, name)[number] for name in ("label", "untrained", "prediction")
        )
        words = say(
            "tile_label",
            label=label,
            before=say("before"),
            untrained=untrained,
            moment=say("now_between", images=images),
            prediction=now,
        )
        expect(tile(same_page, number)).to_have_accessible_name(words)


def test_a_tile_tells_what_was_read_before_training_on_hover_and_on_focus_only(same_page: Page) -> None:
    same_page.mouse.move(1, 1)
    before = [f"{digit} →" for digit in tiles(same_page, "untrained")]
    past = same_page.get_by_test_id("sample-grid").locator(".was:visible")
    expect(past).to_have_count(0)
    tile(same_page, 4).hover()
    expect(past).to_have_text([before[4]])
    same_page.mouse.move(1, 1)
    expect(past).to_have_count(0)
    tile(same_page, 7).focus()
    same_page.keyboard.press("ArrowRight")
    expect(past).to_have_text([before[8]])


def test_the_tiles_are_mnist_s_test_digits_with_their_labels(
    same_page: Page, test_images: LabelledImages
) -> None:
    known = {
        bytes(image.flatten().tolist()): int(label)
        for image, label in zip(test_images.images, test_images.labels, strict=True)
    }
    assert [known[bytes(levels)] for levels in inks(same_page)] == tiles(same_page, "label")
    expect(same_page.get_by_test_id("sample-source")).to_have_text(say("samples_mnist"))


def test_thirty_others_are_all_others(same_page: Page) -> None:
    seen = {bytes(levels) for levels in inks(same_page)}
    for draws in range(2, 5):
        same_page.get_by_test_id("sample-others").click()
        seen |= {bytes(levels) for levels in inks(same_page)}
        assert len(seen) == 30 * draws
    assert tiles(same_page, "prediction") == readings(same_page, -1)


def test_a_tile_lays_its_digit_on_the_pad_and_is_judged(same_page: Page) -> None:
    label = tiles(same_page, "label")[3]
    tile(same_page, 3).click()
    expect(same_page.get_by_test_id("pad-sample")).to_have_text(say("sample_hint", label=label))
    assert model_input(same_page) == inks(same_page)[3]
    expect_bars(same_page, image_of(inks(same_page)[3]))
    expect_verdict(same_page, label)
    expect(same_page.get_by_test_id("verdict")).to_contain_text(say("verdict_right"))
    expect(tile(same_page, 3)).to_have_attribute("aria-pressed", "true")


def test_a_misread_tile_is_called_wrong(same_page: Page) -> None:
    move_slider(same_page, 9)
    said = wrong_tile(same_page).get_attribute("data-prediction")
    wrong_tile(same_page).click()
    expect_verdict(same_page, str(said))
    expect(same_page.get_by_test_id("verdict")).to_contain_text(say("verdict_wrong"))


def test_what_has_a_label_is_never_called_no_digit(same_page: Page) -> None:
    for number in range(3 * 30):  # of some 180 samples one scores as low as a scribble
        if number % 30 == 0:
            same_page.get_by_test_id("sample-others").click()
        tile(same_page, number % 30).click()
        assert say("verdict_not_a_digit") not in same_page.get_by_test_id("verdict").inner_text()


def test_above_the_grid_drawn_up_on_a_phone_the_verdict_of_its_last_tile_is_in_sight(
    same_page: Page,
) -> None:
    same_page.set_viewport_size({"width": 360, "height": 640})
    open_view(same_page, "digits")
    tile(same_page, 29).click()
    expect_verdict(same_page, tiles(same_page, "label")[29])
    for name in ("verdict", "bars", "timeline"):
        expect(same_page.get_by_test_id(name)).to_be_in_viewport(ratio=1)
    same_page.set_viewport_size(LAPTOP)


def test_a_tile_pressed_again_gives_the_drawing_back(same_page: Page) -> None:
    draw(same_page, example(4).drawing)
    drawn = levels_of(image_on(same_page))
    tile(same_page, 5).click()
    tile(same_page, 5).click()
    expect(same_page.get_by_test_id("pad-sample")).to_be_hidden()
    assert model_input(same_page) == drawn
    expect_verdict(same_page, 4)


def test_undo_takes_a_tile_off_the_pad(same_page: Page) -> None:
    draw(same_page, example(4).drawing)
    tile(same_page, 5).click()
    same_page.get_by_test_id("pad-undo").click()
    expect_verdict(same_page, 4)
    expect(tile(same_page, 5)).to_have_attribute("aria-pressed", "false")


def test_a_stroke_puts_a_tile_away_and_begins_a_drawing(same_page: Page) -> None:
    draw(same_page, example(4).drawing)
    tile(same_page, 5).click()
    draw(same_page, example(1).drawing)
    expect(same_page.get_by_test_id("pad-sample")).to_be_hidden()
    expect_bars(same_page, image_on(same_page))
    expect_verdict(same_page, 1)


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        (["ArrowRight"], 1),
        (["ArrowDown"], 6),
        (["ArrowDown", "ArrowUp"], 0),
        (["End"], 29),
        (["End", "Home"], 0),
        (["ArrowLeft"], 0),
        (["End", "ArrowRight"], 29),
    ],
)
def test_arrow_keys_move_among_the_tiles(same_page: Page, keys: list[str], number: int) -> None:
    tile(same_page, 0).focus()
    for key in keys:
        same_page.keyboard.press(key)
    expect(tile(same_page, number)).to_be_focused()
    assert same_page.get_by_test_id("sample-grid").locator("[tabindex='0']").count() == 1


def test_a_tile_is_laid_on_the_pad_by_keyboard(same_page: Page) -> None:
    tile(same_page, 0).press("ArrowRight")
    same_page.keyboard.press("Enter")
    label = tiles(same_page, "label")[1]
    expect(same_page.get_by_test_id("pad-sample")).to_have_text(say("sample_hint", label=label))


@pytest.fixture(scope="module")
def without_mnist(browser: Browser, site: str) -> Iterator[Page]:
    """The page of a host that has no MNIST."""
    context = browser.new_context(viewport=LAPTOP)
    page = context.new_page()
    page.route("**/mnist/*", lambda route: route.fulfill(status=404))
    page.goto(site)
    await_loaded(page)
    yield page
    context.close()


def test_without_mnist_the_grid_shows_inkling_s_own_drawings_and_says_so(without_mnist: Page) -> None:
    own = {bytes(levels_of(image_of_drawing(entry.drawing))): entry.label for entry in read_handwritings()}
    assert [own[bytes(levels)] for levels in inks(without_mnist)] == tiles(without_mnist, "label")
    assert len(set(map(bytes, inks(without_mnist)))) == 30
    assert tiles(without_mnist, "prediction") == readings(without_mnist, -1)
    expect(without_mnist.get_by_test_id("sample-source")).to_have_text(say("samples_handwritings"))


def test_without_mnist_a_cell_of_the_confusion_matrix_says_so(without_mnist: Page) -> None:
    open_view(without_mnist, "confusion")
    without_mnist.get_by_test_id("confusion-trained").locator("tbody button").first.click()
    expect(without_mnist.get_by_test_id("cell-line")).to_have_text(say("cell_handwritings"))
