"""How little the static page loads before its first answer."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

from arrival import LINK, REQUESTED, WATCH_FIRST_ANSWER
from playwright.sync_api import Browser
from visitor import await_loaded, watch_faults

from webapp.files import find_modules

MAX_BYTES = 60_000  # compressed, before the first answer, weights aside


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
    modules = {name for name in names if name.endswith(".js")}
    assert modules == set(find_modules("main.js"))  # all preloaded, and no others
    assert "engine/mnist.js" not in modules  # imported on request
    sizes = {name: len(gzip.compress((site_folder / name).read_bytes(), 9)) for name in names}
    assert sum(sizes.values()) <= MAX_BYTES, sizes
