"""Choosing a control: the menus never show a run that there is not, and one sentence says what it shows."""

import re

import pytest
from app_server import Server
from axe_playwright_python.sync_playwright import Axe
from hand import await_mnist, choose_run, draw, example, opened
from playwright.sync_api import Browser, Page, expect

from mnist_core.checkpoints import checkpoint_path, load_head
from mnist_core.recipes import DEFAULT_RUN, RUNS
from webapp.text import RECIPES

CONTROLS = ["100-images", "shuffled-labels"]


def choose(page: Page, menu: str, entry: str) -> None:
    """Pick one entry of one menu."""
    page.locator(f"#{menu} input").click()
    page.get_by_role("option", name=entry).click()


def expect_run(page: Page, run_id: str) -> None:
    """Wait until a run is chosen, and both menus say so."""
    network, recipe = run_id.split("/")
    page.wait_for_function("run => inkling.state.run === run", arg=run_id)
    expect(page.locator("#model input")).to_have_value(re.compile(f"^{network} ·"))
    expect(page.locator("#recipe input")).to_have_value(RECIPES[recipe])


@pytest.mark.parametrize("recipe", CONTROLS)
def test_a_control_takes_the_network_menu_to_its_network(page: Page, recipe: str) -> None:
    choose(page, "recipe", RECIPES[recipe])
    expect_run(page, f"relu-50/{recipe}")


@pytest.mark.parametrize("recipe", CONTROLS)
def test_another_network_takes_the_recipe_menu_back_to_the_default(page: Page, recipe: str) -> None:
    choose(page, "recipe", RECIPES[recipe])
    expect_run(page, f"relu-50/{recipe}")
    choose(page, "model", "relu-25-25 ·")
    expect_run(page, f"relu-25-25/{DEFAULT_RUN.split('/')[1]}")


def test_from_a_control_the_recipe_menu_leads_to_the_same_network_as_published(page: Page) -> None:
    choose(page, "recipe", RECIPES["100-images"])
    choose(page, "recipe", RECIPES["published"])
    expect_run(page, "relu-50/published")


def test_another_network_keeps_a_recipe_that_it_has(page: Page) -> None:
    choose(page, "recipe", RECIPES["published"])
    choose(page, "model", "relu-25-25 ·")
    expect_run(page, "relu-25-25/published")


def test_a_link_to_a_control_opens_it(browser: Browser, app: Server) -> None:
    page = opened(browser.new_context(), f"{app.url}/#run=relu-50/shuffled-labels")
    expect_run(page, "relu-50/shuffled-labels")
    expect(page.get_by_test_id("about")).to_contain_text("A control:")
    page.context.close()


@pytest.mark.parametrize("recipe", CONTROLS)
def test_one_sentence_says_how_training_and_test_images_come_apart(page: Page, recipe: str) -> None:
    choose_run(page, f"relu-50/{recipe}")
    card = load_head(checkpoint_path(RUNS[f"relu-50/{recipe}"])).card
    learned, test = card.training_scores[-1], card.scores[-1]
    share = "100 %" if learned.correct == learned.n else f"{learned.accuracy * 100:.1f} %"
    line = page.get_by_test_id("about")
    for fact in (f"trained on {learned.n:,} images", share, f"{test.accuracy * 100:.1f} % of the 10,000"):
        expect(line).to_contain_text(fact)


def test_the_sentence_is_gone_with_the_control(page: Page) -> None:
    expect(page.get_by_test_id("about")).to_be_hidden()
    choose_run(page, "relu-50/100-images")
    expect(page.get_by_test_id("about")).to_be_visible()
    choose_run(page, "relu-50/published")
    expect(page.get_by_test_id("about")).to_be_hidden()


def test_with_a_control_everything_is_still_seen_without_scrolling(page: Page) -> None:
    choose_run(page, "relu-50/shuffled-labels")
    await_mnist(page)
    draw(page, example(8).drawing)
    page.wait_for_timeout(300)
    box = page.get_by_test_id("timeline").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 800


def test_every_recipe_s_name_fits_its_menu_on_a_phone(browser: Browser, app: Server) -> None:
    page = opened(browser.new_context(viewport={"width": 360, "height": 740}), app.url)
    for name in RECIPES.values():
        choose(page, "recipe", name)
        expect(page.locator("#recipe input")).to_have_value(name)
        fits = page.locator("#recipe input").evaluate("input => input.scrollWidth <= input.clientWidth")
        assert fits, name
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_with_a_control_chosen(browser: Browser, app: Server, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = opened(context, f"{app.url}/#run=relu-50/shuffled-labels&open=history")
    expect(page.get_by_test_id("history-legend")).to_be_visible()
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    context.close()
