"""Print what the app does under load: updates per second, their milliseconds, its CPU time and memory.

One, ten and fifty visitors draw, then fifty while Chromium opens the page, then the same visitors draw
through Gradio's queue. Server, visitors and Chromium share this machine. Every reply is checked (`visitors`).

Run from the project's root: PYTHONPATH=. python tests/benchmarks/load.py [SECONDS a row, default 10]
"""

import asyncio
import sys
import time
from collections.abc import Coroutine
from pathlib import Path

from playwright.async_api import async_playwright
from playwright.async_api import expect as expect_async

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import CHROMIUM, CHROMIUM_FLAGS, Server, running_app
from visitors import Ask, Update, ask, ask_queue, make_updates, turns_for, visit

VISITORS = (1, 10, 50)
QUEUE_APP = Path(__file__).parent / "queue_app.py"


async def row(
    name: str,
    server: Server,
    ask: Ask,
    updates: list[Update],
    visitors: int,
    seconds: float,
    beside: Coroutine | None = None,
) -> None:
    """Load a server and print one row of the table; `beside` is what else happens meanwhile."""
    spent = server.cpu_seconds()
    other = asyncio.create_task(beside) if beside else None
    result = await visit(server.url, ask, turns_for(updates, seconds), visitors)
    spent = server.cpu_seconds() - spent
    if other:
        await other
    count, errors = len(result.milliseconds), result.errors
    print(
        f"{name:<26} {visitors:>8} {count / result.seconds:>10.0f} {result.percentile(0.5):>8.1f} "
        f"{result.percentile(0.95):>8.1f} {1000 * spent / max(1, count):>8.2f} {len(errors):>7} "
        f"{server.resident_megabytes():>8.0f}",
        flush=True,
    )
    for error in sorted(set(errors))[:3]:
        print(f"  {error}")


async def measure(seconds: float) -> None:
    """Print the table."""
    columns = ("visitors", "updates/s", "p50 ms", "p95 ms", "CPU ms", "errors", "MB")
    print(f"{'':<26} {columns[0]} {columns[1]:>10} {columns[2]:>8} {columns[3]:>8} {columns[4]:>8}", end=" ")
    print(f"{columns[5]:>7} {columns[6]:>8}")
    print(f"{'goal, at 50 visitors':<26} {50:>8} {'400':>10} {'':>8} {'200':>8} {'':>8} {'0':>7} {'400':>8}")
    updates = make_updates()
    with running_app() as server:
        await visit(server.url, ask, updates, 1)  # warm
        print(f"{'Inkling, before':<26} {'':>62} {server.resident_megabytes():>8.0f}")
        for visitors in VISITORS:
            await row("Inkling", server, ask, updates, visitors, seconds)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
            page = await browser.new_page()
            opened: list[float] = []

            async def open_page() -> None:
                await asyncio.sleep(1)
                started = time.perf_counter()
                await page.goto(server.url)
                await page.get_by_test_id("sample-grid").locator("[data-label]").nth(29).wait_for()
                opened.append(time.perf_counter() - started)
                await page.locator("[data-example='4']").click()
                verdict = page.get_by_test_id("verdict")
                await expect_async(verdict).to_have_attribute("data-prediction", "4", timeout=20_000)

            await row("Inkling, a page opening", server, ask, updates, VISITORS[-1], seconds, open_page())
            await browser.close()
    with running_app(QUEUE_APP, PYTHONPATH=".") as server:
        await visit(server.url, ask_queue, updates, 1)
        for visitors in VISITORS:
            await row("Gradio's queue", server, ask_queue, updates, visitors, seconds)
    print(f"page opened under load in {opened[0]:.1f} s, and answered a drawing")


def main() -> None:
    """Read the argument."""
    asyncio.run(measure(float(sys.argv[1]) if len(sys.argv) > 1 else 10))


if __name__ == "__main__":
    main()
