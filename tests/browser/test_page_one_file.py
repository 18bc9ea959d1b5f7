"""The page as one file, opened from a disk in Chromium and in Firefox: it does what the site does."""

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from absent import skip_or_fail
from engines import EnginePage, NoEngineError, started
from made import write_unipen
from playwright.sync_api import Browser, BrowserContext, Page, expect
from site_server import serving
from test_page_alone import use_everything
from test_page_engines import FIVE, QUICK, VIEWS, VISIBLE, train
from visitor import LAPTOP, await_loaded, open_view, say, watch_faults

from mnist_core.errors import InklingError
from mnist_core.runs.recipes import DEFAULT_RUN
from webapp import one_file
from webapp.files import find_contents
from webapp.one_file import DEFAULT_RUNS, MAX_BYTES, write_one_file
from webapp.site import write_site

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def file(mnist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as one file, with the runs that it has by default."""
    if not one_file.ESBUILD.exists():
        skip_or_fail('needs esbuild: run "npm ci"')
    path = tmp_path_factory.mktemp("one file") / "inkling.html"
    size = write_one_file(path, find_contents(DEFAULT_RUN), DEFAULT_RUNS, DEFAULT_RUN)
    print(f"{size:,} bytes (at most {MAX_BYTES:,})")
    assert size == path.stat().st_size <= MAX_BYTES
    return path


def open_file(context: BrowserContext, path: Path, fragment: str = "") -> Page:
    page = watch_faults(context.new_page())
    page.asked = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined]
    page.goto(path.as_uri() + fragment)
    await_loaded(page)
    return page


def test_from_a_disk_chromium_does_everything_with_it_and_asks_for_nothing(
    context: BrowserContext, file: Path
) -> None:
    page = open_file(context, file)
    use_everything(page, ("relu-50/robust", "relu-50/100-images"))
    open_view(page, "settings")
    expect(page.get_by_test_id("set-count")).to_have_value("10000")
    page.get_by_test_id("set-count").select_option("1000")
    page.get_by_test_id("set-epochs").fill("1")
    page.get_by_test_id("train").click()
    expect(page.get_by_test_id("train-state")).to_have_attribute("data-state", "done", timeout=30_000)
    for lesson in ("training", "inside"):
        page.goto("about:blank")
        page.goto(f"{file.as_uri()}#lesson={lesson}")
        expect(page.get_by_test_id("lesson-step")).to_have_attribute("data-step", "1")
    assert page.faults == []  # type: ignore[attr-defined]
    asked = {url.split("#")[0] for url in page.asked}  # type: ignore[attr-defined]
    assert {url for url in asked if not url.startswith(("blob:", "data:", "about:"))} == {file.as_uri()}


def test_its_policy_lets_its_own_script_and_style_run_and_nothing_be_asked_for(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    (policy,) = re.findall(r'Content-Security-Policy"\s+content="([^"]*)"', text)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    hashes = {
        part: f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
        for part, content in (("script", script), ("style", style))
    }
    assert rules == {
        "default-src": "'none'",
        "script-src": f"{hashes['script']} 'wasm-unsafe-eval'",
        "style-src": hashes["style"],
        "img-src": "data: blob:",
        "worker-src": "blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not re.search(r"(?:src|href)=\"(?!data:)[^\"{$]", text.split("<script>")[0])


@pytest.fixture(scope="module")
def firefox(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnginePage]:
    """Firefox, in which every file of a disk is an origin of its own, with the file open."""

    class FilePage(EnginePage):
        def open(self, fragment: str = "", size: tuple[int, int] = (1366, 641)) -> None:
            self.driver.get("about:blank")
            self.driver.get(file.as_uri() + fragment)
            self.wait(
                "return document.querySelector('inkling-page')?.shadowRoot?.querySelector('[data-ready]')"
            )

    try:
        with started("firefox", tmp_path_factory.mktemp("firefox")) as driver:
            yield FilePage(driver, "")
    except NoEngineError as error:
        skip_or_fail(str(error))


def test_from_a_disk_firefox_draws_shows_all_views_trains_and_learns_a_hand(
    firefox: EnginePage, tmp_path: Path
) -> None:
    page = firefox
    page.open()
    page.draw(FIVE)
    page.wait_for("verdict", "data-prediction", 5)
    for name, content in VIEWS.items():
        page.open_view(name)
        page.wait(VISIBLE, page.locate(f"[data-testid='{name}'] {content}"))
    train(page)
    write_unipen(tmp_path / "hand.unipen", QUICK * 2)
    page.open("#run=relu-50/published&open=hand")
    page.find("hand-file").send_keys(str(tmp_path / "hand.unipen"))
    page.click(page.wait("return arguments[0].disabled ? null : arguments[0]", page.find("teach")))
    page.wait_for("train-state", "data-state", "done")


def test_a_site_that_carries_the_file_offers_it_and_others_do_not(
    browser: Browser, file: Path, tmp_path: Path
) -> None:
    contents = {name: content for name, content in find_contents(DEFAULT_RUN).items() if "mnist/" not in name}
    context = browser.new_context(viewport=LAPTOP)
    for carried in ({}, {"inkling.html": file}):
        write_site(tmp_path / "site", contents | carried)
        with serving(tmp_path / "site") as url:
            page = context.new_page()
            page.goto(url)
            await_loaded(page)
            offer = page.get_by_test_id("take")
            expect(offer).to_have_count(len(carried))
            if carried:
                expect(offer).to_have_text(say("take"))
                megabytes = f"{file.stat().st_size / 1e6:.0f}"
                expect(offer).to_have_attribute("title", say("take_title", megabytes=megabytes))
                with page.expect_download() as download:
                    offer.click()
                assert download.value.path().read_bytes() == file.read_bytes()
    context.close()


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (["relu-26/robust"], "Unknown run 'relu-26/robust'; choose one of: "),
        ([], "No run can be shown here; name other runs."),
    ],
)
def test_runs_that_there_are_not_are_refused(tmp_path: Path, runs: list[str], said: str) -> None:
    with pytest.raises(InklingError) as caught:
        write_one_file(tmp_path / "a.html", find_contents(DEFAULT_RUN), runs, DEFAULT_RUN)
    assert str(caught.value).startswith(said)
    assert not (tmp_path / "a.html").exists()


def test_without_esbuild_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_file, "ESBUILD", tmp_path / "esbuild")
    with pytest.raises(InklingError, match=r'needs node and esbuild: install node, and run "npm ci" in '):
        write_one_file(tmp_path / "a.html", find_contents(DEFAULT_RUN), DEFAULT_RUNS, DEFAULT_RUN)
