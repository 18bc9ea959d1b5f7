"""Print when the static page first answers, and when time can be moved, for a link with a drawing.

The browser's cache is empty and its network is Chromium's emulation of 20 Mbit/s, then 1.6 Mbit/s, with
40 ms to each reply. The site lies on this machine, served as `--serve` does it, and by Python's own server,
which does not compress.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/first_answer.py
"""

import gzip
import statistics
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from app_server import LAPTOP
from arrival import LINK, REQUESTED, WATCH_FIRST_ANSWER, WATCH_TIME
from chromium import launch_chromium
from quick import is_quick
from site_server import serving, write_static_site

from webapp.serving import open_server

VISITS = 5
DELAY_MS = 40
SPEEDS = {20: ("first answer", 800), 1.6: ("time can be moved", 15_000)}  # Mbit/s: what has a goal, in ms
ENTRIES = """() => {
  const resources = performance.getEntriesByType("resource");
  const all = resources.filter(({ startTime }) => startTime < answered);
  const entry = (end) => all.find(({ name }) => name.endsWith(end));
  const scripts = all.filter(({ name }) => name.endsWith(".js"));
  return {
    "last module here": Math.max(...scripts.map(({ responseEnd }) => responseEnd)),
    "list of runs here": entry("runs.json").responseEnd,
    "checkpoint asked for": entry("robust.safetensors").startTime,
    "first answer": answered,
    "time can be moved": movable,
    "whole timeline here": whole,
  };
}"""


def visit(browser: Browser, url: str, megabits: float) -> tuple[dict[str, float], list[str]]:
    """Milliseconds from navigation to the first answer and what is around it; and what was asked for."""
    context = browser.new_context(viewport=LAPTOP)
    context.add_init_script(WATCH_FIRST_ANSWER)
    context.add_init_script(WATCH_TIME)
    page = context.new_page()
    speed = megabits * 1e6 / 8
    network = {"downloadThroughput": speed, "uploadThroughput": speed, "latency": DELAY_MS, "offline": False}
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", network)
    page.goto(url + LINK, wait_until="commit")
    page.wait_for_function("() => window.answered && window.whole", timeout=120_000)
    times, requested = page.evaluate(ENTRIES), page.evaluate(REQUESTED)
    context.close()
    return times, requested


def weigh(urls: set[str]) -> int:
    """Bytes of files, each compressed on its own."""
    return sum(len(gzip.compress(urllib.request.urlopen(url).read(), 9)) for url in urls)


@contextmanager
def compressing(folder: Path) -> Iterator[str]:
    """The address of a folder that is served as `--serve` does it."""
    with open_server(folder, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def main() -> None:
    """Visit with a new browser context each time."""
    count = 1 if is_quick(__doc__) else VISITS
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        site = write_static_site(Path(folder))
        for name, serve in (("--serve", compressing), ("Python's own server, uncompressed", serving)):
            for megabits, (aim, goal) in SPEEDS.items():
                with serve(site) as url:
                    visits = [visit(browser, url, megabits) for _ in range(count)]
                    if serve is serving:
                        files = {url} | {each for each in visits[0][1] if ".safetensors" not in each}
                        weight = weigh(files)
                print(f"{name}, {megabits} Mbit/s, {DELAY_MS} ms, nothing cached: ms, median of {count}")
                for event in visits[0][0]:
                    title = f"{event} (goal: {goal:,})" if event == aim else event
                    print(f"  {title:<34} {statistics.median(times[event] for times, _ in visits):6.0f}")
        browser.close()
    print(f"before it, weights aside: {weight:,} bytes compressed, in {len(files)} files (goal: 60,000)")


if __name__ == "__main__":
    main()
