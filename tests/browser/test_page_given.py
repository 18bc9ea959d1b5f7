"""The view of what the network is given: merely shrunk beside made like MNIST, in a real browser."""

import pytest
from committed import load_timeline
from hand import INK, bars, choose_run, draw, example, expect_verdict, open_panel, page_drawing, requests_for
from playwright.sync_api import Page, Route, expect

from mnist_core.drawing import Drawing, parse_drawing
from mnist_core.nondigits import nondigits
from mnist_core.preprocessing import image_of_drawing, shrink_drawing, stages_of_drawing
from mnist_core.recipes import DEFAULT_RUN
from webapp.text import TEXT

CORNERED = Drawing(tuple(stroke * 0.3 + 0.05 for stroke in example(7).drawing.strokes))
WAYS = {"shrunk": shrink_drawing, "made": image_of_drawing}


@pytest.fixture
def given(page: Page) -> Page:
    """A small 7 in the pad's upper left corner, and the view open."""
    draw(page, CORNERED)
    expect_verdict(page, 7)
    open_panel(page, "given")
    expect(page.get_by_test_id("given-body")).to_be_visible()
    return page


def levels(image) -> list[int]:
    """Of ink 0..1, the 255ths that the page paints."""
    return (image * 255).round().flatten().tolist()


@pytest.mark.parametrize("way", WAYS)
def test_the_images_are_those_that_python_makes(given: Page, way: str) -> None:
    drawing = parse_drawing(page_drawing(given))
    assert given.get_by_test_id(f"given-{way}").evaluate(INK) == levels(WAYS[way](drawing))


@pytest.mark.parametrize("way", WAYS)
def test_the_slider_shows_what_every_snapshot_says_and_asks_nothing(given: Page, way: str) -> None:
    timeline, image = load_timeline(DEFAULT_RUN), WAYS[way](parse_drawing(page_drawing(given)))
    probabilities = timeline.probabilities(image[None])[:, 0]
    requests: list[str] = []
    given.on("request", lambda request: requests.append(request.url))
    for index in range(len(timeline.steps)):
        given.get_by_test_id("timeline").fill(str(index))
        assert bars(given, way) == pytest.approx(probabilities[index].tolist(), abs=1e-4)
    assert requests == []


def test_a_small_digit_in_a_corner_is_read_right_only_when_made_like_mnist(given: Page) -> None:
    line = given.get_by_test_id("given-line")
    expect(line).to_contain_text("made like MNIST, as 7")
    expect(line).not_to_contain_text("it is read as 7")


def test_the_fitted_stage_is_the_one_that_python_makes(given: Page) -> None:
    stages = stages_of_drawing(parse_drawing(page_drawing(given)))
    canvas = given.get_by_test_id("given-stages").locator("canvas[width='20']")
    assert canvas.evaluate(INK.replace("28", "20")) == levels(stages.fitted)


def test_the_box_is_around_the_pen_s_path(given: Page) -> None:
    xs, ys = zip(*(point for stroke in page_drawing(given)["strokes"] for point in stroke), strict=True)
    expected = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
    box = given.get_by_test_id("given-stages").locator(".path .stage-box")
    shown = [float(box.get_attribute(name) or "nan") / 28 for name in ("x", "y", "width", "height")]
    assert shown == pytest.approx(expected)


def test_the_marks_of_the_last_stage_lie_on_its_picture(given: Page) -> None:
    last = given.get_by_test_id("given-stages").locator("li").last
    assert last.locator("svg").bounding_box() == last.locator("canvas").bounding_box()
    shown = [float(last.locator(".stage-box").get_attribute(name) or "nan") for name in ("y", "x")]
    assert shown == list(stages_of_drawing(parse_drawing(page_drawing(given))).shift)


def test_the_stages_can_be_shown_one_after_the_other(given: Page) -> None:
    stages = given.get_by_test_id("given-stages").locator("li:visible")
    expect(stages).to_have_count(4)
    for count in (1, 2, 3, 4):
        given.get_by_test_id("given-step").click()
        expect(stages).to_have_count(count)


def test_a_blank_pad_says_so(given: Page) -> None:
    given.get_by_test_id("pad-clear").click()
    expect(given.get_by_test_id("given-line")).to_have_text(TEXT["given_empty"])
    expect(given.get_by_test_id("given-body")).to_be_hidden()


def test_a_drawing_that_is_refused_is_shown_both_ways(page: Page) -> None:
    draw(page, next(drawing for kind, drawing in nondigits(300, seed=3) if kind == "heart"))
    expect(page.get_by_test_id("verdict")).to_contain_text(TEXT["verdict_refused"])
    open_panel(page, "given")
    expect(page.get_by_test_id("given-body")).to_be_visible()
    drawing = parse_drawing(page_drawing(page))
    for way, make in WAYS.items():
        expected = load_timeline(DEFAULT_RUN).probabilities(make(drawing)[None])[-1, 0]
        assert bars(page, way) == pytest.approx(expected.tolist(), abs=1e-4)


def test_nothing_is_asked_while_the_view_is_closed(page: Page) -> None:
    asked = requests_for(page, "given")
    draw(page, example(4).drawing)
    expect_verdict(page, 4)
    page.wait_for_timeout(300)
    assert asked == []


def test_while_the_pen_moves_the_old_drawing_is_faded_and_nothing_is_asked(given: Page) -> None:
    asked = requests_for(given, "given")
    given.get_by_test_id("pad").scroll_into_view_if_needed()
    draw(given, example(1).drawing, lift=False)
    given.wait_for_timeout(300)
    expect(given.locator(".given.stale")).to_have_count(1)
    assert asked == []
    given.mouse.up()
    expect(given.locator(".given.stale")).to_have_count(0)
    drawing = parse_drawing(page_drawing(given))
    assert given.get_by_test_id("given-shrunk").evaluate(INK) == levels(shrink_drawing(drawing))


def test_a_network_chosen_while_the_answer_is_awaited_gets_its_own(given: Page) -> None:
    held: list[Route] = []
    given.route("**/ask/given", lambda route: held.append(route))
    choose_run(given, "relu-50/published")
    choose_run(given, "relu-25-25/published")
    assert len(held) >= 2
    for route in held:
        route.continue_()
    image = shrink_drawing(parse_drawing(page_drawing(given)))
    expected = load_timeline("relu-25-25/published").probabilities(image[None])[-1, 0]
    expect(given.locator(".given.stale")).to_have_count(0)
    assert bars(given, "shrunk") == pytest.approx(expected.tolist(), abs=1e-4)


def test_what_the_server_did_not_answer_is_asked_again(page: Page) -> None:
    page.route("**/ask/given", lambda route: route.abort(), times=1)
    draw(page, CORNERED)
    open_panel(page, "given")
    expect(page.get_by_test_id("given-line")).to_have_text(TEXT["view_waits"])
    expect(page.get_by_test_id("given-body")).to_be_visible()
    page.faults.clear()  # type: ignore[attr-defined] # Chromium reports the broken connection
