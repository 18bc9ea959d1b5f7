"""Visits without a network: what a first visit keeps, and what an update leaves of it."""

import http.server
import re
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from python_says import expect_bars, image_on
from site_server import QuietHandler, write_static_site
from visitor import (
    LAPTOP,
    VIEWS,
    await_loaded,
    draw,
    example,
    expect_verdict,
    move_slider,
    open_view,
    say,
    watch_faults,
)

from mnist_core.runs.recipes import DEFAULT_RUN, RUNS
from webapp.files import find_contents
from webapp.serving import SiteServer
from webapp.site import write_site

pytestmark = pytest.mark.thorough

CACHES = "async () => (await caches.keys()).sort()"
KEPT = """async name => {
  const keys = await caches.keys();
  const found = await Promise.all(keys.map(async key => (await caches.open(key)).match(name)));
  return found.some(Boolean);
}"""
ACTIVE = """() => navigator.serviceWorker.ready.then(({ active }) =>
  active.state === "activated" || new Promise(resolve => (active.onstatechange = () =>
    active.state === "activated" && resolve(true))))"""


class Host:
    """A web server of one folder that can be cut off, fail at some files, and be reached again."""

    def __init__(self, folder: Path) -> None:
        host = self
        self.folder, self.fails, self.asked = folder, "", list[str]()

        class Handler(QuietHandler):
            def do_GET(self) -> None:  # noqa: N802 - as the overridden method
                host.asked.append(self.path)
                if host.fails and host.fails in self.path:
                    self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
                else:
                    super().do_GET()

        self.handler: type[http.server.BaseHTTPRequestHandler] = Handler
        self.port = 0
        self.start()

    def start(self) -> None:
        self.server = SiteServer(("127.0.0.1", self.port), partial(self.handler, directory=str(self.folder)))
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """A host of two sites, side by side."""
    host = Host(tmp_path)
    yield host
    host.stop()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor whose browser keeps sites."""
    context = browser.new_context(viewport=LAPTOP, reduced_motion="reduce")
    yield context
    context.close()


def wait_until(page: Page, is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline, what
        page.wait_for_timeout(50)


def wait_for(page: Page, script: str, argument: object = None) -> None:
    """Wait until what a script promises is true."""
    wait_until(page, lambda: page.evaluate(script, argument), script)


def wait_until_asked(page: Page, host: Host, name: str) -> None:
    """Wait until the host is asked for a file."""
    wait_until(page, lambda: any(name in path for path in host.asked), name)


def visit(visitor: BrowserContext, url: str) -> Page:
    page = watch_faults(visitor.new_page())
    page.goto(url)
    await_loaded(page)
    return page


def visit_until_kept(visitor: BrowserContext, url: str) -> Page:
    page = visit(visitor, url)
    assert page.evaluate(ACTIVE)
    return page


def test_after_one_visit_all_works_without_a_network(
    visitor: BrowserContext, host: Host, mnist: Path
) -> None:
    write_static_site(host.folder / "a", test_images=1000, is_kept=True)
    url = f"{host.url}a/"
    page = visit_until_kept(visitor, url)
    wait_for(page, KEPT, "mnist/t10k-images-idx3-ubyte.gz")
    open_view(page, "settings")
    page.get_by_test_id("set-count").select_option("100")
    page.get_by_test_id("train").click()  # asks for MNIST's training images, which are kept, too
    for name in ("images-idx3", "labels-idx1"):
        wait_for(page, KEPT, f"mnist/train-{name}-ubyte.gz")
    for run in RUNS:
        wait_for(page, KEPT, f"checkpoints/{run}.safetensors")
    page.close()
    host.stop()

    page = visit(visitor, f"{url}?any=query#run={DEFAULT_RUN}")
    draw(page, example(5).drawing)
    expect_bars(page, image_on(page))
    for snapshot in (0, 9, 17):
        move_slider(page, snapshot)
    expect(page.get_by_test_id("sample-source")).to_have_text(say("samples_mnist"))
    for view in dict.fromkeys(VIEWS.values()):
        open_view(page, view)
    open_view(page, "settings")
    page.get_by_test_id("set-count").select_option("100")
    page.get_by_test_id("set-epochs").fill("1")
    page.get_by_test_id("train").click()
    expect(page.get_by_test_id("train-state")).to_have_attribute("data-state", "done", timeout=30_000)
    for lesson in ("training", "inside"):
        page.goto(f"{url}#lesson={lesson}")
        expect(page.get_by_test_id("lesson-step")).to_have_attribute("data-step", "1")
    for run in RUNS:
        page.goto(f"{url}#run={run}&drawing=1000.1000.5000.9000")
        expect(page.get_by_test_id("play")).to_be_enabled()
    faults = page.faults  # type: ignore[attr-defined]
    assert {fault for fault in faults if "ERR_CONNECTION_REFUSED" not in fault} == set()
    host.start()


FEW = re.compile(rf"(?!mnist/|checkpoints/.+/)|checkpoints/{DEFAULT_RUN}")
SMALL = {name: content for name, content in find_contents(DEFAULT_RUN).items() if FEW.match(name)}
NEW = SMALL | {"preview.png": b"new"}


def test_an_update_is_taken_at_the_next_visit_whole_or_not_at_all(
    visitor: BrowserContext, host: Host
) -> None:
    folder, url = host.folder / "a", f"{host.url}a/"
    write_site(folder, SMALL)
    host.fails = "lessons/inside.json"  # the first visit is interrupted
    page = visit(visitor, url)
    wait_until_asked(page, host, host.fails)
    page.wait_for_timeout(500)
    assert page.evaluate("async () => !(await navigator.serviceWorker.getRegistration())?.active")
    page.close()
    host.fails = ""
    host.asked.clear()
    page = visit_until_kept(visitor, url)
    assert not any("/lessons/training.json" in path for path in host.asked), "it was here already"
    (old,) = page.evaluate(CACHES)
    page.close()

    write_site(folder, NEW)
    host.fails = "preview.png"  # so is the first update
    page = visit(visitor, url)
    wait_until_asked(page, host, host.fails)
    page.wait_for_timeout(500)
    assert old in page.evaluate(CACHES)
    draw(page, example(7).drawing)
    expect_verdict(page, 7)
    page.close()
    host.fails = ""
    host.asked.clear()
    page = visit(visitor, url)  # still the old one; the new one is fetched meanwhile
    wait_for(page, "async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)")
    kept = {"/a/preview.png", "/a/index.html"}  # what has changed
    assert {path for path in host.asked if "worker" not in path and "/mnist/" not in path} <= kept
    page.close()
    visitor.new_page().wait_for_timeout(500)  # until the browser knows that the page is gone
    page = visit(visitor, url)
    wait_for(page, f"async () => !(await caches.keys()).includes('{old}')")
    assert len(page.evaluate(CACHES)) == 1


def test_a_missing_worker_removes_what_is_kept_and_leaves_the_site_beside_it(
    visitor: BrowserContext, host: Host
) -> None:
    for name in ("a", "a/b"):
        (host.folder / name).mkdir(exist_ok=True)
    write_site(host.folder / "a b", SMALL)
    write_site(host.folder / "c", SMALL)
    for name in ("a%20b", "c"):
        visit_until_kept(visitor, f"{host.url}{name}/").close()
    (host.folder / "c" / "service_worker.js").unlink()
    page = visit(visitor, f"{host.url}c/")
    wait_for(page, "async () => (await caches.keys()).length === 1")
    (left,) = page.evaluate(CACHES)
    assert left.startswith("inkling /a%20b/ ")
    wait_for(page, "async () => !(await navigator.serviceWorker.getRegistration())")
    page.close()
    host.stop()
    draw(page := visit(visitor, f"{host.url}a%20b/"), example(7).drawing)
    expect_verdict(page, 7)
    host.start()


def test_in_a_frame_nothing_is_kept(visitor: BrowserContext, host: Host) -> None:
    write_site(host.folder / "a", SMALL)
    (host.folder / "frame.html").write_text("<iframe src='a/' width=1000 height=600></iframe>")
    page = visitor.new_page()
    page.goto(f"{host.url}frame.html")
    page.frame_locator("iframe").locator("main[data-ready]").wait_for(state="attached")
    page.wait_for_timeout(500)
    assert not any("service_worker" in path for path in host.asked)


def test_the_site_can_be_installed(visitor: BrowserContext, host: Host) -> None:
    write_site(host.folder / "a", SMALL)
    page = visit_until_kept(visitor, f"{host.url}a/")
    session = visitor.new_cdp_session(page)
    manifest = session.send("Page.getAppManifest")
    assert (manifest["errors"], manifest["url"]) == ([], f"{host.url}a/manifest.webmanifest")
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
