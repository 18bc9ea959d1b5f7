"""Start a Chromium that is on this machine, for browser tests, benchmarks and pictures."""

import shutil
from typing import Any

from playwright.sync_api import Browser, Error, Playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CHANNELS = ["chromium", None, "chrome", "msedge"]  # Playwright's own Chromium, and its headless shell, first
COMMANDS = [  # what Linux distributions call theirs; the shell has no windows of its own, and is faster
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
]
ABSENT = (
    "Executable doesn't exist at",
    "is not found at",
)  # Playwright's words for a browser that is not there


class NoChromiumError(Exception):
    """There is no Chromium on this machine; the text says what to install."""


def launch_chromium(playwright: Playwright) -> Browser:
    """Playwright's own Chromium, or Chrome, or Edge, or the system's Chromium: the first that is there.

    Raises:
        NoChromiumError: there is none of them.
    """
    ways: list[dict[str, Any]] = [{"channel": channel} for channel in CHANNELS]
    ways += [{"executable_path": path} for path in map(shutil.which, COMMANDS) if path]
    for way in ways:
        try:
            return playwright.chromium.launch(**way, args=FLAGS)
        except Error as error:
            if not any(words in error.message for words in ABSENT):
                raise
    raise NoChromiumError(
        "needs a Chromium, Chrome or Edge: run python -m playwright install chromium; "
        "or, on Debian, apt-get install chromium"
    )
