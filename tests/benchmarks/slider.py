"""Print the milliseconds from moving the slider to everything on screen, and what a reply and the page weigh.

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
from app_server import CHROMIUM, CHROMIUM_FLAGS, LAPTOP, running_app
from latency import report

SWEEPS = 5
WATCH = """() => {
  window.steps = [];
  const channel = new MessageChannel();
  const label = document.querySelector("[data-testid=timeline-label]");
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
STROKE = [[round(0.2 + 0.002 * number, 4), 0.5 + 0.3 * (-1) ** number] for number in range(300)]


def ready(browser: Browser, url: str) -> Page:
    """The page with its grid and an example of a 4."""
    page = browser.new_page(viewport=LAPTOP)
    page.goto(url)
    page.get_by_test_id("sample-grid").locator("[data-label]").nth(29).wait_for()
    page.locator("[data-example='4']").click()
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-prediction", "4")
    page.wait_for_timeout(2000)  # the replay ends
    page.evaluate(WATCH)
    return page


def sweep(page: Page) -> list[dict]:
    """What every step cost, from the first snapshot to the last, several times."""
    slider = page.get_by_test_id("timeline")
    slider.focus()
    moves = int(slider.get_attribute("max") or 0)
    steps = []
    for _ in range(SWEEPS):
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


def reply_bytes(page: Page, strokes: list) -> int:
    """The size on the wire of the reply's body to a drawing that is put on the pad."""
    with page.expect_response("**/ask/answer") as reply:
        page.evaluate("strokes => inkling.set({ drawing: { strokes } })", strokes)
    reply.value.finished()
    return reply.value.request.sizes()["responseBodySize"]


def transferred(browser: Browser, url: str) -> tuple[int, int]:
    """Requests, and bytes over the wire with headers, of a first visit with an empty cache."""
    context = browser.new_context(viewport=LAPTOP)
    page = context.new_page()
    network = context.new_cdp_session(page)
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    network.send("Network.enable")
    page.goto(url)
    page.get_by_test_id("sample-grid").locator("[data-label]").nth(29).wait_for()
    page.wait_for_timeout(3000)
    context.close()
    carried = [size for size in sizes if size]  # data within the page is no request
    return len(carried), round(sum(carried))


def main() -> None:
    """Move the slider with every view closed, then with every view open; then weigh."""
    with running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        requests, size = transferred(browser, server.url)
        page = ready(browser, server.url)
        closed = sweep(page)
        for panel in page.locator("details").all():
            panel.locator("summary").click()
        page.wait_for_timeout(1000)
        everything = sweep(page)
        simple = reply_bytes(page, [[[0.5, 0.2], [0.5, 0.8]]])
        long = reply_bytes(page, [STROKE])
        browser.close()
    for name, steps in (("no view open", closed), ("every view open", everything)):
        report(f"{name}, on screen (goal: 16.7)", [step["shown"] for step in steps])
        report(f"{name}, work", [step["work"] for step in steps])
    print(f"reply to a drawing: {simple:,} bytes for 2 points, {long:,} for {len(STROKE)} (goal: 8,000)")
    print(f"page, nothing cached: {size:,} bytes in {requests} requests")


if __name__ == "__main__":
    main()
