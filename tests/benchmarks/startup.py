"""Print the seconds from start to the first page, and the server's memory before its API is asked.

With MNIST at hand and without it, which the app then tries to fetch from a proxy that nobody serves.

Run from the project's root: python tests/benchmarks/startup.py
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import OFFLINE, running_app
from quick import is_quick

STARTS = 5
SETTLED = 2  # seconds after the first page until memory is read


def measure(name: str, environment: dict[str, str], starts: int) -> None:
    """Start the app so many times and print one line for each figure."""
    seconds, megabytes = [], []
    for _ in range(starts):
        with running_app(**environment) as server:
            seconds.append(server.seconds_to_first_page)
            time.sleep(SETTLED)
            megabytes.append(server.resident_megabytes())
    for figure, values, unit, goal in (("first page", seconds, "s", 2), ("resident", megabytes, "MB", 200)):
        print(
            f"{name}, {figure}: median {statistics.median(values):.2f} {unit} of {starts} starts, "
            f"{min(values):.2f} to {max(values):.2f} (goal: {goal} {unit})",
            flush=True,
        )


def main() -> None:
    """Measure both."""
    starts = 1 if is_quick(__doc__) else STARTS
    measure("with MNIST", {}, starts)
    with tempfile.TemporaryDirectory() as empty:
        measure("without MNIST", {"MNIST_DATA": empty, **OFFLINE}, starts)


if __name__ == "__main__":
    main()
