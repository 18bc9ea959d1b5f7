"""Print the seconds from start to the first page, and the server's memory before its API is asked.

With MNIST at hand, in turn with a Gradio app of one line; and without MNIST, which the app then tries to
fetch from a proxy that nobody serves.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/startup.py
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import OFFLINE, PROJECT, running_app
from quick import is_quick

STARTS = 5
SETTLED = 2  # seconds after the first page until memory is read
BARE = 'import gradio; gradio.Interface(lambda text: text, "text", "text").launch()\n'


def start(environment: dict[str, str], script: Path = PROJECT / "app.py") -> tuple[float, float]:
    """Seconds from start to the first page, and the megabytes that are resident a little later."""
    with running_app(script, **environment) as server:
        time.sleep(SETTLED)
        return server.seconds_to_first_page, server.resident_megabytes()


def report(figure: str, values: list[float], unit: str, goal: str) -> None:
    """Print a figure of all starts."""
    print(
        f"{figure}: median {statistics.median(values):.2f} {unit} of {len(values)} starts, "
        f"{min(values):.2f} to {max(values):.2f} (goal: {goal})",
        flush=True,
    )


def main() -> None:
    """Measure the app with MNIST beside a bare one, and without MNIST."""
    starts = range(1 if is_quick(__doc__) else STARTS)
    with tempfile.TemporaryDirectory() as empty:
        bare = Path(empty) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        pairs = [(start({}), start({}, bare)) for _ in starts]
        alone = [start({"MNIST_DATA": empty, **OFFLINE}) for _ in starts]
    report("with MNIST, first page", [app[0] for app, _ in pairs], "s", "1.15 times a bare Gradio app's")
    report("a bare Gradio app, first page", [bare[0] for _, bare in pairs], "s", "none")
    ours, theirs = (statistics.median(each[0] for each in side) for side in zip(*pairs, strict=True))
    print(f"ratio of the medians: {ours / theirs:.2f} (goal: 1.15)", flush=True)
    report("with MNIST, resident", [app[1] for app, _ in pairs], "MB", "200 MB")
    report("without MNIST, first page", [seconds for seconds, _ in alone], "s", "as with MNIST")
    report("without MNIST, resident", [megabytes for _, megabytes in alone], "MB", "200 MB")


if __name__ == "__main__":
    main()
