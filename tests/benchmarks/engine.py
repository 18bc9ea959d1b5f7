"""Print the milliseconds that the page's engine takes for an image, an answer, the grid and more, under node.

Needs node and MNIST. Run from the project's root: PYTHONPATH=. python tests/benchmarks/engine.py
"""

import json
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from quick import is_quick

from mnist_core.drawings.archives import mnist_folder

SCRIPT = Path(__file__).with_suffix(".js")
REPETITIONS = 300
GOALS = {  # milliseconds
    "image of 60 points": 0.1,
    "answer of 21 snapshots, relu-96-256": 1.5,
    "answer of 21 snapshots, relu-128-128-64-64": 2,
    "whether it is a digit": 1,
}


def main() -> None:
    repetitions = "1" if is_quick(__doc__) else str(REPETITIONS)
    raw = mnist_folder() / "MNIST" / "raw"
    files = [raw / f"t10k-{name}-ubyte" for name in ("images-idx3", "labels-idx1")]
    done = subprocess.run(["node", SCRIPT, repetitions, *files], stdout=subprocess.PIPE, check=True)
    version = (
        subprocess.run(["node", "--version"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    )
    print(f"milliseconds under node {version}; in a browser they may differ")
    print(f"{'':<44} {'median':>9} {'worst':>9} {'goal':>6}")
    for name, times in json.loads(done.stdout).items():
        goal = GOALS.get(name, "")
        print(f"{name:<44} {statistics.median(times):>9.3f} {max(times):>9.3f} {goal:>6}")


if __name__ == "__main__":
    main()
