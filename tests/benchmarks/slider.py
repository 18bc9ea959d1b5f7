"""Print the milliseconds from dragging the time to everything on screen, with each view of the stage open.

A step is the mouse's move from one snapshot to the next, its button pressed. It is on screen when
Chromium's main thread has handed over the frame that shows it: the task after that frame's
requestAnimationFrame. Headless Chromium makes a frame every 16.7 ms, so a step that costs nothing would take
8 ms in the mean. The work is the part of it that the main thread spends: the scripts on the move, style and
layout, and the frame's paint.

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
  let moved, began, scripts, frame;
  channel.port1.onmessage = () => {
    const now = performance.now();
    steps.push({ shown: now - moved, work: scripts + now - frame, label: label.textContent });
  };
  addEventListener("pointermove", ({ timeStamp }) => {
    moved = timeStamp;
    began = performance.now();
  }, true);
  addEventListener("pointermove", () => {
    document.body.offsetHeight; // asks for style and layout, as Chromium itself does before a frame
    scripts = performance.now() - began;
    requestAnimationFrame(() => { frame = performance.now(); channel.port2.postMessage(null); });
  });
}"""


# Of every snapshot's place on the strip, its middle.
PLACES = """() => {
  const root = document.querySelector("inkling-page").shadowRoot;
  const { top, height } = root.querySelector("[data-testid=timeline]").getBoundingClientRect();
  const chips = [...root.querySelectorAll("[data-testid=chips] li")];
  return chips.map((chip) => {
    const { left, width } = chip.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  });
}"""


def ready(browser: Browser, url: str) -> Page:
    """The page with all that it loads, an example of a 4, and the marks of other untrained networks."""
    page = browser.new_page(viewport=LAPTOP)
    page.goto(url)
    page.locator("main[data-ready]").wait_for(state="attached")
    page.locator("[data-example='4']").click()
    page.wait_for_timeout(1000)  # until it is drawn
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-prediction", "4")
    page.get_by_test_id("luck-button").click()
    page.evaluate(WATCH)
    return page


def sweep(page: Page, sweeps: int) -> list[dict]:
    """What every step cost, dragged from the first snapshot to the last, several times."""
    first, *places = page.evaluate(PLACES)
    steps = []
    for _ in range(sweeps):
        page.mouse.move(*first)
        page.mouse.down()
        page.wait_for_timeout(200)
        page.evaluate("steps.length = 0")
        for number, place in enumerate(places):
            page.mouse.move(*place)
            page.wait_for_function("number => steps.length > number", arg=number, polling=20)
            page.wait_for_timeout(30)
        done = page.evaluate("steps")
        page.mouse.up()
        assert len({step["label"] for step in done}) == len(places), "a step was not on screen"
        steps += done
    return steps


def main() -> None:
    """Drag the time with one view open after the other."""
    sweeps, tabs = (1, 1) if is_quick(__doc__) else (SWEEPS, None)
    with running_site() as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = ready(browser, url)
        for tab in page.get_by_test_id("stage-tab").all()[:tabs]:
            tab.click()
            page.wait_for_timeout(1000)
            steps = sweep(page, sweeps)
            name = tab.get_attribute("data-view")
            report(f"{name}, on screen (goal: 16.7)", [step["shown"] for step in steps], 99)
            report(f"{name}, work", [step["work"] for step in steps], 99)
        browser.close()


if __name__ == "__main__":
    main()
