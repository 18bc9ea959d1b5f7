"""Print the milliseconds from a stroke's last pointer event to both answers changed, beside gr.Sketchpad.

Each page draws the same strokes, without and with Chromium's emulation of a slow network; Inkling's is also
measured with 200 strokes on its pad.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/latency.py
"""

import math
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import LAPTOP, running_app
from chromium import launch_chromium
from quick import is_quick
from site_server import running_site

from mnist_core.drawings.strokes import MAX_STROKES, read_handwritings
from mnist_core.runs.recipes import DEFAULT_RUN

WARMING = 1  # strokes that are drawn before
STROKES = 30
SKETCHPAD_STROKES = 10  # it takes seconds for each
POINTS = 12  # a stroke's pointer events
DELAYS = (0, 200)  # ms to each reply
EARLIER = MAX_STROKES - 1  # strokes that lie on the full pad
EARLIER_POINTS = 45  # of each of them: with 200 such strokes a pad holds about as many points as it may
# Notes when the pen last moved, and when the untrained and the trained answer last changed.
WATCH = """() => {
  window.pointed = window.changed = 0;
  let isDown = false;
  addEventListener("pointermove", () => { if (isDown) pointed = performance.now(); }, true);
  addEventListener("pointerdown", () => { isDown = true; }, true);
  addEventListener("pointerup", () => { isDown = false; }, true);
  const root = document.querySelector("inkling-page")?.shadowRoot;
  const seen = new Map();
  const charts = "[data-testid=bars-untrained], [data-testid=bars-trained]";
  const look = (changes) => {
    for (const { target, attributeName, oldValue } of changes) {
      if (attributeName && target.getAttribute(attributeName) === oldValue) continue; // written again
      const name = root ? attributeName
        : (target.closest?.(charts) ?? target.querySelector?.(charts))?.dataset.testid;
      if (name) seen.set(name, performance.now());
    }
    if (seen.size === 2) changed = Math.max(...seen.values());
  };
  const names = ["data-untrained", "data-trained", "data-probability"];
  const all = { subtree: true, childList: !root, attributeFilter: names, attributeOldValue: true };
  new MutationObserver(look).observe(root ?? document.body, all);
}"""
SETTLED = "() => changed > pointed && performance.now() - changed > 300"


def full_pad() -> str:
    """A link that lays 199 strokes on the pad, along its left edge and along its foot."""
    strokes = []
    for number in range(EARLIER):
        lengthwise = [500 + 200 * point for point in range(EARLIER_POINTS)]
        sideways = [500 + (37 * number + 53 * point) % 600 for point in range(EARLIER_POINTS)]
        if number % 2:
            points = zip(sideways, lengthwise, strict=True)
        else:
            points = zip(lengthwise, [10_000 - y for y in sideways], strict=True)
        strokes.append(".".join(f"{x}.{y}" for x, y in points))
    return f"#run={DEFAULT_RUN}&drawing={'_'.join(strokes)}"


def draw_stroke(page: Page, pad: Locator, points: list[list[float]]) -> None:
    """Draw with the mouse, at about a hundred pointer events a second, into the pad's middle square."""
    box = pad.bounding_box()
    assert box
    side = min(280, box["width"], box["height"])
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
    for number, (x, y) in enumerate(points[:: max(1, len(points) // POINTS)]):
        page.mouse.move(left + x * side, top + y * side)
        if number == 0:
            page.mouse.down()
        page.wait_for_timeout(10)
    page.mouse.up()


def measure(
    page: Page,
    pad: Locator,
    clear: Callable[[], None],
    *,
    warming: int,
    strokes: int,
    pause: int,
    delays: tuple[int, ...] = DELAYS,
    part: float = 1,
) -> list[list[float]]:
    """Milliseconds of every stroke from its last pointer move to both answers, for each delay.

    Args:
        page: with the pad, and the two answers.
        pad: what is drawn on.
        clear: makes it as it was before the stroke.
        warming: strokes that are drawn before, and not measured.
        strokes: how many are measured.
        pause: milliseconds after which a cleared page is at rest.
        delays: milliseconds to each reply of the network.
        part: how much of every stroke is drawn. Where much ink lies already, the end of a whole one may fall
            on ink, and change no answer.
    """
    page.evaluate(WATCH)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    drawn = [stroke.tolist() for entry in read_handwritings() for stroke in entry.drawing.strokes]
    waits = []
    for delay in delays:
        limits = {"latency": delay, "downloadThroughput": -1, "uploadThroughput": -1, "offline": False}
        network.send("Network.emulateNetworkConditions", limits)
        waited = []
        for stroke in drawn[: warming + strokes]:
            clear()
            page.wait_for_timeout(pause + 4 * delay)
            draw_stroke(page, pad, stroke[: math.ceil(part * len(stroke))])
            page.wait_for_function(SETTLED, timeout=20_000)
            waited.append(page.evaluate("changed - pointed"))
        waits.append(waited[warming:])
    return waits


def report(name: str, values: list[float], percent: int = 95) -> float:
    """Print one row with the median and a percentile, and return the median."""
    ordered = sorted(values)
    median = statistics.median(ordered)
    late = ordered[percent * len(ordered) // 100]
    print(f"{name:<40} p50 {median:7.1f} ms   p{percent} {late:7.1f} ms   n {len(ordered)}")
    return median


def main() -> None:
    """Measure both pages, one after the other."""
    warming, strokes, sketchpad_strokes = WARMING, STROKES, SKETCHPAD_STROKES
    if is_quick(__doc__):
        warming, strokes, sketchpad_strokes = 0, 1, 1
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        with running_site() as url:
            page = browser.new_page(viewport=LAPTOP)
            page.goto(url)
            page.locator("main[data-ready]").wait_for(state="attached")
            clear = page.get_by_test_id("pad-clear")
            pad = page.get_by_test_id("pad")
            inkling = measure(
                page, pad, lambda: clear.click(force=True), warming=warming, strokes=strokes, pause=100
            )
            page.goto(url + full_pad())
            page.reload()
            page.locator("main[data-ready]").wait_for(state="attached")
            undo = page.get_by_test_id("pad-undo")
            [full] = measure(
                page,
                pad,
                lambda: undo.click() if undo.is_enabled() else None,
                warming=warming,
                strokes=strokes,
                pause=100,
                delays=(0,),
                part=0.5,
            )
            page.close()
        with running_app(Path(__file__).parent / "sketchpad_app.py", PYTHONPATH=".:tests") as server:
            page = browser.new_page(viewport=LAPTOP)
            page.goto(server.url)

            def clear_sketchpad() -> None:
                page.get_by_label("Clear canvas").click(force=True)
                page.get_by_label("Brush").first.click()  # clearing puts the brush away

            pad = page.locator("#pad canvas").last
            pad.wait_for()
            sketchpad = measure(
                page, pad, clear_sketchpad, warming=warming, strokes=sketchpad_strokes, pause=1500
            )
            page.close()
        browser.close()
    report(f"Inkling, {MAX_STROKES} strokes (goal: 8)", full)
    for delay, ours, theirs in zip(DELAYS, inkling, sketchpad, strict=True):
        mine = report(f"Inkling, 1 stroke, {delay} ms of delay (goal: 8)", ours)
        other = report(f"gr.Sketchpad, {delay} ms of delay", theirs)
        print(f"gr.Sketchpad takes {other / mine:.0f} times as long")


if __name__ == "__main__":
    main()
