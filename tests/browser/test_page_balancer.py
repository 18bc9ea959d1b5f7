"""Two copies of the app behind nginx, under a sub-path, with the configuration that the README shows."""

import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from app_server import LAPTOP, OFFLINE, PROJECT, Server, free_port, running_app
from hand import draw, example, expect_verdict, open_panel, opened, page_drawing
from playwright.sync_api import Browser, expect

from webapp.text import TEXT

CONFIG = PROJECT / "docs" / "nginx.conf"


@contextmanager
def running_nginx(folder: Path, copies: list[Server]) -> Iterator[str]:
    """The README's nginx in front of two running copies, until the block ends; yields its address."""
    port = free_port()
    site = CONFIG.read_text()
    for written, real in [("listen 8080", f"listen 127.0.0.1:{port}")] + [
        (f"127.0.0.1:{given}", copy.url.removeprefix("http://"))
        for given, copy in zip((7860, 7861), copies, strict=True)
    ]:
        assert site.count(f"{written};") + site.count(f"{written} ") >= 1
        site = site.replace(written, real)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/errors;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary}\n{site}\n}}"
    )
    nginx = subprocess.Popen([_nginx(), "-p", str(folder), "-e", f"{folder}/errors", "-c", str(config)])
    url = f"http://127.0.0.1:{port}/inkling/"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(url).close()
                break
            except (urllib.error.URLError, ConnectionError):
                assert nginx.poll() is None, (folder / "errors").read_text()
                time.sleep(0.1)
        yield url
    finally:
        nginx.terminate()
        nginx.wait(10)


def _nginx() -> str:
    if found := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        return found
    message = "no nginx; on Debian: apt-get install nginx-light"
    return pytest.fail(message) if "CI" in os.environ else pytest.skip(message)


def test_a_visitor_draws_on_while_one_of_two_copies_is_killed(browser: Browser, tmp_path: Path) -> None:
    _nginx()
    without_mnist = {"MNIST_DATA": str(tmp_path), "GRADIO_ROOT_PATH": "/inkling", **OFFLINE}
    with (
        running_app(**without_mnist) as one,
        running_app(**without_mnist) as other,
        running_nginx(tmp_path, [one, other]) as url,
    ):
        context = browser.new_context(viewport=LAPTOP)
        refused: list[str] = []
        context.on("response", lambda reply: reply.status >= 400 and refused.append(reply.url))
        page = opened(context, url)
        for digit in (3, 5):
            draw(page, example(digit).drawing)
            expect_verdict(page, digit)
            page.get_by_test_id("pad-clear").click()
        draw(page, example(4).drawing)
        kept = page_drawing(page)
        one.process.kill()
        one.process.wait(10)
        assert page_drawing(page) == kept
        expect_verdict(page, 4)
        for digit in (0, 7, 2, 8):
            page.get_by_test_id("pad-clear").click()
            draw(page, example(digit).drawing)
            expect_verdict(page, digit)
            expect(page.get_by_test_id("verdict")).not_to_contain_text(TEXT["no_answer"])
        open_panel(page, "confusion")
        expect(page.get_by_test_id("confusion-trained").locator("td.hit")).to_have_count(10)
        assert (refused, page.faults) == ([], [])  # type: ignore[attr-defined]
        context.close()
