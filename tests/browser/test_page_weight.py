"""How little the static page loads before its first answer."""

import gzip
import re
from pathlib import Path
from urllib.parse import urlsplit

from arrival import LINK, WATCH_FIRST_ANSWER
from hand import await_loaded, watch_faults
from playwright.sync_api import Browser

from webapp.files import PAGE

MAX_BYTES = 60_000  # compressed, before the first answer, weights aside
REQUESTED = """() => performance.getEntriesByType("resource")
  .filter(({ startTime }) => startTime < answered).map(({ name }) => name)"""


def test_first_answer_needs_little(browser: Browser, site: str, site_folder: Path) -> None:
    context = browser.new_context()
    context.add_init_script(WATCH_FIRST_ANSWER)
    page = watch_faults(context.new_page())
    page.goto(site + LINK)
    await_loaded(page)
    paths = {urlsplit(url).path for url in page.evaluate(REQUESTED)}
    assert page.faults == []  # type: ignore[attr-defined]
    context.close()
    assert "/checkpoints/relu-96-256/robust.safetensors" in paths
    names = {path[1:] for path in paths if not path.endswith(".safetensors")} | {"index.html"}
    sizes = {name: len(gzip.compress((site_folder / name).read_bytes(), 9)) for name in names}
    assert sum(sizes.values()) <= MAX_BYTES, sizes


def test_modules_of_the_first_screen_are_preloaded_and_no_others() -> None:
    def imported(module: Path) -> set[Path]:
        names = re.findall(r'^(?:import|export) .*?"(\..+?)"', module.read_text("utf-8"), re.MULTILINE)
        return {(module.parent / name).resolve() for name in names}

    found, new = set(), {PAGE / "main.js"}
    while new:
        found |= new
        new = {other for module in new for other in imported(module)} - found
    index = (PAGE / "index.html").read_text("utf-8")
    named = re.findall(r'<(?:link rel="modulepreload" href|script type="module" src)="(.+?)">', index)
    assert sorted(named) == sorted(path.relative_to(PAGE).as_posix() for path in found)
