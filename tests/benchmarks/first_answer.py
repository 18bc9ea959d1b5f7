"""Print the time from navigation to the static page's first answer, for a link with a drawing, and its bytes.

The browser's cache is empty and its network is Chromium's emulation of 20 Mbit/s with 40 ms to each reply.
The site lies on a plain web server on this machine, which does not compress.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/first_answer.py
"""

import gzip
import statistics
import sys
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from app_server import LAPTOP
from arrival import LINK, REQUESTED, WATCH_FIRST_ANSWER
from chromium import launch_chromium
from quick import is_quick
from site_server import running_site

VISITS = 5
MBIT_A_SECOND = 20
DELAY_MS = 40


def visit(browser: Browser, url: str) -> tuple[dict[str, float], list[str]]:
    """Milliseconds from navigation to the first answer, and to what comes before it; and what it took."""
    context = browser.new_context(viewport=LAPTOP)
    context.add_init_script(WATCH_FIRST_ANSWER)
    page = context.new_page()
    speed = MBIT_A_SECOND * 1e6 / 8
    network = {"downloadThroughput": speed, "uploadThroughput": speed, "latency": DELAY_MS, "offline": False}
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", network)
    page.goto(url + LINK, wait_until="commit")
    page.wait_for_function("() => window.answered", timeout=60_000)
    page.locator("main[data-ready]").wait_for(state="attached", timeout=60_000)
    times = page.evaluate(
        """() => {
          const resources = performance.getEntriesByType("resource");
          const all = resources.filter(({ startTime }) => startTime < answered);
          const entry = (end) => all.find(({ name }) => name.endsWith(end));
          const scripts = all.filter(({ name }) => name.endsWith(".js"));
          return {
            "last module here": Math.max(...scripts.map(({ responseEnd }) => responseEnd)),
            "list of runs here": entry("runs.json").responseEnd,
            "checkpoint asked for": entry("robust.safetensors").startTime,
            "first answer": answered,
          };
        }"""
    )
    requested = page.evaluate(REQUESTED)
    context.close()
    return times, requested


def weigh(urls: set[str]) -> int:
    """Bytes of files, each compressed on its own."""
    return sum(len(gzip.compress(urllib.request.urlopen(url).read(), 9)) for url in urls)


def main() -> None:
    """Visit with a new browser context each time."""
    count = 1 if is_quick(__doc__) else VISITS
    with running_site() as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        visits = [visit(browser, url) for _ in range(count)]
        files = {url} | {name for name in visits[0][1] if not name.endswith(".safetensors")}
        weight = weigh(files)
        browser.close()
    print(
        f"{MBIT_A_SECOND} Mbit/s, {DELAY_MS} ms, nothing cached: "
        f"ms after navigation, median of {count} visits"
    )
    for name in visits[0][0]:
        goal = " (goal: 800)" if name == "first answer" else ""
        print(f"{name + goal:<28} {statistics.median(times[name] for times, _ in visits):6.0f}")
    print(f"before it, weights aside: {weight:,} bytes compressed, in {len(files)} files (goal: 60,000)")


if __name__ == "__main__":
    main()
