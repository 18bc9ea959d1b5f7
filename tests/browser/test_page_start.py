"""A page that cannot start says why; a part that cannot be had says so where it would have stood."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from visitor import await_loaded, draw, example, expect_verdict, open_view, say

FOREIGN = '<!doctype html><title>Sign in</title><script>location = "/"</script>'
JAVASCRIPT = "text/javascript"
ON_ITS_WAY = "Inkling is on its way …"
DISK = "Inkling cannot start: opened as a file, a page may not load its parts."
FRAME = "Inkling cannot start: the frame that it stands in keeps it from its own files."
WAYS: dict[str, tuple[str, Callable[[Route], None]]] = {  # which file, and what is sent in its place
    "text/plain": ("main.js", lambda route: route.fulfill(response=route.fetch(), content_type="text/plain")),
    "a missing module in the middle": ("card.js", lambda route: route.fulfill(status=404, body="none")),
    "a filter's page in its place": (
        "image.js",
        lambda route: route.fulfill(body=FOREIGN, content_type="text/html"),
    ),
    "a filter's page that is called a module": (
        "state.js",
        lambda route: route.fulfill(body=FOREIGN, content_type=JAVASCRIPT),
    ),
    "a foreign module": (
        "time.js",
        lambda route: route.fulfill(body="export {}", content_type=JAVASCRIPT),
    ),
    "a server that is gone": ("files.js", lambda route: route.abort()),
}


def shown(page: Page) -> str:
    """What stands where the page would, in one line."""
    return page.locator("inkling-page").inner_text().strip()


@pytest.mark.parametrize("way", WAYS)
def test_a_page_that_cannot_start_names_the_file(context: BrowserContext, site: str, way: str) -> None:
    name, answer = WAYS[way]
    page = context.new_page()
    page.route(f"**/{name}", answer)
    page.goto(site)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Inkling cannot start: the file ")
    expect(alert.locator("b")).to_have_text(name if way != "a foreign module" else "first_screen.js")
    assert shown(page) == alert.inner_text().strip()
    assert "--serve" in shown(page)


def test_opened_from_a_disk_it_says_so(context: BrowserContext, site_folder: Path) -> None:
    page = context.new_page()
    page.goto(f"{site_folder.as_uri()}/index.html")
    expect(page.get_by_role("alert")).to_contain_text(DISK)
    assert shown(page).startswith(DISK)
    expect(page.locator(".old")).to_be_hidden()


def test_in_a_frame_without_an_origin_it_says_so(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.route("**/frame", lambda route: route.fulfill(body=f"<iframe sandbox=allow-scripts src='{site}'>"))
    page.goto(f"{site}frame")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("alert")).to_contain_text(FRAME)
    expect(frame.locator(".old")).to_be_hidden()


def test_until_it_has_started_it_is_on_its_way(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    held: list[Route] = []
    page.route("**/state.js", lambda route: held.append(route))
    page.goto(site, wait_until="commit")
    expect(page.get_by_text(ON_ITS_WAY)).to_be_visible()
    for route in held:
        route.continue_()
    await_loaded(page)
    expect(page.get_by_text(ON_ITS_WAY)).to_be_hidden()


@pytest.mark.thorough
def test_a_view_that_cannot_be_had_says_so_in_its_place_and_all_else_works(
    context: BrowserContext, site: str
) -> None:
    page = context.new_page()
    page.route("**/views/confusion.js", lambda route: route.fulfill(status=404, body="none"))
    page.route("**/views/inside.js", lambda route: route.fulfill(body=FOREIGN, content_type=JAVASCRIPT))
    page.route("**/views/network.js", lambda route: route.fulfill(body="export {}", content_type=JAVASCRIPT))
    page.goto(site)
    await_loaded(page)
    for name in ("confusion", "inside", "network"):
        expect(open_view(page, name).get_by_role("alert")).to_have_text(say("view_failed"))
    for name in ("digits", "input", "training", "hand", "settings"):
        expect(open_view(page, name).get_by_text(say("view_failed"))).to_have_count(0)
    expect(page.get_by_test_id("train")).to_be_enabled()
    draw(page, example(7).drawing)
    expect_verdict(page, 7)
