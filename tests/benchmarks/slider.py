"""Print the milliseconds from moving the slider to everything on screen, with no view and all views open.

A step is one press of an arrow key on the slider. It is on screen when Chromium's main thread has handed over
the frame that shows it: the task after that frame's requestAnimationFrame. Headless Chromium makes a frame
every 16.7 ms, so a step that costs nothing would take 8 ms in the mean. The work is the part of it that the
main thread spends: the scripts on the slider's event, style and layout, and the frame's paint.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/slider.py
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import LAPTOP
from chromium import launch_chromium
from latency import report
from quick import is_quick
from site_server import running_site

SWEEPS = 5
WATCH = """() => {
  window.steps = [];
  const channel = new MessageChannel();
  const root = document.querySelector("inkling-page").shadowRoot;
  const label = root.querySelector("[data-testid=timeline-moment]");
  let pressed, began, scripts, frame;
  channel.port1.onmessage = () => {
    const now = performance.now();
    steps.push({ shown: now - pressed, work: scripts + now - frame, label: label.textContent });
  };
  addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  addEventListener("input", () => { began = performance.now(); }, true);
  addEventListener("input", () => {
    document.body.offsetHeight; // asks for style and layout, as Chromium itself does after a key
    scripts = performance.now() - began;
    requestAnimationFrame(() => { frame = performance.now(); channel.port2.postMessage(null); });
  });
}"""


def ready(browser: Browser, url: str) -> Page:
    """The page with all that it loads, and an example of a 4."""
    page = browser.new_page(viewport=LAPTOP)
    page.goto(url)
    page.locator("main[data-ready]").wait_for(state="attached")
    page.locator("[data-example='4']").click()
    expect(page.get_by_test_id("watch")).to_be_visible()  # the example is drawn
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-prediction", "4")
    page.evaluate(WATCH)
    return page


def sweep(page: Page, sweeps: int) -> list[dict]:
    """What every step cost, from the first snapshot to the last, several times."""
    slider = page.get_by_test_id("timeline")
    slider.focus()
    moves = int(slider.get_attribute("max") or 0)
    steps = []
    for _ in range(sweeps):
        page.keyboard.press("Home")
        page.wait_for_timeout(200)
        page.evaluate("steps.length = 0")
        for number in range(moves):
            page.keyboard.press("ArrowRight")
            page.wait_for_function("number => steps.length > number", arg=number, polling=20)
            page.wait_for_timeout(30)
        done = page.evaluate("steps")
        assert len({step["label"] for step in done}) == moves, "a step was not on screen"
        steps += done
    return steps


def main() -> None:
    """Move the slider with every view closed, then with every view open."""
    sweeps = 1 if is_quick(__doc__) else SWEEPS
    with running_site() as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = ready(browser, url)
        closed = sweep(page, sweeps)
        page.get_by_test_id("luck-button").click()
        for panel in page.locator("details").all():
            panel.locator("summary").click()
        page.wait_for_timeout(1000)
        everything = sweep(page, sweeps)
        browser.close()
    for name, steps in (("no view open", closed), ("every view open", everything)):
        report(f"{name}, on screen (goal: 16.7)", [step["shown"] for step in steps])
        report(f"{name}, work", [step["work"] for step in steps])


if __name__ == "__main__":
    main()
