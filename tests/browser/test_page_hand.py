"""Your hand: every digit is drawn twice, and the networks read those that are kept for testing."""

from pathlib import Path

import pytest
from own_hand import (
    LEANING,
    LINES,
    asked,
    draw_all,
    draw_digit,
    kept_for_testing,
    open_hand,
    python_reads,
    rows,
    save,
)
from playwright.sync_api import BrowserContext, Page, expect
from python_says import drawing_of, expect_bars, image_on, levels_of
from visitor import (
    choose_run,
    draw,
    example,
    expect_verdict,
    inks,
    model_input,
    open_fragment,
    open_page,
    say,
)

from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.runs.recipes import DEFAULT_RUN

pytestmark = pytest.mark.thorough

ARCHITECTURE = DEFAULT_RUN.split("/")[0]


def test_every_digit_is_asked_for_twice_first_to_learn_from_then_to_test(hand: Page) -> None:
    orders = []
    for _ in range(3):
        order = []
        for position in range(20):
            order.append(asked(hand))
            prompt = say("hand_asked", number=position + 1, total=20, digit=order[-1]).replace("a 8", "an 8")
            expect(hand.get_by_test_id("hand-prompt")).to_have_text(prompt)
            purpose = say("hand_learn" if position < 10 else "hand_test")
            expect(hand.get_by_test_id("hand-purpose")).to_have_text(purpose)
            hand.get_by_test_id("hand-skip").click()
        expect(hand.get_by_test_id("hand-prompt")).to_have_text(say("hand_done", drawn=0, total=20))
        assert sorted(order[:10]) == sorted(order[10:]) == list(range(10))
        orders.append(tuple(order))
        hand.get_by_test_id("hand-restart").click()
        hand.get_by_test_id("hand-yes").first.click()
    assert len(set(orders)) == 3


def test_the_table_says_what_python_reads_in_the_test_digits(page: Page, tmp_path: Path) -> None:
    open_hand(page)
    expect(page.get_by_test_id("hand-line")).to_have_text(say("hand_table_empty"))
    draw_all(page, LEANING)
    drawn = kept_for_testing(save(page, tmp_path))
    assert sorted(entry.label for entry in drawn) == list(range(10))
    for run_id in (DEFAULT_RUN, "relu-50/published", "tanh-96-sigmoid-256/robust"):
        choose_run(page, run_id)
        architecture = run_id.split("/")[0]
        last = page.get_by_test_id("hand-table").locator("li").last
        expect(last, run_id).to_have_attribute("data-run", f"{architecture}/robust")
        shown = rows(page)
        assert [(row.run, row.snapshot) for row in shown] == [
            (f"{architecture}/published", 0),
            (f"{architecture}/published", -1),
            (f"{architecture}/robust", -1),
        ]
        for row in shown:
            assert row.labels == [entry.label for entry in drawn], row.run
            assert row.predictions == python_reads(drawn, row.run, row.snapshot), row.run
            assert row.n == 10, row.run
        assert shown[0].correct < shown[1].correct < 10, run_id


def test_the_tiles_are_the_images_of_the_drawings_green_and_red(hand: Page, tmp_path: Path) -> None:
    draw_all(hand, LEANING, skipped=set(range(10)))
    drawn = kept_for_testing(save(hand, tmp_path))
    assert len(rows(hand)) == 3
    assert inks(hand, "hand-table") == [levels_of(image_of_drawing(entry.drawing)) for entry in drawn] * 3
    tiles = hand.get_by_test_id("hand-table").locator("[data-label]")
    classes = tiles.evaluate_all(
        """tiles => tiles.map(({ classList, dataset: { label, prediction } }) =>
          [classList.contains("right"), classList.contains("wrong"), label === prediction])"""
    )
    assert all([right, wrong] == [is_right, not is_right] for right, wrong, is_right in classes)
    assert {is_right for *_, is_right in classes} == {True, False}


def test_a_tile_is_laid_on_the_pad_as_any_sample(hand: Page) -> None:
    draw_all(hand, LINES, skipped=set(range(19)))
    tile = hand.get_by_test_id("hand-table").locator("[data-label]").last
    tile.click()
    expect(tile).to_have_attribute("aria-pressed", "true")
    [levels, *_] = inks(hand, "hand-table")
    assert model_input(hand) == levels
    expect(hand.get_by_test_id("pad-sample")).to_contain_text(str(tile.get_attribute("data-label")))


def test_what_is_skipped_counts_nowhere(hand: Page) -> None:
    draw_all(hand, LINES, skipped={0, 3, 4, 11, 19})
    assert [row.n for row in rows(hand)] == [8, 8, 8]
    expect(hand.get_by_test_id("hand-kept")).to_have_text(say("hand_kept", learn=7, test=8))
    expect(hand.get_by_test_id("hand-prompt")).to_have_text(say("hand_done", drawn=15, total=20))


def test_undo_takes_back_a_stroke_and_leaves_the_other_pad_alone(page: Page) -> None:
    draw(page, example(4).drawing)
    strokes = drawing_of(page).to_json()
    open_hand(page)
    undo, following = page.get_by_test_id("hand-undo"), page.get_by_test_id("hand-next")
    expect(undo).to_be_disabled()
    expect(following).to_be_disabled()
    draw_digit(page, example(4).drawing)
    draw_digit(page, example(1).drawing)
    assert len(example(4).drawing.strokes) == 2
    undo.click()
    undo.click()
    expect(undo).to_be_enabled()
    page.get_by_test_id("hand-pad").focus()
    page.keyboard.press("Control+z")
    expect(undo).to_be_disabled()
    expect(following).to_be_disabled()
    page.keyboard.press("Control+z")
    assert drawing_of(page).to_json() == strokes
    expect_bars(page, image_on(page))


def test_back_lays_the_last_drawing_on_the_pad_again(hand: Page, tmp_path: Path) -> None:
    digit = asked(hand)
    draw_digit(hand, LEANING[digit])
    hand.get_by_test_id("hand-next").click()
    first = save(hand, tmp_path).read_bytes()
    hand.get_by_test_id("hand-skip").click()
    for position in (2, 1):
        hand.get_by_test_id("hand-back").click()
        expect(hand.get_by_test_id("hand-prompt")).to_contain_text(f"{position} of 20")
    assert asked(hand) == digit
    expect(hand.get_by_test_id("hand-back")).to_be_disabled()
    expect(hand.get_by_test_id("hand-save")).to_be_disabled()
    hand.get_by_test_id("hand-next").click()
    assert save(hand, tmp_path).read_bytes() == first


def test_start_over_asks_first(hand: Page) -> None:
    draw_all(hand, LINES, skipped=set(range(17)))
    hand.get_by_test_id("hand-restart").click()
    question = hand.locator(".hand-question:visible")
    expect(question).to_contain_text(say("hand_restart_ask", count=say("hand_count", count=3)))
    question.get_by_test_id("hand-no").click()
    expect(question).to_have_count(0)
    expect(hand.get_by_test_id("hand-kept")).to_have_text(say("hand_kept", learn=0, test=3))
    hand.get_by_test_id("hand-restart").click()
    question.get_by_test_id("hand-yes").click()
    expect(hand.get_by_test_id("hand-prompt")).to_contain_text("1 of 20")
    expect(hand.get_by_test_id("hand-table").locator("li")).to_have_count(0)
    expect(hand.get_by_test_id("hand-restart")).to_be_disabled()


def test_the_pad_and_the_answer_stay_as_they_are(page: Page) -> None:
    draw(page, example(7).drawing)
    expect_verdict(page, 7)
    before = (drawing_of(page).to_json(), model_input(page))
    open_hand(page)
    draw_all(page, LINES, skipped=set(range(2, 18)))
    assert (drawing_of(page).to_json(), model_input(page)) == before
    expect_verdict(page, 7)
    page.get_by_test_id("pad-undo").click()
    expect_verdict(page, "")
    expect(page.get_by_test_id("hand-kept")).to_have_text(say("hand_kept", learn=2, test=2))


def test_the_view_opens_while_the_training_plays(page: Page) -> None:
    page.locator("[data-example='3']").click()
    page.get_by_test_id("play").click()
    open_hand(page)
    draw_digit(page, LEANING[asked(page)])
    page.get_by_test_id("hand-next").click()
    expect(page.get_by_test_id("hand-prompt")).to_contain_text("2 of 20")


def test_another_network_s_rows_come_with_it_and_the_drawings_stay(hand: Page) -> None:
    draw_all(hand, LINES, skipped=set(range(15)))
    assert {row.run.split("/")[0] for row in rows(hand)} == {ARCHITECTURE}
    choose_run(hand, "relu-50/100-images")
    expect(hand.get_by_test_id("hand-table").locator("li")).to_have_count(4)
    assert [(row.run, row.n) for row in rows(hand)] == [
        ("relu-50/published", 5),
        ("relu-50/published", 5),
        ("relu-50/robust", 5),
        ("relu-50/100-images", 5),
    ]


def test_a_network_that_cannot_be_had_is_a_sentence_in_its_row(context: BrowserContext, site: str) -> None:
    context.route("**/published.safetensors", lambda route: route.fulfill(status=404, body="none"))
    page = open_page(context, site)
    open_hand(page)
    draw_all(page, LINES, skipped=set(range(19)))
    failed = page.get_by_test_id("hand-table").locator(f"[data-run='{ARCHITECTURE}/published']")
    name = f"checkpoints/{ARCHITECTURE}/published.safetensors"
    for row in (failed.first, failed.last):
        expect(row).to_contain_text(say("file_missing", name=name, status=404))
        expect(row).to_have_attribute("data-correct", "")
    expect(page.get_by_test_id("hand-table").locator("li").last).to_have_attribute("data-n", "1")


def test_networks_are_asked_for_when_test_digits_are_there_and_drawings_are_sent_nowhere(
    visitor: Page, tmp_path: Path
) -> None:
    requests: list[str] = []
    visitor.on("request", lambda request: requests.append(request.url.split("/", 3)[-1]))
    draw_all(visitor, LINES, skipped=set(range(2, 20)))
    visitor.get_by_test_id("hand-keep").check()
    assert requests == []
    visitor.get_by_test_id("hand-back").click()
    draw_digit(visitor, LEANING[asked(visitor)])
    visitor.get_by_test_id("hand-next").click()
    assert len(rows(visitor)) == 3
    path = save(visitor, tmp_path)
    visitor.get_by_test_id("hand-file").set_input_files(path)
    visitor.locator(".hand-question:visible").get_by_test_id("hand-yes").click()
    asked_for = [url for url in requests if not url.startswith("blob:")]
    assert asked_for == [f"checkpoints/{ARCHITECTURE}/published.safetensors"]


def test_a_link_opens_the_view(page: Page) -> None:
    open_fragment(page, f"#run={DEFAULT_RUN}&open=hand")
    expect(page.get_by_test_id("hand-pad")).to_be_visible()
    page.get_by_test_id("copy-link").dispatch_event("click")
    assert page.evaluate("location.hash").endswith("open=hand")
