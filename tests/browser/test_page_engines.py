"""What a visitor does first works in Firefox and in WebKit, Safari's engine, too."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from absent import skip_or_fail
from engines import ABSENT, ENGINES, WAIT, EnginePage, NoEngineError, started, write_watched_site
from made import write_unipen
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select
from site_server import serving
from visitor import say

from mnist_core.drawings.strokes import read_handwritings

pytestmark = pytest.mark.thorough

SIZES = [(390, 667), (768, 1024), (1366, 641)]
VIEWS = {  # by view, what it shows once it is open
    "digits": ".tile",
    "input": ".image-stage",
    "training": "svg",
    "confusion": ".matrix",
    "inside": ".unit",
    "network": "table",
    "hand": ".hand-digits",
    "settings": "[data-testid='set-count']",
}
VISIBLE = "return arguments[0].checkVisibility() && arguments[0].getBoundingClientRect().height > 20"
COUNTED = "return [...arguments[0].querySelectorAll('li')].filter((row) => row.dataset.correct).length === 3"
IN_SIGHT = """const { top, bottom } = arguments[0].getBoundingClientRect();
return top >= 0 && bottom > top && bottom <= innerHeight"""
QUICK = [entry for entry in read_handwritings() if entry.writer == "quick"]
FIVE = next(entry.drawing for entry in QUICK if entry.label == 5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an engine keeps what it downloads."""
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, folder: Path) -> Iterator[WebDriver]:
    """Firefox or WebKit; where it is missing its tests are skipped, except in CI."""
    try:
        with started(request.param, folder) as driver:
            yield driver
    except NoEngineError as error:
        skip_or_fail(str(error))


@pytest.fixture(scope="module")
def watched_site(mnist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(write_watched_site(tmp_path_factory.mktemp("site"))) as url:
        yield url


@pytest.fixture
def page(engine: WebDriver, watched_site: str) -> Iterator[EnginePage]:
    """The page in the engine, to be opened; whatever it reports as an error fails the test."""
    page = EnginePage(engine, watched_site)
    yield page
    page.note_faults()
    assert page.faults == []


def wait_until(is_so: Callable[[], bool]) -> bool:
    """Wait until something is so; whether it came to that in time."""
    deadline = time.monotonic() + WAIT
    while not (found := is_so()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def train(page: EnginePage) -> None:
    """Train a small network on 100 images, three times each, to the end."""
    page.open("#run=relu-50/published")
    page.open_view("settings")
    Select(page.find("set-count")).select_by_value("100")
    page.find("set-epochs").send_keys(Keys.CONTROL + "a")
    page.find("set-epochs").send_keys("3", Keys.ENTER)
    page.click(page.find("train"))
    page.wait_for("train-state", "data-state", "done")
    page.wait_for("run", "data-run", "relu-50/own-1")


def bars_of_first_tile(page: EnginePage) -> list[float]:
    """What is said of the first image of the grid; of a drawing some points may be lost on the way."""
    page.open_view("digits")
    page.click(page.locate(".tile"))
    page.wait("return arguments[0].dataset.prediction", page.find("verdict"))
    return page.bars()


def test_the_ten_digits_are_read_right(page: EnginePage) -> None:
    page.open()
    for entry in QUICK:
        page.draw(entry.drawing)
        page.wait_for("verdict", "data-prediction", entry.label)
        page.click(page.find("pad-clear"))
        page.wait_for("verdict", "data-prediction", "")


def test_the_answer_follows_the_time(page: EnginePage) -> None:
    page.open()
    page.draw(FIVE)
    page.wait_for("verdict", "data-prediction", 5)
    trained = page.bars()
    page.drag(page.find("timeline"), [(0.98, 0.5), (0.5, 0.5), (0.01, 0.5)])
    page.wait("return arguments[0].value === '0'", page.find("timeline"))
    said = page.locate("[data-testid='verdict'] .verdict-line")
    page.wait("return arguments[0].textContent.startsWith(arguments[1])", said, "Is this")
    assert max(page.bars()) < 0.3 < max(trained)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_view_shows_its_content_and_nothing_is_cut_off(page: EnginePage, size: tuple[int, int]) -> None:
    page.open(size=size)
    page.draw(FIVE)
    for name, content in VIEWS.items():
        page.open_view(name)
        shown = page.locate(f"[data-testid='{name}'] {content}")
        page.wait(VISIBLE, shown)
    assert wait_until(lambda: page.layout_faults() == {}), page.layout_faults()  # charts come a little later


def test_a_network_trained_and_saved_says_the_same_when_it_is_opened_again(
    page: EnginePage, folder: Path
) -> None:
    train(page)
    trained = bars_of_first_tile(page)
    file = folder / "relu-50-own-1.safetensors"
    file.unlink(missing_ok=True)  # another engine's
    page.open_view("settings")
    page.click(page.find("own-save"))
    assert wait_until(lambda: file.exists() and file.stat().st_size > 0), "it is not saved"
    page.open("#run=relu-50/published&open=training")
    page.find("own-file").send_keys(str(file))
    page.wait_for("run", "data-run", "relu-50/own-1")
    assert bars_of_first_tile(page) == trained


def test_a_training_leaves_everything_in_its_place(page: EnginePage) -> None:
    page.open("#run=relu-50/published")
    page.draw(FIVE)
    page.click(page.find("train"))
    page.wait_for("train-state", "data-state", "running")
    assert page.layout_faults() == {}
    for name in ("pad", "bars", "timeline", "train-stop", "digits"):
        assert page.run(IN_SIGHT, page.find(name)), name


def test_a_network_is_taught_a_handwriting_to_the_end(page: EnginePage, tmp_path: Path) -> None:
    write_unipen(tmp_path / "hand.unipen", QUICK * 2)
    page.open("#run=relu-50/published&open=hand")
    page.find("hand-file").send_keys(str(tmp_path / "hand.unipen"))
    page.wait(COUNTED, page.find("hand-table"))  # then nothing moves any more
    page.click(page.find("teach"))
    page.wait_for("train-state", "data-state", "done")
    page.wait_for("taught", "data-run", "relu-50/own-1")
    assert page.find("taught-digits-after").text == say("hand_row", correct=10, n=10)


def test_the_engine_is_not_said_to_be_too_old(page: EnginePage) -> None:
    page.open()
    assert not page.run("return document.querySelector('.old').checkVisibility()")


@pytest.mark.parametrize("name", ENGINES)
def test_without_an_engine_it_is_said_what_to_install(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda command: None)
    with pytest.raises(NoEngineError) as caught, started(name, tmp_path):
        pass
    assert str(caught.value) == ABSENT[name]
