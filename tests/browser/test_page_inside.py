"""The view into the network: its pictures are the weights, its numbers are Python's, at every moment."""

import re
from base64 import b64decode

import numpy as np
import pytest
import torch
from committed import load_timeline
from hand import draw, example, expect_verdict, move_slider, open_fragment, say
from numpy.typing import NDArray
from playwright.sync_api import Page, Route, expect
from python_says import image_on, images_seen, percent, write_drawing
from torch import Tensor

from mnist_core.drawing import parse_drawing
from mnist_core.model import ACTIVATIONS
from mnist_core.recipes import DEFAULT_RUN, RUNS

LAST = -1
RUN_IDS = ["relu-50/published", "tanh-96-sigmoid-256/robust", "relu-128-128-64-64/published"]
ROBUST = [run_id for run_id in RUNS if run_id.endswith("/robust")]
NO_DIGIT = parse_drawing({"strokes": [[[x, y] for x in (0.1, 0.9) for y in (0.1, 0.9)] * 3]})
# Of every unit in the grid, as it stands: which it is, how strong its frame is, and the picture that begins
# at a column as strengths −255..255, in base64; more red than blue is above 0.
UNITS = """(buttons, left) => buttons.map((button) => {
  const context = button.firstElementChild.getContext("2d");
  const { data } = context.getImageData(left, 2, 28, 28);
  const strengths = Int16Array.from({ length: 784 }, (_, at) =>
    data[4 * at] < data[4 * at + 2] ? -data[4 * at + 3] : data[4 * at + 3]);
  const letters = btoa(String.fromCharCode(...new Uint8Array(strengths.buffer)));
  return { unit: Number(button.dataset.unit), letters, frame: context.getImageData(0, 0, 1, 1).data[3] };
})"""


class Network:
    """A snapshot of a run in double precision, and what it makes of the image on the pad."""

    def __init__(self, page: Page, run_id: str, snapshot: int = -1) -> None:
        timeline = load_timeline(run_id).to(torch.float64)
        self.weights = [weight[snapshot] for weight in timeline.weights]
        self.biases = [bias[snapshot] for bias in timeline.biases]
        self.most = timeline.weights[0].abs().max().item()
        self.names = [hidden.activation for hidden in timeline.run.architecture.hidden]
        low, high = timeline.run.recipe.input_range
        self.values = image_on(page).double().flatten() * (high - low) + low
        self.sums = self.weights[0] @ self.values + self.biases[0]
        self.activations = ACTIVATIONS[self.names[0]]()(self.sums).detach().requires_grad_()
        self.logits = self.logits_after(self.activations)

    def logits_after(self, values: Tensor) -> Tensor:
        """The logits, (10,), from the first layer's activations, (units,)."""
        for weight, bias, name in zip(
            self.weights[1:], self.biases[1:], [*self.names[1:], None], strict=True
        ):
            values = weight @ values + bias
            values = ACTIVATIONS[name]()(values) if name else values
        return values

    def effects(self, digit: int) -> Tensor:
        """What every unit adds to a digit's logit: activation × gradient, (units,)."""
        (gradient,) = torch.autograd.grad(self.logits[digit], self.activations, retain_graph=True)
        return (self.activations * gradient).detach()


def units(page: Page, *, left: int = 2) -> list[dict]:
    return page.get_by_test_id("units").locator("button").evaluate_all(UNITS, left)


def pictures(page: Page, *, left: int = 2) -> NDArray[np.int64]:
    """The pictures by unit, (units, 784), as strengths −255..255."""
    found = sorted(units(page, left=left), key=lambda each: each["unit"])
    assert [each["unit"] for each in found] == list(range(len(found)))
    return np.array([np.frombuffer(b64decode(each["letters"]), np.int16) for each in found], int)


def painted(run_id: str, snapshot: int) -> NDArray[np.int64]:
    """The same pictures from the checkpoint: the root of each weight's share of the run's largest."""
    weights = load_timeline(run_id).weights[0]
    shares = (weights[snapshot] / weights.abs().max()).double()
    return (shares.sign() * (shares.abs().sqrt() * 255 + 0.5).floor()).long().numpy()


def number(text: str | None) -> float:
    return float((text or "").replace("−", "-"))


def numbers(text: str) -> list[float]:
    """All numbers that a sentence names."""
    return [number(found) for found in re.findall(r"[−+]?\d+(?:\.\d+)?", text)]


def assert_painted(found: NDArray[np.int64], expected: NDArray[np.int64]) -> None:
    faint = abs(expected) < 8  # too clear for its colour to be read
    assert abs(abs(found) - abs(expected)).max() <= 1
    assert (np.sign(found) == np.sign(expected))[~faint].all()


def open_inside(
    page: Page, run_id: str = DEFAULT_RUN, digit: int | None = 3, *, view: str = "inside"
) -> None:
    """Open the view under a run, with an example of a digit on the pad."""
    drawing = "" if digit is None else f"&drawing={write_drawing(example(digit).drawing)}"
    open_fragment(page, f"#run={run_id}&open={view}{drawing}")
    expect(page.get_by_test_id("play")).to_be_enabled()


def move_to(page: Page, run_id: str, snapshot: int) -> None:
    """Move the slider to a snapshot of a run; -1 is the last."""
    move_slider(page, range(len(load_timeline(run_id).steps))[snapshot])


def line(page: Page) -> str:
    return page.get_by_test_id("inside-line").inner_text()


def expect_order(page: Page, digit: int, *, refused: bool = False) -> None:
    """Wait until the units stand in the order of what they add to a digit."""
    sentence = say("inside_order_refused" if refused else "inside_order", digit=digit)
    expect(page.get_by_test_id("inside-line")).to_contain_text(sentence)


@pytest.mark.parametrize("run_id", RUN_IDS)
def test_the_pictures_are_the_shown_snapshot_s_weights_on_one_scale(same_page: Page, run_id: str) -> None:
    open_inside(same_page, run_id)
    for snapshot in (LAST, 9, 0):
        move_to(same_page, run_id, snapshot)
        assert_painted(pictures(same_page), painted(run_id, snapshot))


def test_step_0_stands_beside_on_request(same_page: Page) -> None:
    open_inside(same_page, "relu-50/published")
    beside = same_page.get_by_test_id("inside-beside")
    beside.click()
    expect(beside).to_have_attribute("aria-pressed", "true")
    assert_painted(pictures(same_page), painted("relu-50/published", LAST))
    assert_painted(pictures(same_page, left=31), painted("relu-50/published", 0))
    beside.click()
    expect(same_page.get_by_test_id("units").locator("canvas").first).to_have_attribute("width", "32")


@pytest.mark.parametrize("run_id", RUN_IDS)
@pytest.mark.parametrize("snapshot", [LAST, 6])
def test_units_stand_in_the_order_of_what_they_add_and_glow_as_they_are_active(
    same_page: Page, run_id: str, snapshot: int
) -> None:
    open_inside(same_page, run_id)
    move_to(same_page, run_id, snapshot)
    network = Network(same_page, run_id, snapshot)
    digit = int(network.logits.argmax())
    expect_order(same_page, digit)
    found = units(same_page)
    added = network.effects(digit)[[each["unit"] for each in found]]
    assert (added.diff() <= 1e-9).all()
    values = network.activations.detach().abs()
    frames = [(values[each["unit"]] / values.max() * 255).item() for each in found]
    assert [each["frame"] for each in found] == pytest.approx(frames, abs=1)
    on = int((network.activations > 0).sum())
    assert line(same_page).startswith(say(f"inside_{network.names[0]}", on=on, units=len(found)))


def test_while_the_training_plays_every_picture_stays_in_its_place(same_page: Page) -> None:
    open_inside(same_page, "relu-50/published")
    expect_order(same_page, 3)
    before = [each["unit"] for each in units(same_page)]
    same_page.get_by_test_id("play").click()
    expect(same_page.get_by_test_id("inside-line")).to_contain_text(say("inside_order_held"))
    first, moved = units(same_page), []
    same_page.wait_for_function(
        "([place, value]) => place.value !== value",
        arg=[
            same_page.get_by_test_id("timeline").element_handle(),
            same_page.get_by_test_id("timeline").input_value(),
        ],
    )
    moved = units(same_page)
    assert before == [each["unit"] for each in first] == [each["unit"] for each in moved]
    assert [each["letters"] for each in first] != [each["letters"] for each in moved]
    same_page.get_by_test_id("play").click()
    expect(same_page.get_by_test_id("inside-line")).not_to_contain_text(say("inside_order_held"))


@pytest.mark.parametrize("run_id", [*RUN_IDS, "relu-25-25/robust"])
@pytest.mark.parametrize("snapshot", [LAST, 0])
def test_a_pressed_unit_tells_its_sum_its_activation_and_whom_it_speaks_for(
    same_page: Page, run_id: str, snapshot: int
) -> None:
    open_inside(same_page, run_id)
    move_to(same_page, run_id, snapshot)
    network = Network(same_page, run_id, snapshot)
    unit = int(network.activations.detach().argmax())
    same_page.get_by_test_id("units").locator(f"[data-unit='{unit}']").click()
    detail = same_page.get_by_test_id("unit-detail")
    assert number(detail.get_attribute("data-sum")) == pytest.approx(network.sums[unit].item(), abs=1e-4)
    value = network.activations[unit].item()
    assert number(detail.get_attribute("data-value")) == pytest.approx(value, abs=1e-4)
    low, _ = RUNS[run_id].recipe.input_range
    empty = (network.biases[0][unit] + low * network.weights[0][unit].sum()).item()
    _, whole, blank, ink = numbers(same_page.get_by_test_id("unit-sum").inner_text())
    assert (whole, blank) == pytest.approx((network.sums[unit].item(), empty), abs=6e-4)
    assert round(blank + ink, 3) == whole  # as written
    name = {"relu": "unit_relu_on"}.get(network.names[0], f"unit_{network.names[0]}")
    assert same_page.get_by_test_id("unit-made").inner_text() == say(name, value=f"{value:.3f}")
    rows = same_page.get_by_test_id("unit-effects").locator("[data-digit]")
    found = rows.evaluate_all("rows => rows.map(row => Number(row.dataset.effect))")
    expected = [network.effects(digit)[unit].item() for digit in range(10)]
    assert found == pytest.approx(expected, abs=1e-4)
    texts = rows.locator(".effect-value").all_inner_texts()
    assert [number(text) for text in texts] == pytest.approx(expected, abs=0.006)
    most, least = int(np.argmax(expected)), int(np.argmin(expected))
    sentence = say("unit_for", most=most, mostEffect=texts[most], least=least, leastEffect=texts[least])
    assert same_page.get_by_test_id("unit-speaks").inner_text() == sentence


def test_weight_times_ink_is_laid_over_the_image_and_the_weights_stand_beside(same_page: Page) -> None:
    open_inside(same_page, "relu-50/published")
    same_page.get_by_test_id("units").locator("[data-unit='7']").click()
    read = """canvas => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
      .filter((_, at) => at % 4 === 3)"""
    expected = painted("relu-50/published", LAST)[7]
    weights = same_page.get_by_test_id("unit-weights").evaluate(read)
    assert np.abs(np.array(weights) - abs(expected)).max() <= 1
    ink = image_on(same_page).flatten().numpy()
    over = np.array(same_page.get_by_test_id("unit-ink").evaluate(read))
    assert not over[ink == 0].any()
    product = np.sqrt(ink) * abs(expected) / 255  # the root of weight × ink
    blended = 255 * (product + (1 - product) * 0.2 * ink)  # above ink of a fifth
    assert np.abs(over - blended).max() <= 3


def test_a_unit_that_is_off_says_so(same_page: Page) -> None:
    open_inside(same_page, "relu-50/published")
    off = int((Network(same_page, "relu-50/published").activations == 0).nonzero()[0])
    button = same_page.get_by_test_id("units").locator(f"[data-unit='{off}']")
    button.click()
    expect(same_page.get_by_test_id("unit-made")).to_have_text(say("unit_relu_off"))
    expect(same_page.get_by_test_id("unit-speaks")).to_have_text(say("unit_nothing"))
    button.click()
    expect(same_page.get_by_test_id("unit-detail")).to_be_hidden()
    expect(same_page.get_by_test_id("unit-pick")).to_be_visible()


def test_units_are_reached_by_arrow_keys(same_page: Page) -> None:
    open_inside(same_page, "relu-25-25/robust")
    buttons = same_page.get_by_test_id("units").get_by_role("button")
    buttons.first.focus()
    for key, reached in [("ArrowRight", 1), ("End", 24), ("ArrowLeft", 23), ("Home", 0), ("ArrowRight", 1)]:
        same_page.keyboard.press(key)
        expect(buttons.nth(reached)).to_be_focused()
    same_page.keyboard.press("Enter")
    expect(buttons.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(buttons.nth(1)).to_be_focused()
    expect(same_page.get_by_test_id("unit-detail")).to_have_attribute(
        "data-unit", buttons.nth(1).get_attribute("data-unit") or ""
    )
    same_page.keyboard.press("Enter")
    expect(same_page.get_by_test_id("unit-detail")).to_be_hidden()


def contrast(page: Page) -> tuple[str | None, ...]:
    element = page.get_by_test_id("contrast")
    return tuple(element.get_attribute(f"data-{name}") for name in ("a", "b", "difference", "empty"))


@pytest.mark.parametrize("run_id", ROBUST)
@pytest.mark.parametrize("snapshot", [LAST, 9, 0])
def test_two_digits_are_the_top_two_and_their_difference_adds_up(
    same_page: Page, run_id: str, snapshot: int
) -> None:
    open_inside(same_page, run_id)
    move_to(same_page, run_id, snapshot)
    logits = Network(same_page, run_id, snapshot).logits.detach()
    first, second = logits.topk(2).indices.tolist()
    a, b, difference, empty = contrast(same_page)
    assert (a, b) == (str(first), str(second))
    assert number(difference) == pytest.approx((logits[first] - logits[second]).item(), abs=1e-4)
    blank = load_timeline(run_id).at(snapshot).logits(torch.zeros(1, 28, 28))[0, 0]
    assert number(empty) == pytest.approx((blank[first] - blank[second]).item(), abs=1e-3)
    said = numbers(same_page.get_by_test_id("contrast-line").inner_text())
    _, score_a, _, score_b, total, before, ink = said
    assert (score_a, score_b) == pytest.approx(logits[[first, second]].tolist(), abs=0.006)
    assert total == pytest.approx(number(difference), abs=0.006)
    assert round(before + ink, 2) == total  # as written
    helps, _, hurts, _ = numbers(same_page.get_by_test_id("contrast-parts").inner_text())
    assert round(helps + hurts, 2) == ink  # as written


def test_other_digits_are_chosen_and_kept(same_page: Page) -> None:
    open_inside(same_page)
    same_page.get_by_test_id("contrast-a").select_option("8")
    same_page.get_by_test_id("contrast-b").select_option("1")
    expect(same_page.get_by_test_id("contrast-heading")).to_have_text(say("contrast_heading", a=8, b=1))
    for snapshot in (LAST, 4):
        move_to(same_page, DEFAULT_RUN, snapshot)
        logits = Network(same_page, DEFAULT_RUN, snapshot).logits
        assert number(contrast(same_page)[2]) == pytest.approx((logits[8] - logits[1]).item(), abs=1e-4)
    same_page.get_by_test_id("contrast-b").select_option("8")
    expect(same_page.get_by_test_id("contrast-line")).to_have_text(say("contrast_same"))
    expect(same_page.get_by_test_id("contrast-parts")).to_be_hidden()
    for name in "ab":
        same_page.get_by_test_id(f"contrast-{name}").select_option("")  # as the answer has it again
    move_to(same_page, DEFAULT_RUN, LAST)
    assert contrast(same_page)[0] == "3"


def test_an_empty_pad_shows_the_weights_and_says_that_nothing_is_lit(same_page: Page) -> None:
    open_inside(same_page, "relu-50/published", None)
    expect(same_page.get_by_test_id("inside-line")).to_have_text(say("inside_empty"))
    expect(same_page.get_by_test_id("contrast-line")).to_have_text(say("contrast_empty"))
    assert [each["unit"] for each in units(same_page)] == list(range(50))
    assert {each["frame"] for each in units(same_page)} == {0}
    assert_painted(pictures(same_page), painted("relu-50/published", LAST))
    same_page.get_by_test_id("units").locator("button").nth(4).click()
    bias = load_timeline("relu-50/published").biases[0][-1, 4].item()
    detail = same_page.get_by_test_id("unit-detail")
    assert number(detail.get_attribute("data-sum")) == pytest.approx(bias, abs=1e-6)
    expect(same_page.get_by_test_id("unit-ink")).to_be_hidden()
    same_page.get_by_test_id("pad").scroll_into_view_if_needed()
    draw(same_page, example(5).drawing)
    expect_order(same_page, 5)
    expect(same_page.get_by_test_id("unit-ink")).to_be_visible()
    same_page.get_by_test_id("pad-clear").click()
    expect(same_page.get_by_test_id("inside-line")).to_have_text(say("inside_empty"))


def test_of_a_drawing_that_is_refused_the_view_names_no_answer(same_page: Page) -> None:
    open_fragment(same_page, f"#run={DEFAULT_RUN}&open=inside&drawing={write_drawing(NO_DIGIT)}")
    expect_verdict(same_page, "")
    digit = int(Network(same_page, DEFAULT_RUN).logits.argmax())
    expect_order(same_page, digit, refused=True)


def test_another_run_shows_nothing_of_the_last_until_it_is_there(page: Page) -> None:
    held: list[Route] = []
    page.route("**/relu-128-128-64-64/robust.safetensors", lambda route: held.append(route))
    open_inside(page, "relu-50/robust", view="inside.layers")
    page.get_by_test_id("units").locator("button").first.click()
    drawing = write_drawing(example(3).drawing)
    open_fragment(page, f"#run=relu-128-128-64-64/robust&open=inside.layers&drawing={drawing}")
    for name in ("inside-line", "network-line"):
        expect(page.get_by_test_id(name)).to_have_text(say("view_waits"))
    expect(page.get_by_test_id("inside-body")).to_be_hidden()
    expect(page.get_by_test_id("network-picture")).to_have_attribute("data-links", "0")
    while not held:
        page.wait_for_timeout(10)
    held.pop().continue_()
    expect(page.get_by_test_id("units").locator("button")).to_have_count(128)
    expect(page.get_by_test_id("unit-detail")).to_be_hidden()
    expect(page.get_by_test_id("play")).to_be_enabled()
    assert_painted(pictures(page), painted("relu-128-128-64-64/robust", LAST))


@pytest.mark.parametrize("run_id", ROBUST)
def test_the_network_is_drawn_with_its_strongest_links_above_the_table(same_page: Page, run_id: str) -> None:
    open_inside(same_page, run_id, view="layers")
    picture = same_page.get_by_test_id("network-picture")
    layers = len(RUNS[run_id].architecture.hidden) + 1
    expect(picture).to_have_attribute("data-links", str(24 * layers))
    network = Network(same_page, run_id)
    sure = percent(network.logits.softmax(0)[3].item())
    words = say("picture_line", Moment="After training", digit=3, sure=sure)
    expect(same_page.get_by_test_id("network-line")).to_have_text(words)
    table = same_page.get_by_test_id("layers-summary").bounding_box()
    box = picture.bounding_box()
    assert box
    assert table
    assert box["y"] + box["height"] <= table["y"]
    move_to(same_page, run_id, 7)
    expect(same_page.get_by_test_id("network-line")).to_contain_text(f"{images_seen(run_id)[7]:,} images")
    same_page.get_by_test_id("pad-clear").click()
    expect(picture).to_have_attribute("data-links", "0")
    expect(same_page.get_by_test_id("network-line")).to_have_text(say("picture_empty"))


def test_the_picture_of_the_network_fits_a_phone(page: Page) -> None:
    open_inside(page, "relu-128-128-64-64/robust", view="layers")
    for width in (390, 360, 1366):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_timeout(100)
        place = page.get_by_test_id("layers").bounding_box()
        box = page.get_by_test_id("network-picture").bounding_box()
        assert place
        assert box
        assert place["x"] <= box["x"]
        assert box["x"] + box["width"] <= place["x"] + place["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
