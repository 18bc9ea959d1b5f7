"""The views that open on request: what each says is true of the pad, the run and the moment shown."""

import numpy as np
import pytest
import torch
from committed import load_timeline
from playwright.sync_api import Page, expect
from python_says import (
    card_of,
    drawing_of,
    expect_bars,
    image_of,
    image_on,
    images_seen,
    levels_of,
    open_drawing,
    percent,
    probabilities,
    story_of,
    write_drawing,
)
from visitor import (
    INK,
    VIEWS,
    choose_run,
    count_images,
    draw,
    example,
    expect_verdict,
    expect_view,
    inks,
    move_slider,
    open_fragment,
    open_view,
    say,
    tiles,
)

from mnist_core.drawings.preprocessing import shrink_drawing
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS
from webapp.files import name_code_folder

pytestmark = pytest.mark.thorough

LAST = 20
BREAK = """element => {
  const fail = () => { throw new Error("broken on purpose"); };
  if (element.getContext) element.getContext("2d").clearRect = fail;
  element.getContext = element.replaceChildren = fail;
  Object.defineProperty(element, "textContent", { get: fail, set: fail });
}"""
SMALL = "relu-50/published"
BARS = "rows => rows.map(row => parseFloat(row.dataset.trained))"
LUCK = """async ([image, run, seeds]) => {
  const [{ logits, softmax }, { untrainedNetwork }, list] = await Promise.all([
    import("./CODE/engine/network.js"),
    import("./CODE/engine/untrained.js"),
    fetch("runs.json").then(file => file.json()),
  ]);
  const { architecture, input_range: range } = list.runs.find(entry => entry.id === run);
  const levels = Uint8Array.from(image);
  return seeds.map(seed => [...softmax(logits(untrainedNetwork(architecture, range, seed), levels))]);
}""".replace("CODE", name_code_folder())


def test_many_images_are_told_in_millions(same_page: Page) -> None:
    texts = same_page.evaluate(
        f"async numbers => numbers.map((await import('./{name_code_folder()}/text.js')).countImages)",
        [0, 999_999, 1_000_000, 1_234_567, 11_998_080, 60_000_000],
    )
    assert texts == ["0", "999,999", "1 million", "1.23 million", "12 million", "60 million"]


@pytest.mark.parametrize("run_id", ["relu-50/published", DEFAULT_RUN])
def test_the_axis_of_a_chart_has_round_numbers(same_page: Page, run_id: str) -> None:
    choose_run(same_page, run_id)
    chart = open_view(same_page, "training").get_by_test_id("history-accuracy")
    labels = chart.locator("text.middle").all_text_contents()[:-1]
    powers = [count_images(10**power) for power in range(8) if 10**power <= images_seen(run_id)[-1]]
    first, second = (powers.index(label) for label in labels[1:3])
    assert labels == ["0", *powers[first :: second - first]]  # in a narrow chart every second one, or third
    assert labels[-1] == powers[-1]


def put(page: Page, what: str) -> None:
    """Put a drawing or a sample on the pad, or nothing."""
    if what == "a drawing":
        open_drawing(page, example(5).drawing)
    elif what == "a sample":
        page.get_by_test_id("sample-grid").locator("[data-label]").nth(4).click()


def image_shown(page: Page, what: str) -> torch.Tensor:
    return image_on(page) if what == "a drawing" else image_of(inks(page)[4])


def text_of(page: Page, name: str) -> str:
    return page.get_by_test_id(name).inner_text()


@pytest.mark.parametrize("what", ["a drawing", "a sample"])
def test_the_learning_view_tells_how_the_answer_came_about(same_page: Page, what: str) -> None:
    put(same_page, what)
    open_view(same_page, "training")
    said = probabilities(image_shown(same_page, what))
    story, _ = story_of(said, images_seen(DEFAULT_RUN))
    expect(same_page.get_by_test_id("learning-line")).to_have_text(story)


@pytest.mark.parametrize(("view", "name"), [("training", "learning"), ("input", "given")])
def test_with_an_empty_pad_a_view_of_the_drawing_says_so(same_page: Page, view: str, name: str) -> None:
    line = open_view(same_page, view).get_by_test_id(f"{name}-line")
    expect(line).to_have_text(say(f"{name}_empty"))
    draw(same_page, example(5).drawing)
    expect(line).not_to_have_text(say(f"{name}_empty"))
    same_page.get_by_test_id("pad-clear").click()
    expect(line).to_have_text(say(f"{name}_empty"))


@pytest.mark.parametrize("index", [0, 9, LAST])
def test_the_given_view_shows_both_images_and_what_is_said_of_them(same_page: Page, index: int) -> None:
    put(same_page, "a drawing")
    move_slider(same_page, index)
    open_view(same_page, "input")
    ways = {"shrunk": shrink_drawing(drawing_of(same_page)), "made": image_on(same_page)}
    words = {}
    for way, image in ways.items():
        said = probabilities(image)[index]
        rows = same_page.get_by_test_id(f"bars-{way}").locator("[data-digit]")
        assert rows.evaluate_all(BARS) == pytest.approx(said, abs=1e-4)
        assert same_page.get_by_test_id(f"given-{way}").evaluate(INK) == levels_of(image)
        words |= {way: int(np.argmax(said)), f"{way}Sure": percent(max(said))}
    moment = {0: say("now_untrained"), LAST: say("after")}.get(index)
    moment = moment or say("now_between", images=count_images(images_seen(DEFAULT_RUN)[index]))
    line = say("given_line", Moment=moment[0].upper() + moment[1:], **words)
    expect(same_page.get_by_test_id("given-line")).to_have_text(line)


def test_with_a_sample_on_the_pad_the_given_view_does_not_say_that_it_is_empty(same_page: Page) -> None:
    put(same_page, "a sample")
    open_view(same_page, "input")
    expect(same_page.get_by_test_id("given-line")).to_have_text(say("given_sample"))
    expect(same_page.get_by_test_id("given-body")).to_be_hidden()


@pytest.mark.parametrize("run_id", [DEFAULT_RUN, SMALL, "relu-50/100-images"])
def test_the_history_is_the_card_s(same_page: Page, run_id: str) -> None:
    choose_run(same_page, run_id)
    open_view(same_page, "training")
    card, note = card_of(run_id), "history_note_robust" if "robust" in run_id else "history_note"
    expect(same_page.get_by_test_id("history-line")).to_have_text(say(note))
    legend = text_of(same_page, "history-legend")
    assert "10,000 test images" in legend
    assert f"{card.training_scores[0].n:,} training images" in legend
    first, last = card.scores[0], card.scores[-1]
    label = same_page.get_by_test_id("history-accuracy").locator("[aria-label]").get_attribute("aria-label")
    words = f"10,000 test images: from {percent(first.accuracy)} to {percent(last.accuracy)}"
    assert words in (label or "")
    same_page.locator("details.passes:not([data-testid])").evaluate("passes => { passes.open = true; }")
    row = same_page.get_by_test_id("history-passes").locator("tbody tr").last.locator("td").all_inner_texts()
    epoch = card.epochs[-1]
    assert (int(row[0]), row[1:4:2]) == (
        len(card.epochs),
        [f"{loss:.4f}" for loss in (epoch.training_loss, epoch.test_loss)],
    )
    assert row[4] == percent(epoch.test_accuracy)


@pytest.mark.parametrize("run_id", [run for run in RUNS if run.endswith("/robust")])
def test_the_layers_add_up_to_the_network_s_parameters(same_page: Page, run_id: str) -> None:
    open_fragment(same_page, f"#run={run_id}&open=layers")
    numbers = same_page.get_by_test_id("layers-summary").locator("tbody tr td:last-child").all_inner_texts()
    *parts, total = [int(number.replace(",", "")) for number in numbers]
    assert sum(parts) == total == RUNS[run_id].architecture.parameters


def marks(page: Page) -> list[tuple[float, float]]:
    """The least and the most, 0..1, that every column's luck mark shows."""
    found = page.locator(".mark").evaluate_all(
        "marks => marks.map(({ style }) => [parseFloat(style.bottom), parseFloat(style.height)])"
    )
    return [(bottom / 100, (bottom + height) / 100) for bottom, height in found]


@pytest.mark.parametrize("what", ["a drawing", "a sample"])
@pytest.mark.parametrize("run_id", [DEFAULT_RUN, "relu-128-128-64-64/published"])
def test_the_luck_marks_span_what_twenty_untrained_networks_say(
    same_page: Page, what: str, run_id: str
) -> None:
    choose_run(same_page, run_id)
    same_page.get_by_test_id("luck-button").click()
    expect(same_page.get_by_test_id("luck")).to_have_text(say("luck_empty"))
    if what == "a drawing":
        draw(same_page, example(5).drawing)
    else:
        put(same_page, what)
    image = levels_of(image_shown(same_page, what))
    said = np.array(same_page.evaluate(LUCK, [image, run_id, list(range(1000, 1020))]))
    assert np.array(marks(same_page)) == pytest.approx(np.stack([said.min(0), said.max(0)], 1), abs=1e-6)
    expect(same_page.get_by_test_id("luck")).to_contain_text(
        f"from {percent(said.min())} to {percent(said.max())}"
    )
    assert 0.01 < said.min() < 0.1 < said.max() < 0.4
    assert len(set(said.argmax(1))) > 1  # which digit they favour is luck


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("width", [390, 1366])
def test_a_view_opened_by_a_link_is_in_sight(same_page: Page, name: str, width: int) -> None:
    page = same_page.context.new_page()
    page.set_viewport_size({"width": width, "height": 667})
    page.goto(
        f"{same_page.url.split('#')[0]}#run={SMALL}&open={name}&drawing={write_drawing(example(5).drawing)}"
    )
    expect_view(page, VIEWS[name])
    in_sight = ["bars", VIEWS[name] if width > 1000 or name not in ("luck", "hand") else "pad"]
    for each in in_sight:  # on a phone the marks are in the columns, and the hand is drawn on the pad
        expect(page.get_by_test_id(each)).to_be_in_viewport()
    page.close()


@pytest.mark.parametrize(
    "broken", ["model-input", "pad", "announcer", "chips", "learning-line", "given-line"]
)
def test_one_view_s_error_stops_no_other(page: Page, broken: str) -> None:
    page.get_by_test_id(broken).evaluate(BREAK)
    drawing = write_drawing(example(5).drawing)
    open_fragment(page, f"#run={DEFAULT_RUN}&open=luck.given&drawing={drawing}")
    expect_bars(page, image_on(page))
    expect_verdict(page, 5)
    open_view(page, "training")
    choose_run(page, SMALL)
    expect_bars(page, image_on(page), SMALL)
    open_view(page, "digits")
    said = load_timeline(SMALL).at(-1).logits(torch.stack([image_of(levels) for levels in inks(page)]))
    assert tiles(page, "prediction") == said[0].argmax(1).tolist()
    assert open_view(page, "network").get_by_test_id("layers-summary").inner_text().endswith("39,760")
    faults = page.faults  # type: ignore[attr-defined]
    assert faults
    assert all("broken on purpose" in fault for fault in faults)
    faults.clear()
