"""The choice of network and training: everything on the page follows it, whatever was shown before."""

import random
from typing import Any

import numpy as np
import pytest
import torch
from committed import load_timeline
from playwright.sync_api import Page, Route, expect
from python_says import expect_bars, expect_no_bars, image_of, image_on, probabilities, write_drawing
from visitor import (
    VIEWS,
    choose_run,
    draw,
    example,
    expect_verdict,
    inks,
    move_slider,
    open_fragment,
    say,
    tiles,
)

from mnist_core.runs.recipes import DEFAULT_RUN, RUNS

pytestmark = pytest.mark.thorough

ORDER = [
    *("relu-25-25", "relu-50", "relu-96-256", "tanh-96-sigmoid-256", "relu-128-128-64-64"),
    *("robust", "published", "100-images", "shuffled-labels"),
]
READ = """([selector, index, view]) => {
  const root = document.querySelector("inkling-page").shadowRoot;
  const find = name => root.querySelector(`[data-testid="${name}"]`);
  const all = (name, selector) => [...find(name).querySelectorAll(selector)];
  const range = find("timeline");
  range.value = index;
  range.dispatchEvent(new Event("input"));
  const open = (view, look) => {
    root.querySelector(`[data-testid=stage-tab][data-view=${view}]`).click();
    return look?.();
  };
  open(view); // while a network is chosen
  root.querySelector(selector).click();
  const rows = all("bars", "[data-digit]");
  return {
    run: find("run").dataset.run,
    words: find("run").textContent,
    untrained: rows.map(row => parseFloat(row.dataset.untrained)),
    trained: rows.map(row => parseFloat(row.dataset.trained)),
    verdict: find("verdict").dataset.prediction,
    value: Number(range.value),
    max: Number(range.max),
    chips: find("chips").textContent,
    tiles: open("digits", () => all("sample-grid", "[data-label]").map(({ dataset }) => dataset.prediction)),
    matrix: open("confusion", () => all("confusion-trained", "tbody button").map(cell => cell.textContent)),
    rows: open("network", () => find("layers-summary").rows.length),
  };
}"""


def press(run_id: str, option: str) -> str:
    """The run that is chosen when an option, an architecture or a recipe, is pressed under a run."""
    wanted = set(run_id.split("/"))
    fits = [run for run in RUNS if option in run.split("/")]
    return max(fits, key=lambda run: len(wanted & set(run.split("/")))) if fits else run_id


def walk() -> list[tuple[str, str]]:
    """Every single press that changes the run, in an order that can be pressed: the run, the option."""
    left = {(run, option) for run in RUNS for option in ORDER if press(run, option) != run}
    steps, run = [], DEFAULT_RUN
    while left:
        path = way_to(run, left)
        for option in path:
            steps.append((run, option))
            left.discard((run, option))
            run = press(run, option)
    return steps


def way_to(run: str, left: set[tuple[str, str]]) -> list[str]:
    """The fewest presses whose last is one of those that are left."""
    paths: list[tuple[str, list[str]]] = [(run, [])]
    while True:
        run, path = paths.pop(0)
        for option in ORDER:
            if (run, option) in left:
                return [*path, option]
        paths += [(press(run, option), [*path, option]) for option in ORDER if press(run, option) != run]


def expect_reading(seen: dict[str, Any], run_id: str, said: list[list[float]], grid: list[int]) -> None:
    """Everything read off the page is this run's, at its last snapshot."""
    last = len(said) - 1
    architecture, recipe = run_id.split("/")
    names = say(f"network_{architecture}"), say(f"training_{recipe}")
    assert (seen["run"], seen["value"], seen["max"]) == (run_id, last, last)
    assert all(name in seen["words"] for name in names)
    assert seen["untrained"] == pytest.approx(said[0], abs=1e-4)
    assert seen["trained"] == pytest.approx(said[-1], abs=1e-4)
    assert seen["verdict"] in (str(np.argmax(said[-1])), "")  # "" where the run refuses it
    assert [*map(int, seen["tiles"])] == grid
    assert seen["chips"] == "".join(str(np.argmax(values)) for values in said)
    assert sum(map(int, seen["matrix"])) == 10_000
    layers = len(RUNS[run_id].architecture.hidden)
    assert seen["rows"] == 1 + 1 + 2 * layers + 1 + 1  # head, pixels, linear and activation, linear, together


def test_whatever_is_chosen_after_whatever_all_of_the_page_is_of_the_chosen_run(same_page: Page) -> None:
    for run_id in RUNS:  # every run is fetched
        open_fragment(same_page, f"#run={run_id}")
        expect(same_page.get_by_test_id("play")).to_be_enabled()
    open_fragment(same_page, f"#run={DEFAULT_RUN}&open=luck&drawing={write_drawing(example(5).drawing)}")
    image, images = image_on(same_page), torch.stack([image_of(levels) for levels in inks(same_page)])
    said = {run_id: probabilities(image, run_id) for run_id in RUNS}
    grids = {run_id: load_timeline(run_id).at(-1).logits(images)[0].argmax(1).tolist() for run_id in RUNS}
    dice = random.Random(0)
    steps = walk()

    for before, option in steps:
        run_id = press(before, option)
        name = "model" if option.startswith(("relu", "tanh")) else "recipe"
        last = len(said[before]) - 1
        index = dice.choice([0, last // 2, last - 1, last])
        view = dice.choice([*VIEWS.values()])
        seen = same_page.evaluate(READ, [f"[data-{name}='{option}']", index, view])
        expect_reading(seen, run_id, said[run_id], grids[run_id])
    assert len({press(*step) for step in steps}) == len(RUNS)
    assert len(set(steps)) >= 54  # single presses that change the run


@pytest.mark.parametrize("snapshot", [0, 9, 19])
def test_a_chosen_run_is_shown_at_its_end(same_page: Page, snapshot: int) -> None:
    draw(same_page, example(5).drawing)
    move_slider(same_page, snapshot)
    choose_run(same_page, "relu-50/published")
    expect(same_page.get_by_test_id("timeline")).to_have_value("19")
    expect_bars(same_page, image_on(same_page), "relu-50/published")


def test_choosing_a_run_with_an_empty_pad_answers_nothing(same_page: Page) -> None:
    choose_run(same_page, "relu-25-25/robust")
    expect_no_bars(same_page)
    expect_verdict(same_page, "")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_the_whole_line_opens_the_choice(same_page: Page, share: float) -> None:
    box = same_page.get_by_test_id("run").bounding_box()
    assert box
    assert box["height"] >= 24
    same_page.mouse.click(box["x"] + share * box["width"], box["y"] + 0.9 * box["height"])
    expect(same_page.get_by_test_id("run-choice")).to_be_visible()


def test_escape_closes_the_choice_and_it_opens_again(same_page: Page) -> None:
    for _ in range(3):
        same_page.get_by_test_id("run").click()
        expect(same_page.get_by_test_id("run-choice")).to_be_visible()
        same_page.keyboard.press("Escape")
        expect(same_page.get_by_test_id("run-choice")).to_be_hidden()
    expect(same_page.get_by_test_id("run")).to_be_focused()


def test_escape_in_the_choice_leaves_the_drawing(same_page: Page) -> None:
    draw(same_page, example(5).drawing)
    same_page.get_by_test_id("run").click()
    same_page.keyboard.press("Escape")
    expect_verdict(same_page, 5)


def test_a_press_beside_the_choice_closes_it(same_page: Page) -> None:
    same_page.get_by_test_id("run").click()
    same_page.mouse.click(5, 300)
    expect(same_page.get_by_test_id("run-choice")).to_be_hidden()


def test_a_run_is_chosen_by_keyboard_alone(same_page: Page) -> None:
    same_page.get_by_test_id("run").focus()
    same_page.keyboard.press("Enter")
    for _ in range(12):
        same_page.keyboard.press("Tab")
        if same_page.locator("[data-model='relu-50']").evaluate("option => option.matches(':focus')"):
            break
    same_page.keyboard.press("Space")
    same_page.keyboard.press("Escape")
    expect(same_page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/robust")


@pytest.mark.parametrize("recipe", ["100-images", "shuffled-labels"])
def test_a_training_of_one_network_alone_takes_that_network_with_it(same_page: Page, recipe: str) -> None:
    same_page.get_by_test_id("run").click()
    same_page.locator(f"[data-recipe='{recipe}']").click()
    expect(same_page.get_by_test_id("run")).to_have_attribute("data-run", f"relu-50/{recipe}")
    expect(same_page.locator("[data-model='relu-50']")).to_have_attribute("aria-pressed", "true")


def test_the_small_print_names_the_run_and_its_accuracy(same_page: Page) -> None:
    for run_id in ("relu-50/published", DEFAULT_RUN):
        choose_run(same_page, run_id)
        run = RUNS[run_id]
        details = same_page.get_by_test_id("run-details")
        expect(details).to_contain_text(f"{run_id}: {' → '.join(map(str, run.architecture.sizes))}")
        expect(details).to_contain_text(run.recipe.published or "reads 99.4 % of 10,000 test digits.")


def test_while_a_run_is_on_its_way_nothing_of_the_last_one_is_shown(page: Page) -> None:
    held: list[Route] = []
    page.route("**/relu-50/robust.safetensors", lambda route: held.append(route))
    draw(page, example(5).drawing)
    page.get_by_test_id("run").click()
    page.locator("[data-model='relu-50']").click()
    page.get_by_test_id("run-close").click()
    expect_no_bars(page)
    expect(page.get_by_test_id("verdict")).to_contain_text(say("verdict_loading"))
    assert set(tiles(page, "prediction")) == {0}  # Number("") is 0
    expect(page.get_by_test_id("count-trained")).to_have_text("")
    held[0].continue_()
    expect(page.get_by_test_id("play")).to_be_enabled()
    expect_bars(page, image_on(page), "relu-50/robust")


def test_a_run_that_comes_after_another_was_chosen_is_not_shown(page: Page) -> None:
    held: list[Route] = []
    page.route("**/relu-25-25/robust.safetensors", lambda route: held.append(route))
    draw(page, example(5).drawing)
    page.get_by_test_id("run").click()
    page.locator("[data-model='relu-25-25']").click()
    page.locator("[data-model='relu-50']").click()
    page.get_by_test_id("run-close").click()
    expect(page.get_by_test_id("play")).to_be_enabled()
    with page.expect_event("requestfinished", lambda request: "relu-25-25" in request.url):
        held[0].continue_()
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/robust")
    expect_bars(page, image_on(page), "relu-50/robust")
