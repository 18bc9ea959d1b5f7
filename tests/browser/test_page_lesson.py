"""A lesson: what is in sight, what may not be seen before the bet, and what is said."""

import csv
import io
import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from accessibility import violations
from lesson import FOLDER, NAMES, STEPS, Shown, Step, came, fill_in, shown_by, steps_of
from lesson_notes import PATH, write_notes
from own_training import expect_state, save
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from python_says import link_of
from visitor import await_loaded, count_images, draw, example, open_fragment, open_page, say

from mnist_core.checkpoints.own_runs import load_file

thorough = pytest.mark.thorough
PARTS = {"pad": "pad", "answer": "bars", "time": "timeline"}  # by part, what shows it
HALVES = {
    "learning": "learning-chart",
    "training": "history-accuracy",
    "contrast": "contrast",
    "inside": "units",
}
SETTLED = [step for step in STEPS if not step.trains]  # their figures are of committed networks
TRAINED = [step for step in STEPS if step.trains]
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
CONTRAST = ("color-contrast",)
SCHEMES: dict[str, tuple[dict[str, Any], ViewportSize, tuple[str, ...]]] = {
    "light": ({"color_scheme": "light", "forced_colors": "none"}, WIDE, ()),
    "dark": ({"color_scheme": "dark", "forced_colors": "none"}, PHONE, ()),
    "forced": ({"color_scheme": "dark", "forced_colors": "active"}, PHONE, CONTRAST),
}
DROP = """(main, text) => {
  const data = new DataTransfer();
  data.items.add(new File([text], "mine.json", { type: "application/json" }));
  main.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""
# Every text that the lesson's live region is given, in order.
WATCH_SPOKEN = """() => {
  const root = document.querySelector("inkling-page").shadowRoot;
  const place = root.querySelector("[data-testid=lesson-announcer]");
  window.spoken = [place.textContent];
  window.listener?.disconnect(); // of the step before
  window.listener = new MutationObserver(() => window.spoken.push(place.textContent));
  window.listener.observe(place, { childList: true });
}"""

# What is in sight of the moments that are still to come: chips, the strip's curve, points of the digits'.
AHEAD = """() => {
  const root = document.querySelector("inkling-page").shadowRoot;
  const at = Number(root.querySelector("[data-testid=timeline]").value);
  const seen = (e) => {
    const { visibility, color } = getComputedStyle(e);
    return visibility === "visible" && color !== "rgba(0, 0, 0, 0)";
  };
  const lines = [...root.querySelectorAll("[data-testid=learning-chart] .chart-line")];
  const isShown = lines[0]?.checkVisibility({ visibilityProperty: true });
  return {
    chips: [...root.querySelectorAll(".chips li")].filter((e, index) => index > at && seen(e)).length,
    curve: getComputedStyle(root.querySelector(".time-curve .whole")).visibility,
    points: isShown ? Math.max(0, ...lines.map((e) => e.points.length - at - 1)) : 0,
  };
}"""
# By what a step shows, the figures that can be read there; of the drawing, of the run.
READ_OF_DRAWING = {
    "answer": {"digit", "sure", "second", "second_sure", "least"},
    "time": {"settled_after", "story"},
    "learning": {"settled_after", "story", "digit", "sure"},
    "input": {"shrunk", "shrunk_sure"},
    "contrast": {"digit", "second"},
    "inside": {"units_on"},
}
READ_OF_RUN = {
    "time": {"accuracy", "mistakes", "half_after", "untrained_accuracy"},
    "confusion": {"accuracy", "mistakes", "hardest_label", "hardest_read", "hardest_times"},
    "training": {"accuracy", "mistakes", "half_after", "training_accuracy"},
}


def read_in(step: Step, parts: list[str]) -> set[tuple[str, ...]]:
    """Every figure that can be read in these parts of a step, with the run that it is of, and the drawing."""
    page = step.page
    runs = [f"{name(step)} trains" if step.trains else page["run"], *step.content.get("compare", [])]
    drawing = page.get("example") or page.get("drawing", "")
    found = {
        (figure, run, drawing)
        for part in parts
        for figure in READ_OF_DRAWING.get(part, ())
        for run in runs[:1]
    }
    return found | {(figure, run) for part in parts for figure in READ_OF_RUN.get(part, ()) for run in runs}


def asked_in(step: Step) -> set[tuple[str, ...]]:
    """The figure that is asked for, as `read_in` names it."""
    figure = step.content["bet"].get("figure", "")
    alone = replace(step, content={**step.content, "compare": []})
    return {each for each in read_in(alone, [*READ_OF_DRAWING, *READ_OF_RUN]) if each[0] == figure}


def name(step: Step) -> str:
    return f"{step.lesson} {step.number}"


def expect_step(page: Page, step: Step) -> None:
    """Wait until this step is shown."""
    expect(page.get_by_test_id("lesson-step")).to_have_attribute("data-step", str(step.number))
    expect(page.get_by_test_id("lesson-question")).to_have_text(step.content["question"])


def expect_seen(page: Page) -> None:
    """Wait until the bet has come out."""
    main, training = page.locator("main"), page.get_by_test_id("train-state")
    expect(main, training.text_content()).to_have_attribute("data-phase", "seen", timeout=60_000)


def read_card(path: Path) -> Any:
    """What a saved run's card says of its snapshots, as `lesson.Shown` reads it."""
    content = path.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    card = json.loads(header["__metadata__"]["card"])
    scores = [SimpleNamespace(**score, accuracy=score["correct"] / score["n"]) for score in card["scores"]]
    return SimpleNamespace(
        images_seen=card["images_seen"], card=SimpleNamespace(scores=scores, training_scores=[])
    )


def expect_sight(page: Page, parts: list[str]) -> None:
    """Of pad, answer, time and stage only these are in sight."""
    wanted = {PARTS.get(part) or HALVES.get(part, part) for part in parts}
    for testid in [*PARTS.values(), *HALVES.values(), "confusion", "input", "hand"]:
        found = page.get_by_test_id(testid)
        if testid in wanted:
            expect(found, f"{testid} is to be seen").to_be_visible()
        else:
            expect(found, f"{testid} is not to be seen").to_be_hidden()
    expect(page.get_by_test_id("lesson-step")).to_be_visible()


def bet(page: Page, step: Step, *, tap: bool = False) -> None:
    """Make a bet, if the step asks for one: the last of its choices, or a moment in the first third."""
    choices = page.get_by_test_id("lesson-choice")
    kind = step.content.get("bet", {}).get("kind")
    if kind == "time":
        box = choices.bounding_box()
        assert box
        press = page.touchscreen.tap if tap else page.mouse.click
        press(box["x"] + box["width"] * 0.28, box["y"] + box["height"] / 2)
        expect(choices).to_have_attribute("data-choice", re.compile(r"^[3-7]$"))
    elif kind and tap:
        choices.last.tap()
    elif kind:
        choices.last.click()


def see(page: Page, step: Step, *, has_bet: bool = False) -> None:
    """Bet, lock the bet, and wait for what comes; where the page plays, skip it."""
    if not has_bet:
        bet(page, step)
    page.get_by_test_id("lesson-lock").click()
    if step.move.get("play"):
        page.get_by_test_id("lesson-lock").click()
    expect_seen(page)


def expect_outcome(page: Page, step: Step, shown: Shown | None = None) -> None:
    """What came, and the sentence that explains it, are those that Python computes."""
    expect(page.get_by_test_id("lesson-explain")).to_have_text(fill_in(step.content["explain"], step, shown))
    expect(page.get_by_test_id("lesson-result")).to_contain_text(came(step, shown))


def expect_distance(page: Page, step: Step) -> None:
    """A moment that was bet is not just wrong: it is said how many images lie between it and what came."""
    images = shown_by(step).metadata.images_seen
    position = int(page.get_by_test_id("lesson-choice").get_attribute("data-choice") or "")
    right = next(at for at, seen in enumerate(images) if f" {count_images(seen)} images" in came(step))
    assert right != position
    key = "lesson_earlier" if right < position else "lesson_later"
    apart = count_images(abs(images[right] - images[position]))
    result = page.get_by_test_id("lesson-result")
    expect(result).to_contain_text(say(key, came=came(step), images=apart))
    is_near = abs(right - position) <= 2
    expect(result.locator(".came")).to_have_class("came near" if is_near else "came wrong")


def walk_by_keyboard(page: Page, lesson: str) -> list[list[str]]:
    """Go through a lesson by two presses a step, a bet is one more; gives the sheet's rows."""
    keys = page.keyboard
    for step in steps_of(lesson):
        expect_step(page, step)
        expect(page.get_by_test_id("lesson-explain")).to_be_hidden()
        kind = step.content["bet"]["kind"]
        if kind != "time":
            keys.press("3")
            expect(page.locator("[data-testid=lesson-choice][aria-pressed=true]")).to_have_count(1)
        keys.press("Enter")
        if step.move.get("play"):
            expect(page.locator("main")).to_have_attribute("data-phase", "moves")
            assert page.evaluate(AHEAD) == {"chips": 0, "curve": "hidden", "points": 0}
            keys.press("Enter")  # no need to wait for all of it
        expect_seen(page)
        if not step.trains:
            expect_outcome(page, step)
        keys.press("ArrowRight")
    sheet = page.get_by_test_id("lesson-sheet")
    expect(sheet).to_be_visible()
    rows = sheet.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.children].map(c => c.textContent))"
    )
    assert [row[0] for row in rows] == [step.content["question"] for step in steps_of(lesson)]
    keys.press("Escape")
    expect(sheet).to_be_hidden()
    keys.press("Escape")
    expect(page.get_by_test_id("lesson-step")).to_be_hidden()
    expect(page.get_by_test_id("stage")).to_be_visible()
    assert page.evaluate("location.hash") == ""
    assert page.faults == []  # type: ignore[attr-defined]
    return rows


def expect_spoken(page: Page, step: Step, said: str) -> None:
    """Since WATCH_SPOKEN question, bet and outcome were announced, once and in this order."""
    [question, locked, outcome] = page.evaluate("window.spoken")
    assert step.content["question"] in question
    assert locked == say("lesson_spoken_none") or locked.startswith(say("lesson_spoken_bet", bet="")[:-1])
    assert said in outcome


def test_what_a_step_asks_cannot_be_read_before_its_bet() -> None:
    """Neither in the step itself, before it is locked, nor in one before it."""
    for lesson in NAMES:
        seen: set[tuple[str, ...]] = set()
        for step in steps_of(lesson):
            begins = replace(step, content={**step.content, "move": {}})
            asked = asked_in(step)
            assert asked or "figure" not in step.content["bet"], name(step)
            assert asked.isdisjoint(seen | read_in(begins, step.content["before"])), name(step)
            seen |= read_in(begins, step.content["before"]) | read_in(step, step.content["after"])


def test_of_a_network_that_is_yet_to_be_trained_no_other_one_s_answer_is_shown() -> None:
    assert {part for step in TRAINED for part in step.content["before"]} == {"pad"}


def test_from_the_address_to_the_end_by_keyboard_alone(laptop: BrowserContext, site: str) -> None:
    page = open_page(laptop, f"{site}#lesson=training")
    rows = walk_by_keyboard(page, "training")
    assert [row[3] for row in rows] == [fill_in(s.content["explain"], s) for s in steps_of("training")]
    assert [row[1] for row in rows][::4] == ["3", "3"]
    page.close()


@thorough
def test_the_lesson_that_trains_is_gone_through_by_keyboard_too(
    laptop: BrowserContext, short_site: str
) -> None:
    page = open_page(laptop, f"{short_site}#lesson=inside")
    rows = walk_by_keyboard(page, "inside")
    assert all(row[1:] for row in rows)
    for step, row in zip(steps_of("inside"), rows, strict=True):
        words = fill_in(step.content["explain"], step) if not step.trains else ""
        assert row[3] == words or step.trains
        assert "{" not in row[3]
        assert len(row[3]) > 50
    page.close()


@thorough
def test_a_lesson_is_gone_through_by_mouse(laptop: BrowserContext, site: str) -> None:
    page = open_page(laptop, f"{site}#run=relu-25-25/robust&example=7.1&open=given")
    before = link_of(page)
    page.get_by_test_id("lesson").click()
    expect(page.get_by_test_id("lessons")).to_contain_text(say("lessons_keys"))
    page.locator("[data-lesson=training]").click()
    for step in steps_of("training"):
        expect_step(page, step)
        see(page, step)
        expect_outcome(page, step)
        if step.number == 6:
            expect(page.get_by_test_id("history-legend")).to_contain_text(say("compare_dashed"))
        page.get_by_test_id("lesson-next").click()
    expect(page.get_by_test_id("lesson-sheet").locator("tbody tr")).to_have_count(6)
    page.get_by_test_id("sheet-close").click()
    page.get_by_test_id("lesson-leave").click()
    expect(page.get_by_test_id("lesson-step")).to_be_hidden()
    assert link_of(page) == before  # what was shown before the lesson
    page.get_by_test_id("lesson").click()
    page.locator("[data-lesson=training]").click()  # it goes on with its bets
    page.get_by_test_id("lesson-sheet-open").click()
    expect(page.get_by_test_id("lesson-sheet").locator("tr:last-child td").nth(1)).not_to_have_text("–")
    page.close()


def test_a_class_draws_its_own_digit_and_r_brings_the_step_back(same_page: Page) -> None:
    [step, *_] = steps_of("training")
    open_fragment(same_page, step.link)
    expect_step(same_page, step)
    same_page.get_by_test_id("pad-clear").click()
    draw(same_page, example(7).drawing)
    choice = same_page.get_by_test_id("lesson-choice").nth(3)
    choice.press("Enter")  # bets, and does not yet show what comes
    expect(choice).to_have_attribute("aria-pressed", "true")
    expect(same_page.locator("main")).to_have_attribute("data-phase", "asks")
    same_page.keyboard.press("Enter")
    expect_seen(same_page)
    drawn = Step(
        step.lesson, step.number, {**step.content, "page": "run=relu-50/published&step=0&example=7.0"}
    )
    expect_outcome(same_page, drawn)
    same_page.keyboard.press("r")
    expect(same_page.locator("main")).to_have_attribute("data-phase", "asks")
    same_page.keyboard.press("Enter")
    expect_outcome(same_page, step)
    same_page.keyboard.press("Escape")


@thorough
@pytest.mark.parametrize("step", SETTLED, ids=name)
def test_a_step_shows_before_the_bet_and_after_it_what_it_names_and_says_what_python_computes(
    same_page: Page, step: Step
) -> None:
    page = same_page
    open_fragment(page, step.link)
    expect_step(page, step)
    bet(page, step)
    expect_sight(page, step.content["before"])
    expect(page.get_by_test_id("lesson-explain")).to_be_hidden()
    heard = page.locator("main").aria_snapshot()
    question = json.dumps(step.content["question"], ensure_ascii=False)[1:-1]
    said = fill_in(step.content["explain"], step)
    assert f'heading "{question}" [level=1]' in heard
    assert (say("lesson_choices") in heard) or (say("lesson_time") in heard)
    begin = " ".join(said.split())[:40]  # as an accessibility tree has its spaces
    assert begin not in heard
    if "time" not in step.content["before"]:
        expect(page.locator(".chips li:visible")).to_have_count(0)  # not even where it was bet
    page.evaluate(WATCH_SPOKEN)
    see(page, step, has_bet=True)
    expect_sight(page, step.content["after"])
    expect_outcome(page, step)
    is_on_time = step.content["bet"]["kind"] == "time"
    expect(page.locator(".chips .bet")).to_have_count(int(is_on_time))
    if is_on_time:  # where it was bet stands beside what came, and how far it lay from it
        expect_distance(page, step)
        expect(page.locator(".chips .bet")).to_be_visible()
        if "learning" in step.content["after"]:
            expect(page.get_by_test_id("learning-chart").locator(".chart-mark.bet")).to_have_count(1)
    heard = page.locator("main").aria_snapshot()
    places = [heard.find(words) for words in (question, say("lesson_bet", bet=""), begin)]
    assert places == sorted(places)
    assert places[0] >= 0
    assert f'button "{say("lesson_lock")}"' not in heard
    expect_spoken(page, step, said)
    page.keyboard.press("Escape")


@thorough
def test_axe_finds_nothing_in_any_step_before_the_bet_and_after_it(browser: Browser, site: str) -> None:
    """Before the bet on a projector; after it, when more is in sight, also on a phone and in each scheme."""
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    page = open_page(context, site)
    found: dict[tuple[str, str], list] = {}

    def look(where: str, *schemes: str) -> None:
        for scheme in schemes:
            media, size, rules = SCHEMES[scheme]
            page.emulate_media(**media)
            page.set_viewport_size(size)
            found[where, scheme] = violations(page, *rules)

    for step in STEPS:
        open_fragment(page, step.link)
        expect_step(page, step)
        look(f"{name(step)} asks", "light")
        if not step.trains:
            see(page, step)
            look(f"{name(step)} seen", *SCHEMES)
    page.get_by_test_id("lesson-next").click()
    expect(page.get_by_test_id("lesson-sheet")).to_be_visible()
    look("sheet", *SCHEMES)
    assert {where: what for where, what in found.items() if what} == {}
    context.close()


@thorough
def test_both_lessons_are_gone_through_by_touch(browser: Browser, site: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    page = open_page(context, site)
    for lesson in NAMES:
        page.get_by_test_id("lesson").tap()
        expect(page.get_by_test_id("lessons")).not_to_contain_text(say("lessons_keys"))
        page.locator(f"[data-lesson={lesson}]").tap()
        for step in steps_of(lesson):
            expect_step(page, step)
            assert (
                page.evaluate("innerHeight") == 844
            )  # nothing is wider than the screen, so all keeps its size
            expect(page.locator(".lesson-hint")).to_have_text(say("lesson_hint_touch"))  # of no keys
            bet(page, step, tap=True)
            page.get_by_test_id("lesson-lock").tap()
            if not step.trains:  # else it is left while it trains
                if step.move.get("play"):
                    page.get_by_test_id("lesson-lock").tap()
                expect_seen(page)
                expect_outcome(page, step)
                expect(page.get_by_test_id("lesson-next")).to_be_in_viewport()
            page.get_by_test_id("lesson-next").tap()
        expect(page.get_by_test_id("lesson-sheet")).to_be_visible()
        page.get_by_test_id("sheet-close").tap()
        page.get_by_test_id("lesson-leave").tap()
    page.set_viewport_size({"width": 844, "height": 390})
    step = steps_of("training")[1]
    open_fragment(page, step.link)
    expect_step(page, step)
    see(page, step)
    for testid in (
        "timeline-moment",
        "lesson-next",
    ):  # beside each other, and nothing lies over what was asked
        page.get_by_test_id(testid).click(trial=True, timeout=2000)
        expect(page.get_by_test_id(testid)).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0
    assert page.faults == []  # type: ignore[attr-defined]
    context.close()


@thorough
@pytest.mark.parametrize("step", TRAINED, ids=name)
def test_a_step_that_trains_says_what_python_reads_in_the_network_that_it_made(
    laptop: BrowserContext, short_site: str, tmp_path: Path, step: Step
) -> None:
    page = open_page(laptop, f"{short_site}{step.link}")
    expect_step(page, step)
    page.evaluate(WATCH_SPOKEN)
    see(page, step)
    expect(page.locator("[data-testid=train-state][data-measuring]")).to_have_count(0, timeout=60_000)
    expect_spoken(page, step, step.content["explain"].split("{")[0])  # not again when it is measured anew
    said = page.get_by_test_id("lesson-explain").inner_text()
    result = page.get_by_test_id("lesson-result").inner_text()
    page.keyboard.press("Escape")
    expect_state(page, "done")
    path = save(page, tmp_path)
    timeline = load_file(path).to(torch.float32)
    shown = Shown(timeline, read_card(path), len(timeline.steps) - 1, step.drawing)
    assert said == fill_in(step.content["explain"], step, shown)
    assert came(step, shown) in result
    assert page.faults == []  # type: ignore[attr-defined]
    page.close()


@thorough
def test_a_training_that_was_left_or_failed_is_begun_anew_and_comes_to_its_end(
    laptop: BrowserContext, short_site: str
) -> None:
    page = open_page(laptop, f"{short_site}#lesson=inside.1")
    main, lock = page.locator("main"), page.get_by_test_id("lesson-lock")

    def begin() -> None:
        expect(main).to_have_attribute("data-phase", "asks")
        lock.click()
        expect(main).to_have_attribute("data-phase", "moves")
        expect(lock).to_be_disabled()  # what comes cannot be skipped to

    page.route("**/training_worker.js", lambda route: route.fulfill(status=404))
    lock.click()
    expect_seen(page)
    expect(page.get_by_test_id("lesson-step")).to_contain_text(say("training_unloaded"))
    expect(page.get_by_test_id("lesson-explain")).to_be_hidden()
    page.unroute("**/training_worker.js")
    page.keyboard.press("r")
    begin()
    page.evaluate("location.hash = '#run=relu-25-25/published'")
    expect(page.get_by_test_id("lesson-step")).to_be_hidden()
    expect(page.get_by_test_id("train-state")).to_have_attribute("data-state", "idle")
    page.go_back()
    begin()
    page.keyboard.press("r")
    begin()
    expect_seen(page)
    expect(page.get_by_test_id("lesson-explain")).to_contain_text("10,000 images later it reads")
    page.close()


def test_a_lesson_s_link_asks_for_the_network_of_its_step_and_no_other(
    laptop: BrowserContext, site: str
) -> None:
    page = laptop.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    page.goto(f"{site}#lesson=training.6")
    await_loaded(page)
    networks = {url for url in asked if url.startswith("checkpoints/relu") or "tanh" in url}
    names = ["100-images", "published", "shuffled-labels"]  # that it is compared with
    assert networks == {f"checkpoints/relu-50/{name}.safetensors" for name in names}
    rest = next(at for at, url in enumerate(asked) if url.endswith("views/lesson.js"))
    assert asked.index("checkpoints/relu-50/100-images.safetensors") < rest  # at once
    page.close()


@thorough
def test_further_keys_of_a_link_lie_over_the_step_s_own(same_page: Page) -> None:
    open_fragment(same_page, "#lesson=training.1&example=7.1&run=relu-50/robust&step=0")
    expect(same_page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/robust")
    assert link_of(same_page)["example"] == "7.1"
    assert link_of(same_page)["lesson"] == "training.1"


@thorough
@pytest.mark.parametrize(
    "link", ["lesson=training.7", "lesson=nothing.1", "lesson=training.0", "lesson=training.1&step=7"]
)
def test_a_link_to_no_step_opens_the_plain_page_and_says_so(
    laptop: BrowserContext, site: str, link: str
) -> None:
    page = laptop.new_page()
    page.goto(f"{site}#{link}")
    await_loaded(page)
    expect(page.get_by_test_id("verdict")).to_contain_text(say("link_bad"))
    expect(page.get_by_test_id("pad")).to_be_visible()
    page.close()


@thorough
def test_a_class_s_votes_are_its_bet_and_the_sheet_is_saved(same_page: Page) -> None:
    step = steps_of("training")[5]
    open_fragment(same_page, step.link)
    for choice, votes in enumerate([3, 9, 1]):
        for _ in range(votes):
            same_page.get_by_test_id("lesson-more").nth(choice).click()
    same_page.get_by_test_id("lesson-fewer").nth(1).click()
    same_page.keyboard.press("1")  # no choice of one's own changes what the class has voted for
    leaves = "() => dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert not same_page.evaluate(leaves)  # the browser asks before it is lost
    same_page.keyboard.press("Enter")
    first, middle, last = (choice["text"] for choice in step.content["bet"]["choices"])
    expect(same_page.get_by_test_id("lesson-result")).to_contain_text(f"{middle} (8 of 12)")
    same_page.get_by_test_id("lesson-next").click()
    same_page.get_by_test_id("sheet-answer").fill('It reads, "nearly" always')
    with same_page.expect_download() as download:
        same_page.get_by_test_id("sheet-csv").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert rows[6][:3] == [
        step.content["question"],
        f"{middle} ({first}: 3, {middle}: 8, {last}: 1)",
        middle,
    ]
    assert rows[-1][1] == 'It reads, "nearly" always'
    with same_page.expect_download() as download:
        same_page.get_by_test_id("sheet-png").click()
    assert Path(download.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    same_page.keyboard.press("Escape")
    same_page.keyboard.press("Escape")


@thorough
def test_a_lesson_s_file_is_dropped_on_the_page_and_its_sheet_fits_one_page_of_paper(
    same_page: Page,
) -> None:
    page = same_page
    for text, words in (("{", say("json_ends", line=1)), ((FOLDER / "training.json").read_text("utf-8"), "")):
        page.locator("main").evaluate(DROP, text)
        if words:
            expect(page.get_by_test_id("lesson")).to_contain_text(words)
    expect_step(page, steps_of("training")[0])
    page.reload()  # the address has the whole lesson
    expect_step(page, steps_of("training")[0])
    for step in steps_of("training")[:3]:
        see(page, step)
        page.keyboard.press("ArrowRight")
    page.get_by_test_id("lesson-sheet-open").click()
    page.get_by_test_id("sheet-answer").fill("It guesses no more.")
    page.evaluate(
        """() => {
          const host = document.querySelector("inkling-page");
          window.print = () => {
            dispatchEvent(new Event("beforeprint"));
            window.printed = host.hasAttribute("sheet");
            dispatchEvent(new Event("afterprint"));
          };
        }"""
    )
    page.get_by_test_id("sheet-print").click()
    assert page.evaluate("window.printed")
    page.locator("inkling-page").evaluate("host => host.toggleAttribute('sheet', true)")
    page.emulate_media(media="print")
    expect(page.get_by_test_id("lesson-sheet")).to_be_visible()
    for testid in ("pad", "lesson-question", "sheet-print", "lesson-next"):
        expect(page.get_by_test_id(testid)).to_be_hidden()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
    page.emulate_media(media="screen")
    page.locator("inkling-page").evaluate("host => host.toggleAttribute('sheet', false)")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


@thorough
def test_the_teacher_s_notes_are_those_of_the_files() -> None:
    assert PATH.read_text("utf-8") == write_notes()
    pictures = {f"{step.lesson}-{step.number}.png" for step in STEPS}
    assert {path.name for path in (PATH.parent / "lesson").glob("*.png")} == pictures


@thorough
def test_more_is_read_right_from_each_moment_to_the_next() -> None:
    scores = Shown.of("relu-50/published").metadata.card.scores
    assert all(earlier.correct < later.correct for earlier, later in pairwise(scores))
