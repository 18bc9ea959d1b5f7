"""What axe-core finds on the page, with every view open."""

import pytest
from app_server import Server
from axe_playwright_python.sync_playwright import Axe
from hand import await_mnist, draw, example, expect_verdict, open_panel, opened, tile
from playwright.sync_api import Browser, expect

from webapp.components import PANELS


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(browser: Browser, app: Server, scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
    page = opened(context, app.url)
    draw(page, example(4).drawing)
    expect_verdict(page, 4)
    await_mnist(page)
    for name in PANELS:
        open_panel(page, name)
    tile(page, 3).click()
    page.get_by_test_id("confusion-trained").get_by_role("button").nth(94).click()
    expect(page.get_by_test_id("cell-images").get_by_role("button")).not_to_have_count(0)
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    serious = [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []
    context.close()
