"""A visitor trains many networks at once, compares two recipes, and takes one of the networks."""

import re
import statistics

import pytest
from accessibility import violations
from layout import layout_faults, small_targets
from own_training import RUN, change, page, press, train
from playwright.sync_api import Browser, Page, expect
from visitor import (
    LAPTOP,
    bars,
    choose_run,
    draw,
    example,
    expect_verdict,
    move_slider,
    open_page,
    open_view,
    say,
)

__all__ = ["page"]
SOON = {"count": 100, "epochs": 20}
PHONES = [(360, 640), (390, 844), (844, 390), (768, 1024), (1024, 768)]
SCREENS = [(683, 320), (900, 800), (1000, 600), (1366, 641), (1920, 1080)]


def expect_many(page: Page, phase: str = "done") -> None:
    expect(page.get_by_test_id("many-state")).to_have_attribute("data-state", phase, timeout=60_000)


def start_at_once(page: Page, starts: int = 5, **settings: object) -> None:
    """Set how many, and press the button, without waiting."""
    change(page, **settings)
    page.get_by_test_id("set-starts").select_option(str(starts))
    press(page, "many")


def train_at_once(page: Page, starts: int = 5, **settings: object) -> None:
    start_at_once(page, starts, **settings)
    expect_many(page)


def said(page: Page, name: str) -> str:
    return page.get_by_test_id(f"many-{name}").text_content() or ""


def results(page: Page) -> list[float]:
    """What the dots tell, in percent."""
    titles = page.get_by_test_id("many-dots").locator("title").all_text_contents()
    return [float(re.findall(r"([\d.]+) %", title)[0]) for title in titles]


def take(page: Page, number: int) -> None:
    """Press where the dot of a training is; while they train, dots are painted anew all the time."""
    dots = page.get_by_test_id("many-dots")
    dots.scroll_into_view_if_needed()
    x, y = dots.evaluate(
        """(dots, number) => {
          const dot = dots.querySelector(`[data-number="${number}"]`).getBoundingClientRect();
          return [dot.x + dot.width / 2, dot.y + dot.height / 2];
        }""",
        number,
    )
    page.mouse.click(x, y)


def compare(page: Page, **settings: object) -> None:
    """Keep the settings, change some, and train both recipes to the end."""
    open_view(page, "settings")
    press(page, "versus")
    change(page, **settings)
    press(page, "many")
    expect_many(page)


def test_twenty_networks_are_trained_and_their_spread_is_told(page: Page) -> None:
    assert (page.get_by_test_id("many").text_content() or "").startswith(say("many", count=20))
    change(page, **SOON)
    press(page, "many")
    expect(page.get_by_test_id("training")).to_be_visible()
    expect_many(page)
    expect(page.get_by_test_id("many-state")).to_have_text(say("many_done", count=20))
    found = results(page)
    assert len(found) == 20
    mean, deviation, worst, best = map(float, re.findall(r"\d[\d.]*", said(page, "spread")))
    assert mean == pytest.approx(statistics.mean(found), abs=0.06)
    assert deviation == pytest.approx(statistics.stdev(found), abs=0.06)
    assert (worst, best) == (min(found), max(found))
    expect(page.get_by_test_id("many-chart").locator("polyline")).to_have_count(20)
    expect(page.get_by_test_id("many-chart").locator("polygon")).to_have_count(1)


def test_what_each_says_of_the_drawing_is_counted_and_follows_it(page: Page) -> None:
    train_at_once(page, **SOON)
    for digit in (5, 1):
        press(page, "pad-clear")
        draw(page, example(digit).drawing)
        counted = page.get_by_test_id("many-answer")
        expect(counted).to_contain_text(re.compile(r"of 5 says? \d"))
        page.wait_for_timeout(300)
        answers = []
        for number in range(5):
            take(page, number)
            answers.append(page.get_by_test_id("verdict").get_attribute("data-prediction"))
        for answer in set(answers):
            count = answers.count(answer)
            expect(counted).to_contain_text(re.compile(rf"{count} (of 5 )?says? {answer}"))
    press(page, "pad-clear")
    expect(page.get_by_test_id("many-answer")).to_have_text(say("series_empty"))


def test_a_pressed_one_is_the_network_that_its_seed_makes_with_all_of_its_time(page: Page) -> None:
    train_at_once(page, **SOON)
    take(page, 3)
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    taken = []
    for snapshot in range(int(page.get_by_test_id("timeline").get_attribute("max") or 0) + 1):
        move_slider(page, snapshot)
        taken.append(bars(page))
    assert len(taken) > 10
    train(page, "relu-50/own-2", seed=4)
    for snapshot, said_then in enumerate(taken):
        move_slider(page, snapshot)
        assert bars(page) == said_then


@pytest.mark.thorough
def test_another_pressed_one_takes_the_place_of_the_last_and_other_networks_stay(page: Page) -> None:
    train(page, **SOON)
    train_at_once(page)
    for number in (1, 2, 1):
        take(page, number)
    open_view(page, "settings")
    names = page.get_by_test_id("own-runs").locator("li > span")
    expect(names).to_have_count(2)
    expect(names.nth(1)).to_contain_text(say("plan_start", seed=2))


@pytest.mark.thorough
def test_the_keyboard_finds_and_takes_a_line(page: Page) -> None:
    train_at_once(page, **SOON)
    chart = page.get_by_test_id("many-chart").get_by_role("slider")
    chart.focus()
    for key in ("End", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    words = chart.get_attribute("aria-valuetext") or ""
    seed = re.findall(r"seed (\d+)", words)[0]
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    open_view(page, "settings")
    expect(page.get_by_test_id("own-runs")).to_contain_text(say("plan_start", seed=seed))


def test_drawing_goes_on_while_they_train_and_stop_keeps_what_came_of_them(page: Page) -> None:
    start_at_once(page, epochs=1000, count=1000)
    expect_many(page, "running")
    press(page, "pad-clear")
    draw(page, example(1).drawing)
    expect_verdict(page, 1)
    expect(page.get_by_test_id("train")).to_be_hidden()
    expect(page.get_by_test_id("many")).to_be_hidden()
    expect(page.get_by_test_id("many-answer")).to_contain_text("of 5 say")
    expect(page.get_by_test_id("many-chart").locator("polyline")).to_have_count(5)
    take(page, 2)
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    press(page, "many-stop")
    expect_many(page)
    expect(page.get_by_test_id("many-state")).to_have_text(say("many_stopped", count=5))
    expect(page.get_by_test_id("train")).to_be_enabled()
    last = page.get_by_test_id("timeline").get_attribute("max")
    page.wait_for_timeout(300)
    assert page.get_by_test_id("timeline").get_attribute("max") == last


def test_two_recipes_that_differ_by_more_than_luck_are_said_to(page: Page) -> None:
    change(page, **SOON)
    page.get_by_test_id("set-starts").select_option("10")
    compare(page, learningRate=0.00001)
    expect(page.get_by_test_id("many-chart").locator("polygon")).to_have_count(2)
    expect(page.get_by_test_id("many-chart").locator("polyline")).to_have_count(20)
    expect(page.get_by_test_id("many-dots")).to_be_in_viewport(ratio=0.99)  # without scrolling
    first, second = results(page)[:10], results(page)[10:]
    points = f"{statistics.mean(first) - statistics.mean(second):.1f}"
    expect(page.get_by_test_id("many-verdict")).to_contain_text(points[:-1])
    expect(page.get_by_test_id("many-verdict")).to_contain_text("points fewer, hardly by luck")
    expect(page.get_by_test_id("many-verdict")).to_contain_text("p < 0.001")
    expect(page.get_by_test_id("many-answer")).to_contain_text("of the second recipe")


@pytest.mark.thorough
def test_two_recipes_that_come_to_about_the_same_may_differ_by_luck(page: Page) -> None:
    change(page, **SOON)
    compare(page, learningRate=0.00101)
    expect(page.get_by_test_id("many-verdict")).to_contain_text("which may be luck")
    expect(page.get_by_test_id("many-verdict")).to_contain_text(re.compile(r"p = [01]\.\d"))


@pytest.mark.thorough
def test_the_same_recipe_twice_is_one_and_one_that_is_kept_can_be_let_go(page: Page) -> None:
    change(page, **SOON)
    press(page, "versus")
    expect(page.get_by_test_id("many")).to_contain_text(say("many", count=20))
    expect(page.get_by_test_id("rival-line")).to_contain_text("Now change one setting")
    change(page, batchSize=10)
    expect(page.get_by_test_id("many")).to_contain_text(say("many_each", count=20))
    press(page, "versus")
    expect(page.get_by_test_id("many")).to_contain_text(say("many", count=20))


@pytest.mark.thorough
def test_the_view_shows_them_or_the_chosen_network(page: Page) -> None:
    open_view(page, "training")
    expect(page.locator("[data-shows]").first).to_be_hidden()
    train_at_once(page, **SOON)
    expect(page.get_by_test_id("history-accuracy")).to_be_hidden()
    page.locator("[data-shows=run]").click()
    expect(page.get_by_test_id("history-accuracy")).to_be_visible()
    expect(page.get_by_test_id("many-chart")).to_be_hidden()
    page.locator("[data-shows=series]").click()
    expect(page.get_by_test_id("many-chart")).to_be_visible()


@pytest.mark.thorough
def test_those_that_diverge_are_told_and_the_page_stays_whole(page: Page) -> None:
    train_at_once(page, **SOON, learningRate=100000, optimizer="sgd")
    expect(page.get_by_test_id("many-spread")).to_contain_text(say("series_diverged", count=5).lstrip(", "))
    take_nothing = page.get_by_test_id("many-dots").locator("circle")
    expect(take_nothing).to_have_count(0)


@pytest.mark.thorough
@pytest.mark.parametrize("touch", [True, False], ids=["touch", "mouse"])
def test_two_recipes_and_their_verdict_are_whole_and_legible_on_every_screen(
    browser: Browser, training_site: str, touch: bool
) -> None:
    context = browser.new_context(viewport=LAPTOP, has_touch=touch, is_mobile=touch)
    page = open_page(context, f"{training_site}#run={RUN}")
    draw(page, example(5).drawing)
    change(page, **SOON)
    page.get_by_test_id("set-starts").select_option("5")
    compare(page, learningRate=0.01)
    for width, height in PHONES if touch else SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)  # the chart and the dots are drawn anew
        place = page.get_by_test_id("training")
        for top in range(0, place.evaluate("place => place.scrollHeight"), 120):
            place.evaluate("(place, top) => place.scrollTo(0, top)", top)
            assert layout_faults(page) == {}, (width, height)
            assert not touch or small_targets(page) == [], (width, height)
    context.close()


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark", "forced"])
def test_axe_finds_nothing_where_many_are_shown(browser: Browser, training_site: str, scheme: str) -> None:
    colours = {"forced_colors": "active"} if scheme == "forced" else {"color_scheme": scheme}
    page = open_page(browser.new_context(viewport=LAPTOP, **colours), f"{training_site}#run={RUN}")  # type: ignore[arg-type]
    draw(page, example(5).drawing)
    train_at_once(page, **SOON)
    take(page, 1)
    assert violations(page) == []
    page.context.close()


@pytest.mark.thorough
def test_a_training_and_many_wait_for_each_other(page: Page) -> None:
    start_at_once(page, epochs=1000, count=1000)
    expect_many(page, "running")
    open_view(page, "settings")
    expect(page.get_by_test_id("training-begin")).to_be_disabled()
    press(page, "many-stop")
    expect(page.get_by_test_id("training-begin")).to_be_enabled()
    press(page, "train")
    expect(page.get_by_test_id("many")).to_be_hidden()
    expect(page.get_by_test_id("many-stop")).to_be_hidden()
    press(page, "train-stop")
    expect(page.get_by_test_id("many")).to_be_visible()


@pytest.mark.thorough
def test_three_rounds_leave_no_worker_behind(page: Page) -> None:
    for _ in range(3):
        train_at_once(page, count=100, epochs=3)
        take(page, 0)
    assert len(page.workers) <= 1
    choose_run(page, RUN)
    open_view(page, "training")
    expect(page.get_by_test_id("many-chart")).to_be_visible()


@pytest.mark.thorough
def test_without_test_digits_a_sentence_says_that_nothing_can_be_measured(
    browser: Browser, training_site: str
) -> None:
    page = browser.new_context(viewport=LAPTOP).new_page()
    page.route("**/mnist/t10k*", lambda route: route.abort())
    page.goto(f"{training_site}#run={RUN}")
    page.locator("main[data-ready]").wait_for(state="attached")
    press(page, "many")
    expect_many(page, "failed")
    expect(page.get_by_test_id("many-state")).to_contain_text(say("series_unmeasured"))
    expect(page.get_by_test_id("many")).to_be_enabled()
    page.context.close()


@pytest.mark.thorough
def test_without_training_images_a_sentence_says_so(browser: Browser, training_site: str) -> None:
    page = open_page(browser.new_context(viewport=LAPTOP), f"{training_site}#run={RUN}")
    page.route("**/mnist/train*", lambda route: route.fulfill(status=404))
    press(page, "many")
    expect_many(page, "failed")
    expect(page.get_by_test_id("many-state")).to_contain_text(say("training_no_images"))
    page.context.close()
