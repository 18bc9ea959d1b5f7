"""Start the app as a visitor's host would, in a process of its own, for browser tests and benchmarks."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent
LAPTOP: Any = {"width": 1280, "height": 800}  # the browser window of most tests and figures
OFFLINE = {  # a proxy that nobody serves
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "no_proxy": "127.0.0.1,localhost",
}


@dataclass(frozen=True)
class Server:
    """A running app: where it answers, its process, and the seconds from start to its first page."""

    url: str
    process: subprocess.Popen
    seconds_to_first_page: float

    def resident_megabytes(self) -> float:
        """Memory of the server's process that is resident now (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1000


@contextmanager
def running_app(
    script: Path = PROJECT / "app.py",
    *,
    port: int | None = None,
    url: str | None = None,
    log: Path | None = None,
    **environment: str,
) -> Iterator[Server]:
    """Run a script that launches a Gradio page, until the block ends.

    Args:
        script: what is run.
        port: where it answers; a free one if there is none given.
        url: its address, if it is not served at 127.0.0.1.
        log: the file that all it prints is added to; without one it is shown with the tests' own output.
        environment: what is set for it besides this process's own environment.
    """
    port = port or free_port()
    started = time.perf_counter()
    with log.open("ab") if log else nullcontext() as output:
        process = subprocess.Popen(
            [sys.executable, str(script)],
            cwd=PROJECT,
            env=os.environ
            | {"GRADIO_SERVER_PORT": str(port), "GRADIO_ANALYTICS_ENABLED": "False"}
            | environment,
            stdout=output,
            stderr=output,
        )
    url = url or f"http://127.0.0.1:{port}"
    try:
        wait_for_page(url, process)
        yield Server(url, process, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    """A port of this machine that nobody serves now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for_page(url: str, process: subprocess.Popen) -> None:
    for _ in range(1200):
        try:
            with urllib.request.urlopen(url) as page:
                page.read()
                return
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None, f"the app ended with exit code {process.returncode}"
            time.sleep(0.05)
    raise TimeoutError(f"no page at {url} after a minute")
