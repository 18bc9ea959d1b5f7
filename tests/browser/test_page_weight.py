"""How little the static page loads before its first answer, and how little that shows."""

import gzip
import re
from pathlib import Path
from urllib.parse import urlsplit

from arrival import LINK, REQUESTED, WATCH_FIRST_ANSWER
from layout import texts_in_sight
from playwright.sync_api import Browser, Page
from visitor import LAPTOP, await_loaded, draw, example, expect_verdict, watch_faults

from webapp.files import find_modules

MAX_BYTES = 60_000  # compressed, before the first answer, weights aside
MAX_NUMBERS, MAX_WORDS = 85, 75  # in sight on a laptop, with a digit on the pad


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
    modules = {name.partition("/")[2] for name in names if name.endswith(".js")}
    assert modules == set(find_modules("main.js"))  # all preloaded, and no others
    assert not {"engine/mnist.js", "views/tiles.js"} & modules  # imported later
    sizes = {name: len(gzip.compress((site_folder / name).read_bytes(), 9)) for name in names}
    assert sum(sizes.values()) <= MAX_BYTES, sizes


def test_the_first_screen_says_little_and_the_answer_in_its_largest_letters(page: Page) -> None:
    page.set_viewport_size(LAPTOP)
    draw(page, example(5).drawing)
    expect_verdict(page, 5)
    texts = texts_in_sight(page)
    said = " ".join(text["text"] for text in texts)
    assert len(re.findall(r"\d[\d.,]*", said)) <= MAX_NUMBERS, said
    assert len(re.findall(r"[^\W\d]+(?:['’-]\w+)*", said)) <= MAX_WORDS, said
    assert re.findall(r"(?<![\d.,])0(?:\.0)? %", said) == []
    largest = max(texts, key=lambda text: text["size"])
    assert (largest["text"], largest["place"]) == ("5", "digit now")
