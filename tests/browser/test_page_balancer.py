"""Two copies of the app behind nginx, under a sub-path, with the configuration that the README shows."""

import json
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
from absent import skip_or_fail
from app_server import OFFLINE, PROJECT, Server, free_port, running_app
from gradio_client import Client
from playwright.sync_api import Browser, expect
from visitor import LAPTOP, draw, example, expect_verdict, open_page, open_view

pytestmark = pytest.mark.thorough

CONFIG = PROJECT / "docs" / "nginx.conf"
FIVE = example(5).drawing.to_json()
RUN = "relu-50/robust"


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
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    return found or skip_or_fail("needs nginx; on Debian: apt-get install nginx-light")


def call(url: str) -> str:
    """The event that answers a call over plain HTTP."""
    body = json.dumps({"data": [FIVE, RUN]}).encode()
    request = urllib.request.Request(
        f"{url}gradio_api/call/predict", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as reply:
        event = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{url}gradio_api/call/predict/{event}") as reply:
        return reply.read().decode()


def test_page_and_api_work_under_a_sub_path_and_outlive_one_of_two_copies(
    browser: Browser, tmp_path: Path
) -> None:
    _nginx()
    without_mnist = {"MNIST_DATA": str(tmp_path), "GRADIO_ROOT_PATH": "/inkling", **OFFLINE}
    with (
        running_app(**without_mnist) as one,
        running_app(**without_mnist) as other,
        running_nginx(tmp_path, [one, other]) as url,
    ):
        context = browser.new_context(viewport=LAPTOP)
        page = open_page(context, url)
        draw(page, example(4).drawing)
        expect_verdict(page, 4)
        open_view(page, "pytorch")
        page.get_by_test_id("pytorch-send").click()
        expect(page.get_by_test_id("pytorch-line")).to_contain_text("PyTorch says ", timeout=20_000)
        client = Client(url, verbose=False)
        for _ in range(10):
            assert client.predict(FIVE, RUN, api_name="/predict")["prediction"] == 5
            assert '"prediction": 5' in call(url)

        for copy in (one, other):  # the one that answers this address, and the one that does not
            if b"libtorch" in Path(f"/proc/{copy.process.pid}/maps").read_bytes():
                copy.process.kill()
                copy.process.wait(10)
        page.get_by_test_id("pad-clear").click()
        draw(page, example(7).drawing)
        expect_verdict(page, 7)  # nobody is asked
        assert '"prediction": 5' in call(url)
        again = open_page(context, url)
        draw(again, example(3).drawing)
        expect_verdict(again, 3)
        context.close()
        assert [one.process.poll(), other.process.poll()].count(None) == 1
