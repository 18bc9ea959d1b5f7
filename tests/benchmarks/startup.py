"""Print the seconds from start to the first page and the server's memory.

Run from the project's root: python tests/benchmarks/startup.py
"""

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import running_app

RUNS = 5


def main() -> None:
    """Start the app five times."""
    seconds, megabytes = [], []
    for _ in range(RUNS):
        with running_app() as server:
            seconds.append(server.seconds_to_first_page)
            megabytes.append(server.resident_megabytes())
    for name, values, unit in (("first page", seconds, "s"), ("resident", megabytes, "MB")):
        print(
            f"{name}: median {statistics.median(values):.2f} {unit} of {RUNS} starts, "
            f"{min(values):.2f} to {max(values):.2f} (goal: {'3.5 s' if unit == 's' else '360 MB'})"
        )


if __name__ == "__main__":
    main()
