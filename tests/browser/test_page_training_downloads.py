"""A download of MNIST's images that nobody waits for any more ends: the server sees the visitor leave it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from own_hand import LINES, draw_all, open_hand
from own_training import RUN, change, expect_state, press
from playwright.sync_api import BrowserContext, Page, expect
from site_server import QuietHandler, serving
from visitor import await_loaded, open_page, open_view, say

pytestmark = pytest.mark.thorough


class SlowSite:
    """A static site that sends one of its files only as far as `sent` bytes, and counts its downloads."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name, self.sent = folder, "train-images-idx3-ubyte.gz", 100_000
        self.begun = self.ended = 0
        self.url = ""

    def handler(self) -> type[QuietHandler]:
        """What answers its visitors."""
        site = self

        class Handler(QuietHandler):
            def copyfile(self, source: Any, outputfile: Any) -> None:
                if not self.path.endswith(site.name):
                    return super().copyfile(source, outputfile)
                site.begun += 1
                try:  # the visitor may leave at once: then already writing fails
                    outputfile.write(source.read(site.sent))
                    self.connection.recv(1)  # nothing comes until the visitor leaves
                finally:
                    site.ended += 1

        return Handler

    def expect_downloads(self, page: Page, *, begun: int, ended: int) -> None:
        """Wait until so many downloads have begun, and of these so many have ended."""
        for _ in range(200):
            if (self.begun, self.ended) == (begun, ended):
                return
            page.wait_for_timeout(25)
        assert (self.begun, self.ended) == (begun, ended)


@pytest.fixture
def slow(site_folder: Path) -> Iterator[SlowSite]:
    """The site with MNIST, of whose training images only the first few hundred ever come."""
    site = SlowSite(site_folder)
    with serving(site_folder, site.handler()) as site.url:
        yield site


@pytest.fixture
def page(context: BrowserContext, slow: SlowSite) -> Iterator[Page]:
    """Its page, with a small network; what it reports as an error fails the test."""
    page = open_page(context, f"{slow.url}#run={RUN}")
    yield page
    assert page.faults == []  # type: ignore[attr-defined]


def test_stop_ends_the_download_each_time_and_the_next_training_has_one_of_its_own(
    page: Page, slow: SlowSite
) -> None:
    for time in (1, 2, 3):
        press(page, "train")
        expect(page.get_by_test_id("train-state")).to_contain_text("500 of 60,000")
        slow.expect_downloads(page, begun=time, ended=time - 1)
        press(page, "train-stop")
        expect_state(page, "idle")
        slow.expect_downloads(page, begun=time, ended=time)
    change(page, count=100, epochs=1)  # as many as do come
    press(page, "train")
    expect_state(page, "done")
    slow.expect_downloads(page, begun=4, ended=4)


def test_images_that_are_there_outlive_a_later_training_that_is_stopped(page: Page, slow: SlowSite) -> None:
    change(page, count=100, epochs=1)
    press(page, "train")
    expect_state(page, "done")
    change(page, count=10_000)
    press(page, "train")
    slow.expect_downloads(page, begun=2, ended=1)
    expect(page.get_by_test_id("train-state")).to_contain_text("500 of 10,000")
    press(page, "train-stop")
    slow.expect_downloads(page, begun=2, ended=2)
    change(page, count=100)
    press(page, "train")
    expect_state(page, "done")
    slow.expect_downloads(page, begun=2, ended=2)


def test_stop_ends_the_download_of_teaching(page: Page, slow: SlowSite) -> None:
    open_hand(page)
    draw_all(page, LINES, skipped=set(range(1, 20)))
    press(page, "teach")
    expect(page.get_by_test_id("train-state")).to_contain_text("500 of 10,000")
    press(page, "train-stop")
    expect_state(page, "idle")
    slow.expect_downloads(page, begun=1, ended=1)
    expect(page.get_by_test_id("teach")).to_be_enabled()


def break_worker(page: Page) -> None:
    """End the worker, and with it the images that it has."""
    with page.expect_console_message():
        page.workers[0].evaluate("setTimeout(() => { throw Error('x') })")
    page.faults.clear()  # type: ignore[attr-defined]


def train_again_slowly(page: Page, slow: SlowSite) -> None:
    """Train a network, and train it again by a worker that has no images yet and waits for them."""
    change(page, count=100, epochs=1)
    press(page, "train")
    expect_state(page, "done")
    break_worker(page)
    slow.sent = 1000
    press(page, "train-again")
    slow.expect_downloads(page, begun=2, ended=1)


def test_a_run_whose_new_training_is_stopped_before_it_begins_is_not_replaced(
    page: Page, slow: SlowSite
) -> None:
    train_again_slowly(page, slow)
    press(page, "train-stop")
    expect_state(page, "idle")
    history = open_view(page, "training").get_by_test_id("history-accuracy")
    expect(history.locator("polyline")).to_have_count(2)  # test images and training images
    expect(history.locator("polyline.earlier")).to_have_count(0)


def test_removing_the_run_that_is_to_be_trained_again_ends_the_download(page: Page, slow: SlowSite) -> None:
    train_again_slowly(page, slow)
    press(page, "own-remove")
    expect_state(page, "idle")
    slow.expect_downloads(page, begun=2, ended=2)
    slow.sent = 100_000
    press(page, "train")
    expect_state(page, "done")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-3")


def test_what_has_arrived_of_a_network_is_counted(context: BrowserContext, slow: SlowSite) -> None:
    slow.name, slow.sent = "relu-96-256/robust.safetensors", 1_500_000
    page = context.new_page()
    page.goto(slow.url)
    expect(page.get_by_test_id("timeline-moment")).to_have_text(say("timeline_waits", arrived=7, all=21))
    expect(page.get_by_test_id("play")).to_be_enabled()  # through what is here


def test_without_the_test_labels_the_download_of_the_test_images_ends(
    context: BrowserContext, slow: SlowSite
) -> None:
    slow.name = "t10k-images-idx3-ubyte.gz"
    page = context.new_page()
    page.route("**/t10k-labels*", lambda route: route.fulfill(status=404))
    page.goto(slow.url)
    await_loaded(page)
    expect(page.get_by_test_id("sample-source")).to_have_text(say("samples_handwritings"))
    slow.expect_downloads(page, begun=1, ended=1)
