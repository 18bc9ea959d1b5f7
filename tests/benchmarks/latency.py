"""Print the milliseconds from a stroke's last pointer event to both bar charts changed, beside gr.Sketchpad.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/latency.py
"""

import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import CHROMIUM, CHROMIUM_FLAGS, LAPTOP, running_app

from mnist_core.drawing import read_handwritings

STROKES = 30
POINTS = 12  # a stroke's pointer events
WATCH = """() => {
  window.pointed = window.changed = window.painted = 0;
  addEventListener("pointermove", () => { if (window.drawing) pointed = performance.now(); }, true);
  addEventListener("pointerdown", () => { window.drawing = true; }, true);
  addEventListener("pointerup", () => { window.drawing = false; }, true);
  const seen = new Map();
  const bars = "[data-testid=bars-untrained], [data-testid=bars-trained]";
  new MutationObserver((mutations) => {
    for (const { target, attributeName } of mutations) {
      if (attributeName && attributeName !== "data-probability") continue; // the band on the untrained bars
      const chart = target.closest?.(bars) ?? target.querySelector?.(bars);
      if (chart) seen.set(chart.dataset.testid, performance.now());
    }
    if (seen.size === 2) {
      changed = Math.max(...seen.values());
      requestAnimationFrame(() => requestAnimationFrame(() => { painted = performance.now(); }));
    }
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""
SETTLED = "() => changed > pointed && performance.now() - Math.max(changed, pointed) > 300"


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


def measure(page: Page, pad: Locator, clear: Callable[[], None]) -> tuple[list[float], list[float]]:
    """Milliseconds from the last pointer move to the changed page, and to its second frame after that."""
    page.evaluate(WATCH)
    strokes = [stroke.tolist() for entry in read_handwritings() for stroke in entry.drawing.strokes]
    changed, painted = [], []
    for stroke in strokes[: STROKES + 1]:  # the first one warms the path
        clear()
        page.wait_for_timeout(1500)
        draw_stroke(page, pad, stroke)
        page.wait_for_function(SETTLED, timeout=10_000)
        pointed, done, shown = page.evaluate("[pointed, changed, painted]")
        changed.append(done - pointed)
        painted.append(shown - pointed)
    return changed[1:], painted[1:]


def report(name: str, values: list[float]) -> float:
    """Print one row, and return its median."""
    ordered = sorted(values)
    median = statistics.median(ordered)
    p95 = ordered[int(0.95 * len(ordered))]
    print(f"{name:<40} p50 {median:7.1f} ms   p95 {p95:7.1f} ms   n {len(ordered)}")
    return median


def main() -> None:
    """Measure both pages, one after the other."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        with running_app() as server:
            page = browser.new_page(viewport=LAPTOP)
            page.goto(server.url)
            inkling, shown = measure(
                page, page.get_by_test_id("pad"), lambda: page.get_by_test_id("pad-clear").click(force=True)
            )
            page.close()
        with running_app(Path(__file__).parent / "sketchpad_app.py", PYTHONPATH=".:tests") as server:
            page = browser.new_page(viewport=LAPTOP)
            page.goto(server.url)

            def clear_sketchpad() -> None:
                page.get_by_label("Clear canvas").click(force=True)
                page.get_by_label("Brush").first.click()  # clearing puts the brush away

            page.locator("#pad canvas").last.wait_for()
            sketchpad, _ = measure(page, page.locator("#pad canvas").last, clear_sketchpad)
            page.close()
        browser.close()
    ours = report("Inkling, bars changed (goal: 16.7)", inkling)
    report("Inkling, two display frames later", shown)
    theirs = report("gr.Sketchpad, bars changed", sketchpad)
    print(f"{STROKES} strokes each; gr.Sketchpad takes {theirs / ours:.0f} times as long (goal: 30)")


if __name__ == "__main__":
    main()
