"""A visitor trains a network in the page: what can be watched, changed, stopped, and had again."""

import re

import pytest
from own_training import (
    LONG,
    RUN,
    SMALL,
    answers,
    change,
    expect_measured,
    expect_state,
    page,
    press,
    train,
    train_once_more,
)
from playwright.sync_api import Browser, Page, expect
from visitor import (
    bars,
    choose_run,
    expect_verdict,
    move_slider,
    open_fragment,
    open_page,
    open_view,
    say,
    tiles,
)

__all__ = ["page"]
ROOT = "document.querySelector('inkling-page').shadowRoot"
# What a browser does to a hidden page, which a headless one never becomes: no frames, timers once a second.
HIDE = """() => {
  const later = window.setTimeout.bind(window);
  window.requestAnimationFrame = () => 0;
  window.setTimeout = (action, wait, ...values) => later(action, Math.max(1000, wait), ...values);
  Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


# Presses a button the moment that the state of the training says something, however short that is said.
PRESS_WHEN_SAID = f"""([pattern, name]) => {{
  const find = (name) => {ROOT}.querySelector(`[data-testid=${{name}}]`);
  const state = find("train-state");
  const what = {{ childList: true, characterData: true, subtree: true }};
  new MutationObserver((_, observer) => {{
    if (!new RegExp(pattern).test(state.textContent)) return;
    observer.disconnect();
    find(name).click();
    window.pressed = true;
  }}).observe(state, what);
}}"""
# Notes when each snapshot came, in milliseconds.
NOTE_SNAPSHOTS = """timeline => {
  window.snapshots = [];
  const note = () => window.snapshots.push(performance.now());
  new MutationObserver(note).observe(timeline, { attributeFilter: ["max"] });
}"""
WIDTH = "element => element.getBoundingClientRect().width"


def state(page: Page) -> str | None:
    return page.get_by_test_id("train-state").get_attribute("data-state")


@pytest.mark.thorough
def test_nothing_is_trained_until_the_button_is_pressed(page: Page) -> None:
    assert state(page) == "idle"
    expect(page.get_by_test_id("train-state")).to_be_hidden()


def test_the_worker_and_mnists_training_archives_are_asked_for_on_the_press_and_once(page: Page) -> None:
    names = "performance.getEntriesByType('resource').map(({ name }) => name)"
    assert "training_worker" not in "".join(page.evaluate(names))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    train(page, **SMALL)
    press(page, "train-again")
    expect_state(page, "done")
    modules, archives = ([url for url in asked if ("/mnist/" in url) is is_data] for is_data in (False, True))
    assert modules[0].endswith("/training_worker.js")
    assert all(
        url.endswith(("/training_images.js", "/kernels.js", "/files.js")) or "/engine/" in url
        for url in modules[1:]
    )
    assert len(set(modules)) == len(modules)
    assert [url.rsplit("/", 1)[-1] for url in archives] == [
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
    ]


@pytest.mark.thorough
def test_drawing_bars_grid_and_slider_follow_the_training(page: Page) -> None:
    change(page, **LONG)
    open_view(page, "digits")
    press(page, "train")
    expect_state(page, "running")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    grid = page.get_by_test_id("sample-grid")
    expect(grid.locator(".right")).not_to_have_count(0)
    first = bars(page)
    # A training that has just come to 24 may read 23 a step later: it is stopped at 27.
    page.wait_for_function(f"(count) => {ROOT}.querySelectorAll('.tile.right').length >= count", arg=27)
    later = bars(page)
    assert later[0] == first[0]  # before training
    assert later[1] != first[1]
    assert page.get_by_test_id("train-state").text_content()
    press(page, "train-stop")
    expect_state(page, "done")
    labels, said = tiles(page, "label"), tiles(page, "prediction")
    assert sum(map(int.__eq__, labels, said)) >= 24
    shown = re.findall(r"[\d,]+", page.get_by_test_id("timeline-moment").inner_text())[0]
    expect(page.get_by_test_id("moment")).to_have_text(
        say("now_between", images=shown)
    )  # not "after training"


@pytest.mark.thorough
def test_the_first_thousand_images_can_be_watched(page: Page) -> None:
    change(page, **LONG)
    page.get_by_test_id("timeline").evaluate(NOTE_SNAPSHOTS)
    press(page, "train")
    page.wait_for_function("() => window.snapshots.length > 9")
    press(page, "train-stop")
    times = page.evaluate("() => window.snapshots")
    assert times[9] - times[0] > 200  # as fast as it can, these few steps take no hundredth of a second


@pytest.mark.thorough
def test_the_strip_of_time_and_its_chips_grow_with_the_training(page: Page) -> None:
    strip, chips = page.get_by_test_id("timeline"), page.get_by_test_id("chips").locator("li")
    whole = strip.evaluate(WIDTH)
    change(page, count=10_000, epochs=20)
    press(page, "train")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    sizes = []
    for least in (4, 12):
        page.wait_for_function(
            f"(least) => {ROOT}.querySelector('[data-testid=timeline]').max >= least", arg=least
        )
        press(page, "train-pause")
        expect_state(page, "paused")
        snapshots = int(strip.get_attribute("max") or 0) + 1
        expect(chips).to_have_count(snapshots)
        sizes.append((snapshots, strip.evaluate(WIDTH)))
        press(page, "train-pause")
    press(page, "train-stop")
    expect_state(page, "done")
    assert sizes[0] < sizes[1]
    assert sizes[0][1] < sizes[1][1] < whole
    assert strip.evaluate(WIDTH) == pytest.approx(whole, abs=1)


@pytest.mark.thorough
def test_a_snapshot_pressed_while_it_trains_is_shown_and_the_training_goes_on(page: Page) -> None:
    strip, chip = page.get_by_test_id("timeline"), page.get_by_test_id("chips").locator("li").nth(3)
    change(page, count=10_000, epochs=20)
    press(page, "train")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    expect(page.get_by_test_id("chips").locator("li").nth(5)).to_be_attached()
    box = chip.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(strip).to_have_value("3")
    expect(chip).to_have_class(re.compile("shown"))
    held, snapshots = bars(page), int(strip.get_attribute("max") or 0)
    page.wait_for_function(
        f"(most) => {ROOT}.querySelector('[data-testid=timeline]').max > most", arg=snapshots
    )
    assert (state(page), strip.input_value(), bars(page)) == ("running", "3", held)
    press(page, "train-stop")


@pytest.mark.thorough
def test_how_long_it_takes_is_said_before_by_the_plan_and_while_it_trains(page: Page) -> None:
    said = page.get_by_test_id("train-estimate")
    change(page, count=100, epochs=1)
    expect(said).to_have_text(re.compile(r"^about \d s$"))
    change(page, count=60_000, epochs=1000)
    expect(said).to_have_text(re.compile(r"^about \d+ (min|h)$"))
    press(page, "train")
    expect(said).to_be_hidden()  # pause, step and stop stand in its place
    expect(page.get_by_test_id("train-pause")).to_be_visible()
    page.get_by_test_id("train-hurry").check()
    expect(page.get_by_test_id("train-state")).to_have_text(re.compile(r"shown, about \d+ (s|min|h) left\.$"))
    press(page, "train-stop")
    expect_state(page, "done")
    expect(said).to_be_visible()


@pytest.mark.thorough
def test_pause_holds_step_goes_on_by_one_and_going_on_ends_it(page: Page) -> None:
    change(page, count=1000, epochs=40)  # not over before it is paused
    press(page, "train")
    press(page, "train-pause")
    expect_state(page, "paused")
    held = bars(page)
    page.wait_for_timeout(400)
    assert bars(page) == held
    press(page, "train-step")
    is_moved = f"(held) => {ROOT}.querySelector('[data-digit]').dataset.trained !== String(held)"
    page.wait_for_function(is_moved, arg=held[1][0])
    assert state(page) == "paused"
    said = say("timeline_growing", images="(.*)", measured="(.*)", accuracy=".*", digits=".*")
    now, measured = re.fullmatch(said, page.get_by_test_id("timeline-moment").inner_text()).groups()  # type: ignore[union-attr]
    assert int(now.replace(",", "")) > int(measured.replace(",", ""))  # a step by itself measures nothing
    press(page, "train-pause")
    expect_state(page, "done")


@pytest.mark.thorough
def test_again_makes_the_same_network_and_a_new_start_another_beside_the_earlier_curves(page: Page) -> None:
    train(page, **SMALL)
    first = answers(page)
    accuracy = open_view(page, "training").get_by_test_id("history-accuracy")
    lines, earlier = accuracy.locator("polyline"), accuracy.locator("polyline.earlier")
    expect(lines).to_have_count(2)  # test images and training images
    train_once_more(page, "again")
    assert answers(page) == first
    expect(lines).to_have_count(3)
    expect(earlier).to_have_count(1)
    train_once_more(page, "new")
    assert answers(page)[0] != first[0]
    expect(lines).to_have_count(4)
    expect(earlier).to_have_count(2)
    named = page.get_by_test_id("history-legend").locator(".earlier")
    for at, number in enumerate("12"):  # which stands at its line, too: all look alike
        expect(named.nth(at)).to_contain_text(f"{number}: your other training")
        expect(accuracy.get_by_text(number, exact=True)).to_have_class("chart-label middle earlier")


@pytest.mark.thorough
def test_beside_another_network_a_training_shows_how_far_it_is_and_where_it_ended(page: Page) -> None:
    press(page, "train")
    expect_state(page, "running")
    choose_run(page, "relu-25-25/published")
    expect(page.get_by_test_id("train-show")).to_be_visible()
    press(page, "train-stop")
    expect_state(page, "done")
    expect(page.get_by_test_id("train-state")).to_be_visible()  # what it came to
    choose_run(page, "relu-96-256/published")
    expect(page.get_by_test_id("train-state")).to_be_hidden()


@pytest.mark.thorough
def test_while_it_trains_the_time_line_keeps_to_one_sentence(page: Page) -> None:
    label = page.get_by_test_id("timeline-moment")
    label.evaluate("""label => {
      window.said = [];
      const what = { childList: true, characterData: true, subtree: true };
      new MutationObserver(() => window.said.push(label.textContent)).observe(label, what);
    }""")
    change(page, **LONG)
    press(page, "train")
    expect_state(page, "running")
    page.wait_for_timeout(3000)
    press(page, "train-stop")
    said = page.evaluate("window.said")
    measured = next(at for at, words in enumerate(said) if " of " in words)
    assert len(said) > measured + 10
    assert [words for words in said[measured:] if " of " not in words] == []


@pytest.mark.thorough
def test_a_link_that_is_declined_while_a_network_trains_is_not_asked_about_again(page: Page) -> None:
    press(page, "train")
    expect_state(page, "running")
    open_fragment(page, f'#run={RUN}&train={{"epochs":1}}')
    expect(page.get_by_test_id("invitation")).to_be_visible()
    page.evaluate(
        """() => {
          const root = document.querySelector("inkling-page").shadowRoot;
          root.querySelector("[data-testid=link-leave]").click();
          root.querySelector("[data-testid=train-hurry]").click(); // changes the training at once
        }"""
    )
    page.wait_for_timeout(200)
    expect(page.get_by_test_id("invitation")).to_be_hidden()


@pytest.mark.thorough
def test_a_link_to_a_network_that_was_stopped_early_trains_it_as_far(page: Page) -> None:
    change(page, count=1000, batchSize=100, epochs=50)
    press(page, "train")
    press(page, "train-pause")
    expect_state(page, "paused")
    press(page, "train-stop")
    expect_state(page, "done")
    first = answers(page)
    press(page, "share")
    page.wait_for_url("**stopAfter**")
    other = open_page(page.context, page.url)
    expect(other.get_by_test_id("invitation")).to_contain_text("stopped after")
    press(other, "link-train")
    expect_state(other, "done", 60)
    assert answers(other) == first
    assert other.faults == []  # type: ignore[attr-defined]


@pytest.mark.thorough
def test_a_rate_changed_on_the_way_is_had_again(page: Page) -> None:
    change(page, count=1000, epochs=6)
    press(page, "train")
    press(page, "train-pause")
    expect_state(page, "paused")
    page.get_by_test_id("train-rate").fill("-1.5")  # 0.032
    expect(page.locator(".rate")).to_contain_text("0.032")
    press(page, "train-pause")
    expect_state(page, "done")
    first = answers(page)
    train_once_more(page, "again")
    assert answers(page) == first
    link = page.evaluate(
        """async () => {
          const root = document.querySelector("inkling-page").shadowRoot;
          root.querySelector("[data-testid=share]").click();
          await new Promise((resolve) => setTimeout(resolve, 50));
          return location.hash;
        }"""
    )
    assert "rates" in link
    other = open_page(page.context, page.url.split("#")[0] + link)
    expect_verdict(other, page.get_by_test_id("verdict").get_attribute("data-prediction") or "")
    assert state(other) == "idle"  # it asks first
    other.get_by_test_id("link-train").click()
    expect_state(other, "done", 60)
    assert answers(other) == first
    assert other.faults == []  # type: ignore[attr-defined]


@pytest.mark.thorough
@pytest.mark.thorough
def test_the_keyboard_goes_on_beside_whatever_vanishes_as_it_is_pressed(page: Page) -> None:
    def press_key(name: str, then: str) -> None:
        page.get_by_test_id(name).press("Enter")
        expect(page.get_by_test_id(then)).to_be_focused()

    change(page, **LONG)
    for begins in ("train", "train-again"):
        press_key(begins, "train-stop")
        expect_state(page, "running")
        press_key("train-stop", "train")
        expect_state(page, "done")
    open_view(page, "training")
    page.get_by_test_id("card-open").press("Enter")
    press_key("card-close", "train")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_test_id("stage-lower").press("Enter")
    expect(page.get_by_role("tab", selected=True)).to_be_focused()
    page.locator(".examples-open").press("Enter")
    page.locator("[data-example='3']").press("Enter")
    expect(page.locator(".examples-open")).to_be_focused()


def test_a_stopped_training_keeps_what_it_has_learned(page: Page) -> None:
    press(page, "train")
    expect_state(page, "running")
    page.wait_for_timeout(1500)
    press(page, "train-stop")
    expect_state(page, "done")
    last = int(page.get_by_test_id("timeline").get_attribute("max") or 0)
    assert last > 2
    expect(page.get_by_test_id("train-state")).to_contain_text("1,000 test digits")


@pytest.mark.thorough
@pytest.mark.all_test_images
def test_while_a_run_is_measured_the_next_one_is_trained(page: Page) -> None:
    said = page.get_by_test_id("train-state")
    change(page, **SMALL)
    page.evaluate(PRESS_WHEN_SAID, ["Reading all 10,000: ", "train-again"])
    press(page, "train")
    press(page, "train-hurry")
    page.wait_for_function("() => window.pressed")
    expect_measured(page)
    expect(said).to_have_text(re.compile(r"^Trained: it reads \d\d\.\d % of 10,000 test digits\.$"))
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-2")


@pytest.mark.thorough
@pytest.mark.all_test_images
def test_what_was_measured_of_a_run_stays_when_another_one_begins_meanwhile(page: Page) -> None:
    def measured_of(run: str) -> list[bool]:
        open_view(page, "settings")
        page.locator(f"[data-testid=own-show][data-own='relu-50/{run}']").click()
        last = int(page.get_by_test_id("timeline").get_attribute("max") or 0)
        moment, found = page.get_by_test_id("timeline-moment"), []
        for snapshot in range(last + 1):
            move_slider(page, snapshot)
            found.append(f" of {say('timeline_all')} " in (moment.text_content() or ""))
        return found

    change(page, **SMALL)
    page.evaluate(PRESS_WHEN_SAID, [r" [1-9]\d* of \d+ snapshots", "train"])
    press(page, "train")
    press(page, "train-hurry")
    page.wait_for_function("() => window.pressed")
    expect_measured(page)
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-2")
    first = measured_of("own-1")
    assert any(first)
    assert not all(first)
    assert all(measured_of("own-2"))


@pytest.mark.thorough
def test_a_fourth_run_shows_the_three_of_which_one_has_to_go(page: Page) -> None:
    for number in (1, 2, 3):
        train(page, f"relu-50/own-{number}", **(SMALL if number == 1 else {}))  # they stay set
    open_view(page, "digits")
    press(page, "train")
    expect(page.get_by_test_id("own-line")).to_have_text(say("own_full"))
    expect(page.get_by_test_id("own-line")).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0
    expect(page.get_by_test_id("own-runs").locator("li")).to_have_count(3)
    page.locator("[data-testid=own-remove][data-own='relu-50/own-2']").click()
    press(page, "train")
    expect_state(page, "done")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-4")


@pytest.mark.thorough
def test_another_network_can_be_looked_at_while_one_trains(page: Page) -> None:
    press(page, "train")
    expect_state(page, "running")
    choose_run(page, "relu-25-25/published")
    seen = bars(page)
    page.wait_for_timeout(500)
    assert bars(page) == seen
    assert state(page) == "running"
    press(page, "train-show")
    expect(page.get_by_test_id("train-show")).to_be_hidden()
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-1")
    press(page, "train-stop")


@pytest.mark.thorough
def test_a_hidden_page_goes_on_training(page: Page) -> None:
    page.evaluate(HIDE)
    train(page, **SMALL)


@pytest.mark.thorough
def test_without_mnist_the_page_says_so_and_trains_on_its_own_handwritings(page: Page) -> None:
    page.route("**/mnist/train-*", lambda route: route.fulfill(status=404))
    press(page, "train")
    expect_state(page, "failed")
    page.faults.clear()  # type: ignore[attr-defined]  # Chromium logs every 404
    press(page, "train-missing")
    page.get_by_test_id("train-hurry").check()
    expect_state(page, "done", 60)
    expect(page.get_by_test_id("own-runs")).to_be_attached()


@pytest.mark.thorough
def test_a_finger_trains_pauses_and_stops(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = open_page(context, f"{site}#run={RUN}")
    for name, phase in [("train", "running"), ("train-pause", "paused"), ("train-step", "paused")]:
        page.get_by_test_id(name).tap()
        expect_state(page, phase)
    page.get_by_test_id("train-stop").tap()
    expect_state(page, "done")
    assert page.faults == []  # type: ignore[attr-defined]
    context.close()
