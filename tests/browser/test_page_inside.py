"""The view into the network: its pictures are the weights, in their order, at every moment of every run."""

import pytest
from committed import load_timeline
from inside import (
    LAST,
    RUN_IDS,
    Network,
    assert_painted,
    expect_order,
    line,
    move_to,
    number,
    open_inside,
    painted,
    pictures,
    units,
)
from playwright.sync_api import Page, Route, expect
from python_says import write_drawing
from visitor import draw, example, expect_verdict, open_fragment, open_view, say

from mnist_core.drawings.strokes import parse_drawing
from mnist_core.runs.recipes import DEFAULT_RUN

pytestmark = pytest.mark.thorough

NO_DIGIT = parse_drawing({"strokes": [[[x, y] for x in (0.1, 0.9) for y in (0.1, 0.9)] * 3]})


@pytest.mark.parametrize("run_id", RUN_IDS)
def test_the_pictures_are_the_shown_snapshot_s_weights_on_one_scale(same_page: Page, run_id: str) -> None:
    open_inside(same_page, run_id)
    for snapshot in (LAST, 9, 0):
        move_to(same_page, run_id, snapshot)
        assert_painted(pictures(same_page), painted(run_id, snapshot))


def test_step_0_stands_beside_on_request(same_page: Page) -> None:
    open_inside(same_page, "relu-50/published")
    beside = same_page.get_by_test_id("inside-beside")
    beside.click()
    expect(beside).to_have_attribute("aria-pressed", "true")
    assert_painted(pictures(same_page), painted("relu-50/published", LAST))
    assert_painted(pictures(same_page, picture=1), painted("relu-50/published", 0))
    beside.click()
    expect(beside).to_have_attribute("aria-pressed", "false")
    assert_painted(pictures(same_page), painted("relu-50/published", LAST))


@pytest.mark.parametrize("width", [390, 1366])
def test_a_button_lies_over_every_picture_however_wide_the_page(page: Page, width: int) -> None:
    open_inside(page, "relu-128-128-64-64/robust")
    page.set_viewport_size({"width": width, "height": 844})
    page.wait_for_timeout(200)  # until they are laid out anew
    boxes = [button.bounding_box() for button in page.get_by_test_id("units").locator("button").all()]
    assert all(box and box["width"] == pytest.approx(box["height"]) and box["width"] >= 44 for box in boxes)
    assert_painted(pictures(page), painted("relu-128-128-64-64/robust", LAST))


@pytest.mark.parametrize("run_id", RUN_IDS)
@pytest.mark.parametrize("snapshot", [LAST, 6])
def test_units_stand_in_the_order_of_what_they_add_and_glow_as_they_are_active(
    same_page: Page, run_id: str, snapshot: int
) -> None:
    open_inside(same_page, run_id)
    move_to(same_page, run_id, snapshot)
    network = Network(same_page, run_id, snapshot)
    digit = int(network.logits.argmax())
    expect_order(same_page, digit)
    found = units(same_page)
    added = network.effects(digit)[[each["unit"] for each in found]]
    assert (added.diff() <= 1e-9).all()
    values = network.activations.detach().abs()
    frames = [(values[each["unit"]] / values.max() * 255).item() for each in found]
    assert [each["frame"] for each in found] == pytest.approx(frames, abs=1)
    on = int((network.activations > 0).sum())
    assert line(same_page).startswith(say(f"inside_{network.names[0]}", on=on, units=len(found)))


def test_while_the_training_plays_every_picture_stays_in_its_place(same_page: Page) -> None:
    open_inside(same_page, "relu-50/published")
    expect_order(same_page, 3)
    before = [each["unit"] for each in units(same_page)]
    same_page.get_by_test_id("play").click()
    expect(same_page.get_by_test_id("inside-line")).to_contain_text(say("inside_order_held"))
    first, moved = units(same_page), []
    same_page.wait_for_function(
        "([place, value]) => place.value !== value",
        arg=[
            same_page.get_by_test_id("timeline").element_handle(),
            same_page.get_by_test_id("timeline").input_value(),
        ],
    )
    moved = units(same_page)
    assert before == [each["unit"] for each in first] == [each["unit"] for each in moved]
    assert [each["letters"] for each in first] != [each["letters"] for each in moved]
    same_page.get_by_test_id("play").click()
    expect(same_page.get_by_test_id("inside-line")).not_to_contain_text(say("inside_order_held"))


def test_units_are_reached_by_arrow_keys(same_page: Page) -> None:
    open_inside(same_page, "relu-25-25/robust")
    buttons = same_page.get_by_test_id("units").get_by_role("button")
    buttons.first.focus()
    for key, reached in [("ArrowRight", 1), ("End", 24), ("ArrowLeft", 23), ("Home", 0), ("ArrowRight", 1)]:
        same_page.keyboard.press(key)
        expect(buttons.nth(reached)).to_be_focused()
    same_page.keyboard.press("Enter")
    expect(buttons.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(buttons.nth(1)).to_be_focused()
    expect(same_page.get_by_test_id("unit-detail")).to_have_attribute(
        "data-unit", buttons.nth(1).get_attribute("data-unit") or ""
    )
    same_page.keyboard.press("Enter")
    expect(same_page.get_by_test_id("unit-detail")).to_be_hidden()


def test_an_empty_pad_shows_the_weights_and_says_that_nothing_is_lit(same_page: Page) -> None:
    open_inside(same_page, "relu-50/published", None)
    expect(same_page.get_by_test_id("inside-line")).to_have_text(say("inside_empty"))
    expect(same_page.get_by_test_id("contrast-line")).to_have_text(say("contrast_empty"))
    assert [each["unit"] for each in units(same_page)] == list(range(50))
    assert {each["frame"] for each in units(same_page)} == {0}
    assert_painted(pictures(same_page), painted("relu-50/published", LAST))
    same_page.get_by_test_id("units").locator("button").nth(4).click()
    bias = load_timeline("relu-50/published").biases[0][-1, 4].item()
    detail = same_page.get_by_test_id("unit-detail")
    assert number(detail.get_attribute("data-sum")) == pytest.approx(bias, abs=1e-6)
    expect(same_page.get_by_test_id("unit-ink")).to_be_hidden()
    draw(same_page, example(5).drawing)
    expect_order(same_page, 5)
    expect(same_page.get_by_test_id("unit-ink")).to_be_visible()
    same_page.get_by_test_id("pad-clear").click()
    expect(same_page.get_by_test_id("inside-line")).to_have_text(say("inside_empty"))


def test_of_a_drawing_that_is_refused_the_view_names_no_answer(same_page: Page) -> None:
    open_fragment(same_page, f"#run={DEFAULT_RUN}&open=inside&drawing={write_drawing(NO_DIGIT)}")
    expect_verdict(same_page, "")
    expect_order(same_page, int(Network(same_page, DEFAULT_RUN).logits.argmax()))
    expect(same_page.get_by_test_id("inside")).not_to_contain_text("answer")


def test_while_the_time_is_dragged_no_button_changes(same_page: Page) -> None:
    open_inside(same_page, "relu-50/published")
    expect_order(same_page, 3)
    same_page.get_by_test_id("units").evaluate(
        """units => {
          window.changes = 0;
          const watch = new MutationObserver((found) => { changes += found.length; });
          watch.observe(units, { attributes: true, childList: true, subtree: true, characterData: true });
        }"""
    )
    before = pictures(same_page)
    move_to(same_page, "relu-50/published", 9)
    assert (pictures(same_page) != before).any()
    assert same_page.evaluate("changes") == 0


def test_another_run_shows_nothing_of_the_last_until_it_is_there(page: Page) -> None:
    held: list[Route] = []
    page.route("**/relu-128-128-64-64/robust.safetensors", lambda route: held.append(route))
    open_inside(page, "relu-50/robust")
    page.get_by_test_id("units").locator("button").first.click()
    drawing = write_drawing(example(3).drawing)
    open_fragment(page, f"#run=relu-128-128-64-64/robust&open=inside&drawing={drawing}")
    expect(page.get_by_test_id("inside-line")).to_have_text(say("view_waits"))
    expect(page.get_by_test_id("inside-body")).to_be_hidden()
    expect(open_view(page, "network").get_by_test_id("network-line")).to_have_text(say("view_waits"))
    expect(page.get_by_test_id("network-picture")).to_have_attribute("data-links", "0")
    while not held:
        page.wait_for_timeout(10)
    held.pop().continue_()
    open_view(page, "inside")
    expect(page.get_by_test_id("units").locator("button")).to_have_count(128)
    expect(page.get_by_test_id("unit-detail")).to_be_hidden()
    expect(page.get_by_test_id("play")).to_be_enabled()
    assert_painted(pictures(page), painted("relu-128-128-64-64/robust", LAST))
