"""The charts of the views answer to the pointer, to the keyboard and to a finger."""

import itertools

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from python_says import image_on, images_seen, open_drawing, percent, probabilities, story_of
from visitor import LAPTOP, count_images, example, move_slider, open_fragment, open_page, open_view, say

from mnist_core.checkpoints.card import checkpoint_path, load_metadata
from mnist_core.runs.recipes import DEFAULT_RUN, find_run

pytestmark = pytest.mark.thorough

LAST = 20
COMPARED = {  # in the order of the legend: those beside the chosen one first
    "relu-50/published": "training_published",
    "relu-50/shuffled-labels": "training_shuffled-labels",
}
# Where a line's point lies in its chart, in CSS pixels.
POINT = """(svg, [line, at]) => {
  const box = svg.getBoundingClientRect();
  const scale = box.width / svg.viewBox.baseVal.width;
  const [x, y] = svg.querySelectorAll("polyline")[line].getAttribute("points").split(" ")[at].split(",");
  return { x: x * scale, y: y * scale };
}"""

BOXES = "labels => labels.map(label => label.getBBox()).map(({ x, y }) => [x, y])"


def reading(line: str, value: str, at: int) -> str:
    return say("chart_reading", line=line, value=value, images=count_images(images_seen(DEFAULT_RUN)[at]))


def learning_chart(page: Page, digit: int = 5) -> Locator:
    open_drawing(page, example(digit).drawing)
    chart = open_view(page, "training").get_by_test_id("learning-chart").locator("svg")
    chart.scroll_into_view_if_needed()
    return chart


def below(chart: Locator) -> Locator:
    """What stands below the axis: what is read, or what the axis is of."""
    return chart.locator("text").last


@pytest.mark.parametrize("at", [0, 9, 12, LAST])
def test_a_pointer_at_a_line_names_its_digit_and_its_probability_there(same_page: Page, at: int) -> None:
    chart = learning_chart(same_page)
    height = chart.bounding_box()
    said = np.array(probabilities(image_on(same_page)))
    answer = int(said[-1].argmax())
    chart.hover(position=chart.evaluate(POINT, [9, at]))  # the answer's line is the last of ten
    expect(below(chart)).to_have_text(reading(str(answer), percent(said[at][answer]), at))
    assert chart.bounding_box() == height  # nothing moves
    same_page.mouse.move(0, 0)
    expect(below(chart)).to_have_text(say("chart_axis"))


@pytest.mark.parametrize("at", [0, 9, LAST])
def test_a_press_on_a_chart_moves_the_time_to_the_nearest_snapshot(same_page: Page, at: int) -> None:
    chart = open_view(same_page, "training").get_by_test_id("history-accuracy").locator("svg")
    move_slider(same_page, 5)
    place = chart.evaluate(POINT, [0, at])
    chart.click(position={**place, "x": place["x"] + 3})
    expect(same_page.get_by_test_id("timeline")).to_have_value(str(at))
    expect(chart).to_have_attribute("aria-valuenow", str(at))


def test_the_arrow_keys_read_a_chart_and_enter_moves_the_time(same_page: Page) -> None:
    chart = learning_chart(same_page)
    said = np.array(probabilities(image_on(same_page)))
    answer = int(said[-1].argmax())
    move_slider(same_page, 12)
    chart.focus()
    expect(below(chart)).to_have_text(reading(str(answer), percent(said[12][answer]), 12))
    for key in ("ArrowLeft", "ArrowLeft"):
        chart.press(key)
    expect(chart).to_have_attribute("aria-valuetext", reading(str(answer), percent(said[10][answer]), 10))
    expect(same_page.get_by_test_id("timeline")).to_have_value("12")
    leader = int(said[10].argmax())
    for _ in range(9):
        chart.press("ArrowUp")
    expect(below(chart)).to_have_text(reading(str(leader), percent(said[10][leader]), 10))
    chart.press("Enter")
    expect(same_page.get_by_test_id("timeline")).to_have_value("10")
    chart.press("End")
    expect(chart).to_have_attribute("aria-valuenow", str(LAST))
    chart.blur()
    expect(below(chart)).to_have_text(say("chart_axis"))
    expect(chart).to_have_attribute("aria-valuenow", "10")


def test_a_finger_on_a_chart_moves_the_time_and_what_it_read_stays(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = open_page(context, site)
    chart = learning_chart(page)
    chart.tap(position=chart.evaluate(POINT, [9, 14]))
    expect(page.get_by_test_id("timeline")).to_have_value("14")
    said = probabilities(image_on(page))[14]
    expect(below(chart)).to_have_text(reading("5", percent(said[5]), 14))
    context.close()


@pytest.mark.parametrize("digit", range(10))
def test_each_digit_that_ever_led_stands_at_its_line_and_none_on_another(same_page: Page, digit: int) -> None:
    chart = learning_chart(same_page, digit)
    labels = chart.locator("text.led, text.chosen")
    led = set(np.argmax(probabilities(image_on(same_page)), axis=1).tolist())
    assert sorted(map(int, labels.all_text_contents())) == sorted(led)
    for width in (1366, 390):
        same_page.set_viewport_size({"width": width, "height": 641})
        same_page.wait_for_timeout(100)
        boxes = labels.evaluate_all(
            "labels => labels.map(label => label.getBBox()).map(({ x, y }) => [x, y])"
        )
        for one, other in itertools.combinations(boxes, 2):
            assert abs(one[0] - other[0]) >= 8 or abs(one[1] - other[1]) >= 13
    same_page.set_viewport_size(LAPTOP)


def test_the_dashed_line_stands_where_the_story_says_that_it_is_sure(same_page: Page) -> None:
    chart = learning_chart(same_page)
    _, since = story_of(probabilities(image_on(same_page)), images_seen(DEFAULT_RUN))
    place = chart.evaluate(POINT, [9, since])["x"]
    mark = chart.locator(".chart-mark").bounding_box()
    box = chart.bounding_box()
    assert mark
    assert box
    assert mark["x"] + mark["width"] / 2 - box["x"] == pytest.approx(place, abs=1.5)


def test_up_to_three_trainings_stand_in_one_chart(same_page: Page) -> None:
    open_fragment(same_page, "#run=relu-50/100-images&open=history")
    view = same_page.get_by_test_id("training")
    view.get_by_test_id("compare").locator("summary").click()
    others = view.locator("[data-compare]")
    for run in ("relu-50/published", "relu-50/shuffled-labels"):
        view.locator(f"[data-compare='{run}']").click()
    expect(view.get_by_test_id("history-accuracy").locator("polyline")).to_have_count(6)
    expect(view.locator("[data-compare]:enabled")).to_have_count(2)
    assert others.count() > 5
    legend = view.get_by_test_id("history-legend").locator("span")
    ends = {run: load_metadata(checkpoint_path(find_run(run))).card for run in COMPARED}
    for number, ((run, name), letter) in enumerate(zip(COMPARED.items(), "AB", strict=True)):
        test, own = ends[run].scores[-1].accuracy, ends[run].training_scores[-1].accuracy
        said = say("compare_ends", run=say(name).capitalize(), test=percent(test), training=percent(own))
        expect(legend.nth(number)).to_have_text(f"{letter} {said}")
        for chart in (
            "history-accuracy",
            "history-loss",
        ):  # at both of its lines: told apart without colours, too
            expect(view.get_by_test_id(chart).get_by_text(letter, exact=True)).to_have_count(2)
    view.locator("[data-compare='relu-50/published']").click()
    expect(view.get_by_test_id("history-accuracy").locator("polyline")).to_have_count(4)
    view.locator("[data-compare='relu-50/shuffled-labels']").click()
    expect(view.get_by_test_id("history-accuracy").locator("polyline")).to_have_count(2)


def test_every_chart_has_its_table(same_page: Page) -> None:
    run = "relu-50/published"
    open_drawing(same_page, example(5).drawing, run)
    view = open_view(same_page, "training")
    tables = view.locator(".one-run").get_by_test_id("chart-table")
    for name in ("digits", "accuracy", "loss"):
        heading = say("chart_table", chart=say(f"chart_table_{name}"))
        tables.filter(has_text=heading).locator("summary").click()
    read = "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent))"
    digits, accuracy, loss = (table.locator("table").evaluate(read) for table in tables.all())
    scores, seen = load_metadata(checkpoint_path(find_run(run))).card.scores, images_seen(run)
    assert [row[0] for row in digits[1:]] == [count_images(images) for images in seen]
    said = probabilities(image_on(same_page), run)
    assert digits[0][-1] == "5"  # its line is on top
    assert [row[-1] for row in digits[1:]] == [percent(values[5]) for values in said]
    assert [row[1] for row in accuracy[1:]] == [percent(score.accuracy) for score in scores]
    assert [row[1] for row in loss[1:]] == [f"{score.loss:.2f}" for score in scores]


def test_the_end_card_comes_when_play_has_ended_and_is_shared_or_put_away(same_page: Page) -> None:
    run = "relu-50/published"
    page, card = same_page, same_page.get_by_test_id("card")
    open_drawing(page, example(5).drawing, run)
    for _ in range(2):  # it comes again
        move_slider(page, len(images_seen(run)) - 3)
        expect(card).to_be_hidden()
        page.get_by_test_id("play").click()
        expect(card).to_be_visible()
        for name in ("pad", "timeline", "stage-tab", "bars"):
            page.get_by_test_id(name).first.click(trial=True, timeout=2000)  # the card covers none of them
        page.get_by_test_id("card-close").click()
        expect(card).to_be_hidden()
    page.set_viewport_size({"width": 844, "height": 390})  # there it would cover the answer
    move_slider(page, len(images_seen(run)) - 3)
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("timeline")).to_have_value(str(len(images_seen(run)) - 1))
    expect(card).to_be_hidden()
    page.set_viewport_size(LAPTOP)
    open_view(page, "training")
    page.get_by_test_id("card-open").click()
    story, _ = story_of(probabilities(image_on(page), run), images_seen(run))
    expect(card.get_by_role("img")).to_have_attribute("aria-label", say("card_label", story=story))
    page.evaluate("() => { Clipboard.prototype.writeText = async (text) => { window.copied = text; }; }")
    with page.expect_download() as download:
        page.get_by_test_id("card-share").click()
    with Image.open(download.value.path()) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
    expect(page.get_by_test_id("card-line")).to_have_text(say("card_shared"))
    assert len(page.evaluate("copied.split('#')[1]")) < 400
    page.get_by_test_id("card-share").press("Escape")
    expect(card).to_be_hidden()


def test_on_a_phone_the_sharing_sheet_gets_picture_and_link(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.add_init_script(
        """navigator.canShare = () => true;
        navigator.share = async ({ files, ...what }) => {
          window.shared = { ...what, files: files?.map(({ type }) => type) };
        };"""
    )
    page = open_page(context, f"{site}#run=relu-50/published&example=5.0")
    page.get_by_test_id("share").tap()
    link = page.evaluate("shared.url")
    assert link.endswith("example=5.0")
    open_view(page, "training")
    page.get_by_test_id("card-open").tap()
    page.get_by_test_id("card-share").tap()
    page.wait_for_function("() => shared.files")
    url = link.replace("&example", "&open=history&example")
    assert page.evaluate("shared") == {"files": ["image/png"], "url": url, "title": "Inkling"}
    context.close()
