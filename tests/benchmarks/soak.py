"""Print whether the app is after many updates as it was after few: milliseconds, CPU time and memory.

Ten visitors draw. Measured are the window of 5,000 updates that follows the first 5,000, and the last 5,000;
memory is what stays resident before the one and after the other. Every reply is checked (`visitors`).

Run from the project's root: PYTHONPATH=. python tests/benchmarks/soak.py [UPDATES, default 100,000]
"""

import asyncio
import sys
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import Server, running_app
from visitors import Update, Visit, ask, make_updates, visit

VISITORS = 10
WINDOW = 5000


async def window(server: Server, turns: Iterator[Update], name: str) -> tuple[float, ...]:
    """Draw `WINDOW` updates, and print and return what they cost."""
    spent, memory = server.cpu_seconds(), server.resident_megabytes()
    result = await visit(server.url, ask, islice(turns, WINDOW), VISITORS)
    spent = server.cpu_seconds() - spent
    if name.startswith("the last"):
        memory = server.resident_megabytes()
    row = (result.percentile(0.5), result.percentile(0.95), 1000 * spent / WINDOW, memory)
    print(f"{name:<28} {row[0]:>8.1f} {row[1]:>8.1f} {row[2]:>8.2f} {row[3]:>8.0f} {len(result.errors):>7}")
    return row


async def measure(count: int) -> None:
    """Print the table."""
    turns = cycle(make_updates())
    with running_app() as server:
        print(f"{'':<28} {'p50 ms':>8} {'p95 ms':>8} {'CPU ms':>8} {'MB':>8} {'errors':>7}", flush=True)
        await visit(server.url, ask, islice(turns, WINDOW), VISITORS)
        first = await window(server, turns, f"after the first {WINDOW:,}")
        between: Visit = await visit(server.url, ask, islice(turns, count - 3 * WINDOW), VISITORS)
        last = await window(server, turns, f"the last of {count:,}")
    changes = " ".join(f"{after / before - 1:>+8.1%}" for before, after in zip(first, last, strict=True))
    print(f"{'change (goal: within 10 %)':<28} {changes} {len(between.errors):>7} between")


def main() -> None:
    """Read the argument."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    assert count >= 3 * WINDOW, f"at least {3 * WINDOW:,} updates"
    asyncio.run(measure(count))


if __name__ == "__main__":
    main()
