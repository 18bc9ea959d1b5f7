"""Your hand: every digit is drawn twice, and the networks read those that are kept for testing."""

from pathlib import Path

import pytest
from own_hand import (
    LEANING,
    LINES,
    asked,
    draw_asked,
    give,
    kept_for_testing,
    open_hand,
    python_reads,
    rows,
    save,
    start_over,
)
from playwright.sync_api import BrowserContext, Page, expect
from python_says import drawing_of, expect_bars, expect_no_bars, image_of, levels_of, link_of
from visitor import (
    await_loaded,
    choose_run,
    draw,
    example,
    expect_verdict,
    ink_at,
    inks,
    model_input,
    move_slider,
    open_fragment,
    open_page,
    open_view,
    say,
)

from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.unipen import read_unipen
from mnist_core.runs.recipes import DEFAULT_RUN

pytestmark = pytest.mark.thorough

ARCHITECTURE = DEFAULT_RUN.split("/")[0]


def please(digit: int) -> str:
    """What asks for a digit."""
    return say("hand_please", digit=digit).replace("a 8", "an 8")


def test_every_digit_is_asked_for_twice_first_to_learn_from_then_to_test(hand: Page) -> None:
    orders = []
    for _ in range(2):
        order = []
        for position in range(20):
            order.append(asked(hand))
            prompt = say("hand_asked", number=position + 1, total=20, digit=order[-1]).replace("a 8", "an 8")
            assert hand.get_by_test_id("hand-prompt").inner_text() == prompt
            purpose = say("hand_learn" if position < 10 else "hand_test")
            assert hand.get_by_test_id("hand-purpose").inner_text() == purpose
            hand.get_by_test_id("hand-skip").click()
        expect(hand.get_by_test_id("hand-prompt")).to_have_text(say("hand_done", drawn=0, total=20))
        assert sorted(order[:10]) == sorted(order[10:]) == list(range(10))
        orders.append(tuple(order))
        start_over(hand)
    assert orders[0] != orders[1]


def test_the_table_says_what_python_reads_in_the_test_digits(page: Page, tmp_path: Path) -> None:
    open_hand(page)
    expect(page.get_by_test_id("hand-line")).to_have_text(say("hand_table_empty"))
    give(page, tmp_path, learn=LEANING, test=LEANING)
    expect(page.get_by_test_id("hand-line")).to_be_empty()
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
    give(hand, tmp_path, test=LEANING)
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


def test_a_tile_is_laid_on_the_pad_as_any_sample(hand: Page, tmp_path: Path) -> None:
    give(hand, tmp_path, test={1: LINES[1]})
    tile = hand.get_by_test_id("hand-table").locator("[data-label]").last
    tile.click()
    expect(tile).to_have_attribute("aria-pressed", "true")
    [levels, *_] = inks(hand, "hand-table")
    assert model_input(hand) == levels
    expect(hand.get_by_test_id("pad-sample")).to_contain_text(str(tile.get_attribute("data-label")))


def test_what_is_skipped_counts_nowhere(hand: Page, tmp_path: Path) -> None:
    nine = {digit: LINES[digit] for digit in range(9)}
    give(hand, tmp_path, learn=nine, test={digit: LINES[digit] for digit in range(8)})
    hand.get_by_test_id("hand-skip").click()
    draw_asked(hand)
    hand.get_by_test_id("hand-skip").click()
    assert [row.n for row in rows(hand)] == [9, 9, 9]
    expect(hand.get_by_test_id("hand-kept")).to_have_text(say("hand_kept", learn=9, test=9))
    expect(hand.get_by_test_id("hand-prompt")).to_have_text(say("hand_done", drawn=18, total=20))


def test_the_pad_that_the_hand_is_drawn_on_is_the_bench_s_and_the_columns_answer(hand: Page) -> None:
    digit = asked(hand)
    expect(hand.get_by_test_id("pad-asks")).to_have_text(please(digit))
    expect(hand.locator("canvas[role=img]:visible")).to_have_count(2)  # the pad, and the network's input
    draw(hand, LEANING[digit], lift=False)
    levels = model_input(hand)
    expect_bars(hand, image_of(levels))
    move_slider(hand, 3)
    expect_bars(hand, image_of(levels), snapshot=3)
    hand.mouse.up()
    hand.get_by_test_id("hand-next").click()
    expect_no_bars(hand)


def test_the_page_never_asks_for_any_digit_while_the_hand_asks_for_one(hand: Page) -> None:
    for _ in range(20):
        said = please(asked(hand))
        assert hand.get_by_test_id("pad-asks").inner_text() == said
        assert said in hand.get_by_test_id("verdict").inner_text()
        assert say("verdict_empty") not in hand.locator("main").inner_text()
        hand.get_by_test_id("hand-skip").click()
    expect(hand.get_by_test_id("pad-asks")).to_be_hidden()
    expect(hand.get_by_test_id("verdict")).to_contain_text(say("verdict_empty"))


def test_a_link_that_cannot_be_read_is_told_of_and_the_hand_asks_on(hand: Page) -> None:
    digit = asked(hand)
    open_fragment(hand, "#run=none")
    expect(hand.get_by_test_id("verdict")).to_contain_text(say("link_bad_kept"))
    expect(hand.get_by_test_id("verdict")).to_contain_text(please(digit))


def test_what_lies_on_the_pad_is_laid_aside_by_the_first_stroke_and_comes_back_by_undo(page: Page) -> None:
    draw(page, example(7).drawing)
    strokes = drawing_of(page).to_json()
    open_hand(page)
    expect_verdict(page, 7)  # whoever only looks in loses nothing
    following, aside = page.get_by_test_id("hand-next"), page.get_by_text(say("hand_aside"))
    expect(aside).to_be_visible()
    expect(following).to_be_disabled()
    draw(page, LINES[1])
    expect(aside).to_be_hidden()
    expect(following).to_be_enabled()
    assert ink_at(page.get_by_test_id("pad"), (0.45, 0.5))
    assert not any(ink_at(page.get_by_test_id("pad"), point) for point in example(7).drawing.strokes[0][:2])
    page.get_by_test_id("pad-undo").click()
    expect(following).to_be_disabled()
    assert drawing_of(page).to_json() == strokes
    expect_verdict(page, 7)


def test_what_the_hand_draws_stays_on_the_pad_in_other_views_and_is_asked_for_on(hand: Page) -> None:
    digit = asked(hand)
    draw(hand, LEANING[digit])
    levels = model_input(hand)
    open_view(hand, "digits")
    assert model_input(hand) == levels
    expect(hand.get_by_test_id("pad-asks")).to_be_hidden()
    open_hand(hand)
    assert asked(hand) == digit
    expect(hand.get_by_test_id("hand-next")).to_be_enabled()
    open_view(hand, "digits")
    hand.locator("[data-example='3']").click()
    expect_verdict(hand, 3)
    open_hand(hand)
    expect(hand.get_by_test_id("hand-next")).to_be_disabled()  # an example is not drawn by this hand


def test_undo_takes_back_strokes_and_then_asks_for_the_digit_before(page: Page) -> None:
    hand = page
    open_hand(hand)
    first = asked(hand)
    draw(hand, example(4).drawing)
    assert len(example(4).drawing.strokes) == 2
    levels = model_input(hand)
    hand.get_by_test_id("hand-next").click()
    draw(hand, LINES[1])
    undo = hand.get_by_test_id("pad-undo")
    for _ in range(2):
        undo.click()
    assert (asked(hand), model_input(hand)) == (first, levels)
    expect(hand.get_by_test_id("hand-kept")).to_have_text(say("hand_kept", learn=0, test=0))
    hand.keyboard.press("Control+z")
    hand.keyboard.press("Control+z")
    expect_no_bars(hand)
    expect(undo).to_be_disabled()
    expect(hand.get_by_test_id("hand-next")).to_be_disabled()
    assert asked(hand) == first


def test_a_reload_keeps_the_drawing_and_asks_for_its_digit(visitor: Page) -> None:
    for _ in range(13):
        visitor.get_by_test_id("hand-skip").click()
    digit = asked(visitor)
    draw(visitor, LEANING[digit])
    levels = model_input(visitor)
    visitor.reload()
    await_loaded(visitor)
    assert model_input(visitor) == levels
    open_hand(visitor)
    assert asked(visitor) == digit
    expect(visitor.get_by_test_id("hand-purpose")).to_have_text(say("hand_test"))
    expect(visitor.get_by_test_id("hand-next")).to_be_enabled()


def test_no_link_holds_what_the_hand_draws(hand: Page) -> None:
    draw(hand, LEANING[asked(hand)])
    assert "drawing" not in link_of(hand)
    open_view(hand, "digits")
    assert "drawing" not in link_of(hand)


def test_any_digit_of_the_twenty_can_be_drawn_again(hand: Page, tmp_path: Path) -> None:
    give(hand, tmp_path, learn=LEANING)
    skipped = asked(hand)
    hand.get_by_test_id("hand-skip").click()
    tiles = hand.locator(".hand-digits button")
    assert tiles.evaluate_all("tiles => tiles.map(tile => tile.dataset.label)") == [*"0123456789"] * 2
    expect(hand.locator(".hand-digits [data-drawn] svg")).to_have_count(10)
    expect(hand.locator(".hand-digits p")).to_have_text(["To learn from", "To test on"])  # above each ten
    tiles.nth(6).click()
    assert asked(hand) == 6
    expect(tiles.nth(6)).to_have_attribute("aria-current", "true")
    expect(hand.get_by_test_id("hand-kept")).to_have_text(say("hand_kept", learn=9, test=0))
    levels = model_input(hand)
    assert max(levels) > 0  # what was drawn lies on the pad again
    hand.get_by_test_id("pad-clear").click()
    draw_asked(hand)
    expect(hand.get_by_test_id("hand-prompt")).to_contain_text("12 of 20")
    [six] = [entry for entry in read_unipen(save(hand, tmp_path)) if entry.label == 6]
    assert len(six.drawing.strokes) == 1
    tiles.nth(10 + skipped).click()
    assert asked(hand) == skipped
    expect(hand.get_by_test_id("hand-purpose")).to_have_text(say("hand_test"))


def test_back_lays_the_last_drawing_on_the_pad_again(hand: Page, tmp_path: Path) -> None:
    digit = asked(hand)
    draw(hand, LEANING[digit])
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


def test_start_over_asks_first(hand: Page, tmp_path: Path) -> None:
    give(hand, tmp_path, test={digit: LINES[digit] for digit in range(3)})
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


def test_the_view_opens_while_the_training_plays(page: Page) -> None:
    page.locator("[data-example='3']").click()
    page.get_by_test_id("play").click()
    open_hand(page)
    draw(page, LEANING[asked(page)])
    page.get_by_test_id("hand-next").click()
    expect(page.get_by_test_id("hand-prompt")).to_contain_text("2 of 20")


def test_another_network_s_rows_come_with_it_and_the_drawings_stay(hand: Page, tmp_path: Path) -> None:
    give(hand, tmp_path, test={digit: LINES[digit] for digit in range(5)})
    assert {row.run.split("/")[0] for row in rows(hand)} == {ARCHITECTURE}
    choose_run(hand, "relu-50/100-images")
    expect(hand.get_by_test_id("hand-table").locator("li")).to_have_count(4)
    assert [(row.run, row.n) for row in rows(hand)] == [
        ("relu-50/published", 5),
        ("relu-50/published", 5),
        ("relu-50/robust", 5),
        ("relu-50/100-images", 5),
    ]


def test_a_network_that_cannot_be_had_is_a_sentence_in_its_row(
    context: BrowserContext, site: str, tmp_path: Path
) -> None:
    context.route("**/published.safetensors", lambda route: route.fulfill(status=404, body="none"))
    page = open_page(context, site)
    open_hand(page)
    give(page, tmp_path, test={1: LINES[1]})
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
    draw_asked(visitor)
    visitor.get_by_test_id("hand-keep").check()
    assert requests == []
    visitor.locator(".hand-digits .test").first.click()
    draw_asked(visitor)
    assert len(rows(visitor)) == 3
    path = save(visitor, tmp_path)
    visitor.get_by_test_id("hand-file").set_input_files(path)
    visitor.locator(".hand-question:visible").get_by_test_id("hand-yes").click()
    asked_for = [url for url in requests if not url.startswith("blob:")]
    assert asked_for == [f"checkpoints/{ARCHITECTURE}/published.safetensors"]


def test_a_link_opens_the_view(page: Page) -> None:
    open_fragment(page, f"#run={DEFAULT_RUN}&open=hand")
    expect(page.get_by_test_id("pad-asks")).to_be_visible()
    page.get_by_test_id("share").dispatch_event("click")
    assert page.evaluate("location.hash").endswith("open=hand")
