"""What the own hand has drawn as a file, saved and opened, and kept on the device if that is asked for."""

import json
from pathlib import Path

import pytest
from own_hand import ANGULAR, LEANING, LINES, draw_all, draw_asked, give, open_hand, rows, save, start_over
from playwright.sync_api import BrowserContext, Page, expect
from visitor import open_page, say

from mnist_core.__main__ import main
from mnist_core.drawings.strokes import Drawing
from mnist_core.drawings.unipen import read_unipen

pytestmark = pytest.mark.thorough

KEPT = """() => ({ ...localStorage })"""


def pick(*digits: int) -> dict[int, Drawing]:
    """A line for each of these digits."""
    return {digit: LINES[digit] for digit in digits}


def test_what_the_view_saves_the_command_line_evaluates_as_the_table_says(
    hand: Page, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    give(hand, tmp_path, test=LEANING)
    path = save(hand, tmp_path)
    for row in rows(hand):
        step = ["--step", "0"] if row.snapshot == 0 else []
        main(["evaluate", row.run, "--strokes", str(path), "--json", *step])
        report = json.loads(capsys.readouterr().out)
        assert (report["correct"], report["n"]) == (row.correct, row.n)


def test_the_saved_drawings_are_the_twenty_that_the_mouse_drew(hand: Page, tmp_path: Path) -> None:
    box = hand.get_by_test_id("pad").bounding_box()
    assert box
    draw_all(hand, ANGULAR)
    expect(hand.get_by_test_id("hand-prompt")).to_have_text(say("hand_done", drawn=20, total=20))
    drawn = read_unipen(save(hand, tmp_path))
    assert sorted(entry.label for entry in drawn) == sorted([*range(10)] * 2)
    for entry in drawn:
        for saved, given in zip(entry.drawing.strokes, ANGULAR[entry.label].strokes, strict=True):
            for end in (0, -1):
                assert abs(saved[end] - given[end]).max() < 1.5 / box["width"]


def test_a_saved_file_opens_again_with_the_same_drawings(hand: Page, tmp_path: Path) -> None:
    give(hand, tmp_path, learn=pick(0, 3, 5, 9), test=pick(*range(8)))
    shown, path = rows(hand), save(hand, tmp_path)
    saved = path.read_bytes()
    start_over(hand)
    hand.get_by_test_id("hand-file").set_input_files(path)
    expect(hand.get_by_test_id("hand-said")).to_have_text(
        say("hand_opened", count=say("hand_count", count=12))
    )
    assert rows(hand) == shown
    assert save(hand, tmp_path).read_bytes() == saved
    expect(hand.get_by_test_id("hand-prompt")).to_contain_text("13 of 20")  # what is missing is asked for
    expect(hand.get_by_test_id("hand-purpose")).to_have_text(say("hand_learn"))


def test_a_file_takes_the_place_of_drawings_only_when_that_is_confirmed(hand: Page, tmp_path: Path) -> None:
    give(hand, tmp_path, test=pick(2, 4))
    path = save(hand, tmp_path)
    hand.get_by_test_id("hand-back").click()
    hand.get_by_test_id("hand-file").set_input_files(path)
    question = hand.locator(".hand-question:visible")
    found, here = say("hand_count", count=2), say("hand_count_one")
    expect(question).to_contain_text(say("hand_replace_ask", found=found, count=here))
    question.get_by_test_id("hand-no").click()
    expect(hand.get_by_test_id("hand-kept")).to_have_text(say("hand_kept", learn=0, test=1))
    hand.get_by_test_id("hand-file").set_input_files(path)
    question.get_by_test_id("hand-yes").click()
    expect(hand.get_by_test_id("hand-kept")).to_have_text(say("hand_kept", learn=0, test=2))


def test_of_a_file_by_several_writers_the_first_one_s_digits_are_opened(hand: Page, tmp_path: Path) -> None:
    segment = '.SEGMENT DIGIT 0 ? "{label}"\n.COMMENT {label} {writer} 0\n.PEN_DOWN\n1 1\n5 9\n.PEN_UP\n'
    path = tmp_path / "writers.unipen"
    digits = [(7, "ann"), (7, "bob"), (7, "ann"), (7, "ann"), (3, "ann")]
    path.write_text("".join(segment.format(label=label, writer=writer) for label, writer in digits))
    hand.get_by_test_id("hand-file").set_input_files(path)
    count = say("hand_count", count=4)
    expect(hand.get_by_test_id("hand-said")).to_have_text(say("hand_opened_first", writers=2, count=count))
    expect(hand.get_by_test_id("hand-kept")).to_have_text(say("hand_kept", learn=2, test=2))
    assert rows(hand)[0].labels == [7, 7]


FOREIGN = [  # a file, and what is said of it
    (b"", "This file holds no UNIPEN digits; open one that was saved here."),
    (b"\x89PNG\r\n", "This file is no text, so it is no UNIPEN file; open one that was saved here."),
    (
        b'.SEGMENT DIGIT 0 ? "A"\n',
        'This file cannot be read: its line 1 has no label between "0" and "9".',
    ),
    (b" " * 6_000_000, say("unipen_large", most=5)),
]


def test_a_file_that_is_none_is_refused_and_the_drawings_stay(hand: Page, tmp_path: Path) -> None:
    give(hand, tmp_path, test=pick(2))
    path = tmp_path / "foreign.unipen"
    for content, said in FOREIGN:
        path.write_bytes(content)
        hand.get_by_test_id("hand-file").set_input_files(path)
        expect(hand.get_by_test_id("hand-said")).to_have_text(said)
        expect(hand.get_by_test_id("hand-kept")).to_have_text(say("hand_kept", learn=0, test=1))


def test_nothing_is_kept_unless_asked(visitor: Page) -> None:
    draw_asked(visitor)
    assert visitor.evaluate(KEPT) == {}
    visitor.reload()
    open_hand(visitor)
    expect(visitor.get_by_test_id("hand-kept")).to_have_text(say("hand_kept", learn=0, test=0))
    expect(visitor.get_by_test_id("hand-keep")).not_to_be_checked()


def test_what_is_kept_comes_back_and_goes_when_it_is_unticked(visitor: Page, tmp_path: Path) -> None:
    visitor.get_by_test_id("hand-keep").check()
    give(visitor, tmp_path, learn=pick(0, 3), test=pick(*range(9)))
    draw_asked(visitor)
    shown, saved = rows(visitor), save(visitor, tmp_path).read_bytes()
    assert visitor.evaluate(KEPT) == {"inkling-hand-1": saved.decode()}
    visitor.reload()
    open_hand(visitor)
    assert rows(visitor) == shown
    assert save(visitor, tmp_path).read_bytes() == saved
    expect(visitor.get_by_test_id("hand-keep")).to_be_checked()
    visitor.get_by_test_id("hand-keep").uncheck()
    assert visitor.evaluate(KEPT) == {}
    visitor.get_by_test_id("hand-skip").click()
    assert visitor.evaluate(KEPT) == {}
    assert rows(visitor) == shown


def test_starting_over_deletes_what_is_kept(visitor: Page) -> None:
    visitor.get_by_test_id("hand-keep").check()
    draw_asked(visitor)
    assert list(visitor.evaluate(KEPT)) == ["inkling-hand-1"]
    start_over(visitor)
    assert visitor.evaluate(KEPT) == {}
    expect(visitor.get_by_test_id("hand-keep")).to_be_checked()


def test_damaged_storage_is_cleared_with_a_sentence(visitor: Page) -> None:
    for content in ["", '.SEGMENT DIGIT 0 ? "A"', "x" * 1_000_000]:
        visitor.evaluate("content => localStorage.setItem('inkling-hand-1', content)", content)
        visitor.reload()
        open_hand(visitor)
        case = f"storage that begins {content[:30]!r}"
        expect(visitor.get_by_test_id("hand-said"), case).to_have_text(say("hand_damaged"))
        assert visitor.evaluate(KEPT) == {}, case
        expect(visitor.get_by_test_id("hand-keep"), case).not_to_be_checked()
        expect(visitor.get_by_test_id("hand-prompt"), case).to_contain_text("1 of 20")


@pytest.mark.parametrize(
    "refusal",
    [
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
        """Object.defineProperty(window, "localStorage", {
          get() { throw new DOMException("no", "SecurityError"); } })""",
    ],
    ids=["full", "private"],
)
def test_a_browser_that_keeps_nothing_is_a_sentence(context: BrowserContext, site: str, refusal: str) -> None:
    context.add_init_script(refusal)
    page = open_page(context, site)
    open_hand(page)
    draw_asked(page)
    page.get_by_test_id("hand-keep").click()
    expect(page.get_by_test_id("hand-said")).to_have_text(say("hand_unkept"))
    expect(page.get_by_test_id("hand-keep")).not_to_be_checked()
    assert page.faults == []  # type: ignore[attr-defined]
