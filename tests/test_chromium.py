"""Browser tests and benchmarks start whichever Chromium is there, or say what to install."""

import shutil
from types import SimpleNamespace

import pytest
from chromium import NoChromiumError, launch_chromium
from playwright.sync_api import Error


class Browsers:
    """Playwright on a machine that has only some browsers: `launch` names the one that it would start."""

    def __init__(self, *there: str) -> None:
        self.there = there
        self.chromium = SimpleNamespace(launch=self.launch)

    def launch(self, *, args: list[str], channel: str | None = None, executable_path: str = "") -> str:
        name = executable_path or channel or "headless shell"
        if name in self.there:
            return name
        if channel in ("chrome", "msedge"):
            raise Error(f"BrowserType.launch: Chromium distribution '{channel}' is not found at /{channel}")
        raise Error(f"BrowserType.launch: Executable doesn't exist at /cache/{name}")


def which(command: str) -> str | None:
    return f"/usr/bin/{command}" if command in ("chromium-headless-shell", "chromium") else None


@pytest.mark.parametrize("number", range(6))
def test_the_first_chromium_that_is_there_is_started(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    own = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"]
    names = ["chromium", "headless shell", "chrome", "msedge", *own]
    monkeypatch.setattr(shutil, "which", which)
    assert launch_chromium(Browsers(*names[number:])) == names[number]


def test_without_any_chromium_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda command: None)
    with pytest.raises(NoChromiumError) as caught:
        launch_chromium(Browsers())
    assert str(caught.value) == (
        "needs a Chromium, Chrome or Edge: run python -m playwright install chromium; "
        "or, on Debian, apt-get install chromium"
    )


def test_a_chromium_that_is_there_but_fails_is_no_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**settings: object) -> None:
        raise Error("BrowserType.launch: Host system is missing dependencies to run browsers.")

    with pytest.raises(Error, match="missing dependencies"):
        launch_chromium(SimpleNamespace(chromium=SimpleNamespace(launch=fail)))
