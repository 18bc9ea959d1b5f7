"""Reaching a tile of the sample grid by keyboard and by finger."""

import pytest
from app_server import Server
from hand import await_mnist, expect_verdict, opened, tile, tiles
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def grid(page: Page) -> Page:
    """The page with MNIST in the grid."""
    await_mnist(page)
    return page


def test_the_grid_is_one_stop_for_the_tab_key(grid: Page) -> None:
    grid.get_by_test_id("sample-grid").locator("[tabindex='0']").focus()
    grid.keyboard.press("Tab")
    assert grid.evaluate("document.activeElement.dataset.testid") == "sample-others"
    grid.keyboard.press("Shift+Tab")
    assert grid.evaluate("document.activeElement.dataset.label") is not None


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        (["ArrowRight"], 1),
        (["ArrowDown"], 6),
        (["ArrowDown", "ArrowUp"], 0),
        (["End"], 29),
        (["End", "Home"], 0),
        (["ArrowLeft"], 0),
        (["ArrowUp"], 0),
        (["End", "ArrowRight"], 29),
    ],
)
def test_the_keys_move_among_the_tiles(grid: Page, keys: list[str], number: int) -> None:
    tile(grid, 0).focus()
    for key in keys:
        grid.keyboard.press(key)
    expect(tile(grid, number)).to_be_focused()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_tile_is_laid_on_the_pad_by_keyboard(grid: Page, key: str) -> None:
    tile(grid, 0).press("ArrowRight")
    grid.keyboard.press(key)
    label = tiles(grid, "label")[1]
    expect(grid.locator("#pad-heading")).to_have_text(f"A sample, labelled {label}")


def test_a_finger_s_tap_brings_pad_and_tile_into_view(browser: Browser, app: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = opened(context, app.url)
    await_mnist(page)
    tile(page, 29).tap()
    expect(page.locator("#pad-heading")).to_contain_text("A sample, labelled")
    expect(page.locator("#pad-heading")).to_be_in_viewport()
    expect(page.get_by_test_id("pad")).to_be_in_viewport(ratio=1)
    context.close()


def test_a_finger_on_the_pad_draws_at_once(browser: Browser, app: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = opened(context, app.url)
    await_mnist(page)
    tile(page, 0).tap()
    expect(page.get_by_test_id("pad")).to_be_in_viewport(ratio=1)
    page.wait_for_timeout(600)  # the page has come to rest
    box = page.get_by_test_id("pad").bounding_box()
    assert box
    finger = context.new_cdp_session(page)
    for step in range(10):
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] * (0.2 + 0.06 * step)}
        kind = "touchMove" if step else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect_verdict(page, 1)
    expect(page.get_by_test_id("pad-sample")).to_be_hidden()
    context.close()
