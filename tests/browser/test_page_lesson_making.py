"""A lesson of one's own: made by pointer alone, saved, opened again, put in order, sent as a link."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from visitor import await_loaded, expect_verdict, move_slider, open_fragment, say

pytestmark = pytest.mark.thorough


def press(page: Page, testid: str) -> None:
    page.get_by_test_id(testid).click()
    if testid == "lesson":
        expect(page.get_by_test_id("lessons")).to_be_visible()


def keep_steps(page: Page, count: int) -> None:
    """Keep the page as a step, with another digit and another moment each time."""
    press(page, "lesson")
    press(page, "lesson-make")
    for digit in range(count):
        page.get_by_test_id("timeline").press("End")
        page.locator(f"[data-example='{digit}']").click()
        expect_verdict(page, digit)
        move_slider(page, digit)
        press(page, "make-keep")
    kept = say("make_kept_one" if count == 1 else "make_kept", count=count)
    expect(page.get_by_test_id("maker")).to_contain_text(kept)


def save_lesson(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        press(page, "make-save")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.fixture
def maker(page: Page, request: pytest.FixtureRequest) -> Page:
    """The page with steps kept, four unless the test asks for more, and their list open."""
    open_fragment(page, "#run=relu-50/published")
    expect(page.get_by_test_id("play")).to_be_enabled()
    keep_steps(page, getattr(request, "param", 4))
    press(page, "make-steps")
    return page


@pytest.mark.parametrize("maker", [6], indirect=True)
def test_six_steps_made_by_pointer_alone_open_again_as_they_were(maker: Page, tmp_path: Path) -> None:
    path = save_lesson(maker, tmp_path)
    lesson = json.loads(path.read_text("utf-8"))
    assert len({step["page"] for step in lesson["steps"]}) == 6
    press(maker, "make-close")
    press(maker, "make-end")
    press(maker, "lesson")
    maker.get_by_test_id("lesson-change-file").set_input_files(path)
    again = save_lesson(maker, tmp_path / "again")
    assert again.read_bytes() == path.read_bytes()
    press(maker, "make-close")
    press(maker, "make-end")
    press(maker, "lesson")
    maker.get_by_test_id("lesson-file").set_input_files(path)
    for number in range(1, 7):
        expect(maker.get_by_test_id("lesson-step")).to_have_attribute("data-step", str(number))
        expect(maker.get_by_test_id("timeline")).to_have_value(str(number - 1))
        expect(maker.get_by_test_id("pad")).to_be_visible()
        press(maker, "lesson-lock")
        expect(maker.get_by_test_id("lesson-explain")).to_contain_text("It says ")
        press(maker, "lesson-next")
    expect(maker.get_by_test_id("lesson-sheet")).to_be_visible()


def test_steps_are_ordered_by_drag_and_by_keys_and_worded(maker: Page, tmp_path: Path) -> None:
    questions = maker.get_by_test_id("make-question")
    for number in range(4):
        questions.nth(number).fill(f"{number}?")
    handles = maker.locator(".maker-handle")
    handles.nth(1).drag_to(maker.locator(".maker-step").first)
    handles.nth(1).focus()
    maker.keyboard.press("ArrowDown")
    maker.get_by_test_id("make-remove").last.click()
    maker.get_by_test_id("make-kind").first.select_option("time")
    maker.get_by_test_id("make-insert").first.select_option("accuracy")
    maker.get_by_test_id("make-move").first.select_option("play")
    lesson = json.loads(save_lesson(maker, tmp_path).read_text("utf-8"))
    first, *rest = lesson["steps"]
    assert [step["question"] for step in rest] == ["2?", "0?"]
    assert first["bet"] == {"kind": "time", "figure": "settled_after"}
    assert first["question"] == "1?"  # what was written stays
    assert (first["move"], "{accuracy}" in first["explain"]) == ({"play": True}, True)


def test_what_is_wrong_with_a_lesson_is_said_before_it_is_saved(maker: Page) -> None:
    maker.get_by_test_id("make-explain").first.fill("It says {nothing}.")
    press(maker, "make-save")
    expect(maker.get_by_test_id("make-problem")).to_contain_text('called "nothing"')


def test_a_short_lesson_fits_in_a_link_and_a_broken_one_is_refused(
    page: Page, laptop: BrowserContext, site: str
) -> None:
    open_fragment(page, "#run=relu-50/published&example=5.0")
    press(page, "lesson")
    press(page, "lesson-make")
    press(page, "make-keep")
    press(page, "make-steps")
    page.evaluate("() => { Clipboard.prototype.writeText = () => Promise.reject(); }")
    press(page, "make-link")
    expect(page.get_by_test_id("make-copied")).to_contain_text("#lesson=own.1&file=")
    dialog = page.get_by_test_id("maker-dialog")
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")  # it does not widen it
    press(page, "make-try")
    expect(page.get_by_test_id("lesson-step")).to_have_attribute("data-step", "1")
    link = page.evaluate("location.hash")
    assert link.startswith("#lesson=own.1&file=")
    assert len(link) < 1000
    other = laptop.new_page()
    other.goto(site + link)
    expect(other.get_by_test_id("lesson-question")).to_have_text(say("make_question_digit"))
    other.keyboard.press("Enter")
    expect(other.get_by_test_id("lesson-explain")).to_have_text("It says 5, at 94.5 %.")
    other.goto(f"{site}?again{link[:-9]}")
    await_loaded(other)
    expect(other.get_by_test_id("verdict")).to_contain_text(say("link_bad"))
    other.close()


def test_of_a_broken_file_the_line_is_said(page: Page, tmp_path: Path) -> None:
    broken = '{\n  "format": "inkling lesson 1",\n  "title": }'
    (tmp_path / "broken.json").write_text(broken, encoding="utf-8")
    press(page, "lesson")
    page.get_by_test_id("lesson-file").set_input_files(tmp_path / "broken.json")
    expect(page.get_by_test_id("lessons-problem")).to_contain_text("Line 3 cannot be read from here on: }")
