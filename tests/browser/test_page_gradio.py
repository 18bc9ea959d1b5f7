"""The page as one component of a Gradio app, and what only that host offers."""

from collections.abc import Iterator

import pytest
from app_server import Server
from playwright.sync_api import Browser, Page, Route, expect
from visitor import bars, draw, example, expect_verdict, open_page, open_view

from mnist_core.runs.recipes import DEFAULT_RUN
from webapp.prediction import predict

pytestmark = pytest.mark.thorough


def page_on(browser: Browser, url: str, width: int = 1280, height: int = 800) -> Page:
    return open_page(browser.new_context(viewport={"width": width, "height": height}), url)


@pytest.fixture
def page(browser: Browser, app: Server) -> Iterator[Page]:
    """The page on Gradio; whatever it reports as an error, a breach of its policy too, fails the test."""
    page = page_on(browser, app.url)
    yield page
    faults = page.faults  # type: ignore[attr-defined]
    page.context.close()
    assert faults == []


def test_a_drawing_is_answered_as_python_answers_it(page: Page) -> None:
    drawing = example(5).drawing
    draw(page, drawing)
    expect_verdict(page, 5)
    _, trained = bars(page)
    assert trained.index(max(trained)) == 5


@pytest.mark.parametrize(("width", "height"), [(360, 640), (768, 1024), (1366, 641), (1920, 1080)])
def test_the_page_has_the_whole_width_of_the_window(
    browser: Browser, app: Server, width: int, height: int
) -> None:
    page = page_on(browser, app.url, width, height)
    box = page.locator("inkling-page").bounding_box()
    assert box
    assert (box["x"], box["y"]) == (0, 0)
    assert box["width"] == page.evaluate("document.documentElement.clientWidth")
    footer = page.locator("footer").bounding_box()
    assert footer
    assert footer["height"] <= 40
    page.context.close()


def test_opening_the_page_asks_no_other_host(browser: Browser, app: Server) -> None:
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = open_page(context, app.url)
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith((f"{app.url}/", "blob:", "data:"))] == []
    assert page.faults == []  # type: ignore[attr-defined]
    context.close()


def test_a_script_that_is_not_gradio_s_does_not_run(browser: Browser, app: Server) -> None:
    context = browser.new_context()

    def inject(route: Route) -> None:
        reply = route.fetch()
        body = reply.text().replace("<head>", "<head><script>window.injected = true</script>")
        route.fulfill(response=reply, body=body)

    context.route(f"{app.url}/", inject)
    page = open_page(context, app.url)
    assert page.evaluate("[typeof injected, typeof gradio_config]") == ["undefined", "object"]
    [fault] = page.faults  # type: ignore[attr-defined]
    assert "Content Security Policy" in fault
    context.close()


def test_a_second_visit_fetches_no_file_of_the_page_anew(browser: Browser, app: Server) -> None:
    context = browser.new_context()
    first = open_page(context, app.url)
    first.wait_for_load_state("networkidle")  # MNIST comes last
    first.close()
    sizes: dict[str, int] = {}
    page = context.new_page()
    page.on(
        "requestfinished",
        lambda request: (
            "/page/" in request.url and sizes.update({request.url: request.sizes()["responseBodySize"]})
        ),
    )
    page.goto(app.url)
    page.locator("main[data-ready]").wait_for(state="attached")
    assert len(sizes) > 10
    assert sum(sizes.values()) == 0
    context.close()


def test_pytorch_is_asked_on_a_press_and_says_what_the_page_says(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: "gradio_api" in request.url and asked.append(request.url))
    drawing = example(3).drawing
    draw(page, drawing)
    expect_verdict(page, 3)
    open_view(page, "pytorch")
    assert asked == []
    page.get_by_test_id("pytorch-send").click()
    expect(page.get_by_test_id("pytorch-line")).to_contain_text("PyTorch says 3.", timeout=20_000)
    said = page.get_by_test_id("pytorch-line").inner_text()
    assert 0 < float(said.removesuffix(".").split()[-1]) < 1e-4
    assert predict(drawing.to_json(), DEFAULT_RUN)["prediction"] == 3
    assert len(asked) == 2


def test_what_the_server_says_against_a_call_is_said_on_the_page(page: Page) -> None:
    draw(page, example(3).drawing)
    expect_verdict(page, 3)
    said = 'event: error\ndata: {"error": "The server is busy."}\n\n'
    page.route("**/call/predict/*", lambda route: route.fulfill(body=said, content_type="text/event-stream"))
    open_view(page, "pytorch")
    page.get_by_test_id("pytorch-send").click()
    expect(page.get_by_test_id("pytorch-line")).to_have_text("The server is busy.")


def test_a_network_is_trained_in_the_page_on_gradio_too(page: Page) -> None:
    open_view(page, "settings")
    page.get_by_test_id("set-count").select_option("1000")
    page.get_by_test_id("set-epochs").fill("1")
    page.get_by_test_id("set-epochs").press("Enter")
    page.get_by_test_id("training-begin").click()
    page.get_by_test_id("train-hurry").check()
    expect(page.get_by_test_id("train-state")).to_have_attribute("data-state", "done", timeout=120_000)
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", f"{DEFAULT_RUN.split('/')[0]}/own-1")
    asking = open_view(page, "pytorch")
    expect(asking).to_contain_text("does not know a network of your own")
