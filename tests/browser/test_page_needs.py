"""A browser that is too old for the page is told so in one sentence, on both hosts."""

import re

import pytest
from app_server import PROJECT, Server
from playwright.sync_api import BrowserContext, Route, expect
from visitor import open_page

pytestmark = pytest.mark.thorough

NEEDED = "Safari 16.4, Firefox 121, Chrome 120 or newer."
SENTENCE = f"This browser is too old for Inkling, which needs {NEEDED}"
NEWEST = ["1lh", ":has(a)", "sqrt(1)"]  # of Safari, Firefox and Chrome, in this order


def without(context: BrowserContext, feature: str) -> None:
    """Give the page a browser that does not know a feature of CSS, and runs no modules."""

    def reply(route: Route) -> None:
        response = route.fetch()
        assert feature in response.text()
        body = response.text().replace("Content-Security-Policy", "none").replace(feature, ":no")
        route.fulfill(response=response, body=body)

    context.route(re.compile("/$"), reply)
    context.route("**/*.js", lambda route: route.abort())


@pytest.mark.parametrize("feature", NEWEST)
def test_a_browser_that_lacks_something_is_told_so(context: BrowserContext, site: str, feature: str) -> None:
    without(context, feature)
    page = context.new_page()
    page.goto(site)
    expect(page.get_by_text(SENTENCE)).to_be_in_viewport()


@pytest.mark.parametrize("host", ["site", "app"])
def test_a_browser_that_has_everything_is_told_nothing(
    context: BrowserContext, host: str, request: pytest.FixtureRequest
) -> None:
    place = request.getfixturevalue(host)
    note = open_page(context, place.url if isinstance(place, Server) else place).get_by_text(SENTENCE)
    expect(note).to_have_count(1)
    expect(note).to_be_hidden()


def test_the_sentence_is_shown_on_gradio_where_nothing_hides_it(context: BrowserContext, app: Server) -> None:
    page = open_page(context, app.url)
    page.evaluate("document.querySelector('.old').parentElement.querySelector('style').remove()")
    expect(page.get_by_text(SENTENCE)).to_be_in_viewport()


def test_the_readme_says_what_the_page_needs() -> None:
    assert f"The page needs {NEEDED}" in (PROJECT / "README.md").read_text(encoding="utf-8")
