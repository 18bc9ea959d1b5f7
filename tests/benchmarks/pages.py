"""Print what thirty open pages that draw at once have to wait, and whether a page's memory stays flat.

All pages are in one Chromium, beside the server on this machine. A page draws with pointer events of its own,
one a display frame. It waits from a stroke's last pointer event to both bar charts changed by the answer to
the whole drawing; the bars are compared with what Python says of the strokes that the page holds.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/pages.py [PAGES, default 30]
"""

import asyncio
import statistics
import sys
import time
from itertools import chain, cycle, islice
from pathlib import Path

import numpy as np
from playwright.async_api import Browser, Page, async_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import CHROMIUM, CHROMIUM_FLAGS, LAPTOP, running_app
from committed import load_timeline

from mnist_core.drawing import parse_drawing, read_handwritings
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import DEFAULT_RUN

DRAWINGS = 8  # by every page
STROKES = 500  # on one page, for its memory
EVERY = 50  # strokes
TOLERANCE = 1e-4
# Watches a page: answers under way, animation frames asked for, when bars last changed.
WATCH = """() => {
  window.asked = window.frames = window.changed = 0;
  const ask = inkling.ask, frame = window.requestAnimationFrame;
  window.requestAnimationFrame = (callback) => { frames += 1; return frame.call(window, callback); };
  inkling.ask = (...request) => {
    asked += 1;  // until what the reply leads to is done, the next question included
    return ask(...request).finally(() => setTimeout(() => { asked -= 1; }));
  };
  new MutationObserver((mutations) => {
    if (mutations.some(({ target }) => target.closest("[data-testid^=bars-]"))) changed = performance.now();
  }).observe(document.body, { subtree: true, attributeFilter: ["data-probability"] });
}"""
DRAW = """async (strokes) => {
  const canvas = document.querySelector("[data-testid=pad]");
  const { left, top, width } = canvas.getBoundingClientRect();
  const nextFrame = () => new Promise((resolve) => setTimeout(resolve, 1000 / 60));
  const point = (type, [x, y], buttons) => {
    const place = { clientX: left + x * width, clientY: top + y * width };
    const mouse = { pointerId: 1, pointerType: "mouse", isPrimary: true, bubbles: true, button: 0, buttons };
    canvas.dispatchEvent(new PointerEvent(type, { ...place, ...mouse }));
  };
  let pointed = performance.now();
  for (const points of strokes) {
    point("pointerdown", points[0], 1);
    for (const place of points.slice(1)) {
      await nextFrame();
      pointed = performance.now();
      point("pointermove", place, 1);
    }
    point("pointerup", points.at(-1), 0);
  }
  while (asked) await nextFrame();
  const bars = ["untrained", "trained"].map((name) =>
    [...document.querySelectorAll(`[data-testid=bars-${name}] [data-digit]`)]
      .map((row) => Number(row.dataset.probability)));
  return { waited: Math.max(0, changed - pointed), drawing: inkling.state.drawing, bars };
}"""
CLEAR = "document.querySelector('[data-testid=pad-clear]').click()"


async def opened(browser: Browser, url: str) -> Page:
    """The page with its grid, watched."""
    context = await browser.new_context(viewport=LAPTOP)
    page = await context.new_page()
    page.set_default_timeout(180_000)
    await page.goto(url)
    await page.get_by_test_id("sample-grid").locator("[data-label]").nth(29).wait_for()
    await page.locator("[data-example='9']").wait_for()
    await page.evaluate(WATCH)
    return page


async def draw(page: Page, drawing: list) -> tuple[float, bool]:
    """Draw on a page: the milliseconds that it waited for its bars, and whether they are right."""
    await page.evaluate(CLEAR)
    result = await page.evaluate(DRAW, drawing)
    image = image_of_drawing(parse_drawing(result["drawing"]))
    right = load_timeline(DEFAULT_RUN).probabilities(image[None])[[0, -1], 0].numpy()
    return result["waited"], bool(np.abs(np.array(result["bars"]) - right).max() < TOLERANCE)


async def thirty(browser: Browser, url: str, count: int, drawings: list) -> None:
    """Open the pages, leave them alone for a while, then draw on all of them at once."""
    started = time.perf_counter()
    pages = [await opened(browser, url) for _ in range(count)]
    print(f"{count} pages opened, one after the other: {(time.perf_counter() - started) / count:.2f} s each")
    await asyncio.gather(*(page.evaluate("frames = 0") for page in pages))
    idle = time.perf_counter()
    await asyncio.sleep(5)
    frames = await asyncio.gather(*(page.evaluate("frames") for page in pages))
    rate = statistics.mean(frames) / (time.perf_counter() - idle)
    print(f"animation frames that a page asks for while nothing happens: {rate:.0f} a second")

    async def visitor(number: int) -> list[tuple[float, bool]]:
        await asyncio.sleep(0.05 * number)
        chosen = [drawings[(number * 7 + turn * 11) % len(drawings)] for turn in range(DRAWINGS)]
        return [await draw(pages[number], drawing) for drawing in chosen]

    results = list(chain(*await asyncio.gather(*(visitor(number) for number in range(count)))))
    waited = sorted(result[0] for result in results)
    print(
        f"{count} pages drawing at once: p50 {statistics.median(waited):.1f} ms, "
        f"p95 {waited[int(0.95 * (len(waited) - 1))]:.1f} ms, {sum(right for _, right in results)} "
        f"of {len(results)} drawings answered rightly"
    )
    for page in pages:
        await page.context.close()


async def memory(browser: Browser, url: str, drawings: list) -> None:
    """Print what a page holds while it is drawn on, garbage collected."""
    page = await opened(browser, url)
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable")
    heaps = []
    strokes = cycle(list(chain(*drawings)))
    print("strokes   JS heap, MB   DOM nodes   listeners")
    for drawn, stroke in enumerate(islice(strokes, STROKES), 1):
        _, right = await draw(page, [stroke[::5]])  # a fast hand's: a dozen points
        assert right, "a wrong answer"
        if drawn % EVERY == 0:
            await devtools.send("HeapProfiler.collectGarbage")
            metrics = {
                m["name"]: m["value"] for m in (await devtools.send("Performance.getMetrics"))["metrics"]
            }
            heaps.append(metrics["JSHeapUsedSize"] / 1e6)
            print(f"{drawn:>7} {heaps[-1]:>13.2f} {metrics['Nodes']:>11} {metrics['JSEventListeners']:>11}")
    print(f"heap, the last beside that after 100: {heaps[-1] / heaps[1] - 1:+.1%} (goal: within 10 %)")
    await page.context.close()


async def measure(count: int) -> None:
    """Print both."""
    drawings = [entry.drawing.to_json()["strokes"] for entry in read_handwritings()]
    with running_app() as server:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
            await thirty(browser, server.url, count, drawings)
            await memory(browser, server.url, drawings)
            await browser.close()


def main() -> None:
    """Read the argument."""
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 30))


if __name__ == "__main__":
    main()
