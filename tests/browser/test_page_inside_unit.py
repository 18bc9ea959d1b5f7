"""One unit in full, and two digits against each other: the numbers are Python's, and add up as written."""

import numpy as np
import pytest
import torch
from committed import load_timeline
from inside import (
    LAST,
    ROBUST,
    RUN_IDS,
    Network,
    move_to,
    number,
    numbers,
    open_inside,
    painted,
)
from playwright.sync_api import Page, expect
from python_says import image_on
from visitor import say

from mnist_core.runs.recipes import DEFAULT_RUN, RUNS

pytestmark = pytest.mark.thorough


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
    whole, blank, ink = numbers(same_page.get_by_test_id("unit-sum").inner_text())
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
    expect(same_page.get_by_test_id("unit-effects")).to_be_hidden()  # it adds nothing to any digit
    button.click()
    expect(same_page.get_by_test_id("unit-detail")).to_be_hidden()
    expect(same_page.get_by_test_id("unit-pick")).to_be_visible()


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
    assert before + ink == pytest.approx(total, abs=1e-9)  # as written
    helps, _, hurts, _ = numbers(same_page.get_by_test_id("contrast-parts").inner_text())
    assert helps + hurts == pytest.approx(ink, abs=1e-9)  # as written


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
