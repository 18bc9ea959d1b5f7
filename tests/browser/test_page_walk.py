"""Whatever is done on the page, all its views agree with its state and with Python."""

import functools
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from visitor import LAPTOP, watch_faults
from walk import Gate
from walk_hand import HandWalk
from walk_steps import take_steps

from webapp.files import name_code_folder

PAGE = Path(__file__).parents[2] / "webapp" / "page"
WALK = 75  # steps on one page
SCRIPTS = [Path(__file__).with_name(name) for name in ("walk_read.js", "walk_read_own.js")]


@pytest.fixture
def walker(browser: Browser) -> Iterator[Page]:
    """A page on a laptop that can be touched; its time stands still, and its errors and requests are kept."""
    context = browser.new_context(viewport=LAPTOP, has_touch=True)
    page = watch_faults(context.new_page())
    for script in SCRIPTS:
        page.add_init_script(path=script)
    page.asked = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined]
    yield page
    context.close()


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int | None:
    """The one that is asked for, if one is."""
    given = request.config.getoption("--hypothesis-seed")
    return int(given) if given else None


def walk(page: Page, url: str, *, steps: int, number: int, test_images: int = 10_000) -> None:
    """So many steps from this seed, on a new page every `WALK` steps, of a site with so many test images."""
    print(f"walk from seed {number}: pytest --hypothesis-seed={number} {Path(__file__).name}")
    gate, started = Gate(page), time.monotonic()
    dice, taken = random.Random(number), Counter[str]()
    try:
        while (left := steps - taken.total()) > 0:
            take_steps(HandWalk(page, gate, url, test_images), min(WALK, left), dice, taken)
    finally:
        print(f"{taken.total()} steps, {taken.total() / (time.monotonic() - started):.1f} a second")


def test_all_views_agree_after_150_steps_at_random(walker: Page, short_site: str, seed: int | None):
    walk(walker, short_site, steps=150, number=14 if seed is None else seed, test_images=1000)


@pytest.mark.thorough
def test_all_views_agree_after_100_steps_more(walker: Page, site: str, seed: int | None):
    walk(walker, site, steps=100, number=9 if seed is None else seed)


@pytest.mark.slow
def test_all_views_agree_after_10_000_steps_from_a_new_seed(walker: Page, site: str, seed: int | None):
    walk(walker, site, steps=10_000, number=random.SystemRandom().getrandbits(32) if seed is None else seed)


# Faults that the page once had, by file: what to put in place of what.
FAULTS = {
    "an error in one view stops all others, and the old network's answer stays under the new name": {
        "state.js": [
            (
                "image === state.image && timeline === state.timeline",
                "image === state.image && state.timeline",
            ),
            (
                "changed.has(key))) attempt(() => watcher(state));",
                "changed.has(key))) watcher(state);",
            ),
            (
                "trained: probabilities?.[shown(state).index] ?? null",
                "trained: probabilities ? probabilities[shown(state).index].slice() : null",
            ),
        ],
    },
    "the old network's snapshot stays": {
        "state.js": [('"snapshot" in asked ? {} : { snapshot: null }', "{}")]
    },
    "Play runs on after another network was chosen, past its end": {
        "state.js": [("Object.assign(made, { playing: false },", "Object.assign(made, {},")],
        "views/time.js": [
            ("store.state.run !== run || ", ""),
            ("index >= last() ? null : index", "index === last() ? null : index"),
            ("while (now >= until && index < last())", "if (now >= until)"),
            ("show(index, index < last())", "show(index, index !== last())"),
        ],
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_walk_of_500_steps_finds_a_fault_that_is_put_back(fault: str, walker: Page, site: str):
    for name, changes in FAULTS[fault].items():
        source = (PAGE / name).read_text(encoding="utf-8")
        for old, new in changes:
            assert source.count(old) == 1, old
            source = source.replace(old, new)
        walker.route(
            f"{site}{name_code_folder()}/{name}",
            functools.partial(
                lambda body, route: route.fulfill(body=body, content_type="text/javascript"), source
            ),
        )
    with pytest.raises(AssertionError, match="the page shows") as found:
        walk(walker, site, steps=500, number=9)
    print(str(found.value)[:200])
